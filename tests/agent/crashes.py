"""A moment -> what a run that was killed then looks like after it went on, compared with one that was not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from agent.log.runs import Event, RunLog
from tests.agent.crash_driver import make_repository

ONCE = (
    *("task.created", "run.started", "workspace.made", "policy.set", "task.read", "plan.proposed"),
    *(
        "work.finished",
        "commit.created",
        "branch.pushed",
        "request.opened",
        "finished",
        "escalated",
        "answered",
    ),
)
_ROOT = Path(__file__).parents[2]
_SECONDS = 300  # a whole run takes six; the machine may be busy
_KILLED = -signal.SIGKILL


@dataclass
class Crash:
    """One run in a folder of its own. `kills` counts how often it was really killed."""

    folder: Path
    kills: int = 0
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        make_repository(self.root)
        self.before = files(self.root)

    @property
    def root(self) -> Path:
        return self.folder / "prices"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def killed(self, moment: str, number: int) -> Crash:
        """Begin, or go on, and be killed at that moment; a moment that never comes is no kill."""
        return self._drive([moment, str(number)], _SECONDS)

    def killed_after(self, seconds: float) -> Crash:
        """Begin, or go on, and be killed by the clock."""
        return self._drive([], seconds)

    def goes_on(self) -> Crash:
        done = self._drive([], _SECONDS)
        assert done.said[-1] == "", done.said[-1]
        return done

    def _drive(self, moment: list[str], seconds: float) -> Crash:
        command = [sys.executable, "-m", "tests.agent.crash_driver", str(self.data), str(self.root), *moment]
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        process = subprocess.Popen(
            command,
            cwd=_ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # a kill takes git with it, as a machine that stops does
        )
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
        self.kills += process.returncode == _KILLED
        self.said.append("" if process.returncode in (0, _KILLED) else said)
        return self

    def events(self) -> tuple[Event, ...]:
        log = RunLog(self.data / "runs.db")
        (row,) = log.list()
        return log.events(row.id)

    def faults(self, tree: str | None = None) -> list[str]:
        """Everything that is not as in a run that was never killed, whose result is `tree`."""
        events = self.events()
        wrong = [] if events[-1].type == "finished" else [f"the last event is {events[-1].type}"]
        counted = Counter(event.type for event in events)
        wrong += [f"{counted[type]} events {type}" for type in ONCE if counted[type] != 1]
        gates = Counter(e.payload["gate"] for e in events if e.type == "gate.granted")
        wrong += [] if gates == {"plan": 1, "push": 1} else [f"gates: {dict(gates)}"]
        wrong += self._result(events, tree) + self._left()
        wrong += [] if files(self.root) == self.before else ["the user's repository was touched"]
        return wrong

    def _result(self, events: tuple[Event, ...], tree: str | None) -> list[str]:
        said = {event.type: event.payload for event in events}
        branch, base = said["workspace.made"]["branch"], said["workspace.made"]["base"]
        wrong = []
        for gitdir in (self._workspace / "git", self.data / "forge" / "prices.git"):
            made = git(gitdir, "rev-list", f"{base}..{branch}").split()
            wrong += [] if made == [said["commit.created"]["commit"]] else [f"commits in {gitdir}: {made}"]
            found = git(gitdir, "rev-parse", f"{branch}^{{tree}}").strip()
            wrong += [] if tree in (None, found) else [f"the tree in {gitdir} is {found}, not {tree}"]
        kept = sorted(path.name for path in (self.data / "forge" / "prices" / "requests").iterdir())
        documents = [".lock", "1-a-price-has-a-fee.json", "1-a-price-has-a-fee.md"]
        return wrong + ([] if kept == documents else [f"requests: {kept}"])

    def _left(self) -> list[str]:
        """Half-done files, and processes that still work on them."""
        names = [path.name for path in self._workspace.iterdir()]
        half = ("export-", "journal-", "reports-", "gitconfig.")
        left = [name for name in names if name.startswith(half)]
        left += [str(path) for path in self.data.rglob("*.lock") if path.name != ".lock"]
        left += [str(path) for path in (self._workspace / "tree").rglob(".cairn-*")]
        left += [path.name for path in (self.data / "forge").glob(".*")]
        left += running_on(self.folder)
        return [f"left behind: {name}" for name in left]

    @property
    def _workspace(self) -> Path:
        (made,) = (self.data / "workspaces").iterdir()
        return made

    def tree(self) -> str:
        made = next(event.payload for event in self.events() if event.type == "commit.created")
        return str(made["tree"])


def files(root: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and times; of git's objects, which a clone shares as hard links, the bytes."""
    return {
        str(path): (path.read_bytes(), 0 if "objects" in path.parts else path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def git(gitdir: Path, *arguments: str) -> str:
    command = ["git", f"--git-dir={gitdir}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def running_on(folder: Path) -> list[str]:
    """Command lines of processes that name a folder: what a sandbox that still lives would have."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            if str(folder) in line:
                found.append(line)
    return found


def moments(events: tuple[Event, ...]) -> list[tuple[str, int]]:
    """The first and the last event of every type, as (type, which of its type), in the order of a run."""
    counted = Counter(event.type for event in events)
    met: Counter[str] = Counter()
    found = []
    for event in events:
        met[event.type] += 1
        if met[event.type] in (1, counted[event.type]) and event.type != "task.created":
            found.append((event.type, met[event.type]))
    return found  # task.created is written as the run is opened, in one transaction with it

"""A data folder, a repository and a moment -> a scripted run in this process, killed at that moment.

    python -m tests.agent.crash_driver DATA REPOSITORY [MOMENT NUMBER]

The moments: `replace` number N of a file, `git` call number N while git runs, `before:TYPE` number N is
written, or TYPE alone: right after event number N of that type was. Without one the run goes to its end.
A person is played too: gates are granted and the question is answered. Begun again, the driver goes on
with the run that is there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agent import git
from agent.log import persons
from agent.log.outcome import Outcome, outcome_of
from agent.log.runs import Event, RunLog
from agent.means import Means
from agent.model.scripted import Heard, Say, Script, Scripted, call
from agent.run import open_run, work_on
from agent.workspace import RepoHandle
from tests.agent.plain import PlainCodebase
from tests.conftest import git as run_git
from tests.conftest import write

_RUNNER = """\
n=0
bad=0
for t in tests/case_*.sh; do
  n=$((n + 1))
  if sh "$t"; then echo "ok $n - $t"; else echo "not ok $n - $t"; bad=1; fi
done
echo "1..$n"
exit $bad
"""
_PLAN = {
    "summary": "A constant and its test.",
    "kind": "feature",
    "steps": [{"text": "Add the fee", "files": ["fees.sh"]}],
    "files": [
        {"path": "fees.sh", "action": "change", "why": "the fee"},
        {"path": "tests/case_fee.sh", "action": "create", "why": "its test"},
    ],
}


def make_repository(root: Path) -> None:
    """A project in the shell, whose suite takes milliseconds."""
    write(root / "fees.sh", "price=100\n")
    write(root / "tests" / "run.sh", _RUNNER)
    write(root / "tests" / "case_price.sh", '. ./fees.sh\ntest "$price" = 100\n')
    write(root / ".cairn.toml", '[agent]\ntest = ["sh tests/run.sh"]\ngates = ["plan", "push"]\n')
    run_git(root, "init", "-q", "-b", "main")
    run_git(root, "add", "--all")
    run_git(root, "commit", "-qm", "A price")


def drive(data: Path, root: Path) -> Outcome:
    """Open the run, or find it, and work on it until it has ended."""
    model = Scripted("scripted", _script)
    known = PlainCodebase(root)
    means = Means(data, known, lambda _: model, known.follow)
    repo = RepoHandle("prices", root)
    run_id = open_run("Add a fee of 25", repo, means, key="the one")
    while (state := means.log.show(run_id).state) != "finished":
        if state == "awaiting_approval":
            persons.approve(means.log, run_id, "Ada")
        elif state == "escalated":
            asked = means.log.events(run_id)[-1].payload
            if not asked["question"]:
                raise SystemExit(f"the run is stuck: {asked['summary']}")
            persons.answer(means.log, run_id, "Ada", "25, as everywhere.")
        outcome = work_on(run_id, repo, means)
        if outcome.status == "failed":
            raise SystemExit(f"the run failed: {outcome.summary}")
    return outcome_of(means.log, run_id, means.data)


def _script(prompt: str, tools: frozenset[str]) -> Script:
    """Everything a model does in a run, with its usual mistakes."""
    if "propose_plan" in tools:
        yield call("propose_plan", plan={**_PLAN, "files": _PLAN["files"][:1]})  # no test: refused
        yield call("propose_plan", plan=_PLAN)
        return
    yield call("update_plan", step=1, status="doing")
    yield call("read_file", path="fees.sh")
    yield call("escalate", reason="The task names no currency.", question="Is it 25 everywhere?")
    yield call("create_file", path="notes.md", content="Off the plan.\n")
    yield call("str_replace", path="fees.sh", old="price=99\n", new="price=1\n")
    test = {"path": "tests/case_fee.sh", "content": '. ./fees.sh\ntest "$fee" = 25\n'}
    wrong = {"path": "fees.sh", "old": "price=100\n", "new": "price=100\nfee=24\n"}
    yield Say("Both at once.", (("create_file", test), ("str_replace", wrong)))
    yield call("run_tests")
    yield from _until_it_ran("echo scratch >scratch.txt; sleep 0.1")
    yield call("str_replace", path="fees.sh", old="fee=24\n", new="fee=25\n")
    yield call("run_tests")
    for _ in range(3):  # what was objected to once is not objected to again
        yield call("finish", subject="A price has a fee", summary="It had none.")


def _until_it_ran(command: str) -> Script:
    """A command that a kill interrupted may have done half of what it does: look, and run it again."""
    heard: Heard = ("interrupted",)
    while "interrupted" in heard[0]:
        heard = yield call("run", command=command)


def _passed(data: Path, type: str, number: int) -> bool:
    """Whether the moment came before, in a run that was killed and begun again."""
    log = RunLog(data / "runs.db")
    written = [event.type for row in log.list() for event in log.events(row.id)]
    return written.count(type) >= number


def _die() -> None:
    """At once, with whatever this process started in its group: git has no time to tidy up."""
    os.killpg(0, signal.SIGKILL)


def _arm(moment: str, number: int) -> None:
    if moment == "replace":
        _arm_replace(number)
    elif moment == "git":
        _arm_git(number)
    else:
        _arm_log(moment.removeprefix("before:"), number, before=moment.startswith("before:"))


def _arm_log(doomed: str, number: int, *, before: bool) -> None:
    append = RunLog.append

    def dying(
        log: RunLog, run_id: str, type: str, payload: Mapping[str, Any], hidden: Sequence[str] = ()
    ) -> Event:
        written = sum(event.type == doomed for event in log.events(run_id))
        if before and type == doomed and written + 1 == number:
            _die()
        event = append(log, run_id, type, payload, hidden)
        if not before and type == doomed and written + 1 == number:
            _die()
        return event

    RunLog.append = dying  # type: ignore[method-assign]


def _arm_replace(number: int) -> None:
    replace, left = os.replace, [number]

    def dying(*arguments: Any, **named: Any) -> None:
        left[0] -= 1
        if left[0] <= 0:
            _die()
        replace(*arguments, **named)

    os.replace = dying  # type: ignore[assignment]


def _arm_git(number: int) -> None:
    run, left = subprocess.run, [number]

    class Dying:
        """What agent.git knows as subprocess: its git is killed in the middle together with this process."""

        TimeoutExpired = subprocess.TimeoutExpired

        @staticmethod
        def run(command: Sequence[str], **named: Any) -> Any:
            left[0] -= 1
            if left[0] > 0:
                return run(command, **named)
            data = named.pop("input", b"")
            del named["capture_output"], named["timeout"]
            with subprocess.Popen(command, stdin=subprocess.PIPE, **named) as started:
                assert started.stdin is not None
                started.stdin.write(data[: len(data) // 2])
                started.stdin.flush()
                _die()

    git.subprocess = Dying  # type: ignore[assignment, attr-defined]


if __name__ == "__main__":
    if len(sys.argv) > 3:
        if _passed(Path(sys.argv[1]), sys.argv[3], int(sys.argv[4])):
            sys.exit()
        _arm(sys.argv[3], int(sys.argv[4]))
    drive(Path(sys.argv[1]), Path(sys.argv[2]))

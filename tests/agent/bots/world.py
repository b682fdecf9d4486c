"""A task -> the outcome of a whole run. All is real but the model, which is a script served over HTTP."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.intake import IntakeOptions
from agent.log import persons
from agent.log.outcome import Outcome
from agent.log.runs import Event
from agent.means import Means
from agent.model.openai import ModelOptions, OpenAIModel
from agent.run import run_task, work_on
from agent.sandbox.bwrap import Bubblewrap
from agent.workspace import RepoHandle
from tests.agent.bots import play
from tests.agent.bots.tasks import ISSUE, Task, worded
from tests.agent.endpoint import serve
from tests.agent.github.issues import github
from tests.conftest import Index, git, make_index, write

PROJECTS = Path(__file__).parents[2] / "projects" / "tasks"
_PROGRAMS = {"JavaScript": "node", "Go": "go", "Rust": "cargo", "C": "make"}
_RUSTUP = Path.home() / ".rustup"


@dataclass(frozen=True)
class Solved:
    """What came of a task. `refused` is what the endpoint did not take, `untouched` the user's tree, and
    `asks` why a person was asked before the push."""

    task: Task
    root: Path
    outcome: Outcome
    seconds: float
    refused: tuple[str, ...]
    untouched: bool
    asks: tuple[str, ...]

    def events(self, type: str) -> list[Event]:
        return [event for event in self.outcome.events if event.type == type]


class Followed:
    """The index of a working copy, kept by the real indexer."""

    def __init__(self, index: Index, tree: Path) -> None:
        self._index = index
        self._tree = tree
        index.sync(tree)
        self.repo = index.catalog.repo(str(tree.resolve())).name

    def refresh(self, paths: Sequence[str]) -> None:
        self._index.sync(self._tree, list(paths))

    def close(self) -> None:
        self._index.indexer.remove(self._index.catalog.repo(self.repo))


class World:
    """One index for all tasks; a task is solved once, whoever asks."""

    def __init__(self, folder: Path, sandbox: Bubblewrap) -> None:
        self._folder = folder
        self._sandbox = sandbox
        self._index = make_index(folder / "index")
        self._solved: dict[str, Solved] = {}

    def close(self) -> None:
        self._index.vectors.close()
        self._index.catalog.close()

    def solved(self, task: Task) -> Solved:
        if task.name not in self._solved:
            self._solved[task.name] = self._solve(task)
        return self._solved[task.name]

    def _solve(self, task: Task) -> Solved:
        program = _PROGRAMS.get(task.language)
        if program and not shutil.which(program):
            pytest.skip(f"{program} is not installed, so nothing of {task.language} can be tested")
        home = self._folder / f"task-{len(self._solved)}-{task.project}"
        root = project_of(task, home / worded(task.project, task.words))
        before = state_of(root)
        began = time.monotonic()
        with ExitStack() as stack:
            endpoint = stack.enter_context(serve(play(task.bot)))
            hub = stack.enter_context(github())
            hub.issue("acme/pages", 7, worded(ISSUE, task.words), title="A page is lost", labels=["bug"])
            options = ModelOptions("scripted", "key", endpoint.url)
            means = Means(
                home / "data",
                self._index.retriever,
                lambda _: OpenAIModel(options),
                lambda tree: Followed(self._index, tree),
                self._sandbox,
                toolchains=(_RUSTUP,) if task.language == "Rust" and _RUSTUP.is_dir() else (),
                intake=IntakeOptions(hub.url, seconds=60.0),
            )
            asked = worded(task.asked, {} if "#" in task.asked else task.words)
            handle = RepoHandle(root.name, root)
            outcome = run_task(asked, handle, means)
            gate = outcome.gate
            if gate is not None:  # a person has a look, and lets it go on
                persons.approve(means.log, outcome.run_id, "ann", subject=gate.subject)
                outcome = work_on(outcome.run_id, handle, means)
        seconds = time.monotonic() - began
        refused = tuple(refusal.message for refusal in endpoint.refused)
        asks = gate.reasons if gate else ()
        return Solved(task, root, outcome, seconds, refused, state_of(root) == before, asks)


def project_of(task: Task, root: Path) -> Path:
    """The project of a task as a repository, in the words of the task."""
    source = PROJECTS / task.project
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        name = worded(path.relative_to(source).as_posix(), task.words)
        write(root / name, worded(path.read_text(), task.words))
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "As it was")
    return root


def state_of(root: Path) -> dict[str, str]:
    """Every file and git's own, by what is in it."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def worlds(folder: Path, sandbox: Bubblewrap) -> Iterator[World]:
    """A world that is closed in the end."""
    world = World(folder, sandbox)
    yield world
    world.close()

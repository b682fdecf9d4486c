"""The whole thread: index the sample project, run the demonstration task, look at what came of it."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.log.outcome import Outcome
from agent.log.runs import Event
from agent.means import Means
from agent.model import Message, Reply, ToolSchema
from agent.model.demonstration import TASK, demonstration
from agent.run import run_task
from agent.sandbox.bwrap import Bubblewrap
from agent.workspace import RepoHandle
from retriever.types import Query
from tests.agent.conftest import SAMPLE
from tests.conftest import Index, make_index


class Followed:
    """The index of a working copy, kept by the real indexer."""

    def __init__(self, index: Index, tree: Path) -> None:
        self._index = index
        self._tree = tree
        index.sync(tree)
        self.repo = index.catalog.repo(str(tree.resolve())).name
        self.refreshed: list[str] = []

    def refresh(self, paths: Sequence[str]) -> None:
        self._index.sync(self._tree, list(paths))
        self.refreshed += paths

    def close(self) -> None:
        self._index.indexer.remove(self._index.catalog.repo(self.repo))


class Curious:
    """The demonstration, which before each step of the work looks whether the index knows its new test."""

    scripted = True

    def __init__(self, index: Index, followed: list[Followed]) -> None:
        self._model = demonstration()
        self.name = self._model.name
        self._index = index
        self._followed = followed
        self.found: list[bool] = []

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        query = Query("refund tries again after a timeout", (self._followed[0].repo,))
        names = [hit.symbol for hit in self._index.retriever.search(query).hits]
        self.found.append("test_refund_tries_again_after_a_timeout" in names)
        return self._model.reply(messages, tools)


@dataclass
class Story:
    """A copy of the sample project, its index, and what a run made of it."""

    root: Path
    index: Index
    data: Path
    sandbox: Bubblewrap
    followed: list[Followed] = field(default_factory=list)
    model: Curious | None = None

    def demonstrate(self, task: str = TASK) -> Outcome:
        self.index.sync(self.root)
        self.model = Curious(self.index, self.followed)
        model = self.model
        means = Means(self.data, self.index.retriever, lambda _: model, self._follow, self.sandbox)
        return run_task(task, RepoHandle(self.root.name, self.root), means)

    def _follow(self, tree: Path) -> Followed:
        self.followed.append(Followed(self.index, tree))
        return self.followed[0]


@pytest.fixture(scope="module")
def stories() -> Iterator[list[Story]]:
    """Every story that was begun; their indexes are closed in the end."""
    made: list[Story] = []
    yield made
    for story in made:
        story.index.vectors.close()
        story.index.catalog.close()


def begin(stories: list[Story], sandbox: Bubblewrap, folder: Path) -> Story:
    root = folder / "payments"
    shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    stories.append(Story(root, make_index(folder / "index"), folder / "agent", sandbox))
    return stories[-1]


@pytest.fixture
def story(stories: list[Story], sandbox: Bubblewrap, tmp_path: Path) -> Story:
    return begin(stories, sandbox, tmp_path)


@dataclass
class Told:
    """A story that was told once, for several tests to look at."""

    story: Story
    outcome: Outcome
    before: dict[str, tuple[bytes, int]]

    def events(self, type: str) -> list[Event]:
        return [event for event in self.outcome.events if event.type == type]


@pytest.fixture(scope="module")
def told(stories: list[Story], sandbox: Bubblewrap, tmp_path_factory: pytest.TempPathFactory) -> Told:
    story = begin(stories, sandbox, tmp_path_factory.mktemp("story"))
    before = files(story.root)
    outcome = story.demonstrate()
    assert outcome.status == "finished", outcome.summary
    return Told(story, outcome, before)


def files(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file()
    }


def test_the_tests_go_red_then_green_and_the_new_one_is_proven(told: Told) -> None:
    stages = [(event.payload["stage"], event.payload["green"]) for event in told.events("tests.finished")]
    assert stages == [
        ("before", True),
        ("during", False),
        ("during", True),
        ("after", True),
        ("old code, new tests", False),
    ]
    assert told.outcome.proof == ("tests/test_client.py::test_refund_tries_again_after_a_timeout",)


def test_the_helper_is_reused_and_not_written_again(told: Told) -> None:
    assert "+        answer = retry_with_backoff(" in told.outcome.diff
    assert "+def retry" not in told.outcome.diff


def test_a_readable_commit_is_on_a_branch_of_the_clone(told: Told) -> None:
    log = subprocess.run(
        ["git", f"--git-dir={told.outcome.gitdir}", "log", "-1", "--format=%B", told.outcome.branch],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert log.startswith(
        "Refund tries again when the provider stumbles\n\n[scripted demonstration] refund sent"
    )
    assert "green: 31 passed" in log
    assert "Agent-Model: scripted demonstration" in log


def test_the_tree_of_the_user_and_the_index_of_it_are_as_before(told: Told) -> None:
    assert files(told.story.root) == told.before
    assert [repo.name for repo in told.story.index.catalog.repos()] == ["payments"]


def test_everything_the_demonstration_says_is_labelled(told: Told) -> None:
    said = [event.payload["text"] for event in told.events("model.response")]
    assert len(said) > 8
    assert all(text.startswith("[scripted demonstration]") for text in said)
    assert told.outcome.scripted
    assert told.outcome.summary.startswith("[scripted demonstration]")


def test_the_context_showed_the_helper_before_it_was_used(told: Told) -> None:
    assert any("payments/retry.py" in place for place in told.events("context.retrieved")[0].payload["cited"])
    said = [event.payload["text"] for event in told.events("model.response")]
    assert any("which the context names as well" in text for text in said)


def test_the_agent_finds_what_it_wrote_itself(told: Told) -> None:
    assert told.story.followed[0].refreshed == ["tests/test_client.py", "payments/client.py"]
    assert told.story.model is not None
    assert told.story.model.found[0] is False
    assert told.story.model.found[-1] is True


def test_another_task_is_refused_honestly(story: Story) -> None:
    outcome = story.demonstrate("rewrite the ledger in Rust")
    assert outcome.status == "escalated"
    assert "scripted demonstration, not a model" in outcome.summary
    assert "OPENAI_API_KEY" in outcome.summary
    assert outcome.diff == ""


def test_a_project_without_the_gap_is_left_alone(story: Story) -> None:
    client = story.root / "payments" / "client.py"
    bare = "answer = self._gateway.send(request)"
    client.write_text(client.read_text().replace(bare, f"answer = retry_with_backoff(lambda: {bare[9:]})"))
    outcome = story.demonstrate()
    assert outcome.status == "escalated"
    assert "goes through retry_with_backoff already" in outcome.summary
    assert outcome.diff == ""


def test_the_demonstration_reads_the_code_it_finds(story: Story) -> None:
    """Other names, other arguments: nothing is known by heart."""
    for path in story.root.rglob("*.py"):
        text = path.read_text().replace("retry_with_backoff", "call_with_retry")
        path.write_text(text.replace("_gateway", "_provider").replace("attempts=self._attempts, ", ""))
    outcome = story.demonstrate()
    assert outcome.status == "finished", outcome.summary
    assert "+        answer = call_with_retry(\n+            lambda: self._provider.send(" in outcome.diff


def test_a_test_that_does_not_turn_red_stops_the_demonstration(story: Story) -> None:
    """The gateway retries refunds by itself here, so the new test passes on the old code."""
    conftest = story.root / "tests" / "conftest.py"
    old = "        if isinstance(reply, Exception):\n            raise reply\n        return reply\n"
    assert old in conftest.read_text()
    new = "        while isinstance(reply, Exception) and request.path == '/refunds':\n"
    new += "            self.requests.append(request)\n            reply = self._queue.pop(0)\n"
    conftest.write_text(conftest.read_text().replace(old, new + old))
    client = story.root / "tests" / "test_client.py"
    client.write_text(client.read_text().replace("    assert pauses == [0.2, 0.4]\n", ""))
    outcome = story.demonstrate()
    assert outcome.status == "escalated"
    assert "should have failed on the old code" in outcome.summary

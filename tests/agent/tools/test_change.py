import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.log.runs import Recorder, RunLog
from agent.model import ToolCall
from agent.observation import Observation
from agent.policy import Policy
from agent.tools.change import Edits
from agent.tools.desk import Desk
from agent.tools.toolbox import Toolbox
from agent.workspace import RepoHandle, make_workspace, open_workspace
from tests.agent.plain import PlainCodebase


class Told(PlainCodebase):
    """An index that keeps what it was told to read anew."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.told: list[str] = []

    def refresh(self, paths: Any) -> None:
        self.told += paths


class Place:
    """A working copy with the tools that change files, as a worker opens it: each opening is a restart."""

    def __init__(self, sample: Path, folder: Path) -> None:
        self.folder = folder / "run"
        self._base = make_workspace(RepoHandle("payments", sample), self.folder, "agent/x").base
        log = RunLog(folder / "runs.db")
        self.record = Recorder(log, log.create("a task", "payments", "planned").run)
        self.open()

    def open(self, *, writes: bool = True) -> None:
        workspace = open_workspace(self.folder, "agent/x", self._base)
        self.index = Told(workspace.tree)
        self.desk = Desk(workspace, self.index, self.record)
        protects = Policy().protects
        self.tools = Toolbox(self.desk, [], Edits(self.desk, None, protects, writes=writes))
        self.tools.recover(self.record.events())

    def say(self, *calls: tuple[str, dict[str, Any]]) -> list[Observation]:
        made = [
            ToolCall(f"call_{len(self.record.events())}_{n}", name, json.dumps(given))
            for n, (name, given) in enumerate(calls)
        ]
        asked = [{"id": call.id, "name": call.name, "arguments": call.arguments} for call in made]
        self.record("model.response", stage="report", text="", calls=asked)
        return [observation for _, observation in self.tools.carry_out(made)]


@pytest.fixture
def place(sample: Path, tmp_path: Path) -> Place:
    return Place(sample, tmp_path)


CREATE = ("create_file", {"path": "payments/fees.py", "content": "FEE = 1\n"})
MISSED = ("str_replace", {"path": "payments/money.py", "old": "no such line", "new": "x"})


def test_a_batch_is_refused_as_a_whole(place: Place) -> None:
    first, second = place.say(CREATE, MISSED)
    assert "Not applied: 1 of 2 edits" in first.text
    assert second.text.startswith("NOT_FOUND")
    assert not (place.desk.workspace.tree / "payments/fees.py").exists()


def test_a_journal_that_was_not_yet_whole_does_not_stop_the_next_worker(place: Place) -> None:
    part = place.folder / "journal-0badcafe.part"
    part.write_text('{"version": 1, "fi')
    place.open()
    assert not part.exists()


def test_an_edit_that_was_not_recorded_is_taken_back_and_the_index_told(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    record: Callable[..., Any] = place.desk.record

    def die(type: str, **payload: Any) -> Any:
        if type == "edit.applied":
            raise KeyboardInterrupt
        return record(type, **payload)

    monkeypatch.setattr(place.desk, "record", die)
    with pytest.raises(KeyboardInterrupt):
        place.say(CREATE)
    assert (place.desk.workspace.tree / "payments/fees.py").exists()
    place.open()
    assert not (place.desk.workspace.tree / "payments/fees.py").exists()
    assert place.index.told == ["payments/fees.py"]


def test_what_a_read_only_stage_proposed_is_there_after_a_restart(place: Place) -> None:
    place.open(writes=False)
    place.say(CREATE)
    place.say(
        ("str_replace", {"path": "payments/fees.py", "old": "FEE = 1", "new": "FEE = 2"}),
        ("delete_file", {"path": "payments/money.py"}),
    )
    drafts = dict(place.desk.drafts)
    place.open(writes=False)
    assert place.desk.drafts == drafts == {"payments/fees.py": b"FEE = 2\n", "payments/money.py": None}
    assert not (place.desk.workspace.tree / "payments/fees.py").exists()


@pytest.mark.parametrize(("content", "written"), [("A = 1", "A = 1\n"), ("A = 1\n", "A = 1\n"), ("", "")])
def test_a_new_file_ends_in_a_line_break(place: Place, content: str, written: str) -> None:
    place.say(("create_file", {"path": "payments/fees.py", "content": content}))
    assert (place.desk.workspace.tree / "payments" / "fees.py").read_text() == written

"""A run that is killed with signal 9, at any moment, goes on to the same result.

benchmarks/agent_kills.py does the same for the first and the last event of every type and for many more
moments; here is one round of each kind, so that nobody has to wait for it.
"""

import sqlite3
from pathlib import Path

import pytest

from agent.log.runs import Recorder, RunLog
from agent.sandbox.bwrap import Bubblewrap
from agent.tools.change import Edits
from agent.tools.desk import Desk
from agent.workspace import RepoHandle, make_workspace
from tests.agent.crashes import Crash, moments
from tests.agent.plain import PlainCodebase

EVERY = {  # the types of events that a whole run writes; a new one is to be killed as well
    *("task.created", "run.started", "run.resumed", "workspace.made", "policy.set", "task.read"),
    *("baseline.reused", "context.retrieved", "prompt", "note", "model.request", "model.response"),
    *("tool.call", "tool.result", "plan.proposed", "plan.updated", "gate.requested", "gate.granted"),
    *("escalated", "answered", "guard.tripped", "edit.rejected", "edit.applied", "tests.started"),
    *("tests.finished", "cycle", "command.finished", "review.finished", "work.finished"),
    *("commit.created", "branch.pushed", "request.opened", "finished"),
}


@pytest.fixture(scope="module")
def whole(sandbox: Bubblewrap, tmp_path_factory: pytest.TempPathFactory) -> Crash:
    """A run that nobody disturbed."""
    return Crash(tmp_path_factory.mktemp("whole") / "run").goes_on()


def test_a_run_that_is_not_killed_leaves_one_commit_one_request_and_nothing_else(whole: Crash) -> None:
    assert whole.faults() == []
    assert {event.type for event in whole.events()} == EVERY


def test_a_run_that_is_killed_after_the_first_event_of_every_type_goes_on_to_the_same_result(
    whole: Crash, tmp_path: Path
) -> None:
    crash = Crash(tmp_path / "run")
    firsts = [type for type, number in moments(whole.events()) if number == 1]
    for type in firsts:
        crash.killed(type, 1)
    assert crash.kills == len(firsts) - 2  # what a resumption writes first had passed by then
    assert crash.goes_on().faults(whole.tree()) == []


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("tool.result", 2),  # the plan holds, and nothing has come of it
        ("tool.result", 5),  # it was asked something, and the question is not there
        ("before:edit.applied", 1),  # the files are changed, the event is not there
        ("before:commit.created", 1),
        ("before:branch.pushed", 1),
        ("run.resumed", 1),
        ("baseline.reused", 1),
        ("git", 14),
        ("replace", 4),
    ],
)
def test_a_kill_between_two_halves_of_a_step_is_mended(
    whole: Crash, tmp_path: Path, moment: str, number: int
) -> None:
    crash = Crash(tmp_path / "run").killed(moment, number)
    assert crash.kills == 1
    assert crash.goes_on().faults(whole.tree()) == []


def test_locks_of_a_killed_git_and_half_done_copies_are_removed_where_a_run_goes_on(
    sample: Path, tmp_path: Path
) -> None:
    workspace = make_workspace(RepoHandle("payments", sample), tmp_path / "run", "agent/x")
    (workspace.git.gitdir / "index.lock").touch()
    (workspace.git.gitdir / "refs" / "heads" / "agent" / "x.lock").touch()
    (workspace.folder / "export-1234").mkdir()
    (workspace.folder / "export-1234-index").touch()
    workspace.tidy()
    workspace.commit(workspace.stage([]), "Nothing\n")
    assert sorted(path.name for path in workspace.folder.iterdir()) == ["git", "gitconfig", "reports", "tree"]


def test_half_a_journal_means_that_no_file_was_changed(sample: Path, tmp_path: Path) -> None:
    workspace = make_workspace(RepoHandle("payments", sample), tmp_path / "run", "agent/x")
    log = RunLog(tmp_path / "runs.db")
    record = Recorder(log, log.create("a task", "payments", "none").run)
    (workspace.folder / "journal-0a0b0c0d.part").write_text('{"version": 1, "fil')
    edits = Edits(Desk(workspace, PlainCodebase(workspace.tree), record), None, lambda _: None)
    assert edits.recover(record.events(), lambda name, written: pytest.fail("nothing to read")) == {}
    assert not list(workspace.folder.glob("journal-*"))


def test_a_run_is_opened_with_its_first_event_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = RunLog(tmp_path / "runs.db")
    monkeypatch.setattr("agent.log.runs._ADD", "insert into nowhere values (?, ?, ?, ?, ?)")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        log.create("a task", "payments", "none", key="k")
    monkeypatch.undo()
    assert log.list() == ()
    assert log.create("a task", "payments", "none", key="k").seq == 1

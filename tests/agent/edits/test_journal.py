import os
import random
import signal
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.beneath import Beneath
from agent.edits import (
    Change,
    Create,
    Delete,
    Edit,
    EditRefused,
    Move,
    Replace,
    apply,
    draft,
    forget,
    undo,
)
from indexer.errors import BadInput, CairnError
from tests.agent.edits.conftest import Bench, states
from tests.agent.swap import swapping

BATCH: tuple[Change, ...] = (
    Replace("code.py", "a + 1", "a + 10"),
    Replace("code.py", "a + 10", "a + 11"),
    Create("new/deep/file.py", "x = 1\n"),
    Move("tool.sh", "bin/tool"),
    Replace("bin/tool", "echo", "printf"),
    Delete("old.txt"),
    Create("old.txt/now/a/folder.txt", "y\n"),
    Create("tool.sh", "#!/bin/sh\n"),
)


@pytest.fixture
def drafted(bench: Bench) -> tuple[Edit, ...]:
    """A batch of every kind of change, on files of every kind of mode."""
    (bench.tree / "tool.sh").write_bytes(b"#!/bin/sh\necho\r\n\xff")
    (bench.tree / "tool.sh").chmod(0o750)
    (bench.tree / "old.txt").write_text("old")
    (bench.tree / "old.txt").chmod(0o444)
    (bench.tree / "untouched").symlink_to("code.py")
    found = draft(bench.files, BATCH, {})
    assert found.whole, found.refusals
    return found.edits


def test_a_batch_is_made_as_a_whole(bench: Bench, drafted: tuple[Edit, ...]) -> None:
    apply(bench.files, drafted, bench.journal)
    assert (bench.tree / "bin/tool").read_bytes() == b"#!/bin/sh\nprintf\r\n\xff"
    assert (bench.tree / "bin/tool").stat().st_mode & 0o777 == 0o750
    assert (bench.tree / "tool.sh").read_text() == "#!/bin/sh\n"
    assert (bench.tree / "old.txt/now/a/folder.txt").read_text() == "y\n"
    assert bench.journal.stat().st_mode & 0o777 == 0o600
    assert not list(bench.tree.rglob(".cairn-*"))


def test_what_was_made_can_be_undone_and_undone_again(bench: Bench, drafted: tuple[Edit, ...]) -> None:
    before = states(bench.tree)
    apply(bench.files, drafted, bench.journal)
    assert states(bench.tree) != before
    paths = undo(bench.files, bench.journal)
    assert states(bench.tree) == before
    assert set(paths) >= {"code.py", "tool.sh", "bin/tool", "old.txt", "new/deep/file.py"}
    assert undo(bench.files, bench.journal) == []
    assert states(bench.tree) == before


def test_undoing_restores_over_whatever_came_in_between(bench: Bench, drafted: tuple[Edit, ...]) -> None:
    before = states(bench.tree)
    apply(bench.files, drafted, bench.journal)
    outside = bench.tree.parent / "mine"
    outside.write_text("mine")
    (bench.tree / "code.py").unlink()
    (bench.tree / "code.py").symlink_to(outside)
    (bench.tree / "tool.sh").unlink()
    os.link(outside, bench.tree / "tool.sh")
    undo(bench.files, bench.journal)
    assert states(bench.tree) == before
    assert outside.read_text() == "mine"


def test_a_journal_that_is_not_settled_stops_the_next_edit(bench: Bench) -> None:
    edits = draft(bench.files, [Create("a.txt", "")], {}).edits
    apply(bench.files, edits, bench.journal)
    with pytest.raises(BadInput, match="undo it or forget it first"):
        apply(bench.files, draft(bench.files, [Create("b.txt", "")], {}).edits, bench.journal)
    forget(bench.journal)
    forget(bench.journal)
    assert undo(bench.files, bench.journal) == []
    assert (bench.tree / "a.txt").exists()


def test_a_file_that_changes_after_the_draft_stops_the_whole_batch(
    bench: Bench, drafted: tuple[Edit, ...]
) -> None:
    changes: list[Callable[[], object]] = [
        lambda: (bench.tree / "code.py").write_text("something else"),
        lambda: (bench.tree / "old.txt").unlink(),
        lambda: (bench.tree / "new/deep").mkdir(parents=True),
        lambda: (bench.tree / "new/deep/file.py").write_text(""),
    ]
    for change in (changes[0], changes[1], lambda: (changes[2](), changes[3]())):
        change()
        before = states(bench.tree)
        with pytest.raises(EditRefused, match=r"STALE_READ.*Nothing was changed"):
            apply(bench.files, drafted, bench.journal)
        assert states(bench.tree) == before
        assert not bench.journal.exists()


def test_edits_that_do_not_follow_from_each_other_are_refused(bench: Bench) -> None:
    one = draft(bench.files, [Replace("code.py", "a + 1", "b")], {}).edits
    two = draft(bench.files, [Replace("code.py", "a + 2", "b")], {}).edits
    with pytest.raises(BadInput, match="draft them again"):
        apply(bench.files, (*one, *two), bench.journal)


def test_a_journal_that_cannot_be_read_is_reported(bench: Bench) -> None:
    bench.journal.write_text("{")
    with pytest.raises(BadInput, match="no journal of edits"):
        undo(bench.files, bench.journal)


def test_a_system_that_refuses_leaves_the_tree_as_it_was(
    bench: Bench, drafted: tuple[Edit, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk: the third file cannot take its place."""
    before = states(bench.tree)
    replaced, real = [0], os.replace

    def full(*args: object, **kwargs: object) -> None:
        replaced[0] += 1
        if replaced[0] == 4:  # the first is the journal's own
            raise OSError(28, "No space left on device")
        real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(BadInput, match="No space left on device"):
        apply(bench.files, drafted, bench.journal)
    assert states(bench.tree) == before
    assert not bench.journal.exists()


# --- the process dies

_CALLS = ("open", "replace", "unlink", "mkdir", "rmdir", "fsync", "fchmod", "close", "fdopen")


def _dying(work: Callable[[], object], fatal: int) -> bool:
    """Do the work in a process that dies before its call number `fatal`; whether it got that far."""
    child = os.fork()
    if child == 0:
        made = [0]

        def deadly(real: Callable[..., object]) -> Callable[..., object]:
            def call(*args: object, **kwargs: object) -> object:
                made[0] += 1
                if made[0] == fatal:
                    os._exit(9)
                return real(*args, **kwargs)

            return call

        for name in _CALLS:
            setattr(os, name, deadly(getattr(os, name)))
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_a_crash_at_any_system_call_is_undone(bench: Bench, drafted: tuple[Edit, ...]) -> None:
    before = states(bench.tree)
    deaths = 0
    while _dying(lambda: apply(bench.files, drafted, bench.journal), deaths + 1):
        deaths += 1
        undo(bench.files, bench.journal)
        assert states(bench.tree) == before, f"after call {deaths}"
        assert not [path for path in bench.tree.parent.iterdir() if path.name.startswith("edit.journal")]
    assert deaths > 100
    assert states(bench.tree) != before


def test_a_crash_while_undoing_is_undone_too(bench: Bench, drafted: tuple[Edit, ...]) -> None:
    before = states(bench.tree)
    deaths, died = 0, True
    while died:
        apply(bench.files, drafted, bench.journal)
        died = _dying(lambda: undo(bench.files, bench.journal), deaths + 1)
        deaths += died
        undo(bench.files, bench.journal)
        assert states(bench.tree) == before, f"after call {deaths}"
    assert deaths > 80


def test_a_process_killed_at_any_time_leaves_what_can_be_undone(
    bench: Bench, drafted: tuple[Edit, ...]
) -> None:
    before = states(bench.tree)
    chance = random.Random(7)
    found = set()
    for _ in range(100):
        child = os.fork()
        if child == 0:
            try:
                while True:
                    apply(bench.files, drafted, bench.journal)
                    undo(bench.files, bench.journal)
            finally:
                os._exit(1)
        time.sleep(chance.random() * 0.03)
        os.kill(child, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        found.add((bench.journal.exists(), states(bench.tree) == before))
        undo(bench.files, bench.journal)
        assert states(bench.tree) == before
    assert (True, False) in found, "no kill fell into an edit"


# --- whatever the edits


NAMES = st.sampled_from(["a.txt", "b.txt", "d/a.txt", "d/e/b.txt"])
CHANGES = st.one_of(
    st.builds(Create, NAMES, st.text("xy\n", max_size=4)),
    st.builds(Delete, NAMES),
    st.builds(Move, NAMES, NAMES),
    st.builds(Replace, NAMES, st.text("xy\n", min_size=1, max_size=2), st.text("xyz\n", max_size=3)),
)
FILES = st.dictionaries(
    NAMES,
    st.tuples(
        st.binary(max_size=6) | st.sampled_from([b"x\r\ny\r\n", b"\xef\xbb\xbfx\ny"]), st.integers(4, 7)
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(FILES, st.lists(CHANGES, max_size=6), st.data())
def test_undoing_is_the_reverse_of_applying(
    tmp_path_factory: pytest.TempPathFactory,
    files: dict[str, tuple[bytes, int]],
    changes: list[Change],
    data: st.DataObject,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    tree, journal = folder / "tree", folder / "journal"
    tree.mkdir()
    for name, (content, mode) in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
        (tree / name).chmod(mode << 6)
    before = states(tree)
    edits = draft(Beneath(tree), changes, {}).edits
    drafted = draft(Beneath(tree), changes, {})
    if not drafted.whole:
        return
    assert drafted.edits == edits
    apply(Beneath(tree), edits, journal)
    now = {name: kept[2] for name, kept in states(tree).items() if kept[0] == "file"}
    expected = {name: content for name, (content, _) in files.items()}
    for edit in edits:
        assert expected.pop(edit.path, None) == edit.before
        if edit.after is not None:
            expected[edit.moved_to or edit.path] = edit.after
    assert now == expected
    undo(Beneath(tree), journal)
    assert states(tree) == before


# --- somebody else is at work in the tree


def test_a_folder_swapped_for_a_link_never_leads_out(bench: Bench) -> None:
    outside = bench.tree.parent / "elsewhere"
    outside.mkdir()
    (bench.tree / "real").mkdir()
    for number in range(200):
        (outside / f"here{number}").write_text("x\n")
        (outside / f"there{number}").write_text("x\n")
    (bench.tree / "other").symlink_to(outside)
    before = states(outside)
    made = refused = 0
    with swapping(bench.tree / "real", bench.tree / "other"):
        for number in range(200):
            here, there = f"real/here{number}", f"real/there{number}"
            for change in (Create(here, "x\n"), Replace(here, "x", "y"), Move(here, there), Delete(there)):
                drafted = draft(bench.files, [change], {})
                try:
                    apply(bench.files, drafted.edits, bench.journal)
                    made += drafted.whole
                except CairnError:
                    refused += 1
                finally:
                    forget(bench.journal)
    assert states(outside) == before
    assert made > 0
    assert refused > 0

from pathlib import Path

import pytest

from retriever import kept as room
from retriever.kept import Kept, KeptChunk
from retriever.types import Query
from tests.conftest import Index, write


@pytest.fixture
def root(index: Index, tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    write(root / "pay.py", "def charge():\n    return 1\n")
    index.sync(root)
    return root


def _read(index: Index, kept: Kept) -> list[KeptChunk]:
    repo = index.catalog.repo("shop")
    return list(kept.chunks(repo, sorted(index.catalog.chunk_ids(repo))).values())


def test_rows_are_read_once_while_nothing_changes(index: Index, root: Path) -> None:
    kept = Kept(index.catalog)
    assert [row.path for row, _ in _read(index, kept)] == ["pay.py"]
    assert _read(index, kept)[0] is _read(index, kept)[0]


def test_rows_outlive_a_change_of_other_files(index: Index, root: Path) -> None:
    write(root / "other.py", "def refund():\n    return 2\n")
    index.sync(root)
    kept = Kept(index.catalog)
    kept.expect_changes(index.catalog.repo("shop"))
    before = {row.path: (row, traits) for row, traits in _read(index, kept)}
    rows = [row for row, _ in before.values()]
    heads = kept.heads(index.catalog.repo("shop"), rows)
    for number in range(2):  # the second change is made of what the first one left
        write(root / "pay.py", f"def charge():\n    return {number + 3}\n")
        index.sync(root, ["pay.py"])
    now = {row.path: (row, traits) for row, traits in _read(index, kept)}
    assert now["other.py"][0] is before["other.py"][0]
    assert now["pay.py"][0].id != before["pay.py"][0].id
    nr = before["other.py"][0].nr
    assert kept.heads(index.catalog.repo("shop"), [before["other.py"][0]])[nr] is heads[nr]


def test_definitions_of_a_changed_file_are_read_again(index: Index, root: Path) -> None:
    """The numbers of its file and chunks are given again: they were the highest."""
    kept = Kept(index.catalog)
    kept.expect_changes(index.catalog.repo("shop"))
    names = []
    for name in ("charge", "refund", "settle"):
        write(root / "pay.py", f"def {name}():\n    return 1\n")
        index.sync(root)
        ((row, _),) = _read(index, kept)
        repo = index.catalog.repo("shop")
        names.append((row.file, row.nr, kept.heads(repo, [row])[row.nr][0].name))
    assert [name for *_, name in names] == ["charge", "refund", "settle"]
    assert len({(file, nr) for file, nr, _ in names}) == 1


def test_a_chunk_that_has_moved_is_found_where_it_is_now(index: Index, root: Path) -> None:
    index.sync(root)
    retriever = index.retriever
    assert [hit.start_line for hit in retriever.search(Query("charge")).hits] == [1]
    write(root / "pay.py", "import os\n\n\ndef charge():\n    return 1\n")
    index.sync(root)
    assert [hit.start_line for hit in retriever.search(Query("charge")).hits] == [4]


def test_an_index_made_again_is_not_taken_for_the_one_before(index: Index, root: Path) -> None:
    kept = Kept(index.catalog)
    before, ((old, _),) = index.catalog.repo("shop"), _read(index, kept)
    index.indexer.remove(before)
    write(root / "a.py", "def first():\n    return 0\n")  # takes the row numbers of what was there
    index.sync(root)

    after = index.catalog.repo("shop")
    assert (after.id, after.generation) == (before.id, before.generation)
    rows = index.catalog.chunks([old.id])
    assert rows[old.id].nr != old.nr
    assert kept.chunks(after, [old.id])[old.id].row == rows[old.id]


def test_a_chunk_that_was_not_there_yet_is_asked_for_again(index: Index, root: Path) -> None:
    kept, repo = Kept(index.catalog), index.catalog.repo("shop")
    ids = sorted(index.catalog.chunk_ids(repo))
    with index.catalog.writing() as db:
        db.execute("UPDATE chunks SET id = 'away'")
    assert kept.chunks(repo, ids) == {}
    with index.catalog.writing() as db:
        db.execute("UPDATE chunks SET id = ?", ids)
    assert list(kept.chunks(repo, ids)) == ids


def test_the_sample_is_read_again_when_a_sync_took_another(index: Index, root: Path) -> None:
    kept = Kept(index.catalog)
    size = index.embedder.dimensions

    def read() -> int:
        sample = kept.sample(index.catalog.repo("shop"), size)
        return 0 if sample is None else len(sample)

    assert read() == 1
    write(root / "b.py", "def refund():\n    return 2\n")
    index.sync(root)
    assert read() == 2
    index.add(root.parent / "empty")
    assert kept.sample(index.catalog.repo("empty"), size) is None


def test_what_is_kept_is_bounded(index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_CHUNKS", 3)
    monkeypatch.setattr(room, "MOST_REPOS", 2)
    kept = Kept(index.catalog)
    for name in "abc":
        for n in range(4):
            write(tmp_path / name / f"{n}.py", f"def f{n}():\n    return {n}\n")
        index.sync(tmp_path / name)
        repo = index.catalog.repo(name)
        for id_ in index.catalog.chunk_ids(repo):
            assert list(kept.chunks(repo, [id_])) == [id_]
    assert len(kept._rows) == 2
    assert all(len(rows.chunks) <= 3 for rows in kept._rows.values())

"""Each kind of damage is done to a real index: it is named, mended, and gone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.store import Points, Stored
from indexer.store.catalog import RepoRow
from indexer.sync import Hooks
from tests.conftest import Index, git, write
from tests.indexer.verify.make import full, live, mend

Damage = Callable[[Index, RepoRow], None]
RETRY = "(SELECT id FROM files WHERE path = 'shop/retry.py')"


def sql(statement: str, *values: object) -> Damage:
    def change(index: Index, repo: RepoRow) -> None:
        with index.catalog.writing() as db:
            assert db.execute(statement, values).rowcount > 0

    return change


def invent_a_reference(index: Index, repo: RepoRow) -> None:
    with index.catalog.writing() as db:
        db.execute(f"CREATE TEMP TABLE one AS SELECT * FROM refs WHERE file = {RETRY} LIMIT 1")
        db.execute("UPDATE one SET id = NULL, name = 'x'")
        assert db.execute("INSERT INTO refs SELECT * FROM one").rowcount == 1
        db.execute("DROP TABLE one")


def lose_a_vector(index: Index, repo: RepoRow) -> None:
    index.vectors.delete([_chunk_of_retry(index, repo)])
    index.vectors.flush()


def add_an_orphan(index: Index, repo: RepoRow) -> None:
    point = index.vectors.stored([_chunk_of_retry(index, repo)]).popitem()[1]
    _store(index, str(uuid.uuid4()), point)


def turn_a_dense_vector(index: Index, repo: RepoRow) -> None:
    id_ = _chunk_of_retry(index, repo)
    point = index.vectors.stored([id_])[id_]
    _store(index, id_, replace(point, dense=np.roll(point.dense, 1)))


def nudge_a_dense_vector(index: Index, repo: RepoRow) -> None:
    """By one bit, in one of its numbers."""
    id_ = _chunk_of_retry(index, repo)
    point = index.vectors.stored([id_])[id_]
    bits = point.dense.copy().view(np.uint16)
    bits[int(np.argmax(np.abs(point.dense)))] ^= 1
    _store(index, id_, replace(point, dense=bits.view(np.float16)))


def change_a_sparse_weight(index: Index, repo: RepoRow) -> None:
    id_ = _chunk_of_retry(index, repo)
    point = index.vectors.stored([id_])[id_]
    _store(index, id_, replace(point, values=point.values * np.float32(1.5)))


def change_a_payload(index: Index, repo: RepoRow) -> None:
    id_ = _chunk_of_retry(index, repo)
    point = index.vectors.stored([id_])[id_]
    _store(index, id_, replace(point, payload={**point.payload, "path": "elsewhere.py"}))


def _chunk_of_retry(index: Index, repo: RepoRow) -> str:
    file = index.catalog.file(repo, "shop/retry.py")
    assert file is not None
    return index.catalog.chunks_of(file.id)[0].id


def _store(index: Index, id_: str, point: Stored) -> None:
    offsets = np.array([0, len(point.indices)], dtype=np.int64)
    dense = point.dense.reshape(1, -1)
    index.vectors.upsert(Points([id_], dense, offsets, point.indices, point.values, [point.payload]))
    index.vectors.flush()


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        pytest.param(lose_a_vector, "has no vector (shop/retry.py:1)", id="a vector is lost"),
        pytest.param(add_an_orphan, "belongs to no chunk", id="a vector without a chunk"),
        pytest.param(turn_a_dense_vector, "shop/retry.py: the dense vector of", id="a dense vector"),
        pytest.param(nudge_a_dense_vector, "shop/retry.py: the dense vector of", id="one bit of one"),
        pytest.param(change_a_sparse_weight, "shop/retry.py: the sparse vector of", id="a sparse vector"),
        pytest.param(change_a_payload, "shop/retry.py: the payload of", id="a payload"),
        pytest.param(
            sql(f"UPDATE chunks SET end = end + 1 WHERE file = {RETRY}"),
            "shop/retry.py: its chunks end at line 14, the file at line 13",
            id="the lines of a chunk",
        ),
        pytest.param(
            sql(f"UPDATE chunks SET id = ? WHERE file = {RETRY}", str(uuid.uuid4())),
            "has no vector (shop/retry.py:1)",
            id="the id of a chunk",
        ),
        pytest.param(
            sql(f"UPDATE chunks SET defines = 'nothing' WHERE file = {RETRY}"),
            "shop/retry.py: chunks: a row is not what the file makes",
            id="what a chunk defines",
        ),
        pytest.param(
            sql(f"DELETE FROM chunks WHERE file = {RETRY}"),
            "1 rows of texts hang on nothing",
            id="a chunk's row",
        ),
        pytest.param(
            sql("UPDATE texts SET text = (SELECT text FROM texts ORDER BY chunk LIMIT 1) WHERE chunk > 1"),
            "shop/retry.py: the indexed text is not the file's",
            id="the text of another file",
        ),
        pytest.param(
            sql(
                "UPDATE texts SET text = substr(text, 1, 20) WHERE chunk IN "
                f"(SELECT nr FROM chunks WHERE file = {RETRY})"
            ),
            "shop/retry.py: its indexed text cannot be unpacked",
            id="a torn text",
        ),
        pytest.param(
            sql(f"DELETE FROM texts WHERE chunk IN (SELECT nr FROM chunks WHERE file = {RETRY})"),
            "shop/retry.py: the indexed text is not the file's",
            id="a lost text",
        ),
        pytest.param(
            sql(f"DELETE FROM symbols WHERE file = {RETRY}"),
            "shop/retry.py: symbols: 1 rows are missing",
            id="lost symbols",
        ),
        pytest.param(
            sql(f"UPDATE symbols SET signature = 'x' WHERE file = {RETRY}"),
            "shop/retry.py: symbols: a row is not what the file makes",
            id="a wrong signature",
        ),
        pytest.param(
            sql(f"DELETE FROM refs WHERE file = {RETRY}"), "shop/retry.py: refs: ", id="lost references"
        ),
        pytest.param(
            invent_a_reference,
            "shop/retry.py: refs: 1 rows do not belong there",
            id="an invented reference",
        ),
        pytest.param(
            sql("UPDATE files SET facts = '{}' WHERE path = 'shop/retry.py'"),
            "shop/retry.py: files: a row is not what the file makes",
            id="the facts of a file",
        ),
        pytest.param(
            sql("UPDATE files SET redactions = 7 WHERE path = 'shop/retry.py'"),
            "shop/retry.py: files: a row is not what the file makes",
            id="how many secrets",
        ),
        pytest.param(
            sql("UPDATE files SET digest = 'x' WHERE path = 'shop/retry.py'"),
            "shop/retry.py has changed since it was indexed, at the same size and time",
            id="a digest",
        ),
        pytest.param(
            sql("DELETE FROM files WHERE path = 'shop/retry.py'"),
            "shop/retry.py is not in the index",
            id="a file's row",
        ),
        pytest.param(
            sql("INSERT INTO symbols VALUES (NULL, 999, 'x', 'x', 'function', 1, 1, 1, '', '')"),
            "1 rows of symbols hang on nothing",
            id="a symbol of no file",
        ),
        pytest.param(
            sql("DELETE FROM skipped WHERE path = 'logo.png'"),
            "skipped: ('logo.png', 'binary', '') is missing",
            id="a record of what is left out",
        ),
        pytest.param(
            sql("UPDATE skipped SET detail = 'for no reason'"),
            "'for no reason') is not what a walk finds",
            id="a reason",
        ),
        pytest.param(
            sql("UPDATE repos SET sample = zeroblob(length(sample))"),
            "the stored sample of vectors is not the chunks'",
            id="the sample",
        ),
        pytest.param(
            sql("UPDATE repos SET commit_id = 'beef'"), "the index is of commit beef", id="the commit"
        ),
    ],
)
def test_damage_is_named_and_mended(index: Index, project: Path, damage: Damage, named: str) -> None:
    write(project / "logo.png", "\0")
    index.sync(project)
    repo = index.catalog.repo("shop")
    damage(index, repo)

    found = full(index, repo)
    said = [finding.said for finding in found.findings]
    assert any(named in sentence for sentence in said), said

    mended = mend(index, repo, found)
    assert mended
    assert full(index, repo).findings == ()


def test_a_sound_index_is_proven_in_every_part(index: Index, project: Path) -> None:
    write(project / "no_end.py", "x = 1")
    write(project / "blank.py", "\n\n")
    index.sync(project)

    found = full(index, index.catalog.repo("shop"))

    assert found.findings == ()
    assert found.notes == ()
    said = " | ".join(found.proven)
    for what in (
        "7 files are each in exactly one",
        "7 files rebuilt",
        "bit for bit",
        "queries taken from the files",
    ):
        assert what in said


def test_what_changed_on_the_disk_is_stale_and_not_damaged(index: Index, project: Path) -> None:
    index.sync(project)
    repo = index.catalog.repo("shop")
    write(project / "shop" / "retry.py", "def other():\n    pass\n")
    write(project / "new.py", "x = 1\n")
    (project / "README.md").unlink()
    git(project, "commit", "-q", "--allow-empty", "-m", "later")

    found = full(index, repo)
    assert found.damaged == []
    assert [sentence.partition(" ")[0] for sentence in found.stale] == [
        "README.md",
        "new.py",
        "shop/retry.py",
        "the",
    ]

    mend(index, repo, found)
    assert full(index, repo).findings == ()


def test_a_table_that_comes_later_is_compared_without_a_change(index: Index, project: Path) -> None:
    index.sync(project)
    repo = index.catalog.repo("shop")
    with index.catalog.writing() as db:
        db.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, file INTEGER NOT NULL, said TEXT NOT NULL)")
        db.execute(f"INSERT INTO notes VALUES (1, {RETRY}, 'x'), (2, 999, 'y')")
        db.execute("CREATE TABLE weather (day TEXT)")

    found = full(index, repo)

    said = [finding.said for finding in found.findings]
    assert "1 rows of notes hang on nothing" in said
    assert "shop/retry.py: notes: 1 rows do not belong there (('x',))" in said
    assert found.notes[0] == "not compared, for they hang on no file and no repository: weather"


def test_only_what_is_wrong_is_written_again(index: Index, project: Path) -> None:
    index.sync(project)
    repo = index.catalog.repo("shop")
    lose_a_vector(index, repo)
    found = full(index, repo)

    from indexer.verify.mend import invalidate

    assert invalidate(index.catalog, index.vectors, repo, found.findings) == [
        "1 files indexed anew for lost or wrong vectors"
    ]
    assert index.indexer.sync(index.catalog.repo("shop"), hooks=Hooks(), workers=1).changed == 1


def test_a_store_that_answers_otherwise_is_filled_anew(index: Index, project: Path) -> None:
    """Same points, other answers: done here by an answering method, for no call damages Edge's own lists."""
    index.sync(project)
    repo = index.catalog.repo("shop")

    class Forgetful:
        def __getattr__(self, name: str) -> object:
            return getattr(index.vectors, name)

        def search(self, query):  # type: ignore[no-untyped-def]
            found = index.vectors.search(query)
            return replace(found, by_words=found.by_words[1:])

    from retriever.proof import look

    found = look(replace(live(index), vectors=Forgetful()), index.catalog.repo("shop"), None)  # type: ignore[arg-type]
    assert {finding.kind for finding in found.findings} == {"answers"}
    assert "is answered otherwise by words" in found.findings[0].said

    mend(index, repo, found)
    assert full(index, repo).findings == ()

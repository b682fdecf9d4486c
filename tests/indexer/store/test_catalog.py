"""The catalog finds what it was told, by path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.errors import IndexDamaged
from indexer.store.catalog import Catalog
from indexer.store.rows import PreparedFile, pack_texts, write_rows

_FILES = ("a.py", "a/x.py", "a/b/y.py", "a/b.py", "a-b.py", "a0.py", "a/é.py", "other.py")
_SKIPPED = ("a/b/build/", "vendor/", "a/img.png")


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["a"], {"a/x.py", "a/b/y.py", "a/b.py", "a/é.py", "a/b/build/", "a/img.png"}),
        (["a/"], {"a/x.py", "a/b/y.py", "a/b.py", "a/é.py", "a/b/build/", "a/img.png"}),
        (["a/b"], {"a/b/y.py", "a/b/build/"}),
        (["a.py", "a/x.py"], {"a.py", "a/x.py"}),
        (["vendor/lib/code.py"], {"vendor/"}),  # the folder above, under the name it is skipped by
        (["vendor"], {"vendor/"}),
        (["nothing", "a0"], set()),
        (["./a/../other.py"], {"other.py"}),
        (["a.py", "."], {*_FILES, *_SKIPPED}),
        ([], set()),
        (None, {*_FILES, *_SKIPPED}),
    ],
)
def test_what_is_known_of_some_paths(tmp_path: Path, paths: Sequence[str] | None, expected: set[str]) -> None:
    catalog = Catalog(tmp_path / "catalog.db")
    repo, other = catalog.add_repo("shop", "/shop"), catalog.add_repo("other", "/other")
    with catalog.writing() as db:
        for number, row in enumerate((repo, other)):
            files = [_file(path, f"digest {number}") for path in _FILES]
            write_rows(db, row.id, files, [], [(path, "ignored", "", 0, 0, 0) for path in _SKIPPED], [])

    known = catalog.known(repo, paths)
    assert known.keys() == expected
    assert {one.digest for one in known.values() if one.id} <= {"digest 0"}
    assert all(known[path].reason == "ignored" for path in expected & set(_SKIPPED))
    catalog.close()


def test_each_chunk_finds_its_own_text_among_those_packed_with_it(tmp_path: Path) -> None:
    sizes = (9, 2_000, 1_500, 1_500, 90_000, 1, 1, 4_000, 4_000)
    texts = [f"{n} é\n" + f"{n}\x0c{'x' * 50}\r\n" * (size // 54) + "\n" for n, size in enumerate(sizes)]
    catalog = Catalog(tmp_path / "catalog.db")
    repo = catalog.add_repo("shop", "/shop")
    with catalog.writing() as db:
        write_rows(
            db,
            repo.id,
            [_file("b.py", "1", texts), _file("empty.py", "3"), _file("a.py", "2", texts[::-1])],
            [],
            [],
            [],
        )
        assert db.execute("SELECT count(*) FROM texts").fetchone()[0] < 2 * len(texts)

    for path, expected in (("b.py", texts), ("a.py", texts[::-1])):
        file = catalog.known(repo)[path].id
        numbers = [chunk.nr for chunk in catalog.chunks_of(file)]
        assert list(catalog.texts(numbers).values()) == expected
        assert [catalog.texts([nr])[nr] for nr in numbers] == expected
        assert catalog.text_of(file) == "".join(expected)
    catalog.close()


def test_a_chunk_whose_packed_text_is_lost_is_not_given_that_of_another_file(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.db")
    repo = catalog.add_repo("shop", "/shop")
    with catalog.writing() as db:
        write_rows(db, repo.id, [_file("a.py", "1", ["a\n"]), _file("b.py", "2", ["b\n"])], [], [], [])
        db.execute("DELETE FROM texts WHERE chunk = 2")
    assert catalog.texts([1, 2]) == {1: "a\n"}
    catalog.close()


def test_uses_that_cannot_be_read_are_damage_that_says_what_to_do(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.db")
    repo = catalog.add_repo("shop", "/shop")
    with catalog.writing() as db:
        write_rows(db, repo.id, [_file("a.py", "1")], [], [], [])
        db.execute("INSERT INTO refs SELECT NULL, id, 'run', 'half a line' FROM files")
        db.execute("UPDATE bindings SET origins = 'half a line'")
    file = catalog.known(repo)["a.py"].id
    with pytest.raises(IndexDamaged, match=r"a\.py uses cannot be read .* cairn index --rebuild"):
        catalog.references_to(repo, "run")
    with pytest.raises(IndexDamaged, match=r"names stand for cannot be read .* cairn index --rebuild"):
        catalog.bindings(file)
    catalog.close()


def _file(path: str, digest: str, texts: Sequence[str] = ()) -> PreparedFile:
    chunks, line = [], 1
    for number, text in enumerate(texts):
        lines = text.count("\n")
        chunks.append((f"{path} {number}", line, line + lines - 1, "", "", ""))
        line += lines
    file = (path, digest, 1, 2, 3, "python", "code", line, 0, 0, "{}")
    return PreparedFile(file, chunks, pack_texts(texts), [], [], "")

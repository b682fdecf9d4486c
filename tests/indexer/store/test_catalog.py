"""The catalog finds what it was told, by path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.store.catalog import Catalog
from indexer.store.rows import PreparedFile, write_rows

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


def _file(path: str, digest: str) -> PreparedFile:
    return PreparedFile((path, digest, 1, 2, 3, "python", "code", 1, 0, 0, "{}"), [], [], [], [], [])

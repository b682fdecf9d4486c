"""What a search needs is there before anybody asks."""

from pathlib import Path

import pytest

from retriever import ahead, heads
from retriever.ahead import read_ahead
from retriever.kept import Kept
from retriever.used import NamesInFiles
from tests.conftest import Index, write


@pytest.fixture
def root(index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(heads, "_KNOWN", {})
    root = tmp_path / "shop"
    write(root / "pay.py", "def charge():\n    return 1\n")
    write(root / "tests/test_pay.py", "def test_charge():\n    assert charge() == 1\n")
    index.sync(root)
    return root


def _kept_paths(kept: Kept) -> list[str]:
    return [row.path for rows in kept._rows.values() for row, _ in rows.chunks.values()]


def test_everything_is_kept_that_searches_read_code_before_tests(index: Index, root: Path) -> None:
    kept = Kept(index.catalog)
    for _ in read_ahead(index.catalog, kept, NamesInFiles(index.catalog)):
        pass
    assert _kept_paths(kept) == ["pay.py", "tests/test_pay.py"]
    assert len(heads._KNOWN) == 2


def test_it_ends_where_no_more_may_be_kept(index: Index, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "MOST_CHUNKS", 1)
    monkeypatch.setattr(heads, "_KEPT", 0)
    kept = Kept(index.catalog)
    for _ in read_ahead(index.catalog, kept, NamesInFiles(index.catalog)):
        pass
    assert _kept_paths(kept) == ["pay.py"]
    assert not heads._KNOWN


def test_a_change_on_the_way_is_read_as_it_is_then(index: Index, root: Path) -> None:
    kept = Kept(index.catalog)
    reading = read_ahead(index.catalog, kept, NamesInFiles(index.catalog))
    next(reading)
    write(root / "mail.py", "def send():\n    return 2\n")
    index.sync(root)
    for _ in reading:
        pass
    (rows,) = kept._rows.values()
    assert rows.state[0] == index.catalog.repo("shop").generation

"""An id names the lines that were shown; what changed since is stale, what is no id is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import BadInput
from retriever.conventions import book_of
from retriever.held import held, id_of, id_of_rule, read_id
from retriever.sheet import Sheets
from tests.conftest import Index, write

TEXT = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"


@pytest.fixture
def sheets(index: Index, tmp_path: Path) -> Sheets:
    write(tmp_path / "pair" / "odd:1@name.py", TEXT)
    index.sync(tmp_path / "pair")
    return Sheets(index.catalog, index.catalog.repos()[0])


def test_an_id_says_the_lines_it_was_made_of(sheets: Sheets) -> None:
    sheet = sheets.get("odd:1@name.py")
    assert sheet is not None
    name = id_of(sheet, [1, 2, 5])
    assert name.startswith("odd:1@name.py:1-2,5@")
    assert (read_id(name).path, read_id(name).lines) == ("odd:1@name.py", (1, 2, 5))


def test_what_is_unchanged_is_held_and_what_changed_is_stale(
    index: Index, sheets: Sheets, tmp_path: Path
) -> None:
    sheet = sheets.get("odd:1@name.py")
    assert sheet is not None
    one, two = id_of(sheet, [1, 2]), id_of(sheet, [5, 6])
    write(tmp_path / "pair" / "odd:1@name.py", TEXT.replace("return 2", "return 22"))
    index.sync(tmp_path / "pair")
    kept = held([one, two, "gone.py:1-2@00000000"], Sheets(index.catalog, index.catalog.repos()[0]), [])
    assert kept.lines == {"odd:1@name.py": {1, 2}}
    assert kept.stale == [two, "gone.py:1-2@00000000"]


def test_a_convention_is_held_as_long_as_its_count_is_the_same(index: Index) -> None:
    index.sync(Path(__file__).parents[2] / "examples" / "payments")
    repo = index.catalog.repos()[0]
    rules = book_of(index.catalog.facts(repo)).rules
    kept = held(
        [id_of_rule(rules[0]), f"convention:{rules[1].key}@00000000"], Sheets(index.catalog, repo), rules
    )
    assert kept.rules == {rules[0].key}
    assert kept.stale == [f"convention:{rules[1].key}@00000000"]


@pytest.mark.parametrize(
    "text",
    ["", "a.py", "a.py:3", "a.py:3-1@00000000", "a.py:0-1@00000000", "a.py:1-2,2-3@00000000", "a.py:1-2@xyz",
     "a.py:1-999999999@00000000"],
)  # fmt: skip
def test_what_is_no_id_is_refused(sheets: Sheets, text: str) -> None:
    with pytest.raises(BadInput, match="no id of a piece"):
        held([text], sheets, [])

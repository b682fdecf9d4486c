import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.history.hunks import Replacement, replacements
from indexer.errors import BadInput

LINES = st.lists(st.sampled_from(["a\n", "b\n", "    pass\n", "\n", "x\r\n"]), max_size=30).map("".join)


def applied(before: str, edits: list[Replacement]) -> str:
    text = before
    for edit in edits:
        assert text.find(edit.old) == text.rfind(edit.old) != -1, f"{edit.old!r} is not in {text!r} once"
        assert "".join(line + "\n" for line in text.split("\n"))  # what the line numbers count
        assert edit.old == "\n".join(text.split("\n")[edit.first - 1 : edit.last]) + (
            "\n" if edit.old.endswith("\n") else ""
        )
        text = text.replace(edit.old, edit.new)
    return text


@given(LINES, LINES, st.integers(0, 4))
def test_the_replacements_lead_from_one_text_to_the_other(before: str, after: str, further: int) -> None:
    if before == after or not before:
        return
    assert applied(before, replacements(before, after, further=further)) == after


def test_a_change_in_repeated_code_takes_in_lines_until_it_is_there_once() -> None:
    block = "def f():\n    x = 1\n    return x\n\n"
    before = block + block.replace("f()", "g()") + block.replace("f()", "h()")
    after = before.replace("def g():\n    x = 1", "def g():\n    x = 2")
    (edit,) = replacements(before, after)
    assert "def g():" in edit.old
    assert edit.new == edit.old.replace("1", "2")


def test_changes_that_parse_only_together_are_one_edit() -> None:
    middle = "".join(f"    step({n})\n" for n in range(10))
    before = f"if a:\n{middle}b = [1]\n"
    after = f"call(\n{middle}b = 1]\n"
    ends = {before, after}
    assert len(replacements(before, after)) == 2
    assert len(replacements(before, after, lambda text: text in ends)) == 1


def test_changes_far_apart_are_edits_of_their_own() -> None:
    before = "".join(f"line {n}\n" for n in range(40))
    after = before.replace("line 3\n", "line three\n").replace("line 30\n", "line thirty\nand more\n")
    first, second = replacements(before, after)
    assert (first.first, first.last) == (3, 5)
    assert (second.first, second.last) == (30, 32)
    assert second.new == "line 29\nline thirty\nand more\nline 31\n"


def test_there_is_nothing_to_find_in_an_empty_file() -> None:
    with pytest.raises(BadInput, match="empty file"):
        replacements("", "a = 1\n")

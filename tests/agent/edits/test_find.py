import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.edits import EditRefused
from agent.edits.find import find
from tests.agent.edits.conftest import CODE


def applied(text: str, old: str, new: str) -> str:
    place = find(text, old, new, "a")
    return text[: place.start] + place.new + text[place.end :]


def refusal(text: str, old: str, new: str = "other") -> str:
    with pytest.raises(EditRefused) as caught:
        find(text, old, new, "code.py")
    return str(caught.value)


def test_an_ambiguous_text_is_refused_with_its_lines() -> None:
    said = refusal(CODE, "    return value\n", "    return 0\n")
    assert "AMBIGUOUS" in said
    assert "2 times, at lines 3, 8" in said


def test_overlapping_places_are_ambiguous_too() -> None:
    assert "2 times" in refusal("aaa", "aa", "b")


def test_what_is_there_countless_times_is_counted_to_a_limit() -> None:
    assert "more than 1000 times, at lines 1, 1, 1" in refusal("a" * 100_000, "a", "b")


def test_a_text_that_is_not_there_is_answered_with_the_nearest_lines() -> None:
    said = refusal(CODE, "def second(b):\n    value = b + 2\n    return value", "pass")
    assert "NOT_FOUND" in said
    assert "    6  def second(a):\n    7      value = a + 2\n    8      return value" in said


def test_a_first_line_alone_finds_its_nearest_too() -> None:
    assert "    6  def second(a):" in refusal(CODE, "def secnd(a):", "pass")


def test_a_text_like_nothing_in_the_file_gets_no_false_hint() -> None:
    assert "No place looks like it" in refusal(CODE, "SELECT * FROM orders WHERE 1 = 1", "pass")


def test_an_edit_that_was_made_already_is_recognised() -> None:
    said = refusal(CODE.replace("a + 1", "a + 100"), "value = a + 1\n", "value = a + 100\n")
    assert "ALREADY_APPLIED" in said
    assert "at line 2" in said


def test_a_new_text_inside_a_longer_word_is_not_the_edit_made_already() -> None:
    assert "NOT_FOUND" in refusal("max = 10\n", "x = 2\n", "x = 1")


def test_an_insertion_is_not_made_twice() -> None:
    text = applied("import a\n", "import a\n", "import a\nimport b\n")
    assert "ALREADY_APPLIED" in refusal(text, "import a\n", "import a\nimport b\n")


def test_a_deeper_indentation_is_no_repeated_insertion() -> None:
    assert applied("      x = 1\n", "x = 1\n", "    x = 1\n") == "          x = 1\n"


def test_an_edit_that_changes_nothing_is_refused() -> None:
    assert "NO_CHANGE" in refusal(CODE, "a + 1", "a + 1")


def test_an_empty_text_is_found_in_an_empty_file_alone() -> None:
    assert "old is empty" in refusal(CODE, "", "x")
    assert applied("", "", "x = 1\n") == "x = 1\n"
    assert "old is empty" in refusal("", "", "")


FORGIVEN = {
    "blanks at the end of a line of the file": (
        "if a:  \n    b\n",
        "if a:\n    b\n",
        "if a:\n    c\n",
        "if a:  \n    c\n",
        "blanks at the ends of lines",
    ),
    "blanks at the end of a line of old": (
        "if a:\n    b\nd\n",
        "if a:  \n    b\n",
        "if a:  \n    c\n",
        "if a:\n    c\nd\n",
        "blanks at the ends of lines",
    ),
    "a blank line with blanks in it": (
        "a\n    \nb\n",
        "a\n\nb\n",
        "a\n\nc\n",
        "a\n    \nc\n",
        "blanks at the ends of lines",
    ),
    "a line break that the last line does not have": (
        "a = 1\nb = 2",
        "b = 2\n",
        "b = 3\n",
        "a = 1\nb = 3",
        "blanks at the ends of lines",
    ),
    "no indentation at all": (
        "class A:\n    def f(self):\n        return 1\n",
        "def f(self):\n    return 1\n",
        "def f(self):\n    if self:\n        return 2\n\n    return 1\n",
        "class A:\n    def f(self):\n        if self:\n            return 2\n\n        return 1\n",
        "indented by 4 blanks more",
    ),
    "too much indentation": (
        "def f():\n    return 1\n",
        "    def f():\n        return 1\n",
        "    def f():\n        return 2\n",
        "def f():\n    return 2\n",
        "indented by 4 blanks less",
    ),
    "blanks for tabs": (
        "func f() {\n\tif a {\n\t\tb()\n\t}\n}\n",
        "    if a {\n        b()\n    }\n",
        "    if a {\n        if c {\n            b()\n        }\n    }\n",
        "func f() {\n\tif a {\n\t\tif c {\n\t\t\tb()\n\t\t}\n\t}\n}\n",
        "indented by tabs where old had 4 blanks",
    ),
    "tabs for blanks": (
        "def f():\n  if a:\n    b()\n",
        "\tif a:\n\t\tb()\n",
        "\tif a:\n\t\tc()\n",
        "def f():\n  if a:\n    c()\n",
        "indented by 2 blanks where old had tabs",
    ),
    "typographic quotes in old": (
        "print('it')\n",
        "print(‘it’)",
        "print(‘that’)",
        "print('that')\n",
        "typographic",
    ),
    "typographic quotes in the file": (
        "say “hello” – now\nx = 1\n",
        'say "hello" - now\nx = 1\n',
        'say "hello" - now\nx = 2\n',
        "say “hello” – now\nx = 2\n",
        "typographic",
    ),
    "a blank that does not break": ("a\u00a0= 1\n", "a = 1", "a = 2", "a = 2\n", "typographic"),
}


@pytest.mark.parametrize("case", FORGIVEN)
def test_a_slip_that_leaves_one_place_is_forgiven_and_named(case: str) -> None:
    text, old, new, expected, note = FORGIVEN[case]
    assert applied(text, old, new) == expected
    assert note in find(text, old, new, "a").note


UNFORGIVEN = {
    "two places once blanks are ignored": ("a  \nb\na \n", "a\n", "AMBIGUOUS"),
    "two places at different depths": ("  x = 1\n    x = 1\n", "        x = 1\n", "AMBIGUOUS"),
    "lines shifted by different amounts": ("if a:\n        b\n", "  if a:\n      b\n", "NOT_FOUND"),
    "a lone bracket": ("f(\n  )\n", "    )\n", "NOT_FOUND"),
    "letters that merely look alike": (
        "def fetch(url):\n    pass\n",
        "def fetch(uri):\n    pass\n",
        "NOT_FOUND",
    ),
    "a different case": ("Value = 1\n", "value = 1\n", "NOT_FOUND"),
    "blanks within a line": ("f(a, b)\n", "f(a,b)\n", "NOT_FOUND"),
}


@pytest.mark.parametrize("case", UNFORGIVEN)
def test_what_leaves_room_for_doubt_is_refused(case: str) -> None:
    text, old, code = UNFORGIVEN[case]
    assert refusal(text, old, old.replace("\n", " #\n")).startswith(code)


def test_a_new_line_that_cannot_be_shifted_left_is_refused() -> None:
    assert "NOT_FOUND" in refusal("x = 1\n", "    x = 1\n", "    x = 2\n  y = 1\n")


def test_a_place_is_exact_before_it_is_forgiven() -> None:
    assert applied("    x = 1\nx = 1\n", "\nx = 1\n", "\nx = 2\n") == "    x = 1\nx = 2\n"
    assert find("a \na\n", "\na\n", "\nb\n", "p").note == ""


def test_looking_for_what_is_not_there_takes_little_time_in_a_large_file() -> None:
    """Bounded, not fast: a file of this size is looked through once and compared in few places."""
    text = "".join(f"line {number} of a long file\n" for number in range(100_000))
    assert "NOT_FOUND" in refusal(text, "something else entirely\n" * 50)


def test_a_long_run_of_equal_lines_is_not_compared_everywhere() -> None:
    started = time.process_time()
    assert "NOT_FOUND" in refusal("ab\n" * 200_000, "ab\n" * 500 + "c", "d")
    assert "NOT_FOUND" in refusal("ab\n" * 200_000, "ab \n" * 50_000, "d")
    assert time.process_time() - started < 10  # everywhere would be ten billion lines


LINE = st.text("ab =(\t", max_size=6)


@given(st.lists(LINE, min_size=1, max_size=8), st.data())
def test_whatever_is_forgiven_changes_nothing_outside_the_place(
    lines: list[str], data: st.DataObject
) -> None:
    text = "\n".join(lines)
    first = data.draw(st.integers(0, len(lines) - 1))
    after = data.draw(st.integers(first + 1, len(lines)))
    slip = data.draw(st.sampled_from(["  {}", "{}  ", "\t{}", "{}"]))
    old = "\n".join(slip.format(line) if line.strip() else line for line in lines[first:after])
    try:
        place = find(text, old, "NEW", "a")
    except EditRefused:
        return
    here = text[place.start : place.end]
    assert [line.split() for line in here.split("\n")] == [line.split() for line in old.split("\n")]
    assert place.new.strip() == "NEW"

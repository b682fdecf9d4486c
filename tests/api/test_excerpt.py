"""The lines of a hit that a reader sees."""

from __future__ import annotations

import time

from api.excerpt import excerpt, pattern_of
from retriever.types import Hit

CODE = """\
import time


class Waiter:
    pass


def retry(call):
    \"\"\"Try again.\"\"\"
    first = 1
    second = 2
    third = 3
    for failed in range(3):
        time.sleep(failed)
    return call()


def other():
    failed = 1
"""


def hit(text: str, symbol: str | None, start: int, end: int) -> Hit:
    kind = "function" if symbol else None
    return Hit("shop", "a.py", start, end, 1.0, symbol, kind, "code", "python", text, ("because",))


def test_an_excerpt_begins_with_the_definition_and_stays_inside_it() -> None:
    lines = excerpt(hit(CODE, "retry", 8, 15), pattern_of("where is failed retried?"))

    assert lines[:2] == ["def retry(call):", '    """Try again."""']
    assert "    for failed in range(3):" in lines
    assert not any("other" in line for line in lines)


def test_what_is_left_out_between_two_lines_is_marked_and_blank_lines_are_not() -> None:
    text = "a = 1\n\nb = 2\n" + "c = 3\n" * 9 + "failed = 4\n"

    assert excerpt(hit(text, None, 1, 13), pattern_of("failed")) == [
        *("a = 1", "b = 2", "c = 3", "c = 3", "c = 3", "⋮", "failed = 4"),
    ]


def test_a_definition_that_is_not_in_the_text_is_no_obstacle() -> None:
    assert excerpt(hit("x = 1\ny = 2\n", "Gone.away", 90, 99), pattern_of("y")) == ["x = 1", "y = 2"]


def test_a_long_line_is_cut_where_it_is_shown() -> None:
    (line,) = excerpt(hit("x" * 5000, None, 1, 1), None)

    assert len(line) == 110
    assert line.endswith("…")


def test_a_question_of_fillers_highlights_nothing() -> None:
    assert pattern_of("where is the") is None
    assert pattern_of("?!") is None


def test_word_endings_do_not_matter_and_signs_mean_nothing() -> None:
    pattern = pattern_of("retried payments (.*)")

    assert pattern is not None
    assert pattern.findall("a Payment is retried") == ["Payment", "retried"]
    assert not pattern.search("xyz")


def test_an_excerpt_of_a_very_long_line_is_there_at_once() -> None:
    text = "x = [" + ",".join(f"fun({n})" for n in range(60_000)) + "]\n"
    started = time.process_time()
    assert excerpt(hit(text, "y", 1, 1), pattern_of("fun"))[0].startswith("x = [fun(0)")
    assert excerpt(hit(text, "missing", 1, 1), pattern_of("fun"))[0].endswith("…")
    assert time.process_time() - started < 5.0  # a tenth of a second, or hours

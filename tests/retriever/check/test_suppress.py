"""Comments that answer a finding."""

from __future__ import annotations

import pytest

from retriever.check.change import Change, ChangedFile
from retriever.check.finding import KINDS, Finding, in_order
from retriever.check.suppress import judged, suppressions, unused

_KEY = "python/raise.from=yes@shop/"


def _finding(line: int, *also: int, path: str = "x.py", key: str = _KEY) -> Finding:
    return Finding("style", "warning", path, line, "Do.", key, also=also)


def _change(text: str, path: str = "x.py") -> Change:
    return Change("shop", (ChangedFile(path, path, None, text),))


@pytest.mark.parametrize("name", [_KEY, "python/raise.from=yes", "raise.from", "style", "twins, raise.from"])
def test_a_finding_goes_by_its_key_its_question_and_its_kind(name: str) -> None:
    said = suppressions(_change(f"a\nb  # cairn: ignore[{name}] the cause is secret\n"))
    left, hidden, used = judged([_finding(2)], said)
    assert (left, hidden, used) == ([], [_finding(2)], set(said))


@pytest.mark.parametrize(
    "comment",
    ["# cairn: ignore[style]", "x();  // cairn: ignore[style]", "/* why; cairn: ignore[style] */",
     "<!-- cairn: ignore[style] -->", "-- cairn: ignore[style] so", " * cairn:ignore[style]"],
)  # fmt: skip
def test_any_comment_will_do(comment: str) -> None:
    assert len(suppressions(_change(comment + "\n"))) == 1


def test_outside_of_a_comment_it_means_nothing() -> None:
    assert not suppressions(_change('print("cairn: ignore[style]")\ncairn: ignore[style]\n'))


def test_alone_on_a_line_it_speaks_of_the_next() -> None:
    said = suppressions(_change("# cairn: ignore[style]\nb\nc  # cairn: ignore[style]\nd\n"))
    left, hidden, _ = judged([_finding(2), _finding(3), _finding(4)], said)
    assert hidden == [_finding(2), _finding(3)]
    assert left == [_finding(4)]


def test_of_a_finding_with_many_lines_only_some_may_be_answered() -> None:
    said = suppressions(_change("a\nb  # cairn: ignore[style]\nc\n"))
    left, hidden, _ = judged([_finding(1, 2, 3)], said)
    assert (left, hidden) == ([_finding(1, 3)], [_finding(2)])


def test_another_name_and_another_file_answer_nothing() -> None:
    said = suppressions(_change("a  # cairn: ignore[twins]\n"))
    assert judged([_finding(1)], said)[0] == [_finding(1)]
    said = suppressions(_change("a  # cairn: ignore[style]\n"))
    assert judged([_finding(1, path="y.py")], said)[0] == [_finding(1, path="y.py")]


def test_a_new_comment_that_answers_nothing_is_told() -> None:
    text = "a  # cairn: ignore[raise.from]\nb  # cairn: ignore[twins]\n"
    change = _change(text)
    said = suppressions(change)
    assert unused(change, said, set(), KINDS) == ["x.py:1", "x.py:2"]
    assert unused(change, said, {said[0]}, KINDS) == ["x.py:2"]
    assert unused(change, said, set(), ["style"]) == ["x.py:1"]  # twins were not looked for

    old = Change("shop", (ChangedFile("x.py", "x.py", text, text + "c\n"),))
    assert not unused(old, suppressions(old), set(), KINDS)


def test_findings_are_told_in_order_and_once() -> None:
    twin = Finding("twins", "warning", "a.py", 1, "Twin.", "twins")
    found = [_finding(9), _finding(2), twin, _finding(2), _finding(1, path="a.py")]
    assert in_order(found) == [_finding(1, path="a.py"), twin, _finding(2), _finding(9)]
    assert str(twin) == "a.py:1: Twin. [twins]"

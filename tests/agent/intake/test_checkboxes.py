import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.intake import tick
from agent.intake.checkboxes import read_ticks
from indexer.errors import NotFound

TASKS = (
    "\ufeff- [ ] 1.1 One\r\n  * [ ]\t1.2. Two\r\n```\n- [] Fenced\n```\n"
    "1. [~] T003 Three\n- [ ](link)\n- [a](link)\n"
)


def test_every_checkbox_that_openspec_counts_is_a_tick() -> None:
    ticks = read_ticks(TASKS, "tasks.md")
    assert [(each.id, each.line, each.text) for each in ticks] == [
        ("1.1", 1, "1.1 One"),
        ("1.2", 2, "1.2. Two"),
        ("L4", 4, "Fenced"),
        ("T003", 6, "T003 Three"),
        ("L7", 7, "(link)"),
    ]


def test_a_number_that_stands_twice_is_no_id() -> None:
    assert [each.id for each in read_ticks("- [ ] 1.1 a\n- [ ] 1.1 b\n- [ ] 2 c", "")] == ["L1", "L2", "2"]


@pytest.mark.parametrize(
    ("done", "was", "now"),
    [
        ("1.1", "- [ ] 1.1", "- [x] 1.1"),
        ("L4", "- [] F", "- [x] F"),
        ("T003", "[~]", "[x]"),
        ("L7", "- [ ](", "- [x]("),
    ],
)
def test_only_the_box_changes(done: str, was: str, now: str) -> None:
    assert tick(TASKS, [done]) == TASKS.replace(was, now, 1)


def test_what_is_ticked_stays_as_it_is() -> None:
    assert tick("- [ X ] 1.1 a\n", {"1.1", "L1"}) == "- [ X ] 1.1 a\n"


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(NotFound, match=r"no checkbox is called 1\.3, L9"):
        tick(TASKS, ["1.1", "L9", "1.3"])


@given(st.lists(st.text("-*+[]xX~ \t\r1.)a`\ufeff", max_size=12), max_size=8).map("\n".join), st.data())
def test_ticking_changes_nothing_but_the_boxes_asked_for(text: str, data: st.DataObject) -> None:
    before = read_ticks(text, "t")
    done = data.draw(st.sets(st.sampled_from([each.id for each in before])) if before else st.just(set()))
    after = tick(text, done)
    changed = {each.line for each in before if each.id in done}
    for number, (old, new) in enumerate(zip(text.split("\n"), after.split("\n"), strict=True), 1):
        assert old == new or number in changed
    assert [each.done for each in read_ticks(after, "t")] == [each.done or each.id in done for each in before]
    assert tick(after, done) == after


def test_a_line_of_blanks_is_read_at_once() -> None:
    assert read_ticks("- [" + " " * 500_000 + "x] a", "") == ()

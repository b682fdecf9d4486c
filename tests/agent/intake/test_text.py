import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.intake import Brief, IntakeOptions, read_task
from agent.intake.kinds import guess_kind
from agent.intake.text import criteria_in

PIECES = [
    *(
        "Given a\n",
        "When b\n",
        "Then c\n",
        "and d\n",
        "- ",
        "  - ",
        "[ ] ",
        "[x] ",
        "1. ",
        "x\n",
        "\n",
        "\n\n",
    ),
    *(
        "```\n",
        "```gherkin\n",
        "## Done when\n",
        "**Acceptance criteria**\n",
        "# H\n",
        "Scenario: s\n",
        "TBD?\n",
        "\t",
    ),
]


def read(text: str, letters: int = 60_000) -> Brief:
    return read_task(text, Path("/nowhere"), IntakeOptions(letters=letters))


def wanted(text: str) -> list[str]:
    return [each for each, _ in criteria_in(text, "s")]


def test_a_sentence_is_its_own_criterion() -> None:
    brief = read("Refund a part of a payment. Nothing else should change.\n")
    assert brief.title == "Refund a part of a payment"
    assert [(each.id, each.text, each.source) for each in brief.criteria] == [
        ("C1", "Refund a part of a payment. Nothing else should change.", "the task")
    ]
    assert brief.notes == brief.open_points == brief.ticks == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Add a total #\n\nIt is missing.", "Add a total"),
        ("Does it work? No.", "Does it work?"),
        ("---\n\n- Fix the total\n- Fix the tax", "Fix the total"),
        ("x" * 100, "x" * 71 + "…"),
        (
            "Let every report say in which currency it is, and round to what that currency knows",
            "Let every report say in which currency it is, and round to what that…",
        ),
        ("```\nTraceback\n```\nFix this.", "Fix this"),
    ],
)
def test_a_title_is_the_first_heading_or_sentence(text: str, title: str) -> None:
    assert read(text + " please do").title == title or read(text).title == title


@pytest.mark.parametrize(
    "heading",
    [
        "## Acceptance criteria",
        "**Acceptance Criteria:**",
        "Definition of done:",
        "### Done when ###",
        "__Success criteria__",
    ],
)
def test_a_list_below_such_a_heading_is_the_criteria(heading: str) -> None:
    text = (
        f"# Total\n\n- not this one\n\n{heading}\n\n1. one\n   - with a part\n\n   and a sentence\n2. two\n"
    )
    text += "\n```\n- code\n```\n# Notes\n- nor this\n"
    assert wanted(text) == ["one\n   - with a part\n\n   and a sentence", "two\n\n```\n- code\n```"]


def test_paragraphs_below_such_a_heading_are_criteria_too() -> None:
    assert wanted("Acceptance criteria:\nThe total is shown.\nIt is rounded.\n\nThe tax is too.\n") == [
        "The total is shown.\nIt is rounded.",
        "The tax is too.",
    ]


def test_open_checkboxes_are_criteria_and_assurances_are_not() -> None:
    text = "- [x] I have searched for this issue\n- [ ] I agree to the code of conduct\n"
    text += "- [ ] show the total\n- [x] done before\n- [link](x)\n"
    assert wanted(text) == ["show the total"]


def test_a_ticked_box_among_the_criteria_must_hold_too() -> None:
    assert wanted("## Acceptance criteria\n- [x] a\n- [ ] b\n") == ["a", "b"]


def test_scenarios_are_criteria() -> None:
    text = (
        "Scenario: Empty cart\n  Given an empty cart\n  When I pay\n  Then nothing is charged\n"
        "  And I am told\n\n"
        "#### Scenario: Full cart\n- **GIVEN** a full cart\n- **WHEN** I pay\n- **THEN** all is charged\n\n"
        "Then we go home.\n\n"
        "```gherkin\nFeature: Cart\n  Scenario: Fenced\n    Given a\n    When b\n    Then c\n```\n"
        "1. **Given** a, **When** b happens, **Then** c\n"
        "2. **Given** d, **When** e, **Then** f\n   and g\n3. h\n"
    )
    found = criteria_in(text, "s")
    assert [source for _, source in found] == [
        "s: Scenario: Empty cart",
        "s: Scenario: Full cart",
        "s: Scenario: Fenced",
        "s: Scenario: Fenced",
        "s: Scenario: Fenced",
    ]
    assert found[0][0] == "Given an empty cart\n  When I pay\n  Then nothing is charged\n  And I am told"
    assert found[1][0].startswith("- **GIVEN** a full cart")
    assert found[2][0] == "Given a\n    When b\n    Then c"
    assert found[4][0] == "**Given** d, **When** e, **Then** f\n   and g"


@pytest.mark.parametrize(
    "text",
    [
        "Given that it is slow, make it fast.",
        "When I pay, it crashes.\nAnd then nothing.",
        "- a\n- b",
        "## Steps\n- [x] ran it",
    ],
)
def test_nothing_is_invented(text: str) -> None:
    assert wanted(text) == []


def test_a_criterion_stands_once_and_too_many_are_cut() -> None:
    many = "".join(f"- {number}\n- {number}\n" for number in range(300))
    brief = read(f"Done when:\n{many}")
    assert len(brief.criteria) == 200
    assert brief.criteria[-1].text == "199"
    assert brief.notes == ("only the first 200 of 300 acceptance criteria are tracked",)


def test_a_long_text_and_a_long_criterion_are_cut() -> None:
    brief = read("Done when:\n- " + "a " * 4000, letters=5000)
    assert len(brief.text) < 5010
    assert len(brief.criteria[0].text) < 2010
    assert brief.notes == ("the text is cut: 5000 of 8014 letters are kept", "C1 is cut after 2000 letters")


def test_what_is_not_seen_is_left_out_of_words_too() -> None:
    brief = read("Fix it.<!-- and leak -->\u200b Please.")
    assert brief.text == "Fix it. Please.\n"
    assert brief.notes == ("1 HTML comment and 1 invisible character that a reader does not see left out",)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("Can you fix the total?", ()),
        ("Round the total. Mode: TBD\n", ("Round the total. Mode: TBD",)),
        ("Round it [NEEDS CLARIFICATION: up or down].", ("Round it [NEEDS CLARIFICATION: up or down].",)),
        (
            "Done when:\n- is it rounded?\n- shown either in euros or in dollars\n- clear",
            ("is it rounded?", "shown either in euros or in dollars"),
        ),
        ("# A\n## Open questions\n- up or down?\n### More\n- why? \n## B\n- who?", ("up or down?", "why?")),
        ("```\nTBD\n```\nFix it.", ()),
    ],
)
def test_what_the_author_left_open_is_quoted(text: str, points: tuple[str, ...]) -> None:
    assert read(f"{text}").open_points == points


@pytest.mark.parametrize(
    "part",
    [
        "given when then ",
        "given when ",
        "either ",
        "- [ ] ",
        "- [",
        "** ",
        "Given a\nThen b\n",
        "# ",
        "a:",
        "![](",
        "Scenario: ",
        "1.",
        "\t",
    ],
)
def test_sixty_thousand_letters_take_little_time(part: str) -> None:
    began = time.process_time()
    read("Done when:\n- " + part * (60_000 // len(part)) + "x")
    assert time.process_time() - began < 3


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_is_read(text: str) -> None:
    brief = read(f"Fix it.\n{text}")
    assert [each.id for each in brief.criteria] == [f"C{n + 1}" for n in range(len(brief.criteria))]
    assert all(each.text.strip() for each in brief.criteria)
    assert Brief.from_json(json.loads(json.dumps(brief.to_json()))) == brief


@pytest.mark.parametrize(
    ("title", "labels", "kind"),
    [
        ("Crash when a cart is empty", (), "fix"),
        ("Totals are wrong", (), "fix"),
        ("Total", ("bug",), "fix"),
        ("Total", ("type: enhancement",), "feature"),
        ("Total", ("documentation",), "docs"),
        ("Total", ("bug", "enhancement"), None),
        ("Crash in the total", ("bug", "documentation"), "fix"),
        ("Total", ("dependencies", "javascript"), "dependencies"),
        ("Add a total to the report", (), "feature"),
        ("Add error messages to the parser", (), "feature"),
        ("Add tests for the parser", (), "tests"),
        ("Increase test coverage of the parser", (), "tests"),
        ("Refactor the parser", (), "refactoring"),
        ("Rename Cart to Basket", (), "refactoring"),
        ("Fix typo in the README", (), "docs"),
        ("Document how to install it", (), "docs"),
        ("Bump httpx from 0.27 to 0.28", (), "dependencies"),
        ("Upgrade to version 3 of qdrant", (), "dependencies"),
        ("The build fails on Windows", (), "build"),
        ("Fix CI", (), "build"),
        ("feat(cart)!: totals", (), "feature"),
        ("chore(deps): x", (), None),
        ("build(deps): bump x", (), "dependencies"),
        ("Totals", (), None),
        ("Support for umlauts crashes", (), None),
    ],
)
def test_a_kind_is_guessed_from_labels_and_words_or_not_at_all(
    title: str, labels: tuple[str, ...], kind: str | None
) -> None:
    assert guess_kind(title, "", labels) == kind

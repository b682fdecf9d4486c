"""What is counted and what is written: cited where they agree, told where they do not."""

from __future__ import annotations

from retriever.conventions import Book

from .made import book, items, key_of


def frozen_rules(found: Book) -> dict[str, tuple[int, int, tuple[str, ...], tuple[str, ...]]]:
    return {
        key_of(rule): (rule.support, rule.total, rule.written, rule.against)
        for rule in found.rules
        if rule.question == "dataclass.frozen"
    }


GUIDE = "# Contributing\n\n## Code style\n\n- Data classes should be frozen.\n"


def test_a_rule_names_the_line_that_asks_for_it() -> None:
    found = book(items(12, frozen=12) | {"CONTRIBUTING.md": GUIDE})
    assert frozen_rules(found) == {"dataclass.frozen=yes": (12, 12, ("CONTRIBUTING.md:5",), ())}
    assert (found.sayings, found.contradictions) == ((), ())


def test_what_is_written_is_a_rule_even_where_the_code_alone_would_not_make_one() -> None:
    files = items(12, frozen=7)
    assert frozen_rules(book(files)) == {}
    assert frozen_rules(book(files | {"CONTRIBUTING.md": GUIDE})) == {
        "dataclass.frozen=yes": (7, 12, ("CONTRIBUTING.md:5",), ())
    }


def test_a_rule_that_the_guide_contradicts_says_so_and_both_counts_are_told() -> None:
    files = {
        f"shop/part{n}.py": f'def take_{n}(value):\n    """Take it."""\n    return value\n' for n in range(10)
    }
    guide = "# Style\n\n- Always use type hints.\n"
    found = book(files | {"docs/style.md": guide})
    (rule,) = (rule for rule in found.rules if rule.question == "types.return")
    assert (rule.answer, rule.written, rule.against) == ("no", (), ("docs/style.md:3",))
    (clash,) = (clash for clash in found.contradictions if clash.question == "types.return")
    assert (clash.asked, clash.asked_count, clash.done, clash.done_count, clash.total) == (
        "yes",
        0,
        "no",
        10,
        10,
    )
    assert (clash.place, clash.text) == ("docs/style.md:3", "Always use type hints.")


def test_a_guide_that_most_of_the_code_ignores_makes_no_rule() -> None:
    found = book(items(30, frozen=9) | {"CONTRIBUTING.md": GUIDE})
    assert frozen_rules(found) == {}
    assert [(clash.asked_count, clash.done_count) for clash in found.contradictions] == [(9, 21)]


def test_a_guide_in_a_folder_speaks_of_that_folder() -> None:
    files = items(12, frozen=12) | {"web/AGENTS.md": GUIDE}
    assert frozen_rules(book(files)) == {"dataclass.frozen=yes": (12, 12, (), ())}
    assert [saying.scope for saying in book(files).sayings] == ["web/"]


def test_guides_that_are_not_of_one_mind_are_quoted_both() -> None:
    guides = {"CONTRIBUTING.md": GUIDE, "AGENTS.md": "# Code\n\n- Don't use frozen data classes.\n"}
    found = book(items(12, frozen=12) | guides)
    assert frozen_rules(found) == {"dataclass.frozen=yes": (12, 12, (), ())}
    assert [saying.place for saying in found.sayings] == ["AGENTS.md:3", "CONTRIBUTING.md:5"]


def test_a_sentence_that_names_no_language_is_meant_for_the_main_one() -> None:
    files = {
        f"web/{kind}-part.ts": "export const x = 1\n" for kind in ("cart", "shop", "item", "user", "page")
    }
    files |= {"tool/one-off.py": "X = 1\n", "STYLE.md": "# Style\n\n- File names should be kebab-case.\n"}
    (rule,) = (rule for rule in book(files).rules if rule.question == "name.file" and rule.written)
    assert (rule.language, rule.support, rule.total) == ("typescript", 5, 5)

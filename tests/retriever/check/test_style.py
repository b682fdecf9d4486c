"""Which lines of a change break a rule: new ones, of rules that hold where they stand."""

from __future__ import annotations

from dataclasses import replace

from indexer.conventions import Rule
from retriever.check.finding import Shown
from retriever.check.style import accuses, narrowest, style

from .make import book, breaches, changed

_KEEPS = """\
def load(source):
    try:
        return source.read()
    except OSError as error:
        raise Broken(source) from error
"""
_LOSES = _KEEPS.replace(" from error", "")


def _shop(files: int = 60) -> dict[str, str]:
    """Code that keeps the cause of every error, in two folders."""
    return {f"shop/{'ab'[n % 2]}/part_{n}.py": _KEEPS for n in range(files)}


def test_a_new_line_that_breaks_a_rule_is_told_with_the_nearest_place_that_keeps_it() -> None:
    before = _shop()
    after = before | {"shop/b/new.py": "import os\n\n\n" + _LOSES}

    (finding,) = breaches(before, after)
    assert (finding.path, finding.line, finding.severity) == ("shop/b/new.py", 8, "warning")
    assert finding.key == "python/raise.from=yes"
    assert finding.message.endswith("60 of 60 places do.")
    assert finding.example == Shown("shop/b/part_1.py", 5, "raise Broken(source) from error")


def test_a_script_that_says_its_language_in_its_first_line_is_checked_too() -> None:
    before = _shop()
    (finding,) = breaches(before, before | {"bin/load": "#!/usr/bin/env python3\n" + _LOSES})
    assert (finding.path, finding.line) == ("bin/load", 6)


def test_a_test_that_replaces_nothing_breaks_no_habit_of_mocking() -> None:
    head = "import { expect, it, vi } from 'vitest';\n\n"
    mocks = head + "it('calls', () => {\n  const done = vi.fn();\n  expect(done).toBeCalled();\n});\n"
    sums = head + "it('sums', () => {\n  expect(1 + 1).toBe(2);\n});\n"
    before = {f"src/part{n}.test.ts": mocks for n in range(30)}
    assert "typescript/test.double=mock" in [rule.key for rule in book(before).rules]
    assert breaches(before, before | {"src/sum.test.ts": sums}) == []


def test_the_example_is_of_the_same_file_where_there_is_one() -> None:
    before = _shop()
    after = before | {"shop/a/part_0.py": _KEEPS + "\n\n" + _LOSES.replace("load", "fetch")}

    (finding,) = breaches(before, after)
    assert finding.line == 12
    assert finding.example == Shown("shop/a/part_0.py", 5, "raise Broken(source) from error")


def test_what_was_there_before_is_not_held_against_a_change() -> None:
    before = _shop() | {"shop/a/old.py": _LOSES}
    moved_down = before | {"shop/a/old.py": '"""Load."""\n\n' + _LOSES}
    reworded = before | {"shop/a/old.py": _LOSES.replace("Broken(source)", "Broken(source.name)")}

    assert not breaches(before, moved_down)
    assert not breaches(before, reworded)


def test_code_that_moves_to_another_file_is_not_new() -> None:
    before = _shop() | {"shop/a/old.py": _LOSES + "\n\nX = 1\n"}
    after = before | {"shop/a/old.py": "X = 1\n", "shop/b/moved.py": _LOSES}
    assert not breaches(before, after)

    twice = after | {"shop/b/again.py": _LOSES}
    (finding,) = breaches(before, twice)
    assert finding.key == "python/raise.from=yes"


def test_a_renamed_file_is_compared_with_what_it_was() -> None:
    before = _shop() | {"shop/a/old.py": _LOSES}
    after = {path: text for path, text in before.items() if path != "shop/a/old.py"}
    assert not breaches(before, after | {"shop/b/new.py": _LOSES}, {"shop/b/new.py": "shop/a/old.py"})


def test_taking_out_what_a_rule_asks_for_breaks_it() -> None:
    kept = 'def total(prices):\n    """Add up."""\n    return sum(prices)\n'
    before = {f"shop/part_{n}.py": kept for n in range(60)}
    rule = next(rule for rule in book(before).rules if rule.question == "doc.function")
    after = before | {"shop/part_3.py": kept.replace('    """Add up."""\n', "")}

    (finding,) = style(changed(before, after), [rule], book(before).files)
    assert (finding.path, finding.line) == ("shop/part_3.py", 1)


def test_a_line_that_stays_breaks_a_rule_when_what_belongs_to_it_does() -> None:
    kept = "def total(\n    prices: list[int],\n) -> int:\n    return sum(prices)\n"
    before = {f"shop/part_{n}.py": kept for n in range(20)}
    after = before | {"shop/part_3.py": kept.replace(") -> int:", "):") + "\n\n" + kept}

    (finding,) = breaches(before, after)
    assert (finding.line, finding.key) == (1, "python/types.return=yes")


def test_a_class_of_errors_that_the_change_brings_along_is_the_projects_own() -> None:
    errors = "class ShopError(Exception):\n    pass\n\n\n" + "".join(
        f"class Bad{n}Error(ShopError):\n    pass\n\n\n" for n in range(8)
    )
    before = {"shop/errors.py": errors} | {
        f"shop/part_{n}.py": f"def check(x):\n    if x:\n        raise Bad{n % 8}Error(x)\n"
        for n in range(60)
    }
    new = "def check(x):\n    if x:\n        raise BadPriceError(x)\n"
    more = errors + "class BadPriceError(ShopError):\n    pass\n"
    assert not breaches(before, before | {"shop/errors.py": more, "shop/price.py": new})

    (finding,) = breaches(before, before | {"shop/price.py": new.replace("BadPriceError", "ValueError")})
    assert finding.key == "python/error.raised=own"


def test_a_folder_with_a_habit_of_its_own_is_left_in_peace() -> None:
    before = _shop(200) | {f"legacy/part_{n}.py": _LOSES for n in range(6)}
    assert not breaches(before, before | {"legacy/new.py": _LOSES})
    assert breaches(before, before | {"shop/a/new.py": _LOSES})


def test_an_index_that_holds_the_change_says_the_same() -> None:
    before = _shop(20)
    after = before | {"shop/a/new.py": _LOSES, "shop/a/part_0.py": _LOSES}
    change, then, now = changed(before, after), book(before), book(after)

    told = style(change, then.rules, then.files)
    assert [finding.path for finding in told] == ["shop/a/new.py", "shop/a/part_0.py"]
    assert told[0].message.endswith("20 of 20 places do.")
    assert style(change, now.rules, now.files) == told


def test_many_lines_of_one_file_are_one_finding() -> None:
    before = _shop()
    text = "\n\n".join(_LOSES.replace("load", f"load_{n}") for n in range(3))
    (finding,) = breaches(before, before | {"shop/a/new.py": text})
    assert finding.lines == (5, 12, 19)


def _rule(**more: object) -> Rule:
    rule = Rule(
        "python/a=yes", "a", "yes", "A.", "errors", "", "python", 100, 100, (0.96, 1.0), ("x.py:1",), (), 0.3
    )
    return replace(rule, **more)  # type: ignore[arg-type]


def test_only_strong_rules_accuse_unless_people_ask_for_them() -> None:
    weak = _rule(support=87, interval=(0.79, 0.92))
    assert accuses(_rule())
    assert not accuses(weak)
    assert accuses(replace(weak, standing="pinned"))
    assert accuses(replace(weak, written=("CONTRIBUTING.md:3",)))
    assert not accuses(replace(weak, support=82, written=("CONTRIBUTING.md:3",)))
    assert not accuses(_rule(against=("CONTRIBUTING.md:3",)))
    assert not accuses(_rule(answer="no", family="docs"))


def test_the_rule_of_the_deepest_folder_holds() -> None:
    wide, deep = _rule(), _rule(key="python/a=no@core/", answer="no", scope="core/")
    assert narrowest([wide, deep]) == narrowest([deep, wide]) == [deep]

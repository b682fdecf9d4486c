"""From the habits of many files to rules a newcomer could follow."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from indexer.conventions.facts import facts_of
from indexer.conventions.rule import is_rule, wilson
from indexer.parse import parse
from retriever.conventions import book_of
from tests.make import make_file

from .facts import by_question, rows, rules

PAYMENTS = Path(__file__).parents[3] / "examples" / "payments"


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(8, 10) == (0.49, 0.943)
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("support", "total", "rule"),
    [(5, 5, True), (4, 4, False), (8, 10, False), (79, 100, False), (90, 100, True)],
)
def test_a_rule_needs_share_and_evidence(support: int, total: int, rule: bool) -> None:
    assert is_rule(support, total) is rule


def _module(n: int, frozen: bool) -> str:
    options = "(frozen=True)" if frozen else ""
    return f"from dataclasses import dataclass\n\n\n@dataclass{options}\nclass Item{n}:\n    x: int\n"


def test_a_rule_names_its_support_examples_and_counter_examples() -> None:
    files = {f"shop/item{n}.py": _module(n, frozen=n != 7) for n in range(12)}
    rule = rules(files)["dataclass.frozen=yes"]
    assert (rule.support, rule.total) == (11, 12)
    assert rule.statement == "Data classes are frozen."
    assert (rule.family, rule.scope, rule.language) == ("structure", "", "python")
    assert rule.examples == ("shop/item0.py:4", "shop/item1.py:4", "shop/item10.py:4")
    assert rule.counter_examples == ("shop/item7.py:4",)
    assert rule.interval[0] < 11 / 12 < rule.interval[1]


def test_mixed_habits_are_no_rule() -> None:
    files = {f"shop/item{n}.py": _module(n, frozen=n % 2 == 0) for n in range(20)}
    assert not [key for key in rules(files) if key.startswith("dataclass.frozen")]


def test_one_file_does_not_speak_for_the_others() -> None:
    many = "from dataclasses import dataclass\n" + "".join(
        f"@dataclass(frozen=True)\nclass A{n}:\n    x: int\n" for n in range(100)
    )
    files = {"generated.py": many} | {f"shop/item{n}.py": _module(n, frozen=False) for n in range(10)}
    assert "dataclass.frozen=yes" not in rules(files)


def test_a_folder_may_have_a_habit_of_its_own() -> None:
    files = {f"web/item{n}.py": _module(n, frozen=False) for n in range(30)}
    files |= {f"core/item{n}.py": _module(n, frozen=True) for n in range(24)}
    rule = rules(files)["dataclass.frozen=yes@core/"]
    assert (rule.scope, rule.support, rule.total) == ("core/", 24, 24)


def test_what_everybody_does_is_ordinary() -> None:
    found = rules({f"m{n}.py": f"def do_this_{n}():\n    pass\n" for n in range(10)})
    assert found["name.function=snake"].ordinary
    found = rules({f"m{n}.py": f"def doThis{n}():\n    pass\n" for n in range(10)})
    assert not found["name.function=camel"].ordinary


def test_errors_have_one_root_over_several_generations() -> None:
    text = "class ShopError(Exception): ...\nclass Transient(ShopError): ...\n"
    text += "".join(f"class Bad{n}({'Transient' if n % 2 else 'ShopError'}): ...\n" for n in range(6))
    found = rules({"shop/errors.py": text})
    root = found["error.root=ShopError"]
    assert root.statement == "Every error class derives from `ShopError`."
    assert (root.support, root.total) == (7, 7)
    assert found["error.suffix=none"].support == 6  # Transient has children: only the leaves count


def test_tests_that_use_globals_run_with_what_the_package_asks_for() -> None:
    files = {"package.json": '{"devDependencies": {"jest": "^29"}}'}
    files |= {f"src/a{n}.test.ts": "import a from './a';\n\ntest('a', () => {});\n" for n in range(6)}
    assert rules(files)["test.framework=jest"].support == 6


def test_tests_are_found_beside_or_mirrored() -> None:
    beside = {f"src/a{n}.ts": "export const x = 1;\n" for n in range(6)}
    beside |= {f"src/a{n}.test.ts": "it('a', () => {});\n" for n in range(6)}
    assert "test.place=beside" in rules(beside)
    mirror = {f"shop/a{n}.py": "x = 1\n" for n in range(6)}
    mirror |= {f"tests/test_a{n}.py": "def test_a():\n    pass\n" for n in range(6)}
    assert "test.place=mirror" in rules(mirror)


def test_a_library_is_no_choice_in_its_own_repository() -> None:
    files = {f"click/m{n}.py": "import click\n" for n in range(9)}
    assert not [key for key in rules(files) if key.startswith("uses.cli")]
    files = {f"tool/m{n}.py": "import click\n" for n in range(9)}
    assert "uses.cli=click" in rules(files)


def test_rules_do_not_depend_on_the_order_of_files() -> None:
    files = {str(p.relative_to(PAYMENTS)): p.read_text() for p in sorted(PAYMENTS.rglob("*.py"))}
    straight = rows(files)
    shuffled = straight[:]
    random.Random(7).shuffle(shuffled)
    assert book_of(shuffled).rules == book_of(straight).rules


def test_the_sample_project_states_how_it_is_written() -> None:
    found = []
    for path in PAYMENTS.rglob("*.py"):
        file = make_file(str(path.relative_to(PAYMENTS)), path.read_text())
        found.append((file.path, file.language, json.dumps(facts_of(parse(file)))))
    known = by_question(book_of(found).rules)
    assert known["error.root=PaymentError"].support >= 5
    assert known["raise.from=yes"].counter_examples == ()
    assert known["test.unit=yes"].support == known["test.unit=yes"].total
    told = [rule.statement for rule in book_of(found).rules if not rule.ordinary]
    assert "Data classes are frozen." in told
    assert "Types are named in PascalCase." not in told

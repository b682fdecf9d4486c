"""People accept, reject and pin rules in `.cairn.toml`; a mistake in it is told and breaks nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from retriever.conventions.steering import read_steering, steered, steering_of

from .made import book, items

FROZEN = "python/dataclass.frozen=yes"


def test_a_rejected_rule_is_not_stated_and_its_reason_is_kept() -> None:
    found = steered(book(items(12, 12)), steering_of(f'[conventions.reject]\n"{FROZEN}" = "speed"\n'))
    assert FROZEN not in [rule.key for rule in found.rules]
    assert [(rule.key, rule.reason) for rule in found.rejected] == [(FROZEN, "speed")]


def test_an_accepted_rule_is_stated_with_its_count_however_low() -> None:
    weak = book(items(12, 5))
    assert FROZEN not in [rule.key for rule in weak.rules]
    found = steered(weak, steering_of(f'[conventions.accept]\n"{FROZEN}" = "new code does"\n'))
    (rule,) = (rule for rule in found.rules if rule.key == FROZEN)
    assert (rule.support, rule.total, rule.standing, rule.reason) == (5, 12, "accepted", "new code does")


def test_a_pattern_means_all_rules_it_fits() -> None:
    found = steered(book(items(12, 12)), steering_of('[conventions.reject]\n"python/dataclass.*" = "no"\n'))
    assert {rule.question for rule in found.rejected} == {"dataclass.frozen"}
    assert not [rule for rule in found.rules if rule.question.startswith("dataclass.")]


def test_a_pinned_rule_is_marked() -> None:
    found = steered(book(items(12, 12)), steering_of(f'[conventions.pin]\n"{FROZEN}" = "we mean it"\n'))
    assert [rule.standing for rule in found.rules if rule.key == FROZEN] == ["pinned"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[conventions\n", ".cairn.toml: .*line 1.*served without"),
        ("conventions = 3\n", ".cairn.toml:1: conventions must be a table"),
        ('# us\n[conventions.rejct]\n"a/b=c" = "x"\n', ".cairn.toml:2: .*no 'rejct'.*accept, reject, pin"),
        ('[conventions]\nreject = ["a/b=c"]\n', '.cairn.toml:2: conventions.reject must be a table of "key"'),
        ('[conventions.pin]\n"a/b=c" = 1\n', ".cairn.toml:2: conventions.pin: 'a/b=c' is without a reason"),
        ('[conventions.pin]\nfrozen = "x"\n', ".cairn.toml:2: .*no key of a rule"),
        (
            '[conventions.pin]\n"a/b=c" = "x"\n[conventions.reject]\n"a/b=c" = "y"\n',
            ".cairn.toml:2: .*counts as rejected",
        ),
    ],
)
def test_a_mistake_names_file_and_line(text: str, problem: str) -> None:
    (said,) = steering_of(text).problems
    assert re.match(problem, said), said


def test_what_can_be_understood_of_a_file_with_mistakes_holds() -> None:
    steering = steering_of(f'[conventions.reject]\n"{FROZEN}" = "speed"\nwrong = 1\n')
    assert steering.reject == {FROZEN: "speed"}
    assert len(steering.problems) == 1


def test_a_key_that_no_place_gives_is_told() -> None:
    found = steered(book(items(12, 12)), steering_of('[conventions.accept]\n"python/x.y=z" = "?"\n'))
    assert found.problems == (".cairn.toml: 'python/x.y=z' is no rule here: no place gives that answer",)


def test_the_example_in_the_docs_is_understood() -> None:
    page = (Path(__file__).parents[3] / "docs" / "conventions.md").read_text()
    (example,) = re.findall(r"<!-- parsed -->\n```toml\n(.*?)```", page, re.DOTALL)
    steering = steering_of(example)
    assert steering.problems == ()
    assert (len(steering.reject), len(steering.accept), len(steering.pin)) == (2, 1, 1)


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.toml"
    outside.write_text('[conventions.reject]\n"a/b=c" = "x"\n')
    root = tmp_path / "shop"
    root.mkdir()
    (root / ".cairn.toml").symlink_to(outside)
    steering = read_steering(root)
    assert steering.reject == {}
    assert "cannot be read" in steering.problems[0]

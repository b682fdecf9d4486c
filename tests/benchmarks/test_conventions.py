"""The labelled statements are well formed, and each figure of the conventions is counted as it says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.conventions import precision, recall
from benchmarks.conventions.breaches import plant
from benchmarks.conventions.checkout import change_of, commits_of, git
from benchmarks.conventions.labels import Label, labels, patterns_of, states
from benchmarks.conventions.mutations import edits_of, new_names
from benchmarks.conventions.renames import restyled
from benchmarks.conventions.stated import Stated
from indexer.conventions import Rule
from indexer.conventions.written import Saying
from indexer.languages import language_of
from indexer.parse import parse
from indexer.types import ParsedFile, SourceFile

_DEEP = {"python", "typescript", "go", "java", "rust"}


def parsed(path: str, text: str) -> ParsedFile:
    language = language_of(path, text)
    return parse(SourceFile(path, text, language.name, language.kind, "", len(text), 0))


def rule(question: str, answer: str, language: str = "python", **more: object) -> Rule:
    given: dict[str, object] = {
        "key": f"{language}/{question}={answer}", "question": question, "answer": answer, "statement": "",
        "family": "errors", "scope": "", "language": language, "support": 9, "total": 10,
        "interval": (0.6, 1.0), "examples": (), "counter_examples": (), "usual": 0.3,
    }  # fmt: skip
    return Rule(**(given | more))  # type: ignore[arg-type]


def label(concept: str, **more: str) -> Label:
    given = {
        "id": "shop-01", "repo": "shop", "commit": "", "split": "dev", "statement": "",
        "source": "CONTRIBUTING.md:10", "family": "errors", "language": "python", "concept": concept,
    }  # fmt: skip
    return Label(**(given | more))


def test_every_label_is_countable_or_says_why_not() -> None:
    for one in labels():
        assert bool(one.concept) != bool(one.uncountable), one.id
        assert re.fullmatch(r"[^:]+:\d+", one.source), one.id


def test_labels_speak_of_many_repositories_in_all_deep_languages() -> None:
    found = labels()
    assert len({one.id for one in found}) == len(found) >= 120
    assert len({one.repo for one in found}) >= 16
    assert {one.language for one in found} >= _DEEP
    assert all(one.split in ("dev", "held out") for one in found)


def test_every_concept_is_known_and_its_patterns_compile() -> None:
    table = json.loads((Path(recall.__file__).parent / "concepts.json").read_text())
    for one in labels():
        if one.concept:
            topic = one.concept.partition(":")[0]
            assert one.concept in table or f"{topic}:*" in table, one.id
            for pattern in patterns_of(one.concept):
                re.compile(pattern)


def test_a_concept_with_a_value_asks_for_that_value() -> None:
    asked = label("line-length:88", family="tooling")
    assert states(rule("tooling.line-length", "88", family="tooling"), asked)
    assert not states(rule("tooling.line-length", "100", family="tooling"), asked)


def test_a_rule_of_another_language_states_nothing() -> None:
    assert states(rule("raise.from", "yes"), label("raise-from"))
    assert not states(rule("raise.from", "yes", "java"), label("raise-from"))


@pytest.mark.parametrize(
    ("more", "way"),
    [
        ({}, "rule"),
        ({"usual": 0.9}, "ordinary"),
        ({"usual": 0.9, "written": ("CONTRIBUTING.md:10",)}, "rule"),
        ({"enforced_by": "ruff B904, pyproject.toml:3"}, "enforced"),
    ],
)
def test_a_label_is_met_in_the_way_its_rule_is_told(more: dict[str, object], way: str) -> None:
    found = Stated((replace(rule("raise.from", "yes"), **more),), ())  # type: ignore[arg-type]
    assert recall.met(label("raise-from"), found).way == way


def test_the_opposite_answer_denies_a_label() -> None:
    met = recall.met(
        label("import-groups", language="go"), Stated((rule("import.own", "together", "go"),), ())
    )
    assert (met.way, met.found) == ("denied", False)


def test_a_sentence_is_cited_where_it_stands_and_nowhere_else() -> None:
    near = Saying("Name the cause.", "", "CONTRIBUTING.md", 9, "", 1)
    far = Saying("Name the cause.", "", "CONTRIBUTING.md", 30, "", 1)
    assert recall.met(label("raise-from"), Stated((), (near,))).way == "cited"
    assert recall.met(label("raise-from"), Stated((), (far,))).way == "missed"


def test_what_nobody_could_count_is_not_held_against_the_extractor() -> None:
    table = recall.table([recall.met(label("", uncountable="a matter of judgement"), Stated((), ()))])
    assert "| all | 1 | 0 | 0 | 0 | 0 | 0 | 0 | - | 0 | 1 | 0 |" in table


def test_a_sample_hardly_changes_when_rules_come_and_go() -> None:
    rules = [precision.Shown("shop", rule(f"question.{n}", "yes")) for n in range(100)]
    drawn = precision.sample(rules, 20)
    assert drawn == precision.sample(list(reversed(rules)), 20)
    assert len(set(drawn) & set(precision.sample(rules[10:], 20))) >= 16


def test_every_verdict_is_one_of_three_and_says_why() -> None:
    for verdict, reason in precision.verdicts().values():
        assert verdict in precision.VERDICTS
        assert reason


@pytest.mark.parametrize(
    ("name", "style", "other"),
    [
        ("get_user", "snake", "getUser"),
        ("getUser", "camel", "get_user"),
        ("UserStore", "pascal", "user_store"),
        ("MAX_SIZE", "upper", "maxSize"),
        ("my-file", "kebab", "myFile"),
    ],
)
def test_a_name_is_written_in_another_style(name: str, style: str, other: str) -> None:
    assert restyled(name, style) == other


@pytest.mark.parametrize(
    ("path", "question", "answer", "good", "bad"),
    [
        ("a.py", "raise.from", "yes", "    raise A() from e\n", "    raise A()\n"),
        ("a.go", "error.wrap", "%w", '\tfmt.Errorf("a: %w", err)\n', '\tfmt.Errorf("a: %v", err)\n'),
        ("a.ts", "test.title", "lower", "it('adds', f)\n", "it('Adds', f)\n"),
        ("a.rs", "string.owned", "to_string", '"a".to_string();\n', '"a".to_owned();\n'),
        ("A.java", "final.local", "yes", "final int a = 1;\n", "int a = 1;\n"),
    ],
)
def test_a_swap_breaks_a_line(path: str, question: str, answer: str, good: str, bad: str) -> None:
    file = parsed(path, good)
    (edit, *_) = edits_of(question, answer, file.file.language)
    assert edit(good, 1, file) == bad


def test_a_doc_comment_is_taken_away_and_put_there() -> None:
    good = 'def add(a):\n    """Return a."""\n    return a\n'
    file = parsed("a.py", good)
    (without, *_) = edits_of("doc.function", "yes", "python")
    bad = without(good, 1, file)
    assert bad == "def add(a):\n    pass\n    return a\n"
    (with_, *_) = edits_of("doc.function", "no", "python")
    assert (
        with_(bad, 1, parsed("a.py", bad)) == 'def add(a):\n    """Do the thing."""\n    pass\n    return a\n'
    )


def test_a_test_file_gets_a_name_of_another_form() -> None:
    assert new_names("test.file", "test_*", "tests/test_cart.py") == ["tests/cart_test.py"]


_GOOD = '''"""Pay."""

from __future__ import annotations


class PaymentError{n}(Exception):
    pass


def pay{n}(card):
    try:
        card.charge()
    except ValueError as error:
        raise PaymentError{n}("declined") from error
'''


def test_a_planted_breach_is_found_where_its_rule_accuses() -> None:
    files = [parsed(f"shop/pay{n}.py", _GOOD.replace("{n}", str(n))) for n in range(60)]
    planted = [one for one in plant("shop", files, 2, 1) if one.key.startswith("python/raise.from=yes")]
    assert len(planted) == 2
    assert all(one.strong and one.written and one.edited for one in planted)
    assert all("from error" in one.was and "from error" not in one.became for one in planted)


def test_commits_are_those_of_people_that_change_code(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    for author, name, text in (
        ("Ann", "a.py", "a = 1\n"),
        ("dependabot[bot]", "a.py", "a = 2\n"),
        ("Ann", "README.md", "Hello\n"),
        ("Bob", "a.py", "a = 2\nb = 3\n"),
    ):
        (tmp_path / name).write_text(text)
        git(tmp_path, "add", "-A")
        who = ("-c", f"user.name={author}", "-c", "user.email=a@b.c")
        git(tmp_path, *who, "commit", "-qm", f"{author} changes {name}")
    found = commits_of(tmp_path, 10, frozenset({"py"}))
    assert [one.subject for one in found] == ["Bob changes a.py", "Ann changes a.py"]
    (file,) = change_of(tmp_path, found[0].sha).files
    assert (file.path, file.before, sorted(file.added)) == ("a.py", "a = 2\n", [2])


def test_every_alarm_that_was_read_is_a_breach_or_false_and_says_why() -> None:
    rows = json.loads((Path(recall.__file__).parent / "alarms.json").read_text())
    for row in rows:
        assert row["verdict"] in ("breach", "false")
        assert row["reason"]

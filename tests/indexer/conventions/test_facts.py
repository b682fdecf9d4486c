"""What one file tells about the habits of its team."""

from __future__ import annotations

import json

import pytest

from indexer.conventions import is_test
from indexer.conventions.lines import Lines
from indexer.conventions.naming import style
from indexer.conventions.tally import Tally

from .facts import facts


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("retry_with_backoff", "snake"),
        ("_private_name", "snake"),
        ("retryWithBackoff", "camel"),
        ("PaymentClient", "pascal"),
        ("HTTPServer", "pascal"),
        ("MAX_PAUSE", "upper"),
        ("T", ""),
        ("run", ""),
        ("valid?", ""),
        ("date-fns", "kebab"),
        ("mixed_Case", ""),
    ],
)
def test_a_name_shows_its_style_or_none(name: str, found: str) -> None:
    assert style(name) == found


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("tests/conftest.py", True),
        ("pkg/test_retry.py", True),
        ("pkg/retry_test.go", True),
        ("src/retry.spec.ts", True),
        ("src/__tests__/retry.ts", True),
        ("src/RetryTest.java", True),
        ("src/contest.py", False),
        ("src/latest.py", False),
        ("src/attestation/sign.py", False),
    ],
)
def test_a_test_file_is_known_by_its_path(path: str, test: bool) -> None:
    assert is_test(path) is test


def test_a_module_of_tests_at_the_end_of_a_file_of_rust_is_a_test() -> None:
    assert is_test("src/retry.rs", "tests.stops_in_time")
    assert not is_test("src/retry.rs", "Retry.stop")
    assert not is_test("src/retry.py", "tests.stops_in_time")


def test_a_typescript_file_tells_how_it_exports_and_throws() -> None:
    found = facts(
        "src/pay.ts",
        "import { z } from './z.js'\n\nexport class Declined extends Error {}\n"
        "export const pay = () => {\n  try {\n    z()\n  } catch (error) {\n"
        "    throw new Declined('no', { cause: error })\n  }\n}\n",
    )
    assert found["base"] == {"Declined(Error)": [1, 3]}
    assert found["raise.from"] == {"yes": [1, 8]}
    assert found["semicolons"] == {"no": [1, 1]}
    assert found["import.suffix"] == {".js": [1, 1]}
    assert found["function.form"] == {"arrow": [1, 4]}
    assert found["export"] == {"named": [2, 3, 4]}


def test_a_typescript_test_tells_framework_and_words() -> None:
    found = facts(
        "src/pay.test.ts",
        "import { it, vi } from 'vitest';\n\nit('should pay', () => {\n  const f = vi.fn();\n"
        "  expect(f).toBe(1);\n});\n",
    )
    assert found["test.framework"] == {"vitest": [1, 1]}
    assert found["test.should"] == {"yes": [1, 3]}
    assert found["test.double"] == {"mock": [1, 4]}
    assert found["test.assertion"] == {"expect": [1, 5]}


@pytest.mark.parametrize(
    ("path", "text", "framework"),
    [
        ("src/test/java/ATest.java", "import org.junit.jupiter.api.Test;\nclass ATest {}\n", "junit5"),
        ("src/test/java/ATest.java", "import org.junit.Test;\nclass ATest {}\n", "junit4"),
        (
            "a_test.go",
            'package a\nimport (\n "testing"\n "github.com/stretchr/testify/assert"\n)\n',
            "testify",
        ),
        ("spec/pay_spec.rb", "describe Pay do\nend\n", "rspec"),
    ],
)
def test_other_languages_name_their_framework(path: str, text: str, framework: str) -> None:
    assert list(facts(path, text)["test.framework"]) == [framework]


def test_documents_and_settings_have_no_facts() -> None:
    assert facts("README.md", "# raise Hello()\n") == {}


def test_facts_are_plain_and_depend_on_the_file_alone() -> None:
    text = "class A(B):\n    def get_x(self) -> int:\n        raise NotImplementedError\n"
    assert json.loads(json.dumps(facts("a.py", text))) == facts("a.py", text)


@pytest.mark.parametrize("shown", [1, 3, 9])
def test_what_stands_on_most_lines_is_counted_as_if_one_by_one(shown: int) -> None:
    lines, one, all_ = Lines("a\n" * 9), Tally(shown), Tally(shown)
    for line in (4, 5, 8, 9):
        one.add("quotes", "double", line)
    all_.add_each("quotes", "double", lines, [6])
    all_.add_each("quotes", "double", lines, [8, 14, 16])
    all_.add_each("quotes", "single", lines, [])
    assert all_.facts == one.facts == {"quotes": {"double": [4, 4, 5, 8, 9][: 1 + shown]}}


def test_of_too_many_answers_the_first_are_kept() -> None:
    lines, tally = Lines("a\n" * 400), Tally()
    for nth in range(300):
        tally.add_each("base", str(nth), lines, [2 * nth, 2 * nth])
    assert len(tally.facts["base"]) == 200
    assert tally.facts["base"]["199"] == [2, 200, 200]

import pytest

from agent.suites.mutants import mutants
from indexer.types import Span

PYTHON = '''\
def total(prices, limit=3):
    """Add prices."""
    amount = 0
    for price in prices:
        if price < limit and price:
            amount += price * 2
    log(amount)
    return amount
'''
EVERYTHING = (Span(1, 10_000),)


def changes(path: str, text: str) -> set[str]:
    return {f"{mutant.line}: {mutant.change}" for mutant in mutants(path, text, EVERYTHING, 100)}


def test_each_sort_of_mistake_is_made_in_python() -> None:
    assert changes("a.py", PYTHON) == {
        "5: < became <=",
        "5: and became or",
        "5: the condition is negated",
        "6: += became -=",
        "6: * became /",
        "6: 2 became 3",
        "1: 3 became 4",
        "3: 0 became 1",
        "7: `log(amount)` is removed",
        "8: amount became None",
    }


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "a.js",
            "function f(a) {\n  if (a === 1) {\n    log();\n  }\n  return a + 1;\n}\n",
            {
                *(
                    "2: === became !==",
                    "2: the condition is negated",
                    "2: 1 became 2",
                    "3: `log();` is removed",
                ),
                *("5: + became -", "5: a + 1 became undefined", "5: 1 became 2"),
            },
        ),
        (
            "a.ts",
            "function f(a: number): boolean {\n  return a > 1 || false;\n}\n",
            {
                *("2: > became >=", "2: || became &&", "2: false became true", "2: 1 became 2"),
                "2: a > 1 || false became undefined",
            },
        ),
        (
            "a.go",
            "package a\n\nfunc F(a int) int {\n\tif a >= 2 {\n\t\tlog()\n\t}\n\treturn a % 3\n}\n",
            {
                *("4: >= became >", "4: the condition is negated", "4: 2 became 3", "5: `log()` is removed"),
                *("7: % became *", "7: 3 became 4"),
            },
        ),
        (
            "a.rs",
            "fn f(a: i32) -> i32 {\n    if a == 2 {\n        log();\n    }\n    a - 1\n}\n",
            {
                *(
                    "2: == became !=",
                    "2: the condition is negated",
                    "2: 2 became 3",
                    "3: `log();` is removed",
                ),
                *("5: - became +", "5: 1 became 2"),
            },
        ),
        (
            "A.java",
            "class A {\n  int f(int a) {\n    if (a != 2) {\n    log();\n    }\n    return a / 2;\n  }\n}\n",
            {
                *(
                    "3: != became ==",
                    "3: the condition is negated",
                    "3: 2 became 3",
                    "4: `log();` is removed",
                ),
                *("6: / became *", "6: 2 became 3"),
            },
        ),
    ],
)
def test_other_languages_have_the_same_mistakes(path: str, text: str, expected: set[str]) -> None:
    assert changes(path, text) == expected


def test_a_mutant_is_the_whole_text_with_one_place_changed() -> None:
    for mutant in mutants("a.py", PYTHON, EVERYTHING, 100):
        rows = zip(PYTHON.split("\n"), mutant.text.split("\n"), strict=True)
        assert [number for number, (old, new) in enumerate(rows, 1) if old != new] == [mutant.line]
        compile(mutant.text, "a.py", "exec")


def test_mistakes_stay_in_their_functions_and_take_turns() -> None:
    text = "def a(x):\n    return x + 1\n\n\ndef b(x):\n    return x + 2\n\n\ndef c(x):\n    return x + 3\n"
    spans = (Span(1, 2), Span(9, 10))
    assert [mutant.line for mutant in mutants("a.py", text, spans, 4)] == [2, 10, 2, 10]
    assert len(mutants("a.py", text, spans, 3)) == 3


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.rb", "def f(a)\n  a + 1\nend\n"),
        ("a.py", "def f(:\n    return 1\n"),
        ("a.py", "def f(a):\n    return 'x' + a\n"[:10]),
        ("a.py", "# " + "x" * 600_000 + "\ndef f():\n    return 1 < 2\n"),
    ],
)
def test_what_cannot_be_read_has_no_mutants(path: str, text: str) -> None:
    assert mutants(path, text, EVERYTHING, 5) == ()


def test_texts_are_joined_and_not_subtracted() -> None:
    assert changes("a.py", "def f(a):\n    return 'x' + a\n") == {"2: 'x' + a became None"}


def test_letters_of_many_bytes_keep_their_place() -> None:
    text = "def f(ä):\n    x = 'ö'\n    return ä < x\n"
    assert text.replace("<", "<=") in [mutant.text for mutant in mutants("a.py", text, EVERYTHING, 5)]

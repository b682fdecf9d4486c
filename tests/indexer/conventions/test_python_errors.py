"""What a Python file says about raising and catching."""

from __future__ import annotations

import pytest

from .facts import facts, rules


def test_an_error_raised_in_a_handler_is_asked_for_its_cause() -> None:
    found = facts(
        "pay.py",
        "def f():\n    try:\n        g()\n    except OSError as error:\n"
        "        raise Failed(\n            'long (text)',\n        ) from error\n"
        "    except ValueError:\n        raise Failed('x')\n    raise Outside('y')\n",
    )
    assert found["raise.from"] == {"yes": [1, 5], "no": [1, 9]}
    assert found["raise"] == {"Failed": [2, 5, 9], "Outside": [1, 10]}


def test_raising_the_same_error_again_needs_no_cause() -> None:
    text = "try:\n    f()\nexcept OSError as error:\n    log(error)\n    raise\n"
    assert "raise.from" not in facts("pay.py", text)


def test_prose_about_raising_is_not_code() -> None:
    found = facts("pay.py", '"""How to\n\nraise Awareness, and raise an error.\nexcept: x\n"""\nX = 1\n')
    assert not {"raise", "except", "except.bare"} & set(found)


def test_handlers_are_bare_broad_or_named() -> None:
    text = "".join(f"try:\n    f()\nexcept{what}:\n    pass\n" for what in ("", " Exception as e", " (A, B)"))
    found = facts("a.py", text)
    assert found["except"] == {"broad": [1, 7], "named": [1, 11]}
    assert found["except.bare"] == {"yes": [1, 3], "no": [2, 7, 11]}
    assert found["except.name"] == {"e": [1, 7]}


def test_a_broad_handler_that_raises_again_hides_nothing() -> None:
    text = "try:\n    f()\nexcept Exception:\n    tidy()\n    raise\n"
    assert "except" not in facts("a.py", text)
    wrapped = "try:\n    f()\nexcept Exception as error:\n    raise Failed from error\n"
    assert facts("a.py", wrapped)["except"] == {"broad": [1, 3]}


def test_a_handler_of_several_lines_is_read_whole() -> None:
    found = facts(
        "a.py", "try:\n    f()\nexcept (\n    OSError,  # as usual:\n    KeyError,\n) as exc:\n    g()\n"
    )
    assert found["except"] == {"named": [1, 3]}
    assert found["except.name"] == {"exc": [1, 3]}


def test_an_error_is_passed_over_or_suppressed() -> None:
    text = "try:\n    f()\nexcept OSError:\n    pass\n\nwith suppress(OSError):\n    f()\n"
    assert facts("a.py", text)["ignored"] == {"pass": [1, 3], "suppress": [1, 6]}


def test_a_try_with_an_else_could_not_be_suppressed() -> None:
    text = "try:\n    f()\nexcept OSError:\n    pass\nelse:\n    g()\n"
    assert "ignored" not in facts("a.py", text)


def test_a_handler_logs_with_or_without_the_traceback() -> None:
    handler = "try:\n    f()\nexcept OSError as e:\n    log.{}\n"
    calls = ("exception('a')", "error('a', exc_info=True)", "error('a %s', e)")
    found = facts("a.py", "".join(handler.format(call) for call in calls))
    assert found["log.traceback"] == {"yes": [2, 4, 8], "no": [1, 12]}


@pytest.mark.parametrize(
    ("raised", "question", "answer"),
    [
        ("'Amounts are positive.'", "error.end", None),  # three words are a label
        ("'All amounts must be positive.'", "error.end", "period"),
        ("f'the amount {amount} is too low'", "error.end", "open"),
        ("f'the amount {amount} is too low'", "error.start", "lower"),
        ("'The amount is too low'", "error.start", "upper"),
        ("f'{amount} is much too low'", "error.start", None),
        ("'the amount', 'is', 'too low for us'", "error.start", None),
        ("'too low'", "error.text", "inline"),
        ("\n    'All amounts '\n    'must be positive.',\n", "error.end", "period"),
        ("msg", "error.text", "variable"),
        ("amount", "error.text", None),
    ],
)
def test_the_words_of_an_error_have_a_style(raised: str, question: str, answer: str | None) -> None:
    found = facts("pay.py", f"def f(amount):\n    raise Declined({raised})\n")
    assert found.get(question) == (None if answer is None else {answer: [1, 2]})


def test_code_that_raises_may_assert_as_well() -> None:
    text = "def f(x):\n    if not x:\n        raise Missing\n"
    assert facts("a.py", text)["assert"] == {"no": [1, 3]}
    assert facts("a.py", text + "    assert x > 1\n")["assert"] == {"yes": [1, 4]}
    assert "assert" not in facts("a.py", "def f(x):\n    return x\n")


def test_an_assertion_for_the_type_checker_is_none() -> None:
    text = "def f(x):\n    assert x is not None\n    assert isinstance(x, int)\n    raise Missing\n"
    assert facts("a.py", text)["assert"] == {"no": [1, 4]}


def test_the_name_of_a_caught_error_is_a_rule() -> None:
    text = "try:\n    f()\nexcept OSError as err:\n    g(err)\n"
    rule = rules({f"shop/m{n}.py": text for n in range(6)})["except.name=err"]
    assert rule.statement == "What a handler catches is bound to `err`."
    assert not rule.ordinary


def test_suppressing_is_a_rule_and_passing_is_none() -> None:
    passing = {f"shop/m{n}.py": "try:\n    f()\nexcept OSError:\n    pass\n" for n in range(8)}
    assert not [key for key in rules(passing) if key.startswith("ignored")]
    suppressing = {f"shop/m{n}.py": "with suppress(OSError):\n    f()\n" for n in range(8)}
    assert "ignored=suppress" in rules(suppressing)


def test_the_words_of_errors_are_no_habit_of_a_folder() -> None:
    upper = {f"web/m{n}.py": "def f():\n    raise Bad('No such page here')\n" for n in range(12)}
    lower = {f"core/m{n}.py": "def f():\n    raise Bad('no such page here')\n" for n in range(12)}
    assert not [key for key in rules(upper | lower) if key.startswith("error.start")]
    assert "error.start=upper" in rules(upper)

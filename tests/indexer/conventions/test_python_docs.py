"""What a Python file says about docstrings and annotations."""

from __future__ import annotations

import pytest

from .facts import facts, rules


def _documented(doc: str) -> str:
    return f"def pay(amount):\n    {doc}\n    return amount\n"


@pytest.mark.parametrize(
    ("doc", "question", "answer"),
    [
        ('"""Pay the amount now."""', "doc.end", "period"),
        ('"""Pay the amount now"""', "doc.end", "open"),
        ('"""Paid."""', "doc.end", None),  # a label
        ('"""Return what was paid."""', "doc.mood", "imperative"),
        ('"""Returns what was paid."""', "doc.mood", "third"),
        ('"""Tries it again."""', "doc.mood", "third"),
        ('"""Payments of the shop."""', "doc.mood", None),
        ('"""Pay.\n\n    Later.\n    """', "doc.open", "same"),
        ('"""\n    Pay.\n\n    Later.\n    """', "doc.open", "next"),
        ('"""Pay."""', "doc.open", None),  # no second line, no choice
        ('"""Pay ``amount``."""', "doc.markup", "double"),
        ('"""Pay :func:`amount`."""', "doc.markup", "double"),
        ('"""Pay `amount`."""', "doc.markup", "single"),
        ('"""Pay `amount` with :class:`Cash`."""', "doc.markup", "single"),
        ('"""Pay it.\n    """', "doc.open", "same"),
        ('"""Pay.\n\n    Args:\n        amount: how much\n    """', "doc.style", "google"),
        ('"""Pay.\n\n    :param amount: how much\n    :return: it\n    """', "doc.style", "sphinx"),
        ('"""Pay.\n\n    Parameters\n    ----------\n    amount\n    """', "doc.style", "numpy"),
        ('"""Pay.\n\n    Now or\n    later.\n    """', "doc.style", None),
        ('"""Pay.\n\n    Now or\n    later.\n    """', "doc.sections", "no"),
        ('"""Raises Declined."""', "doc.mood", None),
        ('"""Tests of the shop."""', "doc.mood", None),
        ('"""Pay as told at https://example.org/pay"""', "doc.end", None),
    ],
)
def test_a_docstring_has_a_style(doc: str, question: str, answer: str | None) -> None:
    assert facts("pay.py", _documented(doc)).get(question) == (None if answer is None else {answer: [1, 2]})


def test_a_module_begins_with_a_docstring_or_not() -> None:
    assert facts("a.py", '"""Pay."""\n\n\ndef f(): pass\n')["doc.module"] == {"yes": [1, 1]}
    assert facts("a.py", "# Pay.\nimport b\n\n\ndef f(): pass\n")["doc.module"] == {"no": [1, 2]}
    assert "doc.module" not in facts("pkg/__init__.py", "from .a import b\n")


@pytest.mark.parametrize(("where", "answer"), [("class", "class"), ("init", "init")])
def test_a_constructor_is_told_by_its_class_or_by_itself(where: str, answer: str) -> None:
    doc = {where: '"""Pay.\n\n    :param amount: how much\n    """'}
    head = f"class Pay:\n    {doc.get('class', '')}\n\n"
    text = f"{head}    def __init__(self, amount):\n        {doc.get('init', 'f()')}\n"
    assert facts("a.py", text)["doc.constructor"] == {answer: [1, 1 if answer == "class" else 4]}


@pytest.mark.parametrize(
    ("text", "question", "answers"),
    [
        ("from typing import Optional\ndef f(a: int | None) -> Optional[str]: pass\n", "types.union",
         {"bar": [1, 2], "typing": [1, 2]}),
        ("from shop import List\nx: List[int] = []\n", "types.generics", None),
        ("import typing\nx: typing.List[int] = []\n", "types.generics", {"typing": [1, 2]}),
        ("x: list[int] = []\ny = mylist[0]\n", "types.generics", {"builtin": [1, 1]}),
        ("x = 'list[int] | None'\n", "types.generics", None),
        ("def f(a, *, b: int): pass\n", "types.parameters", {"no": [1, 1]}),
        ("def f(self, a: dict[str, int] = {}, *b: int): pass\n", "types.parameters", {"yes": [1, 1]}),
        ("@cached\ndef f() -> int: pass\n", "types.return", {"yes": [1, 2]}),
        ("def f(): pass\n", "types.parameters", None),
        ("def f(a, b=1, *, c=2): pass\n", "options.keyword", {"no": [1, 1], "yes": [1, 1]}),
        ("def f(a, b='x,=y)', *, fast=False): pass\n", "flags.keyword", {"yes": [1, 1]}),
        ("x = f()  # type: ignore\ny = f()  # type: ignore[arg]\n", "excuse.types",
         {"bare": [1, 1], "coded": [1, 2]}),
        ("import a  # noqa: F401\nimport b  # noqa\n", "excuse.lint", {"coded": [1, 1], "bare": [1, 2]}),
        ("from __future__ import annotations\nimport a\n\ndef f(): pass\n", "future.annotations",
         {"yes": [1, 1]}),
        ("import a\n\ndef f(): pass\n", "future.annotations", {"no": [1, 1]}),
    ],
)  # fmt: skip
def test_each_habit_of_annotations_is_one_answer(
    text: str, question: str, answers: dict[str, list[int]] | None
) -> None:
    assert facts("a.py", text).get(question) == answers


_LATER = "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\n"


def test_what_only_annotates_is_imported_under_a_guard_or_not() -> None:
    guarded = (
        _LATER
        + "if TYPE_CHECKING:\n    from shop import (\n        Order,\n    )\n\n\ndef f(a: Order): pass\n"
    )
    assert facts("a.py", guarded)["types.import"] == {"guarded": [1, 7]}
    plain = _LATER + "from shop import Order\n\n\ndef f(a: Order) -> Order | None: pass\n"
    assert facts("a.py", plain)["types.import"] == {"plain": [1, 5]}


@pytest.mark.parametrize("use", ["def f(a: Order = Order()): pass", "def f(a: Order):\n    return Order()"])
def test_what_is_used_when_the_code_runs_has_no_choice(use: str) -> None:
    assert "types.import" not in facts("a.py", f"{_LATER}from shop import Order\n\n\n{use}\n")


def test_annotations_that_are_evaluated_need_their_imports() -> None:
    assert "types.import" not in facts("a.py", "from shop import Order\n\n\ndef f(a: Order): pass\n")


def test_flags_by_keyword_are_a_rule_nobody_guesses() -> None:
    rule = rules({f"m{n}.py": "def f(a, *, fast=False): pass\n" for n in range(6)})["flags.keyword=yes"]
    assert rule.statement == "Flags (`= True`, `= False`) are keyword-only parameters."
    assert rule.surprise > 0.4

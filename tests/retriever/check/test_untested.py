"""New public code without a test is told where the code beside it has tests, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from retriever.check.finding import Finding, Shown
from retriever.check.untested import finds
from tests.conftest import Index

from .indexed import found


def _function(name: str, calls: str = "len") -> str:
    body = "    total = order.total\n    if total < 0:\n        raise ValueError(total)\n"
    return f"def {name}(order):\n{body}    return {calls}(total)\n"


_NAMES = ("price", "weight", "volume", "discount", "postage")
_ORDERS = "\n\n".join(map(_function, _NAMES))
_SHOP = {
    "shop/__init__.py": "",
    "shop/orders.py": _ORDERS,
    "tests/test_orders.py": "from shop.orders import "
    + ", ".join(_NAMES)
    + "\n"
    + "".join(f"\n\ndef test_{name}_is_a_number(order):\n    assert {name}(order)\n" for name in _NAMES),
}


def _with(*functions: str) -> dict[str, str]:
    return {"shop/orders.py": "\n\n".join((_ORDERS, *functions))}


def _of(
    index: Index, tmp_path: Path, after: dict[str, str], before: dict[str, str] | None = None
) -> list[Finding]:
    return found(index, tmp_path, finds, {**_SHOP, **(before or {})}, after)


def test_a_function_without_a_test_is_told_with_the_test_of_a_sibling(index: Index, tmp_path: Path) -> None:
    (finding,) = _of(index, tmp_path, _with(_function("duty")))
    assert (finding.path, finding.key) == ("shop/orders.py", "untested/public")
    assert finding.message == (
        "no test knows `duty`, where 5 of 5 like it beside it have one: `postage` is tested by "
        "test_postage_is_a_number"
    )
    assert finding.example == Shown("tests/test_orders.py", 21, "assert postage(order)")


@pytest.mark.parametrize(
    "after",
    [
        {**_with(_function("duty")), "tests/test_duty.py": "from shop.orders import duty\n\nassert duty\n"},
        {**_with(_function("duty")), "tests/test_orders.py": "def test_duty_is_due(): ...\n"},
        _with(_function("_duty")),
        _with("def duty(order):\n    return order.duty\n"),
        {"tests/helpers.py": _function("make_order")},
        {"shop/orders.py": _ORDERS.replace("len(total)", "abs(total)")},
    ],
    ids=["a new test", "a test of its name", "private", "trivial", "of the tests", "changed only"],
)
def test_what_has_a_test_or_needs_none_is_left_alone(
    index: Index, tmp_path: Path, after: dict[str, str]
) -> None:
    assert _of(index, tmp_path, after) == []


def test_where_siblings_have_no_tests_none_is_asked_for(index: Index, tmp_path: Path) -> None:
    before = {"tests/test_orders.py": "from shop.orders import price\n\n\ndef test_price():\n    price(1)\n"}
    assert _of(index, tmp_path, _with(_function("duty")), before) == []


def test_a_part_of_something_that_is_tested_is_tested(index: Index, tmp_path: Path) -> None:
    after = {"shop/orders.py": _ORDERS.replace("len(total)", "duty(total)", 1) + "\n\n" + _function("duty")}
    assert _of(index, tmp_path, after) == []


def test_a_part_of_a_new_thing_is_tested_with_the_whole(index: Index, tmp_path: Path) -> None:
    whole = _function("clear", "fees") + "\n\n" + _function("fees", "duty") + "\n\n" + _function("duty")
    test = {"tests/test_clear.py": "from shop.orders import clear\n\n\ndef test_it():\n    clear(1)\n"}
    assert _of(index, tmp_path, {**_with(whole), **test}) == []


def test_a_new_class_is_told_of_once_and_not_for_each_method(index: Index, tmp_path: Path) -> None:
    classes = "\n\n".join(f"class {name.title()}:\n{_method(name)}" for name in _NAMES)
    tests = "".join(f"\n\ndef test_{name}(order):\n    {name.title()}().{name}(order)\n" for name in _NAMES)
    imports = "from shop.classes import " + ", ".join(name.title() for name in _NAMES) + "\n"
    before = {"shop/classes.py": classes, "tests/test_classes.py": imports + tests}
    after = {"shop/classes.py": f"{classes}\n\nclass Duty:\n{_method('due')}\n{_method('paid')}"}
    (finding,) = _of(index, tmp_path, after, before)
    assert "`Duty`" in finding.message


def _method(name: str) -> str:
    return "".join(
        f"    {line}\n" for line in _function(name).replace("(order)", "(self, order)", 1).split("\n")[:-1]
    )

"""What does not exist is told of, and what may exist in a way that nobody sees is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from retriever.check.finding import Finding
from retriever.check.names import finds
from tests.conftest import Index

from .indexed import found

_SHOP = {
    "shop/__init__.py": "",
    "shop/retry.py": (
        "ATTEMPTS = 3\n\n\ndef retry_call(call, attempts=ATTEMPTS, *, delay):\n    return call()\n\n\n"
        "def any_call(*calls, **options):\n    return calls[0]()\n"
    ),
    "shop/bank.py": (
        "from shop.retry import retry_call\n\n\nclass Bank:\n    limit = 5\n\n"
        "    def __init__(self, name):\n        self.name = name\n\n"
        "    def charge(self, amount, currency):\n        return retry_call(self.open, delay=1)\n\n"
        "    def open(self):\n        return self.charge(1, 'EUR')\n\n\n"
        "class Wild:\n    def __getattr__(self, name):\n        return name\n\n\n"
        "class Rows(dict):\n    pass\n\n\n"
        "class Foreign(Unknown):\n    pass\n"
    ),
    "shop/late.py": "def __getattr__(name):\n    return name\n",
    "web/till.ts": (
        "export class Till {\n  open(amount: number, note?: string) { return amount }\n}\n"
        "export function count(coins: number[], factor: number) { return factor }\n"
        "export function sum(first: number, ...rest: number[]) { return first }\n"
    ),
}


def _of(index: Index, tmp_path: Path, text: str, path: str = "shop/new.py") -> list[Finding]:
    return found(index, tmp_path, finds, _SHOP, {path: text})


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        ("from shop.retry import retry_cal\n", 1, "names/import", "did you mean `retry_call`?"),
        (
            "from .retry import (\n    ATTEMPTS,\n    retry_cal,\n)\n",
            3,
            "names/import",
            "shop/retry.py defines no",
        ),
        ("from shop.retryy import retry_call\n", 1, "names/module", "did you mean `shop.retry`?"),
        (
            "from shop.money import retry_call\n",
            1,
            "names/module",
            "is defined in shop/retry.py",
        ),
        ("from shop import retry\n\nretry.retry_cal(1)\n", 3, "names/member", "has no `retry_cal`"),
        (
            "from shop.bank import Bank\n\nBank('a').chrage(1, 'EUR')\n",
            3,
            "names/member",
            "did you mean `charge`?",
        ),
        ("from shop.bank import Rows\n\nRows().chrage(1)\n", 3, "names/member", "has no `chrage`"),
        ("from shop.bank import Bank\n\nBank('a').charge(1)\n", 3, "names/arguments", "needs `currency`"),
        ("from shop.bank import Bank\n\nBank()\n", 3, "names/arguments", "needs `name`"),
        (
            "from shop.bank import Bank\n\n\nclass Own(Bank):\n    def pay(self):\n        self.chrage(1)\n",
            6,
            "names/member",
            "did you mean `charge`?",
        ),
        ("from shop import retry\n\nprint(retry.ATEMPTS)\n", 3, "names/member", "did you mean `ATTEMPTS`?"),
        ("from shop.bank import Bank\n\nprint(Bank.lmit)\n", 3, "names/member", "has no `lmit`"),
        ("from shop.retry import retry_call\n\nretry_call(1)\n", 3, "names/arguments", "needs `delay`"),
        (
            "from shop.retry import retry_call\n\nretry_call(1, delay=1, wait=2)\n",
            3,
            "names/arguments",
            "`wait`",
        ),
        (
            "from shop.retry import retry_call\n\nretry_call(1, 2, 3, delay=1)\n",
            3,
            "names/arguments",
            "not 3",
        ),
        ("def fetch_all():\n    return fetch_al()\n", 2, "names/undefined", "did you mean `fetch_all`?"),
        ("def pay():\n    return retry_call(1, delay=2)\n", 2, "names/undefined", "shop/retry.py defines it"),
    ],
)
def test_what_does_not_exist_is_told_with_what_was_meant(
    index: Index, tmp_path: Path, text: str, line: int, key: str, says: str
) -> None:
    (finding,) = _of(index, tmp_path, text)
    assert (finding.line, finding.key) == (line, key)
    assert says in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "from shop.retry import retry_call\n\nretry_call(len, delay=1)\n",
        "from shop.retry import any_call\n\nany_call(1, 2, 3, wait=4)\n",
        "from shop.retry import retry_call\n\nretry_call(*calls, **options)\n",
        "from shop.late import anything\n",
        "from shop.bank import Wild\n\nWild().anything()\n",
        "from shop.bank import Foreign\n\nForeign().anything()\n",
        "from shop.bank import Rows\n\nRows().setdefault(1, 2)\n",
        "from shop.bank import Bank\n\nBank.charge(Bank('a'), 1, 'EUR')\n",
        "from elsewhere import retry_cal\n",
        "from shop.late.money import retry_call\n",
        "class A:\n    def __copy__(self):\n        return A()\n\n    copy = __copy__\n\n\nA().copy()\n",
        "class A:\n    pass\n\n\nclass B:\n    @property\n    def a(self) -> A:\n        return A()\n\n"
        "    @a.setter\n    def a(self, a):\n        pass\n",
        "from shop import retry\n\nretry.DELAY = 1\nprint(retry.ATTEMPTS)\n",
        "from shop import retry\n\n\ndef of(retry):\n    return retry.anything\n",
        "from shop import retry\n\nif hasattr(retry, 'DELAY'):\n    print(retry.DELAY)\n",
        "import shop.retry\n\nshop.retry.retry_call(1, delay=1)\n",
        "from pytest import raises\nfrom shop.bank import Bank\n\nwith raises(TypeError):\n    Bank()\n",
        "from shop.retry import retry_cal  # type: ignore\n",
        "def later():\n    return made_below()\n\n\nmade_below = later\n",
        "try:\n    from shop.fast import retry_call\nexcept ImportError:\n    retry_call = None\n",
    ],
)
def test_what_may_be_right_is_left_alone(index: Index, tmp_path: Path, text: str) -> None:
    assert _of(index, tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("import { coun } from './till'\n", "did you mean `count`?"),
        ("import { count } from './tills'\n", "did you mean `./till`?"),
        ("import { Till } from './till'\n\nnew Till().opn(1)\n", "did you mean `open`?"),
        ("import { count } from './till'\n\ncount([1])\n", "needs `factor`"),
        ("import { count } from './till'\n\ncount([1], 2, 3)\n", "at most 2 values"),
        ("import * as till from './till'\n\ntill.cuont([1], 2)\n", "did you mean `count`?"),
    ],
)
def test_typescript_is_read_in_the_same_way(index: Index, tmp_path: Path, text: str, says: str) -> None:
    (finding,) = _of(index, tmp_path, text, "web/new.ts")
    assert says in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "import { Till } from './till'\n\nnew Till().open(1)\n",
        "import { sum } from './till'\n\nsum(1, 2, 3, 4)\n",
        "import { count } from './till'\n\ncount(...all)\n",
        "import data from './data.json'\nimport { join } from 'node:path'\n",
        "import { Till } from './till'\n\nnew Till().toString()\n",
        "class WSEvents {}\n\nexport const opened = new Event('open')\n",
    ],
)
def test_typescript_that_may_be_right_is_left_alone(index: Index, tmp_path: Path, text: str) -> None:
    assert _of(index, tmp_path, text, "web/new.ts") == []


def test_a_name_that_the_change_itself_brings_exists(index: Index, tmp_path: Path) -> None:
    after = {
        "shop/retry.py": _SHOP["shop/retry.py"] + "\n\ndef retry_cal(call):\n    return call()\n",
        "shop/new.py": "from shop.fresh import pay\nfrom shop.retry import retry_cal\n\nretry_cal(pay)\n",
        "shop/fresh.py": "def pay():\n    return 1\n",
    }
    assert found(index, tmp_path, finds, _SHOP, after) == []


def test_a_name_that_the_change_takes_away_does_not(index: Index, tmp_path: Path) -> None:
    after = {
        "shop/retry.py": _SHOP["shop/retry.py"].replace("any_call", "any_calls"),
        "shop/new.py": "from shop.retry import any_call\n",
    }
    (finding,) = found(index, tmp_path, finds, _SHOP, after)
    assert finding.message == "shop/retry.py defines no `any_call`; did you mean `any_calls`?"


def test_lines_that_were_there_before_are_not_looked_at(index: Index, tmp_path: Path) -> None:
    before = _SHOP | {"shop/old.py": "from shop.retry import retry_cal\n"}
    after = {"shop/old.py": "from shop.retry import retry_cal\n\nATTEMPTS = 3\n"}
    assert found(index, tmp_path, finds, before, after) == []


def test_a_name_that_other_code_imports_exists_though_nobody_sees_how(index: Index, tmp_path: Path) -> None:
    before = _SHOP | {"shop/old.py": "from shop.retry import made_at_run_time\n"}
    after = {"shop/new.py": "from shop.retry import made_at_run_time\n"}
    assert found(index, tmp_path, finds, before, after) == []

"""Which definition a use in Python means: each kind of evidence, and what is no evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.retriever.graphs import graph_of, meant

SHOP = """from __future__ import annotations

import contextlib
from typing import Self, overload

import requests


class Base:
    def open(self) -> Self:
        return self

    def close(self): ...


class Till(Base):
    limit = 3

    def __init__(self, drawer: "Drawer"):
        self.drawer = drawer
        self.spare = Drawer()
        self.line = requests.Session()

    @classmethod
    def small(cls):
        return cls(Drawer())

    @property
    def lock(self) -> Lock:
        return Lock()

    def count(self): ...

    def drawers(self) -> list[Drawer]: ...


class Drawer:
    def pull(self): ...


class Lock:
    def turn(self): ...

    def __enter__(self):
        return self


class Other:
    def count(self): ...

    def pull(self): ...

    def turn(self): ...


def make():
    till = Till(Drawer())
    return till


@contextlib.contextmanager
def borrowed():
    yield Drawer()


@overload
def pick(n: int) -> Drawer: ...
@overload
def pick(n: str) -> Lock: ...
def pick(n): ...


Alias = Till
main_till = Till(Drawer())
"""

PROVEN = {
    "an object that was made": (
        "from shop import Till\nTill(1).count()  # here",
        ["Till.count", "Till", "Till.__init__"],
    ),
    "a local variable": (
        "from shop import Till\ndef f():\n    t = Till(1)\n    t.count()  # here",
        ["Till.count"],
    ),
    "the later of two assignments": (
        "from shop import Till, Other\ndef f():\n    t = Other()\n    t = Till(1)\n    t.count()  # here",
        ["Till.count"],
    ),
    "either of two branches": (
        "from shop import Till, Other\ndef f(a):\n    if a:\n        t = Other()\n    else:\n"
        "        t = Till(1)\n    t.count()  # here",
        ["Till.count", "Other.count"],
    ),
    "a declared parameter": (
        "from shop import Till\ndef f(t: Till | None = None):\n    t.count()  # here",
        ["Till.count"],
    ),
    "a declared parameter in quotes": (
        "import shop\ndef f(t: 'shop.Till'):\n    t.count()  # here",
        ["Till.count"],
    ),
    "an attribute from a declared parameter": (
        "from shop import Till\nTill(1).drawer.pull()  # here",
        ["Drawer.pull", "Till", "Till.__init__"],
    ),
    "an attribute that was made": (
        "from shop import make\nmake().spare.pull()  # here",
        ["Drawer.pull", "make"],
    ),
    "what a function returns": ("from shop import make\nt = make()\nt.count()  # here", ["Till.count"]),
    "a class method that makes one": (
        "from shop import Till\nt = Till.small()\nt.count()  # here",
        ["Till.count"],
    ),
    "a property": ("from shop import make\nt = make()\nt.lock.turn()  # here", ["Lock.turn"]),
    "an inherited method": ("from shop import make\nt = make()\nt.close()  # here", ["Base.close"]),
    "Self of an heir": ("from shop import make\nt = make().open()\nt.count()  # here", ["Till.count"]),
    "self of an heir": (
        "from shop import Till\nclass Mine(Till):\n    def f(self):\n        self.close()  # here",
        ["Base.close"],
    ),
    "super": (
        "from shop import Till\nclass Mine(Till):\n    def count(self):\n        super().count()  # here",
        ["Till.count"],
    ),
    "an item of a declared list": (
        "from shop import make\nfor d in make().drawers():\n    d.pull()  # here",
        ["Drawer.pull"],
    ),
    "an item in a comprehension": (
        "from shop import make\n[d.pull() for d in make().drawers()]  # here",
        ["Drawer.pull", "Till.drawers", "make"],
    ),
    "an item of a list that is written out": (
        "from shop import Drawer, Lock\nfor d in (Drawer(), Drawer()):\n    d.pull()  # here",
        ["Drawer.pull"],
    ),
    "with": ("from shop import Lock\nwith Lock() as k:\n    k.turn()  # here", ["Lock.turn"]),
    "a context manager that yields": (
        "from shop import borrowed\nwith borrowed() as d:\n    d.pull()  # here",
        ["Drawer.pull"],
    ),
    "another name": ("from shop import make as build\nbuild()  # here", ["make"]),
    "a module under another name": ("import shop as s\ns.make()  # here", ["make"]),
    "an alias of a class": ("from shop import Alias\nAlias(1)  # here", ["Alias", "Till", "Till.__init__"]),
    "a variable of a module": ("import shop\nshop.main_till.count()  # here", ["Till.count"]),
    "a star import": ("from shop import *\nmake()  # here", ["make"]),
    "a function in a function": ("def f():\n    def make(): ...\n    make()  # here", ["use.py:f.make"]),
    "an overloaded function": ("from shop import pick\npick(1)  # here", ["pick"]),
    "a fixture": (
        "import pytest\nfrom shop import Till\n@pytest.fixture\ndef till():\n    return Till(1)\n"
        "def test_it(till):\n    till.count()  # here",
        ["Till.count"],
    ),
    "an assignment in a condition": (
        "from shop import make\nif t := make():\n    t.count()  # here",
        ["Till.count"],
    ),
}


@pytest.mark.parametrize("kind", PROVEN)
def test_the_text_proves_it(kind: str, tmp_path: Path) -> None:
    text, expected = PROVEN[kind]
    graph = graph_of(tmp_path, {"shop.py": SHOP, "use.py": text})
    wanted = {name if ":" in name else f"shop.py:{name}": True for name in expected}
    assert meant(graph, "use.py", text) == wanted


NOT_PROVEN = {
    "a parameter without a type": "def f(t):\n    t.turn()  # here",
    "an attribute nobody assigned": "class A:\n    def f(self):\n        self.turn()  # here",
    "a variable that may be something else": (
        "from shop import Lock\ndef f(a, b):\n    k = Lock()\n    if a:\n        k = b\n    k.turn()  # here"
    ),
}


@pytest.mark.parametrize("kind", NOT_PROVEN)
def test_what_the_text_does_not_prove_agrees_by_name_only(kind: str, tmp_path: Path) -> None:
    text = NOT_PROVEN[kind]
    found = meant(graph_of(tmp_path, {"shop.py": SHOP, "use.py": text}), "use.py", text)
    assert found == {"shop.py:Lock.turn": False, "shop.py:Other.turn": False}


SOMETHING_ELSE = {
    "a method of a literal": "[].pull()  # here",
    "another package": "from elsewhere import make\nmake()  # here",
    "an object of another package": "from shop import Till\nTill(1).line.pull()  # here",
    "a parameter of that name": "from shop import make\ndef f(make):\n    make  # here",
    "an inherited method from outside": (
        "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        self.pull()  # here"
    ),
}


@pytest.mark.parametrize("kind", SOMETHING_ELSE)
def test_a_use_of_something_else_is_none(kind: str, tmp_path: Path) -> None:
    text = SOMETHING_ELSE[kind]
    graph = graph_of(tmp_path, {"shop.py": SHOP, "use.py": text})
    found = meant(graph, "use.py", text)
    assert not {name for name in found if name.endswith(("pull", "make"))}
    for name in ("Drawer.pull", "make"):
        uses = graph.callers([row for row in graph.definitions(name) if row.path == "shop.py"])
        assert not [use for use in uses if use.path == "use.py"]


def test_a_package_hands_on_what_its_modules_define(tmp_path: Path) -> None:
    text = "import pay\npay.card.charge()\npay.refund()  # here"
    files = {
        "src/pay/__init__.py": "from . import card\nfrom .card import refund\n",
        "src/pay/card.py": "def charge(): ...\ndef refund(): ...\n",
        "tests/test_pay.py": text,
    }
    graph = graph_of(tmp_path, files)
    assert meant(graph, "tests/test_pay.py", text) == {"src/pay/card.py:refund": True}
    assert [use.resolved for use in graph.callers(graph.definitions("charge"))] == [True]


def test_a_module_beside_a_module_of_a_package_is_not_what_an_absolute_import_means(tmp_path: Path) -> None:
    files = {
        "pay/__init__.py": "",
        "pay/json.py": "def dumps(): ...\n",
        "pay/card.py": "import json\n\ndef f():\n    json.dumps()\n",
    }
    graph = graph_of(tmp_path, files)
    assert graph.callers(graph.definitions("dumps")) == []


def test_names_that_lead_to_each_other_end_somewhere(tmp_path: Path) -> None:
    text = "from a import x\nx.go()  # here"
    files = {
        "a.py": "from b import x\n\ndef f():\n    return g()\n\ndef g():\n    return f().again()\n",
        "b.py": "from a import x\n",
        "use.py": text,
        "loop.py": "class A(B): ...\nclass B(A):\n    def f(self):\n        self.nothing()\n",
    }
    graph = graph_of(tmp_path, files)
    assert meant(graph, "use.py", text) == {}
    assert [graph.hierarchy(row).ancestors[0].symbol for row in graph.definitions("A")] == ["B"]


def test_an_answer_does_not_depend_on_what_was_asked_before(tmp_path: Path) -> None:
    files = {
        "a.py": "class A:\n    def one(self):\n        return self.two()\n\n    def two(self):\n"
        "        return self.one() or B()\n\n\nclass B:\n    def go(self): ...\n\n\n"
        "def f():\n    A().one().go()\n\n\ndef g():\n    A().two().go()\n",
    }
    first, second = graph_of(tmp_path / "1", files), graph_of(tmp_path / "2", files)
    forward = [first.callees(row) for name in ("f", "g") for row in first.definitions(name)]
    backward = [second.callees(row) for name in ("g", "f") for row in second.definitions(name)]
    assert forward == backward[::-1]

"""What a file itself says that its names stand for."""

from __future__ import annotations

import pytest

from indexer.annotations import held
from indexer.origins import sought
from indexer.parse import parse
from tests.make import make_file


def targets(text: str) -> dict[str, str]:
    return {use.name: use.target for use in parse(make_file("a.py", text)).references if use.kind != "import"}


def bindings(text: str) -> dict[tuple[str, str], str]:
    return {(b.owner, b.name): b.origin for b in parse(make_file("a.py", text)).bindings}


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("from a.b import c\nc.go()", "<a.b>.c.go"),
        ("import a.b\na.b.go()", "<a>.b.go"),
        ("import a.b as c\nc.go()", "<a.b>.go"),
        ("from . import c\nc.go()", "<.>.c.go"),
        ("try:\n    from a import c\nexcept ImportError:\n    from b import c\nc.go()", "<a>.c.go|<b>.c.go"),
        ("class A:\n    def f(self):\n        self.go()", "A().go"),
        ("class A:\n    @classmethod\n    def f(cls):\n        cls.go()", "A.go"),
        ("class A:\n    @staticmethod\n    def f(self):\n        self.go()", "?"),
        ("class A:\n    class B:\n        def f(self):\n            super().go()", "^A:B.go"),
        ("def f():\n    x = g(1, 'a)')\n    x.go()", "g().go"),
        ("def f(x):\n    x = x.y\n    x.go()", "?"),
        ("def f():\n    x = g()\n    x = x.y\n    x.go()", "g().y.go"),
        ("def f():\n    x = None\n    x = g()\n    x.go()", "g().go"),
        ("def f(a):\n    x = g() if a else h()\n    x.go()", "g().go|h().go"),
        ("x = lambda y: y.go()", "?"),
        ("def f(x: A):\n    def g():\n        x.go()", "A().go"),
        ("def f(x: A):\n    [x.go() for x in y]", "y~.go"),
        ("def test_f(x):\n    x.go()", "&x.go"),
        ("class T:\n    def test_f(self, x):\n        x.go()", "&T:x.go"),
        ("'a'.go()", "!.go"),
    ],
)
def test_a_use_is_told_as_far_as_its_file_goes(text: str, target: str) -> None:
    assert targets(text)["go"] == target


def test_the_class_body_is_not_seen_from_its_methods() -> None:
    found = targets("class A:\n    def go(self): ...\n\n    def f(self):\n        go()\n")
    assert found["go"] == "go"


def test_what_other_files_may_ask_for_is_kept() -> None:
    text = (
        "from m import B, deco\nfrom n import *\nx = B()\n\n\nclass A(B, list):\n    y: int = 1\n\n"
        "    def __init__(self, z: B, w):\n        self.z = z\n        self.w = w\n\n"
        "    @deco(1)\n    def f(self) -> 'A': ...\n\n    def g(self):\n        yield self.z\n"
    )
    assert bindings(text) == {
        ("", "B"): "<m>.B",
        ("", "deco"): "<m>.deco",
        ("", "*"): "<n>",
        ("", "x"): "<m>.B()",
        ("A", "^"): "<m>.B,list",
        ("A", "y"): "!",
        ("A", "z"): "<m>.B()",
        ("A.f", "@"): "<m>.deco()",
        ("A.f", "()"): "A()",
        ("A.g", "yield"): "A().z",
    }


@pytest.mark.parametrize(
    ("declared", "chain"),
    [
        ("Foo", "Foo()"),
        ("a.Foo", "a.Foo()"),
        ("'Foo'", "Foo()"),
        ("Optional[Foo]", "Foo()"),
        ("Foo | None", "Foo()"),
        ("Union[Foo, 'Bar']", "Foo()|Bar()"),
        ("type[Foo]", "Foo"),
        ("list[Foo]", "Foo()*"),
        ("dict[str, list[Foo]]", "Foo()*%"),
        ("Annotated[Foo, 'x, y']", "Foo()"),
        ("Foo[Bar]", "Foo()"),
        ("Callable[[Foo], Bar]", "?"),
        ("str", "!"),
        ("None", ""),
        ("Any", "?"),
    ],
)
def test_a_declared_type_says_what_is_held(declared: str, chain: str) -> None:
    assert held(declared, "python") == chain


def test_a_use_is_found_under_the_names_of_what_it_may_mean() -> None:
    assert list(sought("run", "<a>.start|B().begin|C().begin")) == [("start", "<a>"), ("begin", "B()|C()")]
    assert list(sought("run", "<a>.run")) == [("run", "<a>")]
    assert list(sought("run", "?")) == [("run", "?")]
    assert list(sought("run", "")) == [("run", "")]

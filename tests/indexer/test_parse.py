"""A file's definitions, references and borders."""

from __future__ import annotations

from indexer.parse import parse
from tests.make import make_file


def test_a_decorated_method_begins_at_its_decorator_and_is_named_by_its_class() -> None:
    text = 'class Cart:\n    """A cart."""\n\n    # The sum.\n    @property\n    def total(self) -> int:\n        return sum(self.prices)\n'
    cart, total = parse(make_file("cart.py", text)).symbols
    assert (cart.kind, cart.qualname, cart.span.start, cart.span.end, cart.doc) == (
        "class",
        "Cart",
        1,
        7,
        "A cart.",
    )
    assert (total.kind, total.qualname, total.doc_start, total.span.start) == ("method", "Cart.total", 4, 5)
    assert total.signature == "def total(self) -> int"


def test_a_call_knows_what_it_stands_in_and_what_stands_before_it() -> None:
    parsed = parse(make_file("a.py", "import requests\n\ndef load(url):\n    return requests.get(url)\n"))
    imported, call = parsed.references
    assert (imported.kind, imported.name, imported.qualifier) == ("import", "requests", "requests")
    assert (call.kind, call.name, call.qualifier, call.scope, call.line) == (
        "call",
        "get",
        "requests",
        "load",
        4,
    )

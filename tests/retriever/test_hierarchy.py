"""What stands above and below a class or method, and which tests exercise a definition."""

from __future__ import annotations

from pathlib import Path

import pytest

from retriever.graph import Graph
from retriever.types import Hierarchy
from tests.retriever.graphs import graph_of

FILES = {
    "shop/base.py": '''from abc import ABC, abstractmethod


class Payment(ABC):
    @abstractmethod
    def charge(self): ...

    def refund(self):
        return self.charge()
''',
    "shop/card.py": '''from shop import base as b


class Card(b.Payment):
    def charge(self):
        return 1


class GiftCard(Card):
    def charge(self):
        return b.Payment.refund(self)
''',
    "shop/cash.py": "from shop.base import Payment\n\n\nclass Cash(Payment):\n    def charge(self): ...\n",
    "shop/foreign.py": "from bank import Payment\n\n\nclass Wire(Payment):\n    def charge(self): ...\n",
    "shop/till.py": "from shop.cash import Cash\n\n\ndef pay():\n    return Cash().charge()\n",
    "tests/test_till.py": '''from shop.till import pay
from shop.card import Card


def test_it_pays():
    assert pay()


def test_card():
    assert Card().charge() == 1


def test_cash(): ...
''',
}  # fmt: skip


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    return graph_of(tmp_path, FILES)


def _of(graph: Graph, name: str, path: str) -> Hierarchy:
    (row,) = [row for row in graph.definitions(name) if row.path == path]
    return graph.hierarchy(row)


def test_a_class_has_ancestors_and_descendants_the_nearest_first(graph: Graph) -> None:
    found = _of(graph, "Payment", "shop/base.py")
    below = [(other.symbol, other.steps, other.resolved) for other in found.descendants]
    assert below == [("Card", 1, True), ("Cash", 1, True), ("GiftCard", 2, True)]
    assert [other.symbol for other in found.implementations] == ["Card", "Cash", "GiftCard"]
    above = _of(graph, "GiftCard", "shop/card.py").ancestors
    assert [(other.path, other.start_line, other.symbol) for other in above] == [
        ("shop/card.py", 4, "Card"),
        ("shop/base.py", 4, "Payment"),
    ]


def test_a_method_overrides_and_is_overridden(graph: Graph) -> None:
    found = _of(graph, "Card.charge", "shop/card.py")
    assert [(o.symbol, o.path) for o in found.overridden] == [("Payment.charge", "shop/base.py")]
    assert [(o.symbol, o.start_line) for o in found.overriding] == [("GiftCard.charge", 10)]
    abstract = _of(graph, "Payment.charge", "shop/base.py")
    assert [o.symbol for o in abstract.implementations] == ["Card.charge", "Cash.charge", "GiftCard.charge"]


def test_what_overrides_a_method_may_be_called_through_it(graph: Graph) -> None:
    uses = graph.callers(graph.definitions("Cash.charge"))
    assert [(use.symbol, use.resolved) for use in uses] == [
        ("pay", True),
        ("Payment.refund", False),  # self may be a Cash
    ]


def test_the_tests_of_a_definition_call_it_or_what_calls_it_or_have_its_name(graph: Graph) -> None:
    found = graph.covering(graph.definitions("Cash.charge"))
    assert [(use.symbol, use.line, use.resolved, use.via) for use in found] == [
        ("test_it_pays", 6, True, "pay")
    ]
    found = graph.covering(graph.definitions("Cash"))
    assert [(use.symbol, use.resolved, use.via) for use in found] == [
        ("test_it_pays", True, "pay"),
        ("test_cash", False, None),
    ]
    found = graph.covering(graph.definitions("Card"))
    assert [(use.symbol, use.line, use.resolved) for use in found] == [("test_card", 10, True)]

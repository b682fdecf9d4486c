from prices.columns import cell
from prices.order import calc
from prices.report import summary

LINES = [(3, 2), (4, 1)]


def test_the_price_of_an_order():
    assert calc(LINES) == 10


def test_the_summary():
    assert summary(LINES) == "2 lines, 10 in all"


def test_a_column():
    assert cell("total", LINES) == 10

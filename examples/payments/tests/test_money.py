import pytest

from payments import Money
from payments.errors import CurrencyMismatch


def test_money_adds_and_subtracts():
    assert Money(1250, "EUR") + Money(50, "EUR") - Money(300, "EUR") == Money(1000, "EUR")


def test_money_prints_major_units():
    assert str(Money(1205, "EUR")) == "12.05 EUR"


def test_money_refuses_to_mix_currencies():
    with pytest.raises(CurrencyMismatch, match="EUR and USD"):
        Money(1, "EUR") + Money(1, "USD")

import pytest

from payments import Ledger, Money
from payments.errors import RefundTooLarge


def test_ledger_balances_charges_and_refunds():
    ledger = Ledger()
    ledger.record_charge("ch_1", Money(1250, "EUR"))
    ledger.record_refund("ch_1", Money(250, "EUR"))

    assert ledger.balance("ch_1", "EUR") == Money(1000, "EUR")


def test_ledger_keeps_payments_apart():
    ledger = Ledger()
    ledger.record_charge("ch_1", Money(1250, "EUR"))
    ledger.record_charge("ch_2", Money(99, "EUR"))

    assert ledger.balance("ch_2", "EUR") == Money(99, "EUR")


def test_ledger_refuses_a_second_full_refund():
    ledger = Ledger()
    ledger.record_charge("ch_1", Money(1250, "EUR"))
    ledger.record_refund("ch_1", Money(1250, "EUR"))

    with pytest.raises(RefundTooLarge):
        ledger.record_refund("ch_1", Money(1, "EUR"))

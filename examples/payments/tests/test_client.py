import pytest

from payments import Money
from payments.errors import CardDeclined, GatewayTimeout, RefundTooLarge, RetriesExhausted


def test_charge_records_the_payment(client, gateway, ledger):
    gateway.answers(id="ch_7")

    payment = client.charge("order-7", Money(1250, "EUR"), "tok_visa")

    assert payment.id == "ch_7"
    assert ledger.balance("ch_7", "EUR") == Money(1250, "EUR")


def test_charge_carries_an_idempotency_key(client, gateway):
    gateway.answers(id="ch_7")

    client.charge("order-7", Money(1250, "EUR"), "tok_visa")

    assert gateway.requests[0].idempotency_key == "charge-order-7"


def test_charge_tries_again_after_a_timeout(client, gateway, pauses):
    gateway.fails(GatewayTimeout("no answer"), times=2)
    gateway.answers(id="ch_7")

    payment = client.charge("order-7", Money(1250, "EUR"), "tok_visa")

    assert payment.id == "ch_7"
    assert len(gateway.requests) == 3
    assert pauses == [0.2, 0.4]


def test_charge_gives_up_after_the_last_attempt(client, gateway, ledger):
    gateway.fails(GatewayTimeout("no answer"), times=3)

    with pytest.raises(RetriesExhausted, match="3 attempts"):
        client.charge("order-7", Money(1250, "EUR"), "tok_visa")

    assert ledger.entries == ()


def test_charge_does_not_repeat_a_declined_card(client, gateway):
    gateway.fails(CardDeclined("insufficient_funds"))

    with pytest.raises(CardDeclined, match="insufficient_funds"):
        client.charge("order-7", Money(1250, "EUR"), "tok_visa")

    assert len(gateway.requests) == 1


def test_refund_gives_the_whole_payment_back(client, gateway, ledger, payment):
    gateway.answers(id="re_1")

    refund = client.refund(payment)

    assert refund.amount == payment.amount
    assert ledger.balance(payment.id, "EUR") == Money(0, "EUR")


def test_refund_can_be_partial(client, gateway, ledger, payment):
    gateway.answers(id="re_1")

    client.refund(payment, Money(250, "EUR"))

    assert ledger.balance(payment.id, "EUR") == Money(1000, "EUR")


def test_refund_sends_nothing_when_too_little_is_left(client, gateway, payment):
    with pytest.raises(RefundTooLarge, match=r"12\.50 EUR is left"):
        client.refund(payment, Money(2000, "EUR"))

    assert gateway.requests == []


def test_look_up_returns_what_the_provider_knows(client, gateway):
    gateway.answers(id="ch_1", amount=1250, currency="EUR")

    payment = client.look_up("ch_1", "order-1")

    assert payment.amount == Money(1250, "EUR")

"""The calls a shop makes: charge a card, refund a payment, look one up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from payments.gateway import Gateway, Request
from payments.ledger import Ledger
from payments.money import Money
from payments.retry import retry_with_backoff


@dataclass(frozen=True)
class Payment:
    """Money taken from a card."""

    id: str
    order_id: str
    amount: Money


@dataclass(frozen=True)
class Refund:
    """Money given back."""

    id: str
    payment_id: str
    amount: Money


class PaymentClient:
    """Moves money through a gateway and writes every movement into the ledger."""

    def __init__(
        self,
        gateway: Gateway,
        ledger: Ledger,
        *,
        attempts: int = 3,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gateway = gateway
        self._ledger = ledger
        self._attempts = attempts
        self._sleep = sleep

    def charge(self, order_id: str, amount: Money, card_token: str) -> Payment:
        """Take `amount` from the card. An order is charged once, however often it is sent."""
        request = Request(
            "POST",
            "/charges",
            {"amount": amount.minor, "currency": amount.currency, "source": card_token},
            idempotency_key=f"charge-{order_id}",
        )
        answer = retry_with_backoff(
            lambda: self._gateway.send(request), attempts=self._attempts, sleep=self._sleep
        )
        payment = Payment(answer["id"], order_id, amount)
        self._ledger.record_charge(payment.id, amount)
        return payment

    def refund(self, payment: Payment, amount: Money | None = None) -> Refund:
        """Give `amount` back, or all of the payment. Raises RefundTooLarge before anything is sent."""
        amount = amount or payment.amount
        self._ledger.require_refundable(payment.id, amount)
        request = Request(
            "POST",
            "/refunds",
            {"charge": payment.id, "amount": amount.minor},
            idempotency_key=f"refund-{payment.id}-{amount.minor}",
        )
        answer = self._gateway.send(request)
        self._ledger.record_refund(payment.id, amount)
        return Refund(answer["id"], payment.id, amount)

    def look_up(self, payment_id: str, order_id: str) -> Payment:
        """Ask the provider for a payment made earlier."""
        request = Request("GET", f"/charges/{payment_id}")
        answer = retry_with_backoff(
            lambda: self._gateway.send(request), attempts=self._attempts, sleep=self._sleep
        )
        return Payment(answer["id"], order_id, Money(answer["amount"], answer["currency"]))

"""What was taken from whom, and what went back."""

from __future__ import annotations

from dataclasses import dataclass

from payments.errors import RefundTooLarge
from payments.money import Money


@dataclass(frozen=True)
class Entry:
    """One movement of money: positive when it came in, negative when it went back."""

    payment_id: str
    amount: Money


class Ledger:
    """An append-only list of movements, kept in memory."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries)

    def record_charge(self, payment_id: str, amount: Money) -> None:
        self._entries.append(Entry(payment_id, amount))

    def record_refund(self, payment_id: str, amount: Money) -> None:
        self.require_refundable(payment_id, amount)
        self._entries.append(Entry(payment_id, Money(-amount.minor, amount.currency)))

    def require_refundable(self, payment_id: str, amount: Money) -> None:
        """Raise RefundTooLarge if less than `amount` is left of the payment."""
        left = self.balance(payment_id, amount.currency)
        if amount > left:
            raise RefundTooLarge(f"cannot refund {amount} of {payment_id}: {left} is left")

    def balance(self, payment_id: str, currency: str) -> Money:
        """What is left of a payment after its refunds."""
        total = Money(0, currency)
        for entry in self._entries:
            if entry.payment_id == payment_id:
                total = total + entry.amount
        return total

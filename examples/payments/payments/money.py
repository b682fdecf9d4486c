"""Amounts in minor units: 12.50 EUR is Money(1250, "EUR")."""

from __future__ import annotations

from dataclasses import dataclass

from payments.errors import CurrencyMismatch


@dataclass(frozen=True, order=True)
class Money:
    """An amount of one currency, counted in its smallest unit."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        self._require_same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._require_same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __str__(self) -> str:
        return f"{self.minor // 100}.{self.minor % 100:02d} {self.currency}"

    def _require_same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"cannot combine {self.currency} and {other.currency}")

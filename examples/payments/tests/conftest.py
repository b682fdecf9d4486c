"""The provider, played by a gateway that answers what a test tells it to."""

from __future__ import annotations

from typing import Any

import pytest

from payments import Ledger, Money, Payment, PaymentClient
from payments.gateway import Answer, Request


class ScriptedGateway:
    """Keeps every request and plays the queued answers and failures in order."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._queue: list[Answer | Exception] = []

    def answers(self, **answer: Any) -> None:
        self._queue.append(answer)

    def fails(self, error: Exception, *, times: int = 1) -> None:
        self._queue.extend([error] * times)

    def send(self, request: Request) -> Answer:
        self.requests.append(request)
        reply = self._queue.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


@pytest.fixture
def gateway() -> ScriptedGateway:
    return ScriptedGateway()


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def pauses() -> list[float]:
    """How long the client would have slept, in seconds."""
    return []


@pytest.fixture
def client(gateway: ScriptedGateway, ledger: Ledger, pauses: list[float]) -> PaymentClient:
    return PaymentClient(gateway, ledger, sleep=pauses.append)


@pytest.fixture
def payment(ledger: Ledger) -> Payment:
    """A payment of 12.50 EUR that is already in the ledger."""
    paid = Payment("ch_1", "order-1", Money(1250, "EUR"))
    ledger.record_charge(paid.id, paid.amount)
    return paid

import pytest

from payments.errors import CardDeclined, GatewayUnavailable, RetriesExhausted
from payments.retry import MAX_PAUSE, retry_with_backoff


class Flaky:
    """Fails as often as told, then returns "done"."""

    def __init__(self, failures, error):
        self.failures = failures
        self.error = error
        self.calls = 0

    def __call__(self):
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error
        return "done"


def test_retry_returns_the_first_success(pauses):
    operation = Flaky(0, GatewayUnavailable("down"))

    assert retry_with_backoff(operation, sleep=pauses.append) == "done"
    assert pauses == []


def test_retry_pauses_longer_each_time(pauses):
    operation = Flaky(3, GatewayUnavailable("down"))

    assert retry_with_backoff(operation, attempts=4, sleep=pauses.append) == "done"
    assert pauses == [0.2, 0.4, 0.8]


def test_retry_never_pauses_longer_than_the_limit(pauses):
    operation = Flaky(7, GatewayUnavailable("down"))

    retry_with_backoff(operation, attempts=8, sleep=pauses.append)

    assert max(pauses) == MAX_PAUSE


def test_retry_raises_from_the_last_failure(pauses):
    operation = Flaky(9, GatewayUnavailable("down"))

    with pytest.raises(RetriesExhausted) as caught:
        retry_with_backoff(operation, attempts=2, sleep=pauses.append)

    assert isinstance(caught.value.__cause__, GatewayUnavailable)
    assert operation.calls == 2


def test_retry_leaves_final_errors_alone(pauses):
    operation = Flaky(1, CardDeclined("stolen_card"))

    with pytest.raises(CardDeclined):
        retry_with_backoff(operation, sleep=pauses.append)

    assert operation.calls == 1


def test_retry_needs_at_least_one_attempt():
    with pytest.raises(ValueError, match="at least 1"):
        retry_with_backoff(lambda: "done", attempts=0)

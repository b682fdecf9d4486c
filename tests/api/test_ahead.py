"""A server reads ahead while nobody asks."""

import threading
import time
from collections.abc import Iterator

import pytest

from api import ahead
from api.ahead import Ahead
from indexer.errors import NotFound


class _Steps:
    """Counts its steps; `some` is set once there was one."""

    def __init__(self) -> None:
        self.taken = 0
        self.some = threading.Event()

    def __call__(self) -> Iterator[None]:
        while True:
            self.taken += 1
            self.some.set()
            yield


def test_it_reads_until_it_is_stopped() -> None:
    steps = _Steps()
    reading = Ahead(steps)
    reading.start()
    assert steps.some.wait(60)
    reading.stop()
    taken = steps.taken
    time.sleep(0.05)
    assert steps.taken == taken


def test_who_asks_goes_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_QUIET", 60.0)
    steps = _Steps()
    reading = Ahead(steps)
    reading.asked()
    reading.start()
    assert steps.some.wait(60)
    time.sleep(0.1)
    assert steps.taken == 1  # the one that was begun
    reading.stop()  # does not wait until it is quiet


def test_what_was_never_begun_can_be_stopped() -> None:
    Ahead(_Steps()).stop()


def test_a_repository_that_goes_meanwhile_ends_it_with_a_word(caplog: pytest.LogCaptureFixture) -> None:
    def gone() -> Iterator[None]:
        raise NotFound("shop is not indexed")
        yield

    reading = Ahead(gone)
    reading.start()
    reading.stop()
    assert "shop is not indexed" in caplog.text

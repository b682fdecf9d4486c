"""Another attempt after a failure that may pass."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from payments.errors import RetriesExhausted, TransientError

T = TypeVar("T")

MAX_PAUSE = 5.0  # a customer is waiting at the checkout


def retry_with_backoff(
    operation: Callable[[], T],
    *,
    attempts: int = 3,
    first_pause: float = 0.2,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Call `operation` until it succeeds, pausing twice as long after every failure.

    Only a TransientError is tried again; every other error is final and rises at once.
    Raises RetriesExhausted from the last failure when `attempts` are used up.
    """
    pause = first_pause
    for attempt in range(1, attempts + 1):
        try:
            return operation()
        except TransientError as error:
            if attempt == attempts:
                raise RetriesExhausted(f"gave up after {attempts} attempts: {error}") from error
            sleep(min(pause, MAX_PAUSE))
            pause *= 2
    raise ValueError(f"attempts must be at least 1, not {attempts}")

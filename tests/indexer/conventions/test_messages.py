"""How the message of an error is written."""

from __future__ import annotations

import pytest

from indexer.conventions.messages import message_style


@pytest.mark.parametrize(
    ("said", "style"),
    [
        ('"no such key: %s", key', "plain"),
        ('"No such key", key', "capital"),
        ('"No such key."', "both"),
        ('"no such key."', "period"),
        ('"reading…..."', ""),
        ('"HTTP request failed"', ""),  # a name keeps its capital
        ('"PaymentClient is closed"', ""),
        ('"one"', ""),
        ('"no such key " + key', ""),  # goes on elsewhere
        ("key", ""),
    ],
)
def test_a_message_has_a_style(said: str, style: str) -> None:
    code = "".join(" " if inside else char for char, inside in _marked(said))
    assert message_style(said, code) == style


def _marked(said: str) -> list[tuple[str, bool]]:
    inside, marked = False, []
    for char in said:
        if char == '"':
            inside = not inside
            marked.append((char, False))
        else:
            marked.append((char, inside))
    return marked

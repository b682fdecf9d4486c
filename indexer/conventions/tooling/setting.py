"""One line of a configuration file, whatever its format: where it hangs, what it says, on which line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

LONGEST = 2_000  # characters of a line that is looked at: nobody configures a tool in a longer one


class Setting(NamedTuple):
    """`select = ["B", "E"]` under `[tool.ruff]` is two of them, each with the keys `tool ruff select`."""

    keys: tuple[str, ...]
    value: str
    line: int


def flat(tree: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The leaves of what a parser made: a list gives one each, truth is `true` and `false`."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from flat(value, (*keys, str(key)))
    elif isinstance(tree, list):
        for value in tree:
            yield from flat(value, keys)
    elif isinstance(tree, bool):
        yield keys, "true" if tree else "false"
    elif tree is not None:
        yield keys, str(tree)

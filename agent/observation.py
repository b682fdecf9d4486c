"""What a tool found -> text of a bounded size: numbered lines, clipped in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_LETTERS = 12_000  # about 3,000 tokens: runs that stay short succeed more often
_LINE_LETTERS = 500  # a longer line is data


@dataclass(frozen=True, slots=True)
class Observation:
    """What the model is told about its call. `failed` says that nothing was done."""

    text: str
    failed: bool = False


class Lines:
    """Puts an answer together, line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def line(self, *lines: str) -> None:
        self._lines += lines

    def block(self, text: str, start: int, limit: int) -> None:
        """Code under the line above, numbered from `start`."""
        lines = text.rstrip("\n").split("\n")
        self._lines.append(numbered(lines[:limit], start))
        if len(lines) > limit:
            self._lines.append(f"       [{len(lines) - limit} more lines]")

    @property
    def text(self) -> str:
        return "\n".join(self._lines)


def numbered(lines: Sequence[str], start: int) -> str:
    return "\n".join(f"{number:5d}  {_short(line)}" for number, line in enumerate(lines, start))


def clipped(text: str, letters: int = _LETTERS) -> str:
    """The head and the tail, cut at line breaks where there are any; errors stand at the end."""
    if len(text) <= letters:
        return text
    head, tail = text[: letters // 2], text[-letters // 2 :]
    head = head[: head.rfind("\n") + 1] or head
    tail = tail[tail.find("\n") + 1 :] or tail
    return f"{head}[... {len(text) - len(head) - len(tail)} letters left out ...]\n{tail}"


def _short(line: str) -> str:
    return line if len(line) <= _LINE_LETTERS else f"{line[:_LINE_LETTERS]} [... {len(line)} letters]"

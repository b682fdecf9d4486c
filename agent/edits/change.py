"""What a model asks for (a Change) and what becomes of it: an Edit that can be applied, or an EditRefused."""

from __future__ import annotations

import difflib
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.errors import BadInput

Code = Literal[
    "NOT_FOUND",  # the text, or the file
    "AMBIGUOUS",
    "ALREADY_APPLIED",
    "NO_CHANGE",
    "STALE_READ",
    "SYNTAX_ERROR",
    "EXISTS",
    "BINARY",
    "GENERATED",
    "SECRET_LINE",
    "PROTECTED",
    "TOO_LARGE",
    "ENCODING",
    "LINK",
    "NOT_A_FILE",  # a folder, a pipe, or a file where a folder is needed
    "OUTSIDE",
    "ELIDED",  # "... rest of the code ..." in place of code
]

EDITABLE_BYTES = 4 << 20  # a larger file is data or generated
MOVABLE_BYTES = 64 << 20  # kept whole in the undo journal
_COMPARED = 4_000_000  # pairs of lines; comparing them costs about a second


@dataclass(frozen=True, slots=True)
class Replace:
    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Create:
    path: str
    content: str


@dataclass(frozen=True, slots=True)
class Delete:
    path: str


@dataclass(frozen=True, slots=True)
class Move:
    path: str
    to: str


Change = Replace | Create | Delete | Move


@dataclass(frozen=True, slots=True)
class Edit:
    """A file as it was and as it becomes.

    `before` is None when it is new, `after` is None when it goes; of a moved file both are given and
    `moved_to` is where `after` stands. `mode` holds the permissions it had, `note` how the place was
    found where it was not literally there.
    """

    path: str
    before: bytes | None
    after: bytes | None
    moved_to: str | None = None
    mode: int | None = None
    note: str = ""

    @property
    def lines(self) -> tuple[int, int]:
        """How many lines were added and removed."""
        old, new = (self.before or b"").splitlines(), (self.after or b"").splitlines()
        start, end = _same_ends(old, new)
        old, new = old[start : len(old) - end], new[start : len(new) - end]
        if len(old) * len(new) > _COMPARED:  # then by what the lines say, wherever they stand
            was, now = Counter(old), Counter(new)
            return (now - was).total(), (was - now).total()
        added = removed = 0
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                removed += b - a
                added += d - c
        return added, removed


class EditRefused(BadInput):
    """Nothing was changed. `code` says why in a word, the message what to do next."""

    def __init__(self, code: Code, message: str) -> None:
        message = message.encode("utf-8", "replace").decode()  # it may quote bytes that are no UTF-8
        super().__init__(f"{code}: {message}")
        self.code = code
        self.reason = message


@dataclass(frozen=True, slots=True)
class Drafted:
    """What became of each change, in order. Only a whole draft may be applied."""

    results: tuple[Edit | EditRefused, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        return tuple(result for result in self.results if isinstance(result, Edit))

    @property
    def refusals(self) -> tuple[EditRefused, ...]:
        return tuple(result for result in self.results if isinstance(result, EditRefused))

    @property
    def whole(self) -> bool:
        return not self.refusals

    def refusal(self) -> EditRefused:
        """All refusals as one, which says that none of the changes was applied."""
        refused, count = self.refusals, len(self.results)
        if count == 1:
            return EditRefused(refused[0].code, f"{refused[0].reason} Nothing was changed.")
        were = "was" if len(refused) == 1 else "were"
        again = "both" if count == 2 else f"all {count}"
        reasons = "\n".join(
            f"edit {number}: {result}"
            for number, result in enumerate(self.results, 1)
            if isinstance(result, EditRefused)
        )
        return EditRefused(
            refused[0].code,
            f"{len(refused)} of {count} edits {were} refused, so none was applied:\n{reasons}\n"
            f"Nothing was changed. Mend what was refused and send {again} again.",
        )


def digest(data: bytes) -> str:
    """Blake2b-128 of the bytes, in hex: what `seen` holds for a path that was shown."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _same_ends(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[int, int]:
    """How many lines are equal from the start, and from the end of what is left."""
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, end

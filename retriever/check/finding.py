"""What a check says of one line of a change, and how the same thing is done elsewhere in the repository."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["style", "twins", "names", "untested"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Severity = Literal["error", "warning", "note"]  # the levels of SARIF


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the repository that serves as an example."""

    path: str
    line: int
    code: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the line `line` of `path`, a line of the changed file.

    `message` is a sentence that stands alone. `key` names what was found whatever the line: the key of
    a rule, or the kind with what it speaks of (`names/argument`); suppressions and settings name it.
    `example` is the nearest place that does it right. `also` are further lines of the file of which the
    same is true: a habit of a whole file is one thing to change.
    """

    kind: Kind
    severity: Severity
    path: str
    line: int
    message: str
    key: str
    example: Shown | None = None
    also: tuple[int, ...] = ()

    @property
    def lines(self) -> tuple[int, ...]:
        return self.line, *self.also

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} [{self.key}]"


def in_order(findings: list[Finding]) -> list[Finding]:
    """By place, then kind: the same findings always in the same order, none twice."""
    return sorted(
        dict.fromkeys(findings), key=lambda f: (f.path, f.line, KINDS.index(f.kind), f.key, f.message)
    )

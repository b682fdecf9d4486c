"""`cairn: ignore[what]` in a comment -> the findings of its line, or of the next, that a person has judged.

What stands in the brackets is the key of a finding, the question of a rule (`raise.from`) or a kind
(`twins`), several with commas. A reason may follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .change import Change
from .finding import KINDS, Finding, Kind

_COMMENT = re.compile(
    r"(?:#|//|/\*|^\s*\*|<!--|--|;|%|\"\s)[^\n]*?\bcairn:\s*ignore\[([^\]\n]+)\]", re.MULTILINE
)
_WORD = "ignore["


@dataclass(frozen=True, slots=True)
class Suppression:
    """`alone` on its line it speaks of the next one too."""

    path: str
    line: int
    names: tuple[str, ...]
    alone: bool

    def covered(self, finding: Finding) -> frozenset[int]:
        """The lines of a finding that it speaks of."""
        if finding.path != self.path or names_of(finding).isdisjoint(self.names):
            return frozenset()
        return frozenset(finding.lines) & {self.line, self.line + self.alone}


def names_of(finding: Finding) -> frozenset[str]:
    """By what a finding may be called: its key, that without its folder, its question, its kind."""
    key = finding.key.partition("@")[0]
    question = key.partition("/")[2].partition("=")[0]
    return frozenset(filter(None, (finding.key, key, question, finding.kind)))


def suppressions(change: Change) -> list[Suppression]:
    """All of them in the files of a change, by place."""
    found: list[Suppression] = []
    for file in change.files:
        text = file.after or ""
        if _WORD not in text:
            continue
        for match in _COMMENT.finditer(text):
            line = text.count("\n", 0, match.end()) + 1
            start = text.rfind("\n", 0, match.end()) + 1
            alone = not text[start : max(match.start(), start)].strip()
            names = tuple(name.strip() for name in match[1].split(",") if name.strip())
            found.append(Suppression(file.path, line, names, alone))
    return found


def judged(
    findings: Iterable[Finding], said: Sequence[Suppression]
) -> tuple[list[Finding], list[Finding], set[Suppression]]:
    """(those left, those suppressed, the suppressions that were needed)."""
    left: list[Finding] = []
    hidden: list[Finding] = []
    used: set[Suppression] = set()
    for finding in findings:
        covered = {one: one.covered(finding) for one in said}
        used.update(one for one, lines in covered.items() if lines)
        gone = frozenset[int]().union(*covered.values())
        for part, into in (
            ([line for line in finding.lines if line not in gone], left),
            (sorted(gone), hidden),
        ):
            if part:
                into.append(replace(finding, line=part[0], also=tuple(part[1:])))
    return left, hidden, used


def unused(
    change: Change, said: Sequence[Suppression], used: set[Suppression], kinds: Sequence[Kind]
) -> list[str]:
    """`path:line` of those that the change brings along and that nothing needs."""
    files = change.by_path
    return [
        f"{one.path}:{one.line}"
        for one in said
        if one not in used
        and one.line in files[one.path].added
        and not set(one.names) & (set(KINDS) - set(kinds))  # of a kind that was not looked for
    ]

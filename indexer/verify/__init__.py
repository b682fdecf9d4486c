"""An index and a clean rebuild of it -> every difference, what it means, and how it is mended.

live index ─┬─ audit ── what is wrong in itself: ids, gaps, texts, rows of nothing
            └─ compare ── a clean rebuild beside it (rebuild.py): rows (rows.py) and points (points.py)
Findings ─► mend ─► sync ─► audit and compare again
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "stale",  # the file changed since it was indexed; any sync mends that
    "vector",  # a chunk without a point, or with another one than its text makes
    "orphan",  # a point or a row that belongs to nothing
    "rows",  # rows of a file that are not those its text makes
    "text",  # the indexed text is not the file's, or a line is in no chunk or in two
    "skipped",  # the record of what is left out, and why, is not what a walk finds
    "sample",  # the stored sample of vectors is not that of the chunks
    "answers",  # the fixed queries are answered otherwise than by a rebuild
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `path` is the file to index anew, "" where it is none in particular."""

    kind: Kind
    path: str
    said: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at an index found, and what it proved: a sentence for each thing compared."""

    findings: tuple[Finding, ...] = ()
    proven: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __add__(self, other: Look) -> Look:
        return Look(self.findings + other.findings, self.proven + other.proven, self.notes + other.notes)

    @property
    def stale(self) -> list[str]:
        return sorted(finding.said for finding in self.findings if finding.kind == "stale")

    @property
    def damaged(self) -> list[str]:
        return [finding.said for finding in self.findings if finding.kind != "stale"]

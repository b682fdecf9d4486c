"""A change -> names in its new lines that the repository does not have, and calls that do not fit.

Merged code runs, so a finding about it is wrong by definition: whatever might exist in a way that the
index cannot see is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from indexer.types import ParsedFile

from .arguments import misfitting_calls
from .calls import written_on
from .change import Change, ChangedFile
from .finding import Finding
from .ground import CHECKED, Ground
from .imported import missing_import
from .members import missing_member
from .reads import read_members

if TYPE_CHECKING:
    from .index import Index


def finds(change: Change, search: Index) -> list[Finding]:
    """Imports, members and arguments in added lines that are wrong without doubt."""
    files = [file for file in change.files if file.added and _is_checked(file.parsed)]
    if not files:
        return []
    ground = Ground(change, search.catalog)
    return [finding for file in files for finding in _of_file(file, ground)]


def _is_checked(parsed: ParsedFile | None) -> bool:
    return parsed is not None and parsed.file.language in CHECKED and not parsed.broken


def _of_file(file: ChangedFile, ground: Ground) -> Iterator[Finding]:
    row, text = ground.file(file.path), file.after or ""
    added = file.added
    uses = [use for use in ground.facts.references(row.id) if use.line in added]
    calls, reads = written_on(text, row.language, added)
    uses += read_members(reads, row, ground)
    seen: set[tuple[int, str]] = set()
    for use in uses:
        finding = (missing_import if use.kind == "import" else missing_member)(use, file, ground)
        if finding and (use.line, use.name) not in seen and not _is_excused(file, use.line):
            seen.add((use.line, use.name))
            yield finding
    for finding in misfitting_calls(calls, uses, row.language, ground):
        if not _is_excused(file, finding.line):
            yield finding


# Said of a line: that what stands there is not to be believed.
_EXCUSE = re.compile(
    r"type: *ignore(?!\[)|ignore\[[^\]]*(?:attr-|call-|name-|import|misc|arg-)|noqa(?!:)|noqa:.*F821"
    r"|pylint: *disable|@ts-(?:ignore|expect-error|nocheck)"
)
_RAISES = re.compile(r"\braises\(|\bassertRaises|\btoThrow|@ts-(?:ignore|expect-error)")
_AROUND = 3  # lines away from it at which `with raises(TypeError):` may stand


_FALLS_BACK = re.compile(
    r"except *:|except\b.*\b(?:ImportError|ModuleNotFoundError|AttributeError|TypeError|NameError)\b"
)


def _is_excused(file: ChangedFile, line: int) -> bool:
    """Whether a line is wrong on purpose, or its author saw to it that it may be."""
    lines = (file.after or "").split("\n")
    here, python = lines[line - 1], file.path.endswith(".py")
    around = lines[max(0, line - 1 - _AROUND) : line - 1]
    if python:  # a block of `with raises(…):` stands deeper than that line
        around = [other for other in around if _indent(other) < _indent(here)]
    else:  # `expect(() => f()).toThrow()` may go on below
        around += lines[line : line + _AROUND]
    if _EXCUSE.search(here) or any(map(_RAISES.search, (here, *around))):
        return True
    return python and _is_tried(lines, line - 1)


def _is_tried(lines: list[str], at: int) -> bool:
    """Whether a line of Python stands in a `try` that goes on where a name is missing."""
    depth = _indent(lines[at])
    for number in range(at - 1, -1, -1):
        here = lines[number]
        if not depth:
            return False
        if not here.strip() or _indent(here) >= depth:
            continue
        depth = _indent(here)
        if re.match(r"\s*try *:", here) and _falls_back(lines, number, depth):
            return True
    return False


def _falls_back(lines: list[str], opened: int, depth: int) -> bool:
    for here in lines[opened + 1 :]:
        if here.strip() and _indent(here) <= depth:
            if _FALLS_BACK.match(here.strip()):
                return True
            if not re.match(r"\s*(?:except|else|finally|[)#])", here):
                return False
    return False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())

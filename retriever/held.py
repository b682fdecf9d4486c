"""Name what a pack shows, so that the caller can say what it holds already and the next pack leaves it out.

An id is `path:1-6,16-37@0f3a9c2e`: the lines that are shown and a digest of their text. It carries all that
is needed, so nothing is remembered between two requests, and what has changed since is seen by its digest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from indexer.conventions import Rule
from indexer.errors import BadInput

from .sheet import Sheet, Sheets

MOST = 1000  # ids: what a long conversation holds
_ID = re.compile(r"(?s)(.+):(\d{1,9}(?:-\d{1,9})?(?:,\d{1,9}(?:-\d{1,9})?)*)@([0-9a-f]{8})")
_RULE = re.compile(r"(?s)convention:.*[^\d,-][^:]*@[0-9a-f]{8}")
_MOST_LINES = 200_000  # of one id: longer than any file that is indexed


@dataclass(frozen=True, slots=True)
class Place:
    """What an id says."""

    path: str
    lines: tuple[int, ...]
    digest: str


@dataclass(slots=True)
class Held:
    """What the caller holds and what is still true of it: lines by path, and the keys of rules.

    What stands behind a `stale` id has changed, and is shown anew.
    """

    lines: dict[str, set[int]] = field(default_factory=dict)
    rules: set[str] = field(default_factory=set)
    stale: list[str] = field(default_factory=list)

    def of(self, path: str) -> set[int]:
        return self.lines.get(path, set())


def id_of(sheet: Sheet, lines: Sequence[int]) -> str:
    """The id of these lines of a file, in ascending order."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    said = ",".join(f"{first}-{last}" if last > first else f"{first}" for first, last in runs)
    return f"{sheet.path}:{said}@{_digest(sheet, lines)}"


def read_id(text: str) -> Place:
    """Raises BadInput for what is no id."""
    found = _ID.fullmatch(text)
    lines: list[int] = []
    for run in found[2].split(",") if found else ():
        first, _, last = run.partition("-")
        start, end = int(first), int(last or first)
        if not (lines[-1] if lines else 0) < start <= end or end > _MOST_LINES:
            found = None
            break
        lines += range(start, end + 1)
    if not found:
        raise BadInput(f"{text[:200]!r} is no id of a piece of context; give back `id` as an item has it")
    return Place(found[1], tuple(lines), found[3])


def id_of_rule(rule: Rule) -> str:
    """The id of a convention as it is stated and counted now."""
    return f"convention:{rule.key}@{_sum(f'{rule.statement} {rule.support} {rule.total}')}"


def held(known: Iterable[str], sheets: Sheets, rules: Iterable[Rule]) -> Held:
    """What is still true of the ids a caller holds. Raises BadInput."""
    kept = Held()
    keys: dict[str, str] = {}
    for text in dict.fromkeys(known):
        if _RULE.fullmatch(text):
            keys = keys or {id_of_rule(rule): rule.key for rule in rules}
            if text in keys:
                kept.rules.add(keys[text])
            else:
                kept.stale.append(text)
            continue
        place = read_id(text)
        sheet = sheets.get(place.path)
        if sheet and place.lines[-1] <= len(sheet.lines) and _digest(sheet, place.lines) == place.digest:
            kept.lines.setdefault(place.path, set()).update(place.lines)
        else:
            kept.stale.append(text)
    return kept


def _digest(sheet: Sheet, lines: Sequence[int]) -> str:
    return _sum(sheet.text(lines))


def _sum(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()

"""What new lines read of a name (`retry.ATTEMPTS`) -> the same as uses, where the name means one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexer.store.catalog import FileRow, ReferenceRow

from ..graph.values import CLASSES, FUNCTIONS
from .calls import Read
from .ground import Ground


def read_members(reads: Sequence[Read], file: FileRow, ground: Ground) -> Iterator[ReferenceRow]:
    """What is read of a module or a class of ours, named as the file names it."""
    known: dict[str, str] = {}
    for read in reads:
        if read.of not in known:
            known[read.of] = _standing_for(read.of, file, ground)
        asked_first = rf"[\"']{re.escape(read.name)}[\"']"  # `hasattr(shop, "limit")`
        if known[read.of] and not re.search(asked_first, ground.facts.text(file.path)):
            origin = known[read.of]
            yield ReferenceRow(file.id, file.path, read.name, "read", read.line, "", read.of, origin, -1)


def _standing_for(name: str, file: FileRow, ground: Ground) -> str:
    """The origin of a name that means one thing in all of a file: an import, or a class of its own."""
    origin = ground.facts.binding(file.id, "", name)
    defined = [row for row in ground.facts.defined(file.id, name) if row.kind in CLASSES]
    is_import = origin.startswith("<") and "|" not in origin
    if not is_import and (origin or len(defined) != 1):
        return ""
    given = re.compile(_GIVEN.replace("NAME", re.escape(name)))
    parameter = re.compile(_PARAMETER.replace("NAME", re.escape(name)))
    heads = [row.signature for row in ground.facts.symbols(file.id) if row.kind in FUNCTIONS]
    if given.search(ground.code(file)) or any(map(parameter.search, heads)):
        return ""
    return origin or name


# Where a name is given another meaning, in whatever scope.
_GIVEN = (
    r"(?<![\w.])NAME\s*(?::[^=\n]+)?=(?!=)|\bfor\b[^\n]*\bNAME\b[^\n]*\bin\b|\blambda\b[^:\n]*\bNAME\b"
    r"|\b(?:with|except)\b[^\n]*\bas\s+NAME\b|\bNAME\s*:="
)
_PARAMETER = r"[(,]\s*\*{0,2}NAME\s*[,:=)]"

"""A Change and an Index -> a Report: what was found, what people have judged, what was not looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.errors import NotFound

from .apply import LeftOut, applied, whole
from .change import Change
from .finding import KINDS, Finding, Kind, in_order
from .patch import read_patch
from .suppress import judged, suppressions, unused

if TYPE_CHECKING:
    from .index import Index


@dataclass(frozen=True, slots=True)
class Report:
    """`suppressed` are findings that a comment answers, `unused` the comments that answer none."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    unused: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    files: int
    lines: int


def check(
    change: Change,
    search: Index,
    kinds: Sequence[Kind] = KINDS,
    everything: bool = False,
    left_out: Sequence[LeftOut] = (),
) -> Report:
    """Raises NotFound when the repository of the change is not indexed."""
    found = [finding for kind in kinds for finding in _finds(kind, change, search, everything)]
    said = suppressions(change)
    left, hidden, used = judged(in_order(found), said)
    return Report(
        tuple(left),
        tuple(hidden),
        tuple(unused(change, said, used, kinds)),
        tuple(left_out),
        len(change.files),
        sum(len(file.added) for file in change.files),
    )


def _finds(kind: Kind, change: Change, search: Index, everything: bool) -> list[Finding]:
    """Each kind is imported where it is asked for: a hook that looks at style alone is quick."""
    if kind == "style":
        from . import style

        return style.finds(change, search, everything)
    if kind == "twins":
        from . import twins

        return twins.finds(change, search)
    if kind == "names":
        from . import names

        return names.finds(change, search)
    from . import untested

    return untested.finds(change, search)


def check_diff(
    repo: str,
    diff: str,
    search: Index,
    kinds: Sequence[Kind] = KINDS,
    everything: bool = False,
    entire: bool = False,
) -> Report:
    """Of a unified diff against the indexed texts, whether the index holds the change already or not.

    `entire` says that the diff holds its files whole, so that it need not fit what is indexed. Raises
    BadInput for what is no diff or fits nowhere, NotFound.
    """
    name = search.catalog.repo(repo).name
    patches = read_patch(diff)

    def text_of(path: str) -> str | None:
        try:
            return search.file(name, path)
        except NotFound:
            return None

    change, left = whole(name, patches) if entire else applied(name, patches, text_of)
    return check(change, search, kinds, everything, left)

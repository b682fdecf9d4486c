"""Headers and sources of C and C++ -> a file counts for more where its other half does. Pure.

What one declares the other defines, so that most changes of one are of both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from .evidence import FileEvidence
from .rank import FILE_SIGNS, weigh

# `net.h` and `net.cpp`; where templates are kept apart, also `net-inl.h`.
_HALF = re.compile(r"(?:[-_](?:inl|impl))?\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|ipp|inl)$")
_MOST = 3  # files of one name: with more of them it is as common as a word


def pair_up(evidence: Iterable[FileEvidence]) -> None:
    """Give each half the sign `pair`: how far the other is ahead of it."""
    halves: dict[tuple[str, str], list[FileEvidence]] = defaultdict(list)
    for one in evidence:
        one.signs["pair"] = 0.0
        name = one.file.path.rpartition("/")[2]
        if _HALF.search(name) and not one.signs["aside"]:
            halves[one.repo.name, _HALF.sub("", name)].append(one)
    for several in halves.values():
        if len(several) <= _MOST:
            scores = [weigh(one.signs, FILE_SIGNS) for one in several]
            for one, score in zip(several, scores, strict=True):
                one.signs["pair"] = max(scores) - score

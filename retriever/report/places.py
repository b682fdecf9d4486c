"""Paths and modules as a report writes them -> the files of this repository they mean. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..naming import MAIN_FILES

_ROOTS = frozenset({"src", "lib", "python", "source", "pkg", "packages", "main", "java"})
_BUILT = re.compile(r"(?:^|/)(?:build|bundles?|cjs|dist|esm?|lib|out|umd)/(?:.*/)?[^/]+\.[cm]?jsx?$")


class Places:
    """The files of a repository by their last names."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for path in paths:
            folders = path.split("/")
            self._by_name[folders[-1].lower()].append(path)
            stem = folders[-1].split(".")[0]
            if stem in MAIN_FILES and len(folders) > 1:
                self._by_stem[folders[-2].lower()].append(path)
            self._by_stem[stem.lower()].append(path)

    def of_path(self, written: str) -> list[str]:
        """The files whose path ends most alike; none where only a name that many files have agrees.

        A file that was built (`lib/net.js`) is the one it was built from (`src/net.ts`).
        """
        parts = written.lower().strip("/").split("/")
        if parts[-1] not in self._by_name and is_built(written):
            stem = parts[-1].rpartition(".")[0]
            sources = (f"{stem}.ts", f"{stem}.tsx", f"{stem}.mts", f"{stem}.cts")
            parts[-1] = next((source for source in sources if source in self._by_name), parts[-1])
        best: list[str] = []
        longest = 0
        for path in self._by_name.get(parts[-1], ()):
            common = _common(parts, path.lower().split("/"))
            if common > longest:
                best, longest = [path], common
            elif common == longest:
                best.append(path)
        return best if len(best) == 1 or longest > 1 else []

    def of_module(self, dotted: str) -> tuple[list[str], int]:
        """The files that the longest beginning of a dotted name means, and how many of its parts agree."""
        parts = dotted.lower().split(".")
        for end in range(len(parts), 0, -1):
            best: list[str] = []
            longest = 0
            for path in self._by_stem.get(parts[end - 1], ()):
                common = _common(parts[:end], _module(path))
                whole = common == end or common >= 2
                if whole and common > longest:
                    best, longest = [path], common
                elif whole and common == longest:
                    best.append(path)
            if best and (longest > 1 or len(best) == 1) and longest == end:
                return best, longest
            if best and longest > 1:
                return best, longest
        return [], 0


def is_built(path: str) -> bool:
    """Whether a path is one of JavaScript that a compiler or bundler may have written."""
    return bool(_BUILT.search(path))


def _module(path: str) -> list[str]:
    """The parts under which a file is imported."""
    folders = path.lower().split("/")
    folders[-1] = folders[-1].split(".")[0]
    if folders[-1] in MAIN_FILES and len(folders) > 1:
        folders.pop()
    return [part for n, part in enumerate(folders) if n or part not in _ROOTS]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many last parts agree."""
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count

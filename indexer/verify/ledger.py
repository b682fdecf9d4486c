"""A root and its index -> what became of every byte below it: indexed, or left out and why.

The disk is walked here by nothing but its folders, without the rules that decide what is indexed, so
that a rule that loses a file cannot hide it: what no row speaks for is named as unaccounted.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..decode import decode
from ..store.catalog import Catalog, FileRow, RepoRow

GIT = "git's own"  # .git is no part of the files, and never looked into
UNACCOUNTED = "unaccounted"  # came or changed since the last sync
INDEXED = "indexed"
_BLOCK = 1 << 20
_NAMED = 50  # unaccounted paths that are named


@dataclass(slots=True)
class Share:
    """Files with one fate. `lines` counts line ends, and is None where nobody asked for them."""

    files: int = 0
    bytes: int = 0
    lines: int | None = None


@dataclass(slots=True)
class Ledger:
    """The whole, and its parts by fate: their bytes add up to `whole.bytes`, which the disk says.

    `lines` of what is indexed are those of its chunks. `redacted_lines` are among them, with a secret
    in each that is not stored. `unreadable` are folders whose content nobody may see.
    """

    whole: Share = field(default_factory=Share)
    parts: dict[str, Share] = field(default_factory=dict)
    redactions: int = 0
    redacted_lines: int = 0
    unaccounted: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """A file on the disk."""

    path: str
    status: os.stat_result


class Fates:
    """What the index says of each path."""

    def __init__(self, catalog: Catalog, repo: RepoRow) -> None:
        self.files: dict[str, FileRow] = {file.path: file for file in catalog.files(repo)}
        self.skipped = {path: (reason, detail) for path, reason, detail in catalog.skipped(repo)}

    def of(self, path: str) -> tuple[str, str]:
        """(the fate, the row that decides it): the path itself, or a folder above it that is left out."""
        if ".git" in path.split("/"):
            return GIT, path
        if path in self.files:
            return INDEXED, path
        if path in self.skipped:
            return self.skipped[path][0], path
        above = path
        while "/" in above:
            above = above.rpartition("/")[0]
            if f"{above}/" in self.skipped:
                return self.skipped[f"{above}/"][0], f"{above}/"
        if "./" in self.skipped:  # the root itself could not be read
            return self.skipped["./"][0], "./"
        return UNACCOUNTED, path


def balance(catalog: Catalog, repo: RepoRow, count_lines: bool = True) -> Ledger:
    """Account for every file below the root. `count_lines` reads what is left out too, for its lines."""
    fates, root = Fates(catalog, repo), Path(repo.root)
    ledger = Ledger()
    ledger.whole.lines = 0 if count_lines else None
    for found in files_below(root, ledger.unreadable):
        size = found.status.st_size
        fate, _ = fates.of(found.path)
        if fate == INDEXED and fates.files[found.path].size != size:
            fate = UNACCOUNTED
        if fate == UNACCOUNTED and len(ledger.unaccounted) < _NAMED:
            ledger.unaccounted.append(found.path)
        lines = _lines_of(fates, fate, root, found, count_lines)
        for share in (ledger.whole, ledger.parts.setdefault(fate, Share())):
            share.files += 1
            share.bytes += size
            if lines is not None:
                share.lines = (share.lines or 0) + lines
    for path, file, redactions in _redacted(catalog, repo):
        ledger.redactions += redactions
        ledger.redacted_lines += len(redacted_lines(catalog, root, path, file))
    return ledger


def files_below(root: Path, unreadable: list[str]) -> Iterator[Found]:
    """Everything below `root` that is no folder, symbolic links as themselves."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(root / folder) as scan:
                entries = list(scan)
        except OSError:
            unreadable.append(folder or "./")
            continue
        for entry in entries:
            path = folder + entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{path}/")
                else:
                    yield Found(printable(path), entry.stat(follow_symlinks=False))
            except OSError:
                continue  # gone since the folder was listed


def printable(path: str) -> str:
    """A path as the catalog writes it: bytes that are no UTF-8 with backslashes."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def redacted_lines(catalog: Catalog, root: Path, path: str, file: int) -> list[int]:
    """The lines of an indexed file that hold a secret, by comparing the file with what is stored of it."""
    try:
        text = decode((root / path).read_bytes())
    except OSError:
        return []
    pairs = zip((text or "").split("\n"), catalog.text_of(file).split("\n"), strict=False)
    return [number for number, (have, stored) in enumerate(pairs, start=1) if have != stored]


def _redacted(catalog: Catalog, repo: RepoRow) -> list[tuple[str, int, int]]:
    sql = "SELECT path, id, redactions FROM files WHERE repo = ? AND redactions > 0 ORDER BY path"
    return [(path, file, redactions) for path, file, redactions in catalog.select(sql, repo.id)]


def _lines_of(fates: Fates, fate: str, root: Path, found: Found, count: bool) -> int | None:
    if fate == INDEXED:
        return fates.files[found.path].lines
    if not count or fate == GIT or not stat.S_ISREG(found.status.st_mode):
        return None
    lines = 0
    try:
        with open(os.open(root / found.path, os.O_RDONLY | os.O_NOFOLLOW), "rb", buffering=0) as file:
            while block := file.read(_BLOCK):
                lines += block.count(b"\n")
    except OSError:
        return None
    return lines

"""A path -> what became of it in the index, in a sentence: why is this file not found?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from .. import git
from ..files import FileOptions, Skipped, candidates, read
from ..skip import SkipReason
from ..store.catalog import Catalog, RepoRow
from .ledger import GIT, INDEXED, UNACCOUNTED, Fates, printable, redacted_lines

ABSENT = "absent"
_BRING_IN = {
    SkipReason.IGNORED: "a line `!PATH` in .cairnignore brings it in",
    SkipReason.TOO_LARGE: "CAIRN_MAX_FILE_BYTES raises the limit",
    SkipReason.DATA: "CAIRN_MAX_DATA_BYTES raises the limit, CAIRN_KEEP=data keeps all such files",
    SkipReason.UNREADABLE: "give the user that runs cairn the right to read it",
    SkipReason.UNREADABLE_IGNORE_FILE: "mend that ignore file: what it hides cannot be known",
    SkipReason.SYMLINK: "what it points to is indexed where it stands, if that is below the root",
}
_KEPT = (
    SkipReason.MINIFIED,
    SkipReason.GENERATED,
    SkipReason.VENDORED,
    SkipReason.LOCK_FILE,
    SkipReason.TRANSLATION,
)


@dataclass(frozen=True, slots=True)
class Fate:
    """`fate` is indexed, absent, unaccounted, git's own or the reason it is left out; `said` explains it.

    `by` is the row that decides: the path, or the folder above it. `chunks` are (first, last line) of
    each, and `redacted` the lines with a secret that is not stored.
    """

    path: str
    fate: str
    said: str
    by: str = ""
    bytes: int = 0
    lines: int = 0
    language: str = ""
    symbols: int = 0
    chunks: tuple[tuple[int, int], ...] = ()
    redacted: tuple[int, ...] = ()


def fate_of(catalog: Catalog, repo: RepoRow, path: str, options: FileOptions) -> Fate:
    """Explain one path, a file or a folder, relative to the root."""
    path = printable(path.strip("/"))
    root, fates = Path(repo.root), Fates(catalog, repo)
    on_disk = os.path.lexists(root / path)
    size = os.lstat(root / path).st_size if on_disk else 0
    if path in fates.files:
        return _indexed(catalog, root, fates, path, options, on_disk)
    if f"{path}/" in fates.skipped:
        reason, detail = fates.skipped[f"{path}/"]
        return Fate(path, reason, _why(root, path, reason, detail), f"{path}/")
    if (link := _link_above(root, path)) is not None:
        said = f"{path} lies behind the symbolic link {link}; what a link leads to is never followed"
        return Fate(path, str(SkipReason.SYMLINK), said, link, size)
    if not on_disk:
        return Fate(path, ABSENT, f"there is no {path} in {root}, and the index holds none; check the name")
    fate, by = fates.of(path)
    if fate == GIT:
        return Fate(path, GIT, "git's own files are no part of the index", ".git", size)
    if fate != UNACCOUNTED:
        reason, detail = fates.skipped[by]
        return Fate(path, reason, _why(root, by.rstrip("/"), reason, detail), by, size)
    if (root / path).is_dir():
        inside = [file for file in fates.files if file.startswith(f"{path}/")]
        said = f"a folder: {len(inside)} files below it are indexed"
        return Fate(path, INDEXED if inside else UNACCOUNTED, said, path)
    return Fate(path, UNACCOUNTED, _next(root, path, options), path, size)


def _indexed(
    catalog: Catalog, root: Path, fates: Fates, path: str, options: FileOptions, on_disk: bool
) -> Fate:
    file = fates.files[path]
    known = catalog.select("SELECT digest FROM files WHERE id = ?", file.id)[0][0]
    now = read(root, path, options) if on_disk else None
    chunks = [(chunk.start, chunk.end) for chunk in catalog.chunks_of(file.id)]
    redacted: list[int] = []
    if now is None or isinstance(now, Skipped):
        said = "indexed as it was, but it is not there any more; the next sync forgets it"
    elif now.digest != known:
        said = "indexed as it was before it changed; the next sync takes the change up"
    elif not chunks:
        said = "indexed, but it holds nothing but blank lines, so there is nothing to find"
    else:
        said = f"indexed: its {file.lines} lines are in {len(chunks)} chunks"
        redacted = redacted_lines(catalog, root, path, file.id)
    if redacted:
        said += f"; secrets of lines {', '.join(map(str, redacted))} are not stored"
    symbols = len(catalog.symbols_in([file.id]))
    return Fate(
        path,
        INDEXED,
        said,
        path,
        file.size,
        file.lines,
        file.language,
        symbols,
        tuple(chunks),
        tuple(redacted),
    )


def _why(root: Path, path: str, reason: str, detail: str) -> str:
    said = f"left out: {path} is {reason}" if reason != "failed" else f"left out: indexing {path} failed"
    if detail:
        said += f" ({detail})"
    if reason == SkipReason.IGNORED and (rule := _rule(root, path) or _own_rule(root)):
        said += f" by {rule}"
    try:
        known = SkipReason(reason)
    except ValueError:
        return said
    way = _BRING_IN.get(known) or (f"CAIRN_KEEP={reason!r} keeps such files" if known in _KEPT else "")
    return f"{said}; {way}" if way else said


def _rule(root: Path, path: str) -> str:
    """The line of the ignore file that git obeys, as git names it; "" where it is not git's."""
    repository = git.find(os.path.realpath(root))
    if repository is None:
        return ""
    inside = os.path.relpath(os.path.join(os.path.realpath(root), path), repository.top)
    return git.ignoring_rule(repository, inside)


def _own_rule(root: Path) -> str:
    return ".cairnignore" if (root / ".cairnignore").exists() else ""


def _link_above(root: Path, path: str) -> str | None:
    above = path
    while "/" in above:
        above = above.rpartition("/")[0]
        if (root / above).is_symlink():
            return above
    return None


def _next(root: Path, path: str, options: FileOptions) -> str:
    """What the next sync will do with a path that no row speaks for."""
    found = candidates(root, [path], options)
    for skipped in found.skipped:
        why = _why(root, path, skipped.reason, skipped.detail)
        return f"not looked at yet; after the next sync {why}"
    judged = read(root, path, options) if found.files else None
    if isinstance(judged, Skipped):
        return f"not looked at yet; the next sync leaves it out: {judged.reason}"
    if judged is None:
        return "not looked at yet, and the next sync will not find it either"
    return "not looked at yet; the next sync indexes it: cairn index"

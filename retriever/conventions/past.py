"""A repository's history -> the facts its changed files had a year ago, read once per commit."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import indexer.conventions
from indexer import git, skip
from indexer.conventions import rule_language
from indexer.conventions.counts import FileFacts
from indexer.conventions.facts import facts_of
from indexer.decode import decode
from indexer.languages import language_of
from indexer.parse import parse
from indexer.types import SourceFile

_YEAR = 365 * 24 * 3600  # seconds
_MOST = 400  # changed files that are read: some two seconds of parsing; beyond, a sample tells as much
_LARGEST = 200_000  # bytes of a file, above which reading what it was costs more than it tells
_FILE_MODES = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is not what it was: None where there was or is none."""

    before: str | None
    after: str | None
    blob: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """What was at `commit`, the last one a year before `head`.

    `files` are the raw facts of what the changed files were. `scale` is how many changed files each of
    `changes` stands for: 1.0 unless there were too many to read.
    """

    head: str
    commit: str
    changes: tuple[Change, ...]
    files: tuple[FileFacts, ...]
    scale: float


def past_of(root: Path, keep: Path | None = None) -> Past | None:
    """None without a year of history. What was read is kept in the folder `keep` and found there again."""
    repository = git.find(os.path.realpath(root))
    if repository is None:
        return None
    try:
        newest = git.run(repository, "rev-list", "-1", "--format=%H %ct", "HEAD").decode("ascii")
        head, when = newest.splitlines()[-1].split()
        before = f"--before={int(when) - _YEAR}"
        commit = git.run(repository, "rev-list", "-1", "--first-parent", before, head).decode("ascii").strip()
        if not commit:
            return None
        kept = _place(keep, str(root), head)
        return _kept(kept) or _read(repository, root, head, commit, kept)
    except (git.GitFailed, ValueError):
        return None


def _read(repository: git.Repository, root: Path, head: str, commit: str, kept: Path | None) -> Past:
    inside = os.path.relpath(os.path.realpath(root), repository.top).replace(os.sep, "/")
    prefix = "" if inside == "." else inside + "/"
    changes = list(_changes(repository, commit, head, prefix))
    chosen = _sample(changes)
    files = tuple(_facts(repository, chosen))
    past = Past(head, commit, tuple(chosen), files, len(changes) / max(1, len(chosen)))
    _keep(kept, past)
    return past


def _changes(repository: git.Repository, commit: str, head: str, prefix: str) -> Iterator[Change]:
    """Files of code that were changed, added, removed or moved; one that was only moved is none."""
    out = git.run(repository, "diff-tree", "-r", "-z", "-M", "-l1000", "--no-abbrev", commit, head)
    words = iter(os.fsdecode(out).split("\0"))
    for head_word in words:
        if not head_word.startswith(":"):
            continue
        old_mode, new_mode, blob, _, status = head_word[1:].split(" ")
        first = next(words)
        second = next(words) if status[0] in "RC" else first
        before = _inside(first, prefix) if old_mode in _FILE_MODES and status[0] != "C" else None
        after = _inside(second, prefix) if new_mode in _FILE_MODES else None
        if status != "R100" and (before or after):
            yield Change(before, after, blob if before else "")


def _inside(path: str, prefix: str) -> str | None:
    """The path from the root, None for what the index would not hold."""
    if not path.startswith(prefix) or language_of(path).kind != "code":
        return None
    *folders, name = path.removeprefix(prefix).split("/")
    if any(skip.by_folder_name(folder) or skip.may_be_vendored(folder) for folder in folders):
        return None
    return None if skip.by_name(name, skip.Place()) else path.removeprefix(prefix)


def _sample(changes: Sequence[Change]) -> list[Change]:
    """All of them, or as many as are read: always the same ones, whatever their order."""
    if len(changes) <= _MOST:
        return list(changes)
    return sorted(changes, key=lambda change: _digest(change.after or change.before or ""))[:_MOST]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(os.fsencode(text), digest_size=8).digest()


def _facts(repository: git.Repository, changes: Iterable[Change]) -> Iterator[FileFacts]:
    blobs = {change.blob: change.before for change in changes if change.before}
    for blob, raw in _blobs(repository, blobs):
        path = blobs[blob] or ""
        text = decode(raw)
        if text is None:
            continue
        language = language_of(path, text)
        if skip.by_text(text, language.name, language.kind) is None:
            file = SourceFile(path, text, language.name, language.kind, blob, len(raw), 0)
            yield FileFacts(path, rule_language(language.name), facts_of(parse(file)))


def _blobs(repository: git.Repository, blobs: Mapping[str, str | None]) -> Iterator[tuple[str, bytes]]:
    """The content of those that are there and not too large. A partial clone has few of them."""
    sizes = git.run(repository, "cat-file", "--batch-check", feed=_lines(blobs)).decode("ascii").splitlines()
    known = [line.split() for line in sizes]
    wanted = [line[0] for line in known if len(line) == 3 and int(line[2]) <= _LARGEST]
    out = git.run(repository, "cat-file", "--batch", feed=_lines(wanted))
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        blob, _, size = out[at:end].decode("ascii").split(" ")
        yield blob, out[end + 1 : end + 1 + int(size)]
        at = end + 1 + int(size) + 1


def _lines(names: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in names).encode("ascii")


# -- kept between processes: a command line has no time to read a year


def _place(keep: Path | None, root: str, head: str) -> Path | None:
    return keep / f"past-{_digest(root).hex()}-{head[:12]}.json" if keep else None


def forget(keep: Path, root: str) -> None:
    """Throw away what was kept of a root."""
    for old in keep.glob(f"past-{_digest(root).hex()}-*.json"):
        old.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _counters() -> str:
    """Which version of the counters counted: facts of another one mean something else."""
    texts = [path.read_bytes() for path in sorted(Path(indexer.conventions.__file__).parent.rglob("*.py"))]
    return hashlib.blake2b(b"\0".join(texts), digest_size=8).hexdigest()


def _kept(place: Path | None) -> Past | None:
    try:
        said = json.loads(place.read_text("utf-8")) if place else None
        if not said or said["counters"] != _counters():
            return None
        return Past(
            said["head"],
            said["commit"],
            tuple(Change(*change) for change in said["changes"]),
            tuple(FileFacts(*file) for file in said["files"]),
            said["scale"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(place: Path | None, past: Past) -> None:
    """One file per root: that of the commit before goes. A folder that cannot be written to keeps nothing."""
    if place is None:
        return
    said = {
        "counters": _counters(),
        "head": past.head,
        "commit": past.commit,
        "changes": [[change.before, change.after, change.blob] for change in past.changes],
        "files": [[file.path, file.language, file.facts] for file in past.files],
        "scale": past.scale,
    }
    with suppress(OSError):
        partial = place.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(said), "utf-8")
        for old in place.parent.glob(place.name.rpartition("-")[0] + "-*.json"):
            old.unlink(missing_ok=True)
        partial.replace(place)

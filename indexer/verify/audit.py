"""An index -> what is wrong in itself, and which files changed since: no rebuild is needed to see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import IndexDamaged
from ..files import FileOptions, Skipped, read, walk
from ..git import head_commit
from ..store import Vectors
from ..store.catalog import Catalog, ChunkRow, RepoRow
from . import Finding, Look
from .rows import Tables

Tell = Callable[[str, int, int], None]  # what is being done, how many are done, of how many


def audit(
    catalog: Catalog, vectors: Vectors, repo: RepoRow, files: FileOptions, tell: Tell = lambda *_: None
) -> Look:
    """Every chunk has its point and every point its chunk, every line of every file stands in exactly one
    chunk, the text is the file's, and no row hangs on nothing. Reads every file once."""
    findings = [*_ids(catalog, vectors, repo), *_stray(catalog), *_commit(repo)]
    known = catalog.known(repo)
    rows = {file.path: file.id for file in catalog.files(repo)}
    on_disk = {file.path: (file.size, file.mtime_ns) for file in walk(Path(repo.root), files).files}
    paths = sorted(on_disk | rows.keys())
    lines = chunks = 0
    for number, path in enumerate(paths):
        tell("reading files", number, len(paths))
        source = read(Path(repo.root), path, files) if path in on_disk else None
        if source is None or isinstance(source, Skipped):
            if path in rows:
                said = f"{path} is in the index and does not belong there any more"
                findings.append(Finding("stale", path, said))
        elif path not in rows:
            findings.append(Finding("stale", path, f"{path} is not in the index"))
        elif source.digest != known[path].digest:
            unseen = on_disk[path] == (known[path].size, known[path].mtime_ns)
            said = f"{path} has changed since it was indexed"
            findings.append(Finding("stale", path, said + (", at the same size and time" if unseen else "")))
        else:
            held = catalog.chunks_of(rows[path])
            findings += _text(catalog, path, rows[path], held, source.text, source.line_count)
            lines += source.line_count
            chunks += len(held)
    proven = (
        f"every chunk has its point and every point its chunk ({chunks} chunks)",
        f"{lines} lines of {len(rows)} files are each in exactly one chunk, and say what the file says",
        "no row hangs on nothing",
    )
    return Look(tuple(findings), proven)


def _ids(catalog: Catalog, vectors: Vectors, repo: RepoRow) -> Iterator[Finding]:
    rows, points = catalog.chunk_ids(repo), set(vectors.ids(repo.name))
    if rows != points:
        places = {chunk.id: chunk for chunk in catalog.chunks(sorted(rows - points)).values()}
        for id_ in sorted(rows - points):
            path = places[id_].path if id_ in places else ""
            at = f" ({path}:{places[id_].start})" if path else ""
            yield Finding("vector", path, f"chunk {id_} has no vector{at}")
        for id_ in sorted(points - rows):
            yield Finding("orphan", "", f"vector {id_} belongs to no chunk")


def _commit(repo: RepoRow) -> Iterator[Finding]:
    commit = head_commit(Path(repo.root))
    if repo.complete and commit != repo.commit:
        yield Finding("stale", "", f"the index is of commit {repo.commit}, checked out is {commit}")


def _stray(catalog: Catalog) -> Iterator[Finding]:
    for table, number in Tables(catalog).stray():
        yield Finding("orphan", "", f"{number} rows of {table} hang on nothing")


def _text(
    catalog: Catalog, path: str, file: int, held: list[ChunkRow], text: str, lines: int
) -> Iterator[Finding]:
    if not held and not text.strip():
        return  # nothing but blank lines: there is nothing to find in it
    text = text if text.endswith("\n") else f"{text}\n"  # a chunk is whole lines, the last one as well
    line = 1
    for chunk in held:
        if chunk.start != line:
            yield Finding("text", path, f"{path}: line {min(line, chunk.start)} is in no chunk or in two")
        line = chunk.end + 1
    if line != lines + 1:
        yield Finding("text", path, f"{path}: its chunks end at line {line - 1}, the file at line {lines}")
    try:
        same = catalog.text_of(file) == text
    except IndexDamaged:
        yield Finding("text", path, f"{path}: its indexed text cannot be unpacked")
        return
    if not same:
        yield Finding("text", path, f"{path}: the indexed text is not the file's")

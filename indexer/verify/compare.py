"""A live index and a clean rebuild of it -> where they differ: rows, points, what is left out, the sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..store import Vectors
from ..store.catalog import Catalog, KnownFile, RepoRow
from . import Finding, Kind, Look
from .audit import Tell
from .points import different
from .rebuild import Rebuilt
from .rows import Rows, Tables

_SHOWN = 80  # characters of a row that a sentence quotes


def compare(
    catalog: Catalog,
    vectors: Vectors,
    repo: RepoRow,
    fresh: Rebuilt,
    paths: Sequence[str] | None = None,
    tell: Tell = lambda *_: None,
) -> Look:
    """Compare all of it, or what a rebuild of only `paths` can know. A file that changed between the two
    is no difference: the audit names it."""
    live, new = Tables(catalog), Tables(fresh.catalog)
    known, wanted = catalog.known(repo), fresh.catalog.known(fresh.repo)
    findings: list[Finding] = []
    same: list[str] = []
    for path in sorted(path for path, file in wanted.items() if file.id):
        if path in known and known[path].digest == wanted[path].digest:
            same.append(path)
    chunks = 0
    for number, path in enumerate(same):
        tell("comparing files", number, len(same))
        have, want = live.of_file(known[path].id), new.of_file(wanted[path].id)
        findings += _rows(path, have, want)
        ids = [chunk.id for chunk in fresh.catalog.chunks_of(wanted[path].id)]
        chunks += len(ids)
        for id_, what in different(vectors, fresh.vectors, ids):
            findings.append(Finding("vector", path, f"{path}: the {what} of chunk {id_} is not its text's"))
    if paths is None:
        findings += _repo(live.of_repo(repo), new.of_repo(fresh.repo))
        whole = len(same) == _files(wanted) == _files(known)
        if whole and catalog.sample(repo) != fresh.catalog.sample(fresh.repo):
            findings.append(Finding("sample", "", "the stored sample of vectors is not the chunks'"))
    return Look(tuple(findings), tuple(_proven(live, same, chunks, paths)), tuple(_notes(live)))


def _rows(path: str, have: Rows, want: Rows) -> Iterator[Finding]:
    for table in want.keys() | have.keys():
        mine, right = have.get(table, []), want.get(table, [])
        if mine != right:
            kind: Kind = "text" if table == "texts" else "rows"
            yield Finding(kind, path, f"{path}: {_sentence(table, mine, right)}")


def _sentence(table: str, have: Sequence[object], want: Sequence[object]) -> str:
    lost = [row for row in want if row not in have]
    more = [row for row in have if row not in want]
    if table in ("files", "texts") or len(lost) == len(more) == 1:
        return f"{table}: a row is not what the file makes: {_quoted(more)} for {_quoted(lost)}"
    parts = []
    if lost:
        parts.append(f"{len(lost)} rows are missing ({_quoted(lost)})")
    if more:
        parts.append(f"{len(more)} rows do not belong there ({_quoted(more)})")
    return f"{table}: {' and '.join(parts) or 'the rows stand in another number'}"


def _quoted(rows: Sequence[object]) -> str:
    return repr(rows[0])[:_SHOWN] if rows else "nothing"


def _repo(have: Rows, want: Rows) -> Iterator[Finding]:
    for table in want.keys() | have.keys():
        for row in have.get(table, []):
            if row not in want.get(table, []):
                yield Finding("skipped", str(row[0]), f"{table}: {_quoted([row])} is not what a walk finds")
        for row in want.get(table, []):
            if row not in have.get(table, []):
                yield Finding("skipped", str(row[0]), f"{table}: {_quoted([row])} is missing")


def _files(known: Mapping[str, KnownFile]) -> int:
    return sum(1 for file in known.values() if file.id)


def _proven(live: Tables, same: Sequence[str], chunks: int, paths: Sequence[str] | None) -> Iterator[str]:
    tables = ", ".join(name for name, owner in live.hanging if owner in ("file", "chunk") or name == "files")
    yield f"{len(same)} files rebuilt: their rows are equal ({tables})"
    yield f"{chunks} chunks rebuilt: dense vectors, sparse vectors and payloads are equal bit for bit"
    if paths is None:
        yield "what is left out, and why, is what a clean walk finds"


def _notes(live: Tables) -> Iterator[str]:
    if live.unknown:
        yield f"not compared, for they hang on no file and no repository: {', '.join(live.unknown)}"

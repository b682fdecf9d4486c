"""Findings -> rows marked so that the next sync makes them anew, and nothing else is touched.

A file is mended by making its row disown its content: the next sync reads it, finds another digest
and writes all of it, rows and points, through the one path that is proven safe to be killed on. Rows
that hang on nothing are deleted here; points without a chunk go when a sync finds the index dirty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..store import Vectors
from ..store.catalog import Catalog, RepoRow
from . import Finding
from .rows import Tables, stray

_WHAT = {
    "stale": "changed files indexed",
    "vector": "files indexed anew for lost or wrong vectors",
    "rows": "files indexed anew for wrong rows",
    "text": "files indexed anew for damaged text",
    "skipped": "records of left-out files made anew",
    "orphan": "vectors or rows that hung on nothing deleted",
    "sample": "sample of vectors taken anew",
    "answers": "repository indexed anew, for its store answered otherwise than a rebuild",
}


def invalidate(catalog: Catalog, vectors: Vectors, repo: RepoRow, findings: Iterable[Finding]) -> list[str]:
    """Prepare the repair of `findings`; a whole sync finishes it. Returns what will have been mended.

    The caller holds the repository's lock. Killed in between, the next sync finishes it as well.
    """
    findings = list(findings)
    kinds = {finding.kind for finding in findings}
    with catalog.writing() as db:
        if "orphan" in kinds:
            for table, owner in Tables(catalog).hanging:
                db.execute(f'DELETE FROM "{table}" WHERE {stray(owner)}')
        if "answers" in kinds or any(f.kind == "vector" and not f.path for f in findings):
            db.execute("UPDATE files SET digest = '', mtime_ns = -1 WHERE repo = ?", (repo.id,))
        for path in {finding.path for finding in findings if finding.path}:
            db.execute(
                "UPDATE files SET digest = '', mtime_ns = -1 WHERE repo = ? AND path = ?", (repo.id, path)
            )
            db.execute("DELETE FROM skipped WHERE repo = ? AND path = ?", (repo.id, path))
        db.execute("UPDATE repos SET dirty = 1 WHERE id = ?", (repo.id,))
    if "answers" in kinds:  # only now that a sync knows it has everything to write again
        vectors.delete_repo(repo.name)
        vectors.flush()
    files = Counter[str]()
    for kind in kinds:
        of_kind = [finding for finding in findings if finding.kind == kind]
        files[_WHAT[kind]] = len({finding.path for finding in of_kind if finding.path}) or len(of_kind)
    return [f"{number} {what}" for what, number in sorted(files.items())]

"""What exists: repositories, files, chunks, symbols and references, in SQLite.

A row here is the commit of a change: it is written last, after the vectors were flushed. Writers
hold the repository's lock; readers are never blocked (WAL). One connection per thread.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import IndexDamaged, NotFound
from .rows import unpack_text
from .schema import TABLES

_BUSY_MS = 10_000  # another process commits a batch in well under a second
_CACHE_KB = 16_000
_VARIABLES = 500  # ids per statement, well below SQLite's limit


@dataclass(frozen=True, slots=True)
class RepoRow:
    id: int
    name: str
    root: str
    generation: int
    commit: str | None
    pending: int
    synced_at: float | None
    complete: bool
    dirty: bool


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What sync compares with the disk. `id` is 0 for a file that was skipped, with its reason."""

    id: int
    size: int
    mtime_ns: int
    seen_ns: int
    digest: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FileRow:
    id: int
    path: str
    language: str
    kind: str
    lines: int
    size: int


class ChunkRow(NamedTuple):
    """A chunk without its text; `nr` finds the text. A tuple: a search makes hundreds."""

    nr: int
    id: str
    file: int
    path: str
    language: str
    kind: str
    start: int
    end: int
    defines: tuple[str, ...]
    scope: str


@dataclass(frozen=True, slots=True)
class SymbolRow:
    id: int
    file: int
    path: str
    name: str
    qualname: str
    kind: str
    start: int
    end: int
    doc_start: int
    signature: str
    doc: str


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    file: int
    path: str
    name: str
    kind: str
    line: int
    scope: str
    qualifier: str
    holder: str
    arguments: int


_CHUNK = "c.nr, c.id, c.file, f.path, f.language, f.kind, c.start, c.end, c.defines, c.scope"
_SYMBOL = "s.id, s.file, f.path, s.name, s.qualname, s.kind, s.start, s.end, s.doc_start, s.signature, s.doc"
_REFERENCE = "r.file, f.path, r.name, r.kind, r.line, r.scope, r.qualifier, r.holder, r.arguments"


class Catalog:
    """Opens (and creates) the catalog at `path`. Raises IndexDamaged when it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._explained(), self._lock_free() as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'repos'").fetchone():
                db.execute("BEGIN IMMEDIATE")  # two first processes at once: the second finds the tables
                if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'repos'").fetchone():
                    for statement in TABLES.split(";"):
                        db.execute(statement)
                db.execute("COMMIT")

    @contextmanager
    def _lock_free(self) -> Iterator[sqlite3.Connection]:
        yield self._db

    @property
    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = sqlite3.connect(self.path, timeout=_BUSY_MS / 1000, isolation_level=None)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            self._local.db = db
        return db

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise
            raise IndexDamaged(
                f"the catalog {self.path} cannot be used ({error}); if the disk is full make room, if the "
                f"directory is read-only choose another with --data, else delete {self.path.parent} and "
                "index again"
            ) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is committed, or none."""
        with self._explained():
            db = self._db
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def close(self) -> None:
        """Close this thread's connection; those of other threads close with their threads."""
        db = getattr(self._local, "db", None)
        if db is not None:
            db.close()
            self._local.db = None

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._explained():
            return self._db.execute(sql, values).fetchall()

    # Repositories

    def repos(self) -> list[RepoRow]:
        return [_repo(row) for row in self._rows(f"SELECT {_REPO} FROM repos ORDER BY name")]

    def repo(self, name_or_root: str) -> RepoRow:
        """Find a repository by name, or by its root. Raises NotFound."""
        rows = self._rows(f"SELECT {_REPO} FROM repos WHERE name = ? OR root = ?", name_or_root, name_or_root)
        if not rows:
            known = ", ".join(repo.name for repo in self.repos()) or "none"
            raise NotFound(
                f"no repository {name_or_root!r} is indexed here (known: {known}); "
                "index it with: cairn index PATH"
            )
        return _repo(rows[0])

    def add_repo(self, name: str, root: str) -> RepoRow:
        with self.writing() as db:
            db.execute("INSERT INTO repos (name, root) VALUES (?, ?)", (name, root))
        return self.repo(name)

    def mark(self, repo: RepoRow, *, dirty: bool, pending: int) -> None:
        with self.writing() as db:
            db.execute("UPDATE repos SET dirty = ?, pending = ? WHERE id = ?", (dirty, pending, repo.id))

    def remove_repo(self, repo: RepoRow) -> None:
        with self.writing() as db:
            files = [row[0] for row in db.execute("SELECT id FROM files WHERE repo = ?", (repo.id,))]
            forget_files(db, files)
            db.execute("DELETE FROM skipped WHERE repo = ?", (repo.id,))
            db.execute("DELETE FROM repos WHERE id = ?", (repo.id,))

    # Files

    def known(self, repo: RepoRow) -> dict[str, KnownFile]:
        """Every file that was looked at, indexed or skipped, by path."""
        found = {
            path: KnownFile(*rest)
            for path, *rest in self._rows(
                "SELECT path, id, size, mtime_ns, seen_ns, digest FROM files WHERE repo = ?", repo.id
            )
        }
        for path, size, mtime_ns, seen_ns, reason in self._rows(
            "SELECT path, size, mtime_ns, seen_ns, reason FROM skipped WHERE repo = ?", repo.id
        ):
            found[path] = KnownFile(0, size, mtime_ns, seen_ns, "", reason)
        return found

    def files(self, repo: RepoRow) -> list[FileRow]:
        sql = "SELECT id, path, language, kind, lines, size FROM files WHERE repo = ? ORDER BY path"
        return [FileRow(*row) for row in self._rows(sql, repo.id)]

    def file(self, repo: RepoRow, path: str) -> FileRow | None:
        sql = "SELECT id, path, language, kind, lines, size FROM files WHERE repo = ? AND path = ?"
        rows = self._rows(sql, repo.id, path)
        return FileRow(*rows[0]) if rows else None

    def facts(self, repo: RepoRow) -> Iterator[tuple[str, str, str]]:
        """(path, language, facts as JSON) of every file, by path."""
        with self._explained():
            sql = "SELECT path, language, facts FROM files WHERE repo = ? ORDER BY path"
            yield from self._db.execute(sql, (repo.id,))

    def has_folder(self, repo: RepoRow, path: str) -> bool:
        """Whether files lie somewhere below this folder."""
        sql = "SELECT 1 FROM files WHERE repo = ? AND path > ? AND path < ? LIMIT 1"
        return bool(self._rows(sql, repo.id, f"{path}/", f"{path}0"))  # 0 follows / in every encoding

    def has_part(self, repo: RepoRow, name: str) -> bool:
        """Whether a folder or a file, less its suffix, has this name."""
        sql = "SELECT 1 FROM files WHERE repo = ? AND ('/' || path GLOB ? OR '/' || path GLOB ?) LIMIT 1"
        plain = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
        return bool(self._rows(sql, repo.id, f"*/{plain}/*", f"*/{plain}.*"))

    def skipped(self, repo: RepoRow) -> list[tuple[str, str, str]]:
        """(path, reason, detail), by reason and path."""
        sql = "SELECT path, reason, detail FROM skipped WHERE repo = ? ORDER BY reason, path"
        return [(path, reason, detail) for path, reason, detail in self._rows(sql, repo.id)]

    def counts(self, repo: RepoRow) -> dict[str, int]:
        """Files, chunks, symbols, redactions, lines and bytes of a repository."""
        files, lines, size, redactions = self._rows(
            "SELECT count(*), coalesce(sum(lines), 0), coalesce(sum(size), 0), coalesce(sum(redactions), 0) "
            "FROM files WHERE repo = ?",
            repo.id,
        )[0]
        inside = "WHERE file IN (SELECT id FROM files WHERE repo = ?)"
        chunks = self._rows(f"SELECT count(*) FROM chunks {inside}", repo.id)[0][0]
        symbols = self._rows(f"SELECT count(*) FROM symbols {inside}", repo.id)[0][0]
        return {
            "files": files, "chunks": chunks, "symbols": symbols,
            "redactions": redactions, "lines": lines, "bytes": size,
        }  # fmt: skip

    def skip_counts(self, repo: RepoRow) -> dict[str, int]:
        sql = "SELECT reason, count(*) FROM skipped WHERE repo = ? GROUP BY reason ORDER BY reason"
        return dict[str, int](self._rows(sql, repo.id))

    # Chunks

    def chunks(self, ids: Sequence[str]) -> dict[str, ChunkRow]:
        """Those of `ids` that exist. An id the vectors know and the catalog does not is not yet true."""
        found: dict[str, ChunkRow] = {}
        for part, marks in _parts(ids):
            sql = f"SELECT {_CHUNK} FROM chunks c JOIN files f ON f.id = c.file WHERE c.id IN ({marks})"
            for row in self._rows(sql, *part):
                found[row[1]] = _chunk(row)
        return found

    def chunks_of(self, file: int) -> list[ChunkRow]:
        sql = f"SELECT {_CHUNK} FROM chunks c JOIN files f ON f.id = c.file WHERE c.file = ? ORDER BY c.start"
        return [_chunk(row) for row in self._rows(sql, file)]

    def texts(self, nrs: Sequence[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        for part, marks in _parts(nrs):
            found.update(
                (nr, unpack_text(text))
                for nr, text in self._rows(f"SELECT chunk, text FROM texts WHERE chunk IN ({marks})", *part)
            )
        return found

    def text_of(self, file: int) -> str:
        """The whole text of a file as it is indexed."""
        sql = "SELECT t.text FROM chunks c JOIN texts t ON t.chunk = c.nr WHERE c.file = ? ORDER BY c.start"
        return "".join(unpack_text(row[0]) for row in self._rows(sql, file))

    def chunk_ids(self, repo: RepoRow) -> set[str]:
        sql = "SELECT c.id FROM chunks c JOIN files f ON f.id = c.file WHERE f.repo = ?"
        return {row[0] for row in self._rows(sql, repo.id)}

    def sample_ids(self, repo: RepoRow, n: int) -> list[str]:
        """The `n` smallest chunk ids: ids are hashes, so this is a random sample that depends on
        nothing but what is indexed."""
        sql = "SELECT c.id FROM chunks c JOIN files f ON f.id = c.file WHERE f.repo = ? ORDER BY c.id LIMIT ?"
        return [row[0] for row in self._rows(sql, repo.id, n)]

    def sample(self, repo: RepoRow) -> bytes | None:
        rows = self._rows("SELECT sample FROM repos WHERE id = ?", repo.id)
        return rows[0][0] if rows else None

    # Symbols and references

    def symbols_named(self, repo: RepoRow, names: Sequence[str], limit: int = 200) -> list[SymbolRow]:
        """Definitions with one of these names, case ignored."""
        found: list[SymbolRow] = []
        for part, marks in _parts(names):
            # CROSS: by the name first. The planner would rather go through every file of the repository.
            sql = (
                f"SELECT {_SYMBOL} FROM symbols s CROSS JOIN files f ON f.id = s.file "
                f"WHERE s.name COLLATE NOCASE IN ({marks}) AND f.repo = ? ORDER BY f.path, s.start LIMIT ?"
            )
            found.extend(SymbolRow(*row) for row in self._rows(sql, *part, repo.id, limit))
        return found

    def symbols_in(self, files: Sequence[int]) -> list[SymbolRow]:
        """Every definition of these files, by file and line, outer before inner."""
        found: list[SymbolRow] = []
        for part, marks in _parts(files):
            sql = (
                f"SELECT {_SYMBOL} FROM symbols s JOIN files f ON f.id = s.file "
                f"WHERE s.file IN ({marks}) ORDER BY s.file, s.start, s.end DESC"
            )
            found.extend(SymbolRow(*row) for row in self._rows(sql, *part))
        return found

    def symbols_over(self, file: int, start: int, end: int) -> list[SymbolRow]:
        """The definitions of a file that share a line with this range, outer before inner."""
        sql = (
            f"SELECT {_SYMBOL} FROM symbols s JOIN files f ON f.id = s.file "
            "WHERE s.file = ? AND s.start <= ? AND s.end >= ? ORDER BY s.start, s.end DESC"
        )
        return [SymbolRow(*row) for row in self._rows(sql, file, end, start)]

    def symbol(self, repo: RepoRow, symbol_id: int) -> SymbolRow:
        sql = f"SELECT {_SYMBOL} FROM symbols s JOIN files f ON f.id = s.file WHERE s.id = ? AND f.repo = ?"
        rows = self._rows(sql, symbol_id, repo.id)
        if not rows:
            raise NotFound(f"no symbol {symbol_id} in {repo.name}; ids change when a file is indexed again")
        return SymbolRow(*rows[0])

    def references_to(self, repo: RepoRow, name: str, limit: int = 1000) -> list[ReferenceRow]:
        """Where a name is called, imported or inherited from, by path and line."""
        sql = (
            f"SELECT {_REFERENCE} FROM refs r CROSS JOIN files f ON f.id = r.file "
            "WHERE r.name = ? AND f.repo = ? ORDER BY f.path, r.line LIMIT ?"
        )
        return [ReferenceRow(*row) for row in self._rows(sql, name, repo.id, limit)]

    def references_in(self, file: int) -> list[ReferenceRow]:
        """Every reference of one file, by line."""
        sql = f"SELECT {_REFERENCE} FROM refs r JOIN files f ON f.id = r.file WHERE r.file = ? ORDER BY r.nr"
        return [ReferenceRow(*row) for row in self._rows(sql, file)]

    def references_between(self, file: int, start: int, end: int) -> list[ReferenceRow]:
        """The references on these lines of a file, both inclusive, by line."""
        sql = (
            f"SELECT {_REFERENCE} FROM refs r JOIN files f ON f.id = r.file "
            "WHERE r.file = ? AND r.line BETWEEN ? AND ? ORDER BY r.nr"
        )
        return [ReferenceRow(*row) for row in self._rows(sql, file, start, end)]

    def inheriting(self, repo: RepoRow, name: str) -> list[ReferenceRow]:
        """Where a name is inherited from, by path and line."""
        sql = (
            f"SELECT {_REFERENCE} FROM refs r CROSS JOIN files f ON f.id = r.file "
            "WHERE r.name = ? AND r.kind = 'inherit' AND f.repo = ? ORDER BY f.path, r.line"
        )
        return [ReferenceRow(*row) for row in self._rows(sql, name, repo.id)]

    def defined(self, file: int, qualname: str) -> list[SymbolRow]:
        """The definitions of a file with this qualified name, by line."""
        sql = (
            f"SELECT {_SYMBOL} FROM symbols s JOIN files f ON f.id = s.file "
            "WHERE s.file = ? AND s.qualname = ? ORDER BY +s.start"
        )
        return [SymbolRow(*row) for row in self._rows(sql, file, qualname)]

    def defined_beside(
        self, repo: RepoRow, folder: str, qualname: str, deep: bool = False
    ) -> list[SymbolRow]:
        """The definitions of a qualified name in the files right in a folder, or below it."""
        sql = (
            f"SELECT {_SYMBOL} FROM symbols s JOIN files f ON f.id = s.file "
            "WHERE s.name = ? COLLATE NOCASE AND s.qualname = ? AND f.repo = ? "
            "AND f.path >= ? AND f.path < ? AND (? OR instr(substr(f.path, ?), '/') = 0) "
            "ORDER BY f.path, s.start"
        )
        start = f"{folder}/" if folder else ""
        end = f"{folder}0" if folder else "\U0010ffff"  # "0" follows "/"
        name = qualname.rpartition(".")[2]
        rows = self._rows(sql, name, qualname, repo.id, start, end, deep, len(start) + 1)
        return [SymbolRow(*row) for row in rows]

    def binding(self, file: int, owner: str, name: str) -> str:
        """What a name of a file stands for, as indexer/origins.py writes it; "" when that is not known."""
        sql = "SELECT origin FROM bindings WHERE file = ? AND owner = ? AND name = ?"
        rows = self._rows(sql, file, owner, name)
        return str(rows[0][0]) if rows else ""

    def present(self, repo: RepoRow, paths: Sequence[str]) -> dict[str, FileRow]:
        """Those of these files that are indexed, by path."""
        found: dict[str, FileRow] = {}
        for part, marks in _parts(paths):
            sql = (
                "SELECT id, path, language, kind, lines, size FROM files "
                f"WHERE repo = ? AND path IN ({marks})"
            )
            found.update((row[1], FileRow(*row)) for row in self._rows(sql, repo.id, *part))
        return found


_REPO = "id, name, root, generation, commit_id, pending, synced_at, complete, dirty"


def _repo(row: Sequence[Any]) -> RepoRow:
    id_, name, root, generation, commit, pending, synced_at, complete, dirty = row
    return RepoRow(id_, name, root, generation, commit, pending, synced_at, bool(complete), bool(dirty))


def _chunk(row: Sequence[Any]) -> ChunkRow:
    nr, id_, file, path, language, kind, start, end, defines, scope = row
    return ChunkRow(
        nr, id_, file, path, language, kind, start, end, tuple(defines.split("\n")) if defines else (), scope
    )


def _parts(values: Sequence[Any]) -> Iterator[tuple[Sequence[Any], str]]:
    for start in range(0, len(values), _VARIABLES):
        part = values[start : start + _VARIABLES]
        yield part, ",".join("?" * len(part))


def forget_files(db: sqlite3.Connection, files: Iterable[int]) -> None:
    """Delete files with everything that hangs on them, inside a transaction."""
    for file in files:
        db.execute("DELETE FROM texts WHERE chunk IN (SELECT nr FROM chunks WHERE file = ?)", (file,))
        for table in ("chunks", "symbols", "refs", "bindings"):
            db.execute(f"DELETE FROM {table} WHERE file = ?", (file,))
        db.execute("DELETE FROM files WHERE id = ?", (file,))

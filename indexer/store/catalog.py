"""What exists: repositories, files, chunks, symbols and references, in SQLite.

A row here is the commit of a change: it is written after the new vectors were flushed, and the disk has
it before the old ones are deleted. Writers hold the repository's lock; readers are never blocked (WAL).
One connection per thread.
"""

from __future__ import annotations

import json
import posixpath
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple

from ..errors import BadInput, IndexDamaged, NotFound
from .lines import Bindings, unpack_bindings, unpack_uses
from .registered import read_registered, write_registered
from .rows import unpack_text
from .schema import TABLES
from .troubles import REBUILD, explained, is_damage

_BUSY_MS = 10_000  # another process commits a batch in well under a second
_CACHE_KB = 16_000
_HAS_TABLES = "SELECT 1 FROM sqlite_master WHERE name = 'repos'"
_FREE_PAGES = 2_500  # 10 MB: less is kept for the next rows
_TABLE_NAMES = re.findall(r"CREATE TABLE (\w+)", TABLES)
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
    edition: str = ""  # digest of the index this row is from


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


class HeadRow(NamedTuple):
    """What a definition says of itself, without its body; a tuple, for a search reads hundreds. `doc` is
    the beginning of its comment."""

    name: str
    qualname: str
    kind: str
    start: int
    end: int
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


_INSIDE = "WHERE file IN (SELECT id FROM files WHERE repo = ?)"
_CHUNK = "c.nr, c.id, c.file, f.path, f.language, f.kind, c.start, c.end, c.defines, c.scope"
# The chunks of a JSON array, which lets a statement stay the same for any number of them: it is parsed once.
# CROSS: from the list, which is short, to the rows.
_LISTED = "json_each(?) listed CROSS JOIN chunks c"
_TEXTS = (  # the packed text a chunk is in, and its lines there, from the first (0-based) to before the end
    f"SELECT t.text, c.nr, c.start - f.start, c.end - f.start + 1 FROM {_LISTED} ON c.nr = listed.value "
    "CROSS JOIN texts t ON t.chunk = (SELECT max(chunk) FROM texts WHERE chunk <= c.nr) "
    "JOIN chunks f ON f.nr = t.chunk AND f.file = c.file ORDER BY c.nr"
)
_SYMBOL = "s.id, s.file, f.path, s.name, s.qualname, s.kind, s.start, s.end, s.doc_start, s.signature, s.doc"
_USES = "r.file, f.path, r.name, r.uses"
_HEAD = "s.name, s.qualname, s.kind, s.start, s.end, s.signature, substr(s.doc, 1, 300)"


class Catalog:
    """Opens (and creates) the catalog at `path`, again when another file takes its place.

    Every method raises IndexDamaged when the file cannot be read, NotWritable when the disk is full or
    read-only, IndexBusy when another process has been writing for too long. A catalog that has to be made
    knows the repositories of the one before (registered.py).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connect()

    def _make(self, db: sqlite3.Connection) -> None:
        if db.execute(_HAS_TABLES).fetchone():
            return
        with _transaction(db):  # two first processes at once: the second finds the tables
            if not db.execute(_HAS_TABLES).fetchone():
                for statement in TABLES.split(";"):
                    db.execute(statement)
                for name, root in read_registered(self.path.parent):
                    db.execute("INSERT INTO repos (name, root) VALUES (?, ?)", (name, root))

    @property
    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None or self._local.place != _place(self.path):
            return self._connect()
        return db

    def _connect(self) -> sqlite3.Connection:
        self.close()
        db = sqlite3.connect(self.path, timeout=_BUSY_MS / 1000, isolation_level=None)
        try:
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # of a file that is about to be made
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")  # a power cut takes no commit back
            db.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            self._make(db)
        except BaseException:
            db.close()
            raise
        self._local.db, self._local.place = db, _place(self.path)
        return db

    def _explained(self) -> AbstractContextManager[None]:
        return explained(self.path)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is committed, or none."""
        with self._explained(), _transaction(self._db) as db:
            yield db

    def give_back(self) -> None:
        """Let the disk have what deleted rows took, when it is much."""
        pages, free = (self._rows(f"PRAGMA {name}")[0][0] for name in ("page_count", "freelist_count"))
        if free > max(_FREE_PAGES, pages // 4):
            self._rows(f"PRAGMA incremental_vacuum({free - pages // 8})")

    def check(self) -> list[str]:
        """What SQLite finds wrong with the file: nothing, in a sound one. Reads all of it."""
        try:
            found = [str(row[0]) for row in self._rows("PRAGMA integrity_check(20)")]
            there = {row[0] for row in self._rows("SELECT name FROM sqlite_master")}
        except IndexDamaged as error:
            return [str(error)]
        missing = [f"the table {name} is missing" for name in _TABLE_NAMES if name not in there]
        return missing + [said for said in found if said != "ok"]

    def close(self) -> None:
        """Close this thread's connection; those of other threads close with their threads."""
        db = getattr(self._local, "db", None)
        if db is not None:
            self._local.db = None
            db.close()

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._explained():
            return self._db.execute(sql, values).fetchall()

    def select(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a question that no method below asks; it changes nothing."""
        return self._rows(sql, *values)

    @contextmanager
    def unpacking(self, what: str) -> Iterator[None]:
        """Raise IndexDamaged where a column of the catalog does not hold what is written there."""
        try:
            yield
        except ValueError as error:
            raise IndexDamaged(
                f"{what} cannot be read in the catalog {self.path} ({error}); {REBUILD}"
            ) from error

    # Repositories

    def repos(self) -> list[RepoRow]:
        return [self._repo(row) for row in self._rows(f"SELECT {_REPO} FROM repos ORDER BY name")]

    def repo(self, name_or_root: str) -> RepoRow:
        """Find a repository by name, or by its root. Raises NotFound."""
        rows = self._rows(f"SELECT {_REPO} FROM repos WHERE name = ? OR root = ?", name_or_root, name_or_root)
        if not rows:
            known = ", ".join(repo.name for repo in self.repos()) or "none"
            raise NotFound(
                f"no repository {name_or_root!r} is indexed here (known: {known}); "
                "index it with: cairn index PATH"
            )
        return self._repo(rows[0])

    def _repo(self, row: Sequence[Any]) -> RepoRow:
        id_, name, root, generation, commit, pending, synced_at, complete, dirty = row
        index = self.path.parent.name
        return RepoRow(
            id_, name, root, generation, commit, pending, synced_at, bool(complete), bool(dirty), index
        )

    def add_repo(self, name: str, root: str) -> RepoRow:
        """Register a repository, or find the one of this root. Raises BadInput when the name is taken."""
        with self.writing() as db:
            known = dict(db.execute("SELECT root, name FROM repos"))
            if root not in known:
                if name in known.values():
                    raise BadInput(f"the name {name!r} is taken by another repository; choose another")
                db.execute("INSERT INTO repos (name, root) VALUES (?, ?)", (name, root))
                self._write_registered(db)
        return self.repo(root)

    def raise_generation(self, repo: RepoRow, least: int) -> None:
        """Let a repository's generation be at least this: who waits for one must not see it fall."""
        with self.writing() as db:
            db.execute("UPDATE repos SET generation = max(generation, ?) WHERE id = ?", (least, repo.id))

    def mark(self, repo: RepoRow, *, dirty: bool, pending: int) -> None:
        with self.writing() as db:
            db.execute("UPDATE repos SET dirty = ?, pending = ? WHERE id = ?", (dirty, pending, repo.id))

    def remove_repo(self, repo: RepoRow) -> None:
        """Forget a repository, and remember until `left` that its points are still there."""
        with self.writing() as db:
            files = [row[0] for row in db.execute("SELECT id FROM files WHERE repo = ?", (repo.id,))]
            forget_files(db, files)
            db.execute("DELETE FROM skipped WHERE repo = ?", (repo.id,))
            db.execute("DELETE FROM repos WHERE id = ?", (repo.id,))
            db.execute("INSERT OR IGNORE INTO leaving VALUES (?)", (repo.name,))
            self._write_registered(db)

    def leaving(self) -> list[str]:
        """Names of removed repositories whose points may still be there."""
        return [row[0] for row in self._rows("SELECT name FROM leaving ORDER BY name")]

    def left(self, name: str) -> None:
        with self.writing() as db:
            db.execute("DELETE FROM leaving WHERE name = ?", (name,))

    def _write_registered(self, db: sqlite3.Connection) -> None:
        write_registered(self.path.parent, list(db.execute("SELECT name, root FROM repos ORDER BY name")))

    # Files

    def known(self, repo: RepoRow, paths: Sequence[str] | None = None) -> dict[str, KnownFile]:
        """Every file that was looked at, indexed or skipped, by path; with `paths` those that are one of
        them, lie below one or are a folder above one."""
        found: dict[str, KnownFile] = {}
        for place, values in _places(paths):
            files = f"SELECT path, id, size, mtime_ns, seen_ns, digest FROM files WHERE repo = ?{place}"
            for path, *rest in self._rows(files, repo.id, *values):
                found[path] = KnownFile(*rest)
            skipped = f"SELECT path, size, mtime_ns, seen_ns, reason FROM skipped WHERE repo = ?{place}"
            for path, size, mtime_ns, seen_ns, reason in self._rows(skipped, repo.id, *values):
                found[path] = KnownFile(0, size, mtime_ns, seen_ns, "", reason)
        return found

    def files(self, repo: RepoRow) -> list[FileRow]:
        sql = "SELECT id, path, language, kind, lines, size FROM files WHERE repo = ? ORDER BY path"
        return [FileRow(*row) for row in self._rows(sql, repo.id)]

    def file(self, repo: RepoRow, path: str) -> FileRow | None:
        sql = "SELECT id, path, language, kind, lines, size FROM files WHERE repo = ? AND path = ?"
        rows = self._rows(sql, repo.id, path)
        return FileRow(*rows[0]) if rows else None

    def facts(self, repo: RepoRow, paths: Sequence[str] | None = None) -> Iterator[tuple[str, str, str]]:
        """(path, language, facts as JSON) of every file by path, or of those of `paths` that are indexed."""
        sql = "SELECT path, language, facts FROM files WHERE repo = ?"
        with self._explained():
            if paths is None:
                yield from self._db.execute(f"{sql} ORDER BY path", (repo.id,))
            for path in paths or ():
                yield from self._db.execute(f"{sql} AND path = ?", (repo.id, path))

    def readings(self, repo: RepoRow) -> dict[int, int]:
        """When every indexed file was read, by its id: while that is the same, so are its rows."""
        return dict(self._rows("SELECT id, seen_ns FROM files WHERE repo = ?", repo.id))

    def digests(self, repo: RepoRow) -> dict[str, str]:
        """The digest of every indexed file, by path."""
        return dict(self._rows("SELECT path, digest FROM files WHERE repo = ?", repo.id))

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
        symbols = self._rows(f"SELECT count(*) FROM symbols {_INSIDE}", repo.id)[0][0]
        return {
            "files": files, "chunks": self.chunk_count(repo), "symbols": symbols,
            "redactions": redactions, "lines": lines, "bytes": size,
        }  # fmt: skip

    def skip_counts(self, repo: RepoRow) -> dict[str, int]:
        sql = "SELECT reason, count(*) FROM skipped WHERE repo = ? GROUP BY reason ORDER BY reason"
        return dict[str, int](self._rows(sql, repo.id))

    # Chunks

    def chunks(self, ids: Sequence[str]) -> dict[str, ChunkRow]:
        """Those of `ids` that exist. An id the vectors know and the catalog does not is not yet true."""
        sql = f"SELECT {_CHUNK} FROM {_LISTED} ON c.id = listed.value JOIN files f ON f.id = c.file"
        return {row[1]: _chunk(row) for row in self._rows(sql, json.dumps(list(ids)))}

    def chunks_of(self, file: int) -> list[ChunkRow]:
        sql = f"SELECT {_CHUNK} FROM chunks c JOIN files f ON f.id = c.file WHERE c.file = ? ORDER BY c.start"
        return [_chunk(row) for row in self._rows(sql, file)]

    def chunk_at(self, file: int, line: int) -> ChunkRow | None:
        """The chunk of a file that this line is in."""
        sql = (
            f"SELECT {_CHUNK} FROM chunks c JOIN files f ON f.id = c.file "
            "WHERE c.file = ? AND c.start <= ? ORDER BY c.start DESC LIMIT 1"
        )
        rows = self._rows(sql, file, line)
        chunk = _chunk(rows[0]) if rows else None
        return chunk if chunk and line <= chunk.end else None

    def texts(self, nrs: Sequence[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        rows = self._rows(_TEXTS, json.dumps(list(nrs)))
        with self._explained():
            for packed, own in groupby(rows, itemgetter(0)):
                lines = unpack_text(packed).split("\n")
                for _, nr, first, end in own:
                    found[nr] = "\n".join(lines[first:end]) + "\n"
        return found

    def text_of(self, file: int) -> str:
        """The whole text of a file as it is indexed."""
        sql = "SELECT t.text FROM chunks c JOIN texts t ON t.chunk = c.nr WHERE c.file = ? ORDER BY c.start"
        rows = self._rows(sql, file)
        with self._explained():
            return "".join(unpack_text(row[0]) for row in rows)

    def chunk_ids(self, repo: RepoRow) -> set[str]:
        sql = "SELECT c.id FROM chunks c JOIN files f ON f.id = c.file WHERE f.repo = ?"
        return {row[0] for row in self._rows(sql, repo.id)}

    def chunk_count(self, repo: RepoRow) -> int:
        return int(self._rows(f"SELECT count(*) FROM chunks {_INSIDE}", repo.id)[0][0])

    def named(self, ids: Sequence[str]) -> set[str]:
        """Those of `ids` that a chunk has."""
        return {
            row[0]
            for part, marks in _parts(ids)
            for row in self._rows(f"SELECT id FROM chunks WHERE id IN ({marks})", *part)
        }

    def chunks_after(self, repo: RepoRow, nr: int, limit: int) -> list[tuple[int, str, int]]:
        """(nr, id, file) of the next chunks in the order of their numbers, which begin at 1."""
        sql = (
            "SELECT c.nr, c.id, c.file FROM chunks c JOIN files f ON f.id = c.file "
            "WHERE c.nr > ? AND f.repo = ? ORDER BY c.nr LIMIT ?"
        )
        return [(nr, id_, file) for nr, id_, file in self._rows(sql, nr, repo.id, limit)]

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

    def definitions(self, ids: Sequence[int]) -> list[SymbolRow]:
        """The definitions with these ids, in no order; an id that is gone by now is left out."""
        found: list[SymbolRow] = []
        for part, marks in _parts(ids):
            sql = f"SELECT {_SYMBOL} FROM symbols s JOIN files f ON f.id = s.file WHERE s.id IN ({marks})"
            found.extend(SymbolRow(*row) for row in self._rows(sql, *part))
        return found

    def symbols_over(self, file: int, start: int, end: int) -> list[SymbolRow]:
        """The definitions of a file that share a line with this range, outer before inner."""
        sql = (
            f"SELECT {_SYMBOL} FROM symbols s JOIN files f ON f.id = s.file "
            "WHERE s.file = ? AND s.start <= ? AND s.end >= ? ORDER BY s.start, s.end DESC"
        )
        return [SymbolRow(*row) for row in self._rows(sql, file, end, start)]

    def heads_in(self, chunks: Sequence[int]) -> dict[int, list[HeadRow]]:
        """The definitions that begin in each of these chunks, by line; for a chunk in which none begins,
        the innermost that goes on through it, where there is one."""
        found: dict[int, list[HeadRow]] = {}
        listed = f"SELECT c.nr, {_HEAD} FROM {_LISTED} ON c.nr = listed.value CROSS JOIN symbols s"
        order = "ORDER BY c.nr, s.start, s.end DESC"
        begun = f"{listed} ON s.file = c.file AND s.start BETWEEN c.start AND c.end {order}"
        for nr, *head in self._rows(begun, json.dumps(list(chunks))):
            found.setdefault(nr, []).append(HeadRow(*head))
        if inside := [nr for nr in chunks if nr not in found]:
            around = f"{listed} ON s.file = c.file AND s.start < c.start AND s.end >= c.end {order}"
            for nr, *head in self._rows(around, json.dumps(inside)):
                found[nr] = [HeadRow(*head)]  # the last one is the innermost
        return found

    def symbol(self, repo: RepoRow, symbol_id: int) -> SymbolRow:
        sql = f"SELECT {_SYMBOL} FROM symbols s JOIN files f ON f.id = s.file WHERE s.id = ? AND f.repo = ?"
        rows = self._rows(sql, symbol_id, repo.id)
        if not rows:
            raise NotFound(f"no symbol {symbol_id} in {repo.name}; ids change when a file is indexed again")
        return SymbolRow(*rows[0])

    def references_to(self, repo: RepoRow, name: str, limit: int | None = 1000) -> list[ReferenceRow]:
        """Where a name is called, imported or inherited from, by path and line."""
        sql = (
            f"SELECT {_USES} FROM refs r CROSS JOIN files f ON f.id = r.file "
            "WHERE r.name = ? AND f.repo = ? ORDER BY f.path LIMIT ?"
        )
        found: list[ReferenceRow] = []
        for row in self._rows(sql, name, repo.id, -1 if limit is None else limit):
            found += [use for _, use in self._uses(row)]
            if limit is not None and len(found) >= limit:
                return found[:limit]
        return found

    def references_in(self, file: int) -> list[ReferenceRow]:
        """Every reference of one file, by line."""
        sql = f"SELECT {_USES} FROM refs r JOIN files f ON f.id = r.file WHERE r.file = ?"
        uses = [use for row in self._rows(sql, file) for use in self._uses(row)]
        return [use for _, use in sorted(uses, key=itemgetter(0))]

    def inheriting(self, repo: RepoRow, name: str) -> list[ReferenceRow]:
        """Where a name is inherited from, by path and line."""
        return [use for use in self.references_to(repo, name, None) if use.kind == "inherit"]

    def _uses(self, row: Sequence[Any]) -> list[tuple[int, ReferenceRow]]:
        """The uses of one name in one file, each with its number there."""
        file, path, name, packed = row
        with self.unpacking(f"what {path} uses"):
            uses = unpack_uses(packed)
        return [(use.nr, ReferenceRow(file, path, name, *use[1:])) for use in uses]

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

    def bindings(self, file: int) -> Bindings:
        """What the names of a file stand for, where that is known."""
        rows = self._rows("SELECT origins FROM bindings WHERE file = ?", file)
        with self.unpacking("what names stand for"):
            return unpack_bindings(rows[0][0]) if rows else {}

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


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has ended it already
            with suppress(sqlite3.Error):
                db.execute("ROLLBACK")
        raise


def _place(path: Path) -> tuple[int, int] | None:
    """Which file this is, whatever its name; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _chunk(row: Sequence[Any]) -> ChunkRow:
    nr, id_, file, path, language, kind, start, end, defines, scope = row
    names = tuple(defines.split("\n")) if defines else ()
    # Chunks of a file share its path: one string, whose hash is known.
    return ChunkRow(nr, id_, file, intern(path), language, kind, start, end, names, scope)


def _places(paths: Sequence[str] | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Conditions on a path that hold for one of `paths`, for what is below it and the folders above it."""
    clean = {"."} if paths is None else {posixpath.normpath(path) for path in paths}
    if "." in clean:
        yield "", ()
        return
    for path in clean:
        names = path.split("/")
        above = tuple(
            "/".join(names[:n]) + "/" for n in range(1, len(names) + 1)
        )  # as skipped folders are named
        marks = ",".join("?" * len(above))
        # What lies below "a" lies between "a/" and "a0": the next character.
        yield f" AND (path = ? OR (path > ? AND path < ?) OR path IN ({marks}))", (
            path, f"{path}/", f"{path}0", *above,
        )  # fmt: skip


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


def damage_of(path: Path) -> str:
    """What SQLite finds wrong with the structure of a database, "" for nothing. It is opened to read only.

    Raises NotWritable where not even that is possible: its write-ahead log has to be written to be read.
    """
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_MS / 1000)
        try:
            said = [str(row[0]) for row in db.execute("PRAGMA quick_check(3)")]
        finally:
            db.close()
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return str(error)
        with explained(path, "the database"):
            raise
    return "" if said == ["ok"] else "; ".join(said)

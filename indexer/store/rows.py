"""Write what a sync prepared into the catalog's tables, inside one transaction."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_FILE = "INSERT INTO files VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_CHUNK = "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_SYMBOL = "INSERT INTO symbols VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_USES = "INSERT INTO refs VALUES (NULL, ?, ?, ?)"
_BINDINGS = "INSERT INTO bindings VALUES (?, ?)"

_TOGETHER = 4_000  # characters: packed in 0.6 of the time of chunks alone, and .02 ms more to read one
_WINDOW = 13  # bits: as much as is packed together; a larger one is made ready for nothing


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """The rows of one file, in the order of the catalog's columns: `references` are names with their uses."""

    file: tuple[Any, ...]
    chunks: list[tuple[Any, ...]]
    texts: list[tuple[int, bytes]]
    symbols: list[tuple[Any, ...]]
    references: list[tuple[str, str]]
    bindings: str

    @property
    def path(self) -> str:
        return str(self.file[0])

    @property
    def chunk_ids(self) -> list[str]:
        return [row[0] for row in self.chunks]


def pack_texts(texts: Sequence[str]) -> list[tuple[int, bytes]]:
    """The texts of a file's chunks as they are stored, neighbours together: the number of the first in its
    file, and what they say, deflated to a quarter; the quickest level is nearly as small."""
    packed: list[tuple[int, bytes]] = []
    first = size = 0
    for number, text in enumerate((*texts, None)):
        if size and (text is None or size + len(text) > _TOGETHER):
            joined = "".join(texts[first:number])
            packed.append((first, zlib.compress(joined.encode("utf-8", "surrogatepass"), 1, _WINDOW)))
            first, size = number, 0
        size += len(text or "")
    return packed


def unpack_text(packed: bytes) -> str:
    return zlib.decompress(packed).decode("utf-8", "surrogatepass")


def write_rows(
    db: sqlite3.Connection,
    repo: int,
    prepared: Sequence[PreparedFile],
    touched: Sequence[tuple[str, int, int, int]],
    skipped: Sequence[tuple[Any, ...]],
    gone: Sequence[str],
) -> None:
    """Insert files with all that hangs on them; their old rows are gone already."""
    db.executemany(
        "DELETE FROM skipped WHERE repo = ? AND path = ?",
        [(repo, path) for path in (*(file.path for file in prepared), *gone)],
    )
    for file in prepared:
        _write_file(db, repo, file)
    for table in ("files", "skipped"):
        db.executemany(
            f"UPDATE {table} SET size = ?, mtime_ns = ?, seen_ns = ? WHERE repo = ? AND path = ?",
            [(size, mtime, seen, repo, path) for path, size, mtime, seen in touched],
        )
    db.executemany(
        "INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?, ?, ?, ?)", [(repo, *r) for r in skipped]
    )


def _write_file(db: sqlite3.Connection, repo: int, file: PreparedFile) -> None:
    path, digest, size, mtime_ns, seen_ns, *rest = file.file
    row = db.execute(_FILE, (repo, path, digest, size, mtime_ns, seen_ns, *rest))
    id_ = row.lastrowid
    nr = db.execute("SELECT coalesce(max(nr), 0) FROM chunks").fetchone()[0]
    rows = [(nr + n, chunk_id, id_, *fields) for n, (chunk_id, *fields) in enumerate(file.chunks, start=1)]
    db.executemany(_CHUNK, rows)
    db.executemany("INSERT INTO texts VALUES (?, ?)", [(nr + 1 + first, text) for first, text in file.texts])
    db.executemany(_SYMBOL, [(id_, *symbol) for symbol in file.symbols])
    db.executemany(_USES, [(id_, name, uses) for name, uses in file.references])
    db.execute(_BINDINGS, (id_, file.bindings))

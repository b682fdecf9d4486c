"""An Embedder and a file -> the same Embedder, which asks its model once for each text.

Keyed by fingerprint and by the digest of exactly what the encoder sees, so a rename, a branch switch
or a second worktree embeds nothing. Questions are not kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path

import numpy as np

from ..store.troubles import explained
from . import Embedder, Matrix, Side

_WAIT = 30.0  # seconds for another process to finish its write, which takes milliseconds
_ASKED_AT_ONCE = 500  # SQLite's least limit on the parameters of a statement is 999
_REMEDY = "delete it, and what it held is computed again"
_TABLE = """create table if not exists vectors (
    fingerprint text not null, digest blob not null, vector blob not null,
    primary key (fingerprint, digest)) without rowid"""


class CachedEmbedder:
    """Safe for several processes and threads: each call opens the file for itself.

    Vectors are kept as float16, and come back so rounded the first time too: what a text gets does
    not depend on who asked before.
    """

    def __init__(self, embedder: Embedder, path: Path) -> None:
        self._embedder = embedder
        self._path = path
        self.fingerprint = embedder.fingerprint
        self.dimensions = embedder.dimensions
        self.costly = embedder.costly

    def close(self) -> None:
        """Let go of the model's connection, where it has one."""
        if hasattr(self._embedder, "close"):
            self._embedder.close()

    def encode(self, texts: Sequence[str], side: Side = "document") -> Matrix:
        """Raises IndexDamaged or NotWritable when the file cannot be used, and what the embedder raises."""
        if side == "query" or not texts:
            return self._embedder.encode(texts, side)
        digests = [_digest(text) for text in texts]
        known = self._read(digests)
        new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
        if new:
            encoded = self._embedder.encode(list(new.values()), side).astype(np.float16)
            known.update(zip(new, encoded, strict=True))
            self._write({digest: known[digest] for digest in new})
        return np.stack([known[digest] for digest in digests]).astype(np.float32)

    def _read(self, digests: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        found: dict[bytes, np.ndarray] = {}
        with self._open() as connection:
            for start in range(0, len(digests), _ASKED_AT_ONCE):
                asked = digests[start : start + _ASKED_AT_ONCE]
                marks = ",".join("?" * len(asked))
                query = f"select digest, vector from vectors where fingerprint = ? and digest in ({marks})"
                for digest, vector in connection.execute(query, (self.fingerprint, *asked)):
                    if len(vector) == 2 * self.dimensions:
                        found[digest] = np.frombuffer(vector, dtype="<f2")
        return found

    def _write(self, vectors: dict[bytes, np.ndarray]) -> None:
        rows = [(self.fingerprint, digest, row.astype("<f2").tobytes()) for digest, row in vectors.items()]
        with self._open() as connection, connection:
            connection.executemany("insert or replace into vectors values (?, ?, ?)", rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with explained(self._path, "the cache of vectors", _REMEDY):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=_WAIT)) as connection:
                connection.execute("pragma journal_mode = wal")
                connection.execute("pragma synchronous = normal")  # a lost row is computed again
                connection.execute(_TABLE)
                yield connection


def forget_all_but(path: Path, fingerprints: Sequence[str]) -> None:
    """Give back what other models' vectors take. Raises IndexDamaged when the file cannot be used."""
    if not path.exists():
        return
    marks = ",".join("?" * len(fingerprints))
    with (
        explained(path, "the cache of vectors", _REMEDY),
        closing(sqlite3.connect(path, timeout=_WAIT)) as connection,
    ):
        with connection:
            connection.execute(_TABLE)
            gone = connection.execute(
                f"delete from vectors where fingerprint not in ({marks})", tuple(fingerprints)
            )
        if gone.rowcount:
            connection.execute("vacuum")


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()

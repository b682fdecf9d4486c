"""The catalog's tables, and where everything lies in a data directory.

<data>/current.json                   which index answers, which is built beside it, which was before
<data>/owner.json                     the keeper of the embedded vectors: pid, address, token
<data>/locks/<repo>.lock              held by whoever writes that repository in the current index
<data>/locks/<index>/<repo>.lock      the same in an index that is being built
<data>/embeddings.db                  cache of costly embeddings, shared by all indexes
<data>/indexes/<fingerprint>/         one index per model, dimensions, chunker and words
    catalog.db                        what exists (SQLite, WAL)
    registered.json                   the repositories once more, for the day the catalog is damaged
    catalog.db.damaged-<time>         a catalog that could not be read any more
    index.json                        its fingerprint in full, its model, where its vectors are
<data>/vectors/<collection>/          where it lies in meaning and words (embedded Qdrant)
<data>/runs.db, <data>/workspaces/    the agent's runs
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from ..chunk import CHUNKER_VERSION
from ..words import WORDS_VERSION

FORMAT = 7  # of the tables below and the facts in them; another format is another fingerprint

TABLES = """
CREATE TABLE repos (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, root TEXT NOT NULL UNIQUE,
    generation INTEGER NOT NULL DEFAULT 0, commit_id TEXT, pending INTEGER NOT NULL DEFAULT 0,
    synced_at REAL, complete INTEGER NOT NULL DEFAULT 0, dirty INTEGER NOT NULL DEFAULT 1, sample BLOB
);
CREATE TABLE leaving (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE files (
    id INTEGER PRIMARY KEY, repo INTEGER NOT NULL, path TEXT NOT NULL, digest TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, seen_ns INTEGER NOT NULL,
    language TEXT NOT NULL, kind TEXT NOT NULL, lines INTEGER NOT NULL, broken INTEGER NOT NULL,
    redactions INTEGER NOT NULL, facts TEXT NOT NULL, UNIQUE (repo, path)
);
CREATE TABLE skipped (
    repo INTEGER NOT NULL, path TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, seen_ns INTEGER NOT NULL,
    PRIMARY KEY (repo, path)
) WITHOUT ROWID;
CREATE TABLE chunks (
    nr INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, file INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, digest TEXT NOT NULL, defines TEXT NOT NULL, scope TEXT NOT NULL
);
CREATE INDEX chunks_by_file ON chunks (file, start);
-- of a chunk and those of its file that follow it, up to the next chunk with a row here
CREATE TABLE texts (chunk INTEGER PRIMARY KEY, text BLOB NOT NULL);
CREATE TABLE symbols (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, name TEXT NOT NULL, qualname TEXT NOT NULL,
    kind TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, doc_start INTEGER NOT NULL,
    signature TEXT NOT NULL, doc TEXT NOT NULL
);
CREATE INDEX symbols_by_name ON symbols (name COLLATE NOCASE);
CREATE INDEX symbols_by_file ON symbols (file, start);
CREATE INDEX symbols_by_qualname ON symbols (file, qualname);
-- how a file uses a name, and what its own names stand for: in lines, see lines.py
CREATE TABLE refs (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, name TEXT NOT NULL, uses TEXT NOT NULL
);
CREATE INDEX refs_by_file ON refs (file);
CREATE INDEX refs_by_name ON refs (name);
CREATE TABLE bindings (file INTEGER PRIMARY KEY, origins TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class DataDir:
    """Names every path of a data directory. Creates nothing.

    `lane` sets the locks of an index that is being built apart from those of the one that answers, so
    that both can be written at the same time.
    """

    root: Path
    lane: str = ""

    @property
    def locks(self) -> Path:
        return self.root / "locks" / self.lane

    @property
    def current(self) -> Path:
        return self.root / "current.json"

    @property
    def embeddings(self) -> Path:
        return self.root / "embeddings.db"

    @property
    def runs(self) -> Path:
        return self.root / "runs.db"

    @property
    def workspaces(self) -> Path:
        return self.root / "workspaces"

    @property
    def indexes(self) -> Path:
        return self.root / "indexes"

    @property
    def shards(self) -> Path:
        return self.root / "vectors"

    def index(self, fingerprint: str) -> Path:
        return self.indexes / digest_of(fingerprint)

    def catalog(self, fingerprint: str) -> Path:
        return self.index(fingerprint) / "catalog.db"


_WITH_TEXT = "+text"  # after the tables: the points carry what the catalog has, for other readers


def fingerprint_of(embedder_fingerprint: str, dimensions: int, with_text: bool = False) -> str:
    """What an index depends on besides the files: model, dimensions, chunker, words, tables, and whether its
    points carry their text."""
    tables = f"f{FORMAT}{_WITH_TEXT if with_text else ''}"
    return f"{embedder_fingerprint}/{dimensions}/{CHUNKER_VERSION}/{WORDS_VERSION}/{tables}"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a fingerprint was made of."""

    embedder: str
    dimensions: int
    chunker: str
    words: str
    tables: str
    with_text: bool


def parts_of(fingerprint: str) -> Parts:
    embedder, dimensions, chunker, words, tables = fingerprint.rsplit("/", 4)
    with_text = tables.endswith(_WITH_TEXT)
    return Parts(embedder, int(dimensions), chunker, words, tables.removesuffix(_WITH_TEXT), with_text)


def why_unreadable(fingerprint: str) -> str | None:
    """What keeps this program from answering from an index of that fingerprint; None when nothing does.
    Another chunker cut it differently, which no reader notices."""
    parts = parts_of(fingerprint)
    if parts.tables != f"f{FORMAT}":
        return f"its tables are of format {parts.tables}, this version reads f{FORMAT}"
    if parts.words != str(WORDS_VERSION):
        return f"its words were split by {parts.words}, this version splits questions by {WORDS_VERSION}"
    return None


def digest_of(fingerprint: str) -> str:
    return blake2b(fingerprint.encode(), digest_size=6).hexdigest()

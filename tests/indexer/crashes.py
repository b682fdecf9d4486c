"""A moment of the write path -> what is wrong with an index whose writer, keeper or both were killed then.

The writer is a forked child whose functions are wrapped, so that nothing of this is in the code itself.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from indexer import pool, reconcile, sync
from indexer.embed.hashed import HashedEmbedder
from indexer.errors import CairnError, IndexBusy, NotFound
from indexer.store import VectorQuery, Where, catalog, registered, starting
from indexer.store.catalog import Catalog, RepoRow
from indexer.store.embedded import KeeperVectors
from indexer.store.owner import read_owner
from indexer.store.schema import DataDir, fingerprint_of
from indexer.sync import Indexer
from indexer.words import as_bag, count
from retriever.search import Retriever
from retriever.types import Query

REPO = "shop"
Victim = Literal["writer", "keeper", "both"]
VICTIMS: tuple[Victim, ...] = ("writer", "keeper", "both")
When = Literal["before", "after"]
_PATIENCE = 60.0  # seconds for what takes milliseconds on a quiet machine
_EMBEDDER = HashedEmbedder()


@dataclass(frozen=True, slots=True)
class Moment:
    """Just before or after the nth call of a function on the write path."""

    place: str
    when: When
    nth: int = 1


_PLACES: dict[str, tuple[object, str]] = {
    "register": (registered, "write_registered"),
    "mark": (Catalog, "mark"),
    "upsert": (KeeperVectors, "upsert_packed"),
    "flush": (KeeperVectors, "flush"),
    "rows": (sync, "write_rows"),
    "commit": (catalog, "_transaction"),
    "delete": (KeeperVectors, "delete"),
    "batch": (sync._Run, "_commit"),
    "finish": (sync._Run, "_finish"),
    "sample": (sync._Run, "_sample"),
    "sweep": (reconcile, "_sweep"),
    "remove": (Catalog, "remove_repo"),
    "delete repo": (KeeperVectors, "delete_repo"),
    "left": (Catalog, "left"),
    "keeper started": (starting, "start"),
}
IN_SYNC = [
    Moment(place, when, nth)
    for place, most in {
        "mark": 1, "upsert": 3, "flush": 3, "rows": 2, "commit": 4, "delete": 2, "batch": 3, "finish": 1,
        "sample": 1,
    }.items()
    for nth in range(1, most + 1)
    for when in ("before", "after")
]  # fmt: skip
IN_REPAIR = [
    *(
        Moment(place, when)
        for place in ("sweep", "delete", "flush", "commit")
        for when in ("before", "after")
    ),
    Moment("keeper started", "after"),
]
IN_REMOVAL = [
    Moment(place, when)
    for place in ("remove", "commit", "delete repo", "flush", "left", "register")
    for when in ("before", "after")
]


class World:
    """A repository that changes, its index, and what the index may say of it."""

    def __init__(self, folder: Path, seed: int = 1, files: int = 10) -> None:
        self.root, self.data = folder / REPO, folder / "data"
        self.whole = folder / "whole"  # the keeper of the rebuilds
        self.files = files
        self.rng = random.Random(seed)
        self.version = 0
        self.tree: dict[str, str] = {}
        self.allowed: dict[str, set[str | None]] = {}  # what each file was since the last whole sync
        self.root.mkdir(parents=True)
        self.data.mkdir()
        self.change()
        self.sync()
        self.settle()

    # What happens to it

    def change(self) -> None:
        """Edit, add, delete and rename files."""
        self.version += 1
        tree = dict(self.tree)
        for n in range(self.files):
            path = f"part{n % 3}/file{n}.py"
            if path not in tree or self.rng.random() < 0.8:
                tree[path] = self._text(n)
            elif self.rng.random() < 0.2:
                del tree[path]
        if self.version % 2 and "part0/file0.py" in tree:
            tree[f"part1/moved{self.version % 4}.py"] = tree.pop("part0/file0.py")
        for path in self.tree.keys() - tree.keys():
            (self.root / path).unlink()
        for path, text in tree.items():
            if self.tree.get(path) != text:
                (self.root / path).parent.mkdir(exist_ok=True)
                (self.root / path).write_text(text)
        for path in self.tree.keys() | tree.keys():
            self.allowed.setdefault(path, {self.tree.get(path)}).add(tree.get(path))
        self.tree = tree

    def settle(self) -> None:
        """From here on only what the files hold now may answer."""
        self.allowed = {path: {text} for path, text in self.tree.items()}

    def _text(self, n: int) -> str:
        functions = (
            f"def keeps_{n}_{m}(order):\n    value = {self.version if m < 7 else n}\n"
            + "".join(f"    value += order.{word}_{m}\n" for word in ("price", "tax", "weight", "rebate"))
            + "    return value\n"
            for m in range(12)
        )
        return f'"""Module {n}."""\n\n\n' + "\n\n".join(functions)

    def killed_at(
        self, moment: Moment, victim: Victim, work: Callable[[World], object] | None = None, workers: int = 1
    ) -> bool:
        """Sync, or `work`, in a child that ends there. False when that moment never came."""
        pid = self._begin(work or (lambda world: world.sync(workers)), lambda: _watch(self, moment, victim))
        return _ending(pid) != 0

    def killed_after(self, seconds: float, victim: Victim, work: Callable[[World], object]) -> bool:
        pid = self._begin(work, lambda: None)
        time.sleep(seconds)
        if victim != "writer":
            _kill_keeper(self.data)
        if victim != "keeper":
            os.kill(pid, signal.SIGKILL)
        return _ending(pid) != 0

    def _begin(self, work: Callable[[World], object], prepare: Callable[[], object]) -> int:
        pid = os.fork()
        if pid:
            return pid
        try:
            _make_small_steps()
            prepare()
            work(self)
        except CairnError:
            os._exit(2)  # it was told, as when the keeper alone was killed
        except BaseException:
            traceback.print_exc(file=sys.stderr)
            os._exit(3)
        os._exit(0)

    def sync(self, workers: int = 1) -> None:
        with _opened(self.data) as (indexer, _):
            _patiently(lambda: indexer.sync(_registered(indexer.catalog, self.root), None, None, workers))

    def remove(self) -> None:
        with _opened(self.data) as (indexer, _), suppress(NotFound):
            repo = indexer.catalog.repo(REPO)
            _patiently(lambda: indexer.remove(repo))

    # What is true of it

    def faults_now(self) -> list[str]:
        """Between a kill and the next sync: each file answers with its old or its new content."""
        with _opened(self.data) as (indexer, retriever):
            repo = indexer.catalog.repo(REPO)
            files = {file.path: file for file in indexer.catalog.files(repo)}
            faults = []
            for path in self.allowed.keys() | files.keys():
                text = indexer.catalog.text_of(files[path].id) if path in files else None
                if text not in self.allowed.get(path, {None}):
                    faults.append(f"{path} says what it never said, or nothing")
            faults += _without_points(indexer, repo)
            for path in (path for path, texts in self.allowed.items() if None not in texts):
                number = path.partition("file")[2].removesuffix(".py")
                if number and path not in {h.path for h in _hits(retriever, f"keeps {number} order")}:
                    faults.append(f"a search does not find {path}")
            return faults

    def faults_after_sync(self) -> list[str]:
        """After the next sync: exactly what a rebuild holds, and nothing else in the data directory."""
        self.sync()
        self.settle()
        with _opened(self.data) as (indexer, _):
            ours = _content(indexer)
            faults = [f"dangling rows: {name}" for name in _dangling(indexer.catalog)]
            faults += indexer.catalog.check()
        with _opened(self.whole) as (indexer, _):
            if indexer.catalog.repos():
                indexer.remove(indexer.catalog.repo(REPO))
            indexer.sync(_registered(indexer.catalog, self.root), None, None, 1)
            theirs = _content(indexer)
        faults += [f"{what} is not a rebuild's" for what in theirs if ours[what] != theirs[what]]
        return faults + [f"left over: {path}" for path in _left_over(self.data)]

    def end(self) -> None:
        for data in (self.data, self.whole):
            _kill_keeper(data, signal.SIGTERM)


class _opened:
    """An index as a new process would open it."""

    def __init__(self, folder: Path) -> None:
        data = DataDir(folder)
        fingerprint = fingerprint_of(_EMBEDDER.fingerprint, _EMBEDDER.dimensions)
        self.vectors = KeeperVectors(folder, "crash", _EMBEDDER.dimensions)
        self.indexer = Indexer(data, Catalog(data.catalog(fingerprint)), self.vectors, _EMBEDDER)

    def __enter__(self) -> tuple[Indexer, Retriever]:
        return self.indexer, Retriever(self.indexer.catalog, self.vectors, _EMBEDDER)

    def __exit__(self, *_: object) -> None:
        self.indexer.catalog.close()
        self.vectors.close()


def _make_small_steps() -> None:
    """So that few files make several tasks, commits and workers."""
    vars(sync).update(_TASK_FILES=2, _COMMIT_CHUNKS=5, _COMMIT_MOST=5)
    vars(pool).update(_FEW_FILES=0)


def _watch(world: World, moment: Moment, victim: Victim) -> None:
    owner, name = _PLACES[moment.place]
    real: Any = getattr(owner, name)
    calls = 0

    def strike(when: When) -> None:
        if when == moment.when and calls == moment.nth:
            if victim != "writer":
                _kill_keeper(world.data)
            if victim != "keeper":
                os.kill(os.getpid(), signal.SIGKILL)

    def watched(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        strike("before")
        done = real(*args, **named)
        strike("after")
        return done

    for holder in (owner, catalog) if owner is registered else (owner,):
        setattr(holder, name, _watched_transaction(real, watched) if name == "_transaction" else watched)


def _watched_transaction(real: Any, watched: Any) -> Any:
    """A commit happens when the block is left: before it everything is written, after it everything true."""

    class Transaction:
        def __init__(self, db: sqlite3.Connection) -> None:
            self._inner = real(db)

        def __enter__(self) -> sqlite3.Connection:
            return self._inner.__enter__()  # type: ignore[no-any-return]

        def __exit__(self, *error: object) -> Any:
            return commit(self._inner, error)

    cell = watched.__closure__[watched.__code__.co_freevars.index("real")]
    cell.cell_contents = lambda inner, error: inner.__exit__(*error)
    commit = watched
    return Transaction


def _ending(pid: int) -> int:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            assert code in (0, 2, -signal.SIGKILL), f"the writer ended with {code}"
            return code
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    raise AssertionError("the writer hangs")


def _kill_keeper(data: Path, how: int = signal.SIGKILL) -> None:
    owner = read_owner(data)
    if owner is not None:
        with suppress(ProcessLookupError):
            os.kill(owner.pid, how)


def _patiently(call: Callable[[], object]) -> None:
    """The workers of a killed writer hold its lock for a moment."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            call()
            return
        except IndexBusy:
            if time.monotonic() > until:
                raise
        time.sleep(0.01)


def _registered(catalog: Catalog, root: Path) -> RepoRow:
    return catalog.add_repo(REPO, str(root))


def _hits(retriever: Retriever, question: str) -> list[Any]:
    return list(retriever.search(Query(question, repos=(REPO,), limit=30)).hits)


def _without_points(indexer: Indexer, repo: RepoRow) -> Iterator[str]:
    files = {file.id: file.path for file in indexer.catalog.files(repo)}
    rows = indexer.catalog.chunks_after(repo, 0, 100_000)
    there = indexer.vectors.dense([id_ for _, id_, _ in rows])
    yield from (f"a chunk of {files[file]} has no point" for _, id_, file in rows if id_ not in there)


def _content(indexer: Indexer) -> dict[str, object]:
    catalog, vectors = indexer.catalog, indexer.vectors
    repo = catalog.repo(REPO)
    files = catalog.files(repo)
    chunks = [
        (c.path, c.start, c.end, c.id, c.defines, c.scope, catalog.texts([c.nr])[c.nr])
        for file in files
        for c in catalog.chunks_of(file.id)
    ]
    ids = sorted(vectors.ids(REPO))
    bag = as_bag(count("keeps order price rebate value 3"))
    query = VectorQuery(Where(REPO), 50, _EMBEDDER.encode(["tax of an order"])[0], bag.ids, bag.counts)
    found = vectors.search(query)
    return {
        "files": [(f.path, f.language, f.kind, f.lines, f.size) for f in files],
        "chunks": chunks,
        "symbols": [(s.path, s.qualname, s.start) for f in files for s in catalog.symbols_in([f.id])],
        "references": [(r.path, r.name, r.line) for f in files for r in catalog.references_in(f.id)],
        "points": (ids, sorted(chunk[3] for chunk in chunks)),
        "dense vectors": {id_: vector.tobytes() for id_, vector in vectors.dense(ids).items()},
        "scores": (dict(found.by_meaning), {id_: round(s, 4) for id_, s in found.by_words}),
        "sample": catalog.sample(repo),
        "state": (repo.complete, repo.dirty, repo.pending, catalog.leaving()),
    }


def _dangling(catalog: Catalog) -> Iterator[str]:
    asked = {
        "files of no repository": "SELECT count(*) FROM files WHERE repo NOT IN (SELECT id FROM repos)",
        "skipped of no repository": "SELECT count(*) FROM skipped WHERE repo NOT IN (SELECT id FROM repos)",
        "texts of no chunk": "SELECT count(*) FROM texts WHERE chunk NOT IN (SELECT nr FROM chunks)",
        **{
            f"{table} of no file": f"SELECT count(*) FROM {table} WHERE file NOT IN (SELECT id FROM files)"
            for table in ("chunks", "symbols", "refs")
        },
    }
    with closing(sqlite3.connect(catalog.path)) as db:
        yield from (name for name, sql in asked.items() if db.execute(sql).fetchone()[0])


def _left_over(data: Path) -> list[str]:
    """Files of the data directory that no sound one has."""
    inside = [path.relative_to(data) for path in data.rglob("*")]
    return [
        str(path)
        for path in inside
        if any(part.startswith(".") for part in path.parts if part != ".gitignore")
        or path.suffix in (".new", ".tmp", ".unfinished")
        or path.name.startswith("damaged")
    ]

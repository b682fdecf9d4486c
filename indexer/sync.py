"""Bring the index of one repository up to date with its files: the place where all steps meet.

    walk -> compare -> [workers: read, parse, chunk, weigh] -> vectors -> flush -> catalog -> stale points out

New points are upserted and flushed, then the rows of those files are committed, and only then the points
of the old rows deleted: at every instant each row has its points, so a search answers with the old or the
new content of a file. A crash leaves points that no row names; the mark `dirty`, set before the first
write, tells the next sync to sweep them away (decision 6).
"""

from __future__ import annotations

import os
import pickle
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from .embed import Embedder
from .errors import Cancelled, NotFound, StoreUnreachable
from .files import FileOptions, candidates, printable, walk
from .git import head_commit
from .lock import writing_lock
from .pool import prepare_all
from .prepare import Batch, Task
from .reconcile import clear_removed, reconcile
from .store import Vectors
from .store.catalog import Catalog, KnownFile, RepoRow, forget_files
from .store.rows import PreparedFile, write_rows
from .store.schema import DataDir

_TASK_FILES = 48  # per task of a worker: small enough to share fairly
_TASK_BYTES = 400_000
_FIRST_CHUNKS = 20  # a first index answers from the first files at once
_COMMIT_CHUNKS = 1_500  # in the next flush and commit, so that a repository answers soon,
_COMMIT_MOST = 6_000  # doubled up to this: searches wait for a flush, and a kill loses seconds of work;
_COMMIT_LEAST = 500  # at the end halved down to this: little is left to write when the workers are done
_RACY_NS = 50_000_000  # a file written this shortly before it was read may change with the same stat
_ENCODE = 64  # texts per call of a costly embedder: between two checks for cancellation
SAMPLE = 256  # stored dense vectors that tell how near any chunk is to a question by chance


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync is. `done` of `total` changed files are in the index."""

    repo: str
    done: int
    total: int
    chunks: int


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync found and did. `files`, `chunks`, `symbols` and `skipped` describe the whole index;
    `changed` and `removed` count the files this sync wrote and forgot, `failed` names the quarantined."""

    repo: str
    files: int
    chunks: int
    symbols: int
    seconds: float
    skipped: dict[str, int]
    generation: int
    commit: str | None
    changed: int
    removed: int
    redactions: int
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hooks:
    """How a caller follows and stops a sync."""

    progress: Callable[[Progress], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False


class Indexer:
    """Writes one index. `files` are the limits that decide what is skipped; `with_text` says that its points
    carry their text and lines, for readers that know no catalog."""

    def __init__(
        self,
        data: DataDir,
        catalog: Catalog,
        vectors: Vectors,
        embedder: Embedder,
        files: FileOptions | None = None,
        with_text: bool = False,
    ) -> None:
        self.data = data
        self.catalog = catalog
        self.vectors = vectors
        self.embedder = embedder
        self.files = files or FileOptions()
        self.with_text = with_text

    def sync(
        self, repo: RepoRow, paths: Iterable[str] | None = None, hooks: Hooks | None = None, workers: int = 0
    ) -> SyncReport:
        """Index what changed, all of it or only `paths` (files or folders, relative to the root).

        Raises IndexBusy when another process is writing this repository, Cancelled when asked to
        stop (what was done is kept), NotFound when the folder is gone (nothing is forgotten),
        StoreUnreachable and EmbeddingFailed (files stay pending).
        """
        started = time.perf_counter()
        clear_removed(self.data, self.catalog, self.vectors)
        with writing_lock(self.data, repo.name):
            run = _Run(self, self.catalog.repo(repo.name), hooks or Hooks())
            run.work(None if paths is None else list(paths), workers)
        return self._report(repo, run, time.perf_counter() - started)

    def remove(self, repo: RepoRow) -> None:
        """Forget a repository. The catalog goes first, so that nothing half removed can answer; points
        that a crash leaves behind go with the next sync of any repository."""
        with writing_lock(self.data, repo.name):
            self.catalog.remove_repo(repo)
        clear_removed(self.data, self.catalog, self.vectors)
        self.catalog.give_back()

    def _report(self, repo: RepoRow, run: _Run, seconds: float) -> SyncReport:
        now = self.catalog.repo(repo.name)
        counts = self.catalog.counts(now)
        return SyncReport(
            repo=now.name,
            files=counts["files"],
            chunks=counts["chunks"],
            symbols=counts["symbols"],
            seconds=round(seconds, 3),
            skipped=self.catalog.skip_counts(now),
            generation=now.generation,
            commit=now.commit,
            changed=run.changed,
            removed=run.removed,
            redactions=counts["redactions"],
            failed=tuple(run.failed),
        )


@dataclass(slots=True)
class _Unflushed:
    """What the vectors hold and the catalog does not know yet; `packed` are the points, to be sent again
    when the store loses them before they are flushed."""

    packed: list[bytes] = field(default_factory=list)
    prepared: list[PreparedFile] = field(default_factory=list)
    touched: list[tuple[str, int, int, int]] = field(default_factory=list)
    skipped: list[tuple[object, ...]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    chunks: int = 0

    def __bool__(self) -> bool:
        return bool(self.prepared or self.touched or self.skipped or self.gone)


class _Run:
    def __init__(self, indexer: Indexer, repo: RepoRow, hooks: Hooks) -> None:
        self.catalog = indexer.catalog
        self.vectors = indexer.vectors
        self.embedder = indexer.embedder
        self.files = indexer.files
        self.with_text = indexer.with_text
        self.repo = repo
        self.hooks = hooks
        self.root = Path(repo.root)
        self.place = _place(self.root)
        self.known: dict[str, KnownFile] = {}
        self.unflushed = _Unflushed()
        self.stale: list[str] = []  # deleted, but not flushed
        self.unswept = False  # a first index reads files while its store starts, and looks there afterwards
        self.step = _COMMIT_CHUNKS if repo.complete else _FIRST_CHUNKS
        self.total = self.done = self.chunks = 0
        self.changed = self.removed = 0
        self.failed: list[str] = []

    def work(self, paths: list[str] | None, workers: int) -> None:
        if self.repo.dirty:
            paths = None  # an interrupted sync may have left more undone than was asked for now
        told = None if paths is None else [printable(path) for path in paths]
        self.known = self.catalog.known(self.repo, told)
        if paths is None and self.known:
            self._forget_without_points(reconcile(self.catalog, self.vectors, self.repo))
        self.unswept = paths is None and not self.known
        commit = head_commit(self.root)
        found = walk(self.root, self.files) if paths is None else candidates(self.root, paths, self.files)
        self._prove_present()
        stats = {c.path: (c.size, c.mtime_ns, c.ctime_ns) for c in found.files}
        # Left out by its place, not by what it says: with no stat, so that it is read once it is let in.
        left_out = [(s.path, str(s.reason), s.detail, -1, 0, 0) for s in found.skipped]
        in_scope = self.known if told is None else {p: k for p, k in self.known.items() if _under(p, told)}
        present = stats.keys() | {str(row[0]) for row in left_out}
        gone = [path for path in in_scope if path not in present]
        todo = [path for path, stat in stats.items() if self._may_differ(path, stat)]
        self.unflushed.gone = gone
        self.unflushed.skipped = [row for row in left_out if self._is_news(row)]
        self.total = len(todo)
        if todo or self.unflushed:
            self.catalog.mark(self.repo, dirty=True, pending=self.total)
            self._index(todo, stats, workers)
        self._finish(commit)

    def _prove_present(self) -> None:
        """Raise NotFound when the root went away since the sync began: what it lacks now is not gone."""
        if self.place is None or _place(self.root) != self.place:
            raise NotFound(
                f"{self.root} is gone, or was replaced while it was read; the index keeps what it has: put "
                f"the folder back, or run: cairn remove {self.repo.name}"
            )

    def _forget_without_points(self, files: set[int]) -> None:
        """Let files be indexed again as if they were new; their rows answer until then."""
        for path, known in self.known.items():
            if known.id in files:
                self.known[path] = replace(known, mtime_ns=-1, digest="")

    def _may_differ(self, path: str, stat: tuple[int, int, int]) -> bool:
        size, mtime_ns, ctime_ns = stat
        known = self.known.get(path)
        if known is None or (known.size, known.mtime_ns) != (size, mtime_ns) or known.reason == "failed":
            return True
        # The inode's own time cannot be set back: it tells of a content written at the same size and
        # time, and of rights that were taken away.
        return max(mtime_ns, ctime_ns) > known.seen_ns - _RACY_NS

    def _is_news(self, row: Sequence[object]) -> bool:
        known = self.known.get(str(row[0]))
        return known is None or known.id != 0 or known.reason != row[1]

    def _index(self, todo: list[str], stats: dict[str, tuple[int, int, int]], workers: int) -> None:
        tasks = self._tasks(todo, stats)
        try:
            # A first index begins with a few files that are prepared here: they answer while workers start.
            here = 0 if self.repo.complete else 1
            for batch in prepare_all(tasks, self.embedder, workers, here):
                self._store(batch)
                if self.hooks.cancelled():
                    raise Cancelled("")
                self.hooks.progress(Progress(self.repo.name, self.done, self.total, self.chunks))
        except (KeyboardInterrupt, Cancelled) as stop:
            self._commit()
            raise Cancelled(
                f"stopped: {self.done} of {self.total} changed files of {self.repo.name} are indexed and "
                "kept; run the same command again to go on"
            ) from stop
        self._commit()

    def _tasks(self, todo: list[str], stats: dict[str, tuple[int, int, int]]) -> list[Task]:
        tasks: list[Task] = []
        paths: list[str] = []
        size = 0
        for path in todo:
            paths.append(path)
            size += stats[path][0]
            if len(paths) >= _TASK_FILES or size >= _TASK_BYTES:
                tasks.append(self._task(paths))
                paths, size = [], 0
        if paths:
            tasks.append(self._task(paths))
        # The first answers soon; then the largest, so that none is alone at work in the end.
        return tasks[:1] + sorted(tasks[1:], key=lambda task: -sum(stats[path][0] for path in task.paths))

    def _task(self, paths: list[str]) -> Task:
        digests = {p: self.known[p].digest for p in paths if p in self.known and self.known[p].digest}
        return Task(self.repo.name, str(self.root), tuple(paths), digests, self.files, self.with_text)

    def _sweep(self) -> None:
        """Delete points that an index of this name left behind, before the first of this one is written."""
        if self.unswept:
            reconcile(self.catalog, self.vectors, self.repo)
            self.unswept = False

    def _store(self, batch: Batch) -> None:
        self._sweep()
        points = batch.points or self._encode(batch)
        now = self.unflushed
        if points:
            self.vectors.upsert_packed(points)
            now.packed.append(points)
        now.prepared += batch.prepared
        now.touched += batch.touched
        now.skipped += batch.skipped
        chunks = sum(len(file.chunks) for file in batch.prepared)
        now.chunks += chunks
        self.chunks += chunks
        self.done += len(batch.prepared) + len(batch.touched) + len(batch.skipped)
        self.failed += [f"{row[0]}: {row[2]}" for row in batch.skipped if row[1] == "failed"]
        to_come = (self.total - self.done) * self.chunks // max(self.done, 1)
        if now.chunks >= min(self.step, max(to_come, _COMMIT_LEAST)):
            self._commit()
            self.step = min(max(2 * self.step, _COMMIT_CHUNKS), _COMMIT_MOST)

    def _encode(self, batch: Batch) -> bytes:
        if batch.pending is None:
            return b""
        for start in range(0, len(batch.inputs), _ENCODE):
            if self.hooks.cancelled():
                raise Cancelled("")
            texts = batch.inputs[start : start + _ENCODE]
            batch.pending.dense[start : start + len(texts)] = self.embedder.encode(texts)
        return pickle.dumps(batch.pending, protocol=5)

    def _commit(self) -> None:
        """Make what was stored true: flush, then the rows, then the points of the old rows out."""
        now, self.unflushed = self.unflushed, _Unflushed()
        if not now:
            return
        self._prove_present()
        replaced = [file.path for file in now.prepared] + [str(row[0]) for row in now.skipped] + now.gone
        old = [self.known[path].id for path in replaced if path in self.known and self.known[path].id]
        kept = {chunk for file in now.prepared for chunk in file.chunk_ids}
        stale = [row.id for file in old for row in self.catalog.chunks_of(file) if row.id not in kept]
        if now.packed:
            self._flush(now.packed)
        pending = self.total - self.done
        with self.catalog.writing() as db:
            forget_files(db, old)
            write_rows(db, self.repo.id, now.prepared, now.touched, now.skipped, now.gone)
            bump = 1 if now.prepared or old else 0
            db.execute(
                "UPDATE repos SET generation = generation + ?, pending = ? WHERE id = ?",
                (bump, pending, self.repo.id),
            )
        if stale:
            self.stale += stale
            self.vectors.delete(stale)
        self.changed += len(now.prepared)
        self.removed += sum(1 for path in now.gone if self.known[path].id)

    def _flush(self, packed: Sequence[bytes] = ()) -> None:
        """Make the store's writes durable. What it lost before, as when it was restarted, is sent again."""
        for last in (False, False, True):
            try:
                self.vectors.flush()
                break
            except StoreUnreachable:
                if last:
                    raise
                for points in packed:
                    self.vectors.upsert_packed(points)
                self.vectors.delete(self.stale)
        self.stale = []

    def _finish(self, commit: str | None) -> None:
        self._sweep()
        repo = self.catalog.repo(self.repo.name)
        moved = self.changed or self.removed or repo.generation != self.repo.generation
        unchanged = not moved and repo.complete and repo.commit == commit and not repo.dirty
        if unchanged:
            with self.catalog.writing() as db:
                db.execute("UPDATE repos SET synced_at = ? WHERE id = ?", (time.time(), repo.id))
            return
        if self.stale:
            self._flush()
        sample = self._sample(repo)
        with self.catalog.writing() as db:
            db.execute(
                "UPDATE repos SET commit_id = ?, pending = 0, complete = 1, dirty = 0, synced_at = ?, "
                "sample = ? WHERE id = ?",
                (commit, time.time(), sample, repo.id),
            )
        self.catalog.give_back()

    def _sample(self, repo: RepoRow) -> bytes:
        ids = self.catalog.sample_ids(repo, SAMPLE)
        if not ids:
            return b""
        vectors = self.vectors.dense(ids)
        found = [vectors[id_] for id_ in ids if id_ in vectors]
        return np.stack(found).astype(np.float16).tobytes() if found else b""


def _place(root: Path) -> tuple[int, int] | None:
    """Which folder this is, whatever it is called; None when there is none."""
    try:
        found = os.stat(root)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _under(path: str, asked: Sequence[str]) -> bool:
    return any(not a or path == a or path.startswith(a.rstrip("/") + "/") for a in asked)


def name_for(root: Path, taken: Counter[str] | set[str]) -> str:
    """A name for a new repository: its folder's, with a number where that is taken."""
    base = root.name or "repo"
    name, n = base, 2
    while name in taken:
        name, n = f"{base}-{n}", n + 1
    return name

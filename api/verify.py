"""A repository -> proof that its index equals a clean rebuild, or what does not and how it was mended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from indexer.errors import Cancelled, IndexBusy
from indexer.lock import writing_lock
from indexer.store.vectors import VectorOptions, open_vectors
from indexer.sync import Hooks, Progress
from indexer.verify import Finding, Look
from indexer.verify.mend import invalidate
from indexer.verify.rebuild import Recipe
from retriever.proof import Live, look

if TYPE_CHECKING:
    from indexer.store import Vectors
    from indexer.store.catalog import RepoRow

    from .service import Service

Tell = Callable[[str, int, int], None]
SAMPLE_FILES = 50  # a second of work; over some runs, each at another generation, every file has its turn
_KEEPER_STAYS = 30.0  # seconds that the keeper of a rebuild waits for a call: it is dismissed long before
_LOOKS = 2  # at an index that moves meanwhile, before the writers are held up
_GLANCE = 0.1
_PATIENCE = 600.0  # seconds to wait for a writer: a first index takes minutes


@dataclass(frozen=True, slots=True)
class Scope:
    """How much is proven: `full` rebuilds everything, else `sample` files. `fix` mends what is wrong."""

    sample: int = SAMPLE_FILES
    full: bool = False
    fix: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`stale` are files that changed since they were indexed: any sync mends that. `damaged` is what a
    sound index never shows, whatever the files do. `mended` is what was repaired before this was found."""

    repo: str
    mode: Literal["full", "sample"]
    generation: int
    files: int
    chunks: int
    points: int
    stale: tuple[str, ...]
    damaged: tuple[str, ...]
    proven: tuple[str, ...]
    notes: tuple[str, ...]
    mended: tuple[str, ...] = ()
    found: tuple[str, ...] = ()  # what was wrong before it was mended
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.stale and not self.damaged


def verify(
    service: Service,
    repo: RepoRow,
    scope: Scope | None = None,
    tell: Tell = lambda *_: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Prove it, and with `scope.fix` mend what is wrong and prove it again.

    Raises NoRoom when a rebuild does not fit on the disk, IndexBusy when a writer does not come to an end.
    """
    scope = scope or Scope()
    started = time.perf_counter()

    def told(what: str, done: int, total: int) -> None:
        if cancelled():
            raise Cancelled(f"the proof of {repo.name} was stopped; nothing was changed")
        tell(what, done, total)

    repo, seen = _steady_look(service, repo, scope, told)
    found: tuple[Finding, ...] = ()
    mended: list[str] = []
    if scope.fix and seen.findings:
        found = seen.findings
        mended = _mend(service, repo, found, tell)
        repo, seen = _steady_look(service, repo, scope, told)
    return Verdict(
        repo=repo.name,
        mode="full" if scope.full else "sample",
        generation=repo.generation,
        files=len(service.catalog.files(repo)),
        chunks=service.catalog.counts(repo)["chunks"],
        points=service.vectors.count(repo.name),
        stale=tuple(seen.stale),
        damaged=tuple(seen.damaged),
        proven=() if seen.findings else seen.proven,
        notes=seen.notes,
        mended=tuple(mended),
        found=tuple(finding.said for finding in found),
        seconds=round(time.perf_counter() - started, 3),
    )


def _steady_look(service: Service, repo: RepoRow, scope: Scope, tell: Tell) -> tuple[RepoRow, Look]:
    """A look during which no writer moved the index. Writers are held up only when they never rest."""
    live, sample = _live(service), None if scope.full else scope.sample
    for _ in range(_LOOKS):
        before = service.named(repo.name)
        seen = look(live, before, sample, tell)
        after = service.named(repo.name)
        if not seen.findings and before.generation == after.generation:
            return after, seen
        if before == after and not _is_written(service, repo):
            return after, seen
    with _held(service, repo):
        now = service.named(repo.name)
        seen = look(live, now, sample, tell)
    return now, seen + Look(notes=("writers of this repository were held up while it was looked at",))


def _live(service: Service) -> Live:
    index, settings = service.current, service.settings
    fingerprint = index.edition.fingerprint

    def open_beside(folder: Path) -> Vectors:
        options = VectorOptions(folder, idle_seconds=_KEEPER_STAYS)
        return open_vectors(options, fingerprint, index.embedder.dimensions)

    recipe = Recipe(
        service.data, index.embedder, fingerprint, settings.file_options, open_beside, settings.workers
    )
    return Live(index.catalog, index.vectors, recipe)


def _is_written(service: Service, repo: RepoRow) -> bool:
    try:
        with writing_lock(service.data, repo.name):
            return False
    except IndexBusy:
        return True


@contextmanager
def _held(service: Service, repo: RepoRow) -> Iterator[None]:
    """The writer's lock, waited for."""
    until = time.monotonic() + _PATIENCE
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(writing_lock(service.data, repo.name))
                break
            except IndexBusy:
                if time.monotonic() >= until:
                    raise
                time.sleep(_GLANCE)
        yield


def _mend(service: Service, repo: RepoRow, found: tuple[Finding, ...], tell: Tell) -> list[str]:
    with _held(service, repo):
        mended = invalidate(service.catalog, service.vectors, repo, found)

    def progress(now: Progress) -> None:
        tell("mending", now.done, now.total)

    service.sync(repo, hooks=Hooks(progress), patience=_PATIENCE)
    return mended

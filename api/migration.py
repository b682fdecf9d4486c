"""The edition that answers, and another one -> the other built beside it, then put in its place.

    begin (current.json names it) -> build, a repository at a time -> swap: alone, a last look at every file,
    generations raised, current.json replaced -> what neither answers nor is kept is removed

Each step can be done again, so whatever dies is gone on with by the next call.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.errors import CairnError, Cancelled, Conflict, IndexBusy, NotFound
from indexer.store.catalog import RepoRow
from indexer.store.editions import Edition, Editions, change_editions, read_editions, stamp_of
from indexer.store.locking import Lock
from indexer.store.schema import DataDir, fingerprint_of
from indexer.store.troubles import written
from indexer.sync import Hooks

from .leftovers import remove_leftovers
from .opened import Opened, open_edition, open_wish
from .service import WORKING_COPY, Service

_ROUNDS = 5  # looks at all files before the swap: each finds what was edited during the one before
_QUIET = 10.0  # seconds that a swap, and with it every save, waits for running syncs
_PAUSE = 2.0  # seconds before a swap is tried again
_STOP = 60.0  # seconds for a builder in another process to notice that it was cancelled
_ORPHANS = 10.0  # seconds for the workers of a killed builder to end, whose lock they inherited
_GLANCE = 0.1


@dataclass(frozen=True, slots=True)
class Migrated:
    """What came of it. `notes` say what could not be done and harms no answer."""

    edition: Edition
    previous: Edition | None
    seconds: float
    removed: tuple[str, ...]
    notes: tuple[str, ...]


def wanted(service: Service) -> Opened | None:
    """The edition that the settings and this program ask for, where another one answers; without a setting
    the one that was begun. Loads its model, and raises what that raises."""
    current, data, settings = service.current, service.data, service.settings
    said = read_editions(data)
    if settings.embedder is None and said is not None and said.building is not None:
        return open_edition(data, settings, said.building)
    if settings.embedder in (
        None,
        current.edition.embedder,
    ):  # the model there is, of another version at most
        model = current.embedder
        with_text = settings.with_text(current.edition.parts.with_text)
        fingerprint = fingerprint_of(model.fingerprint, model.dimensions, with_text)
        edition = replace(current.edition, fingerprint=fingerprint)
        opened = Opened(data, settings, edition, model)
    else:
        opened = open_wish(data, settings, current.edition)
    return None if opened.edition.fingerprint == current.edition.fingerprint else opened


def migrate(service: Service, to: Opened, hooks: Hooks | None = None, *, declining: bool = False) -> Migrated:
    """Build `to` beside the edition that answers, and let it answer. `declining`: nothing shall build the
    one that answers now again by itself.

    Raises Conflict when another process migrates, NotFound when a repository's folder is gone, Cancelled
    when asked to stop (what is built is kept and gone on with) or when it was cancelled elsewhere (it is
    not), and what a sync raises. In every case what answered goes on answering.
    """
    started = time.monotonic()
    with _alone(service.data):
        change_editions(service.data, lambda said: _there(said).started(to.edition))
        remove_leftovers(service)  # of one that was given up: two indexes take enough room
        _Builder(service, to, hooks or Hooks()).work(declining)
        removed, notes = remove_leftovers(service)
    said = _there(read_editions(service.data))
    try:
        service.vectors.point_here()
    except CairnError as error:
        notes = (*notes, f"the alias still names the collection before ({error})")
    return Migrated(said.current, said.previous, time.monotonic() - started, removed, notes)


def roll_back(service: Service, hooks: Hooks | None = None) -> Migrated:
    """Let the edition before answer again, brought up to date first. Raises Conflict where there is none,
    or where it cannot be asked any more; else what `migrate` raises."""
    previous = _there(read_editions(service.data)).previous
    if previous is None:
        raise Conflict("there is no index to go back to: none was kept, or it was removed")
    return migrate(service, open_edition(service.data, service.settings, previous), hooks, declining=True)


def cancel(service: Service) -> Edition:
    """Give up what is being built, in whichever process, and remove it. Raises Conflict when nothing is."""
    building = _there(read_editions(service.data)).building
    if building is None:
        raise Conflict("no index is being built; there is nothing to cancel")
    change_editions(service.data, lambda said: _there(said).stopped())
    with _alone(service.data, _STOP):
        remove_leftovers(service)
    return building


def clean(service: Service) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove every index but the one that answers: what was removed, and notes on what was not."""
    with _alone(service.data):
        change_editions(service.data, lambda said: replace(_there(said), previous=None))
        return remove_leftovers(service, costly=True)


class _Builder:
    """Brings `to` up to what the current edition holds. `lane`: its locks are not those of the current one,
    which goes on following the files."""

    def __init__(self, service: Service, to: Opened, hooks: Hooks) -> None:
        self.service = service
        self.source = service.current
        self.to = to
        self.lane = to.edition.digest
        self._asked = hooks
        self._stamp = stamp_of(service.data)
        self._given_up = False
        self.hooks = Hooks(hooks.progress, self._cancelled)

    def work(self, declining: bool) -> None:
        while True:
            for _ in range(_ROUNDS):
                if not self._catch_up():
                    break
            try:
                with self.service.gate.alone(_QUIET):
                    self._swap(declining)
                return
            except IndexBusy:
                self._pause()

    def _catch_up(self) -> int:
        """One round over all repositories; the number of files in which the two differed."""
        repos = {repo.name: repo for repo in self.source.catalog.repos()}
        built = {repo.name: repo for repo in self.to.catalog.repos()}
        for name, row in list(built.items()):
            if name not in repos or repos[name].root != row.root:
                self.to.remove(built.pop(name), self.lane)
        return sum(self._build(repo, built.get(repo.name)) for repo in repos.values())

    def _build(self, repo: RepoRow, row: RepoRow | None) -> int:
        self._stop_if_cancelled()
        there = Path(repo.root).is_dir()
        if not there and repo.name.startswith(WORKING_COPY):
            return 0
        row = row or self.to.catalog.add_repo(repo.name, repo.root)
        if not there:
            self._refuse_to_lose(repo, row)
            return 0
        report = self.to.sync(row, None, self.hooks, self.lane)
        return report.changed + report.removed

    def _refuse_to_lose(self, repo: RepoRow, row: RepoRow) -> None:
        """A folder that is not there now, as on a disk that is not mounted, must not cost its index."""
        if not row.complete and self.source.catalog.counts(repo)["files"]:
            raise NotFound(
                f"{repo.root} is gone, so {repo.name} cannot be built anew; put the folder back or run: "
                f"cairn remove {repo.name}, then migrate again. Until then the index before goes on answering"
            )

    def _swap(self, declining: bool) -> None:
        """No sync of the current edition runs: what one of them saw before, this last look sees too."""
        self._catch_up()
        self._stop_if_cancelled()
        for repo in self.to.catalog.repos():
            before = self.source.catalog.repo(repo.name)
            self.to.catalog.raise_generation(repo, before.generation + 1)
        declined = self.source.edition.fingerprint if declining else None

        def write() -> None:
            change_editions(self.service.data, lambda said: self._swapped(_there(said), declined))

        self.service.swap(self.to, write)

    def _swapped(self, said: Editions, declined: str | None) -> Editions:
        if said.building is None or said.building.fingerprint != self.to.edition.fingerprint:
            raise Cancelled(f"the migration to {self.to.edition.embedder} was cancelled")
        return replace(said.swapped(self.to.edition, time.time()), declined=declined)

    def _cancelled(self) -> bool:
        stamp = stamp_of(self.service.data)
        if stamp != self._stamp:
            self._stamp = stamp
            building = _there(read_editions(self.service.data)).building
            self._given_up = building is None or building.fingerprint != self.to.edition.fingerprint
        return self._given_up or self._asked.cancelled()

    def _stop_if_cancelled(self) -> None:
        if self._cancelled():
            how = "was cancelled" if self._given_up else "stopped; what is built so far is gone on with"
            raise Cancelled(f"the migration to {self.to.edition.embedder} {how}")

    def _pause(self) -> None:
        until = time.monotonic() + _PAUSE
        while time.monotonic() < until:
            self._stop_if_cancelled()
            time.sleep(_GLANCE)


def _there(said: Editions | None) -> Editions:
    if said is None:
        raise Conflict("nothing is indexed yet; there is nothing to migrate")
    return said


def _taken(path: Path) -> Lock | None:
    with written(path):
        return Lock.take(path)


@contextmanager
def _alone(data: DataDir, patience: float = 0.0) -> Iterator[None]:
    """One migration, rollback or removal per data directory. Raises Conflict."""
    path = data.root / "migration.lock"
    started = time.monotonic()
    while (lock := _taken(path)) is None:
        waited = time.monotonic() - started
        if waited >= (patience if _is_alive(path) else max(patience, _ORPHANS)):
            raise Conflict(
                f"{_holder(path)} is building an index of {data.root} already; cairn status shows how far it "
                "is, cairn migrate --cancel stops it"
            )
        time.sleep(_GLANCE)
    try:
        path.write_text(str(os.getpid()))
        yield
    finally:
        lock.release()


def _holder(path: Path) -> str:
    try:
        return f"process {int(path.read_text())}"
    except (OSError, ValueError):
        return "another process"


def _is_alive(path: Path) -> bool:
    try:
        os.kill(int(path.read_text()), 0)
    except (OSError, ValueError, OverflowError) as error:
        return isinstance(error, PermissionError)
    return True

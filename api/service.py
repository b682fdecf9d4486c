"""Settings -> one Service: the index, its writer and its reader, each built when first asked for."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from indexer.chunk import CHUNKER_VERSION
from indexer.errors import BadInput, CairnError, Cancelled, Forbidden, IndexBusy, NotFound
from indexer.git import is_gitdir
from indexer.places import kernel_kind
from indexer.store.editions import Stamp, read_editions, stamp_of
from indexer.store.gate import Gate
from indexer.store.schema import DataDir
from indexer.store.troubles import not_writable

from .opened import Opened, answers, choose, open_edition, second_stage
from .settings import Settings

if TYPE_CHECKING:
    from indexer.embed import Embedder
    from indexer.store import Vectors
    from indexer.store.catalog import Catalog, RepoRow
    from indexer.sync import Hooks, SyncReport
    from retriever.search import Retriever

log = logging.getLogger(__name__)

_RETRY = 30.0  # seconds before an edition is tried again that could not be opened
_STRAGGLERS = 60.0  # seconds that answers may still be on their way from an edition that was replaced
_GLANCE = 0.1  # seconds between looks at whether another writer has finished
WORKING_COPY = "@"  # begins the name of an agent's working copy; no name that people choose does
_LONGEST_NAME = 100  # characters: a name is part of URLs and file names
_NAME = re.compile(r"[\w.+-]+")


class Service:
    """Everything a door needs. Nothing is opened before its first use; safe to share between threads.

    What answers is the current edition of the index. Another process, or this one, may put another in its
    place: each call finds the one that is current when it begins, and stays with it.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.data = DataDir(settings.data)
        self.gate = Gate(self.data)
        self.problem: str | None = None  # why the edition that should answer does not
        self._opened: Opened | None = None
        self._stamp: Stamp | None = None
        self._try_again = 0.0
        self._retired: list[Opened] = []
        self._lock = threading.RLock()

    @property
    def current(self) -> Opened:
        """The edition that answers. Costs a look at one file's time, and an opening when it was replaced."""
        opened = self._opened
        if opened is not None and self._is_up_to_date():
            return opened
        # While another thread opens the next edition, this one is answered by the one before.
        if not self._lock.acquire(blocking=opened is None):
            assert opened is not None
            return opened
        try:
            return self._follow()
        finally:
            self._lock.release()

    @property
    def embedder(self) -> Embedder:
        return self.current.embedder

    @property
    def fingerprint(self) -> str:
        return self.current.edition.fingerprint

    @property
    def catalog(self) -> Catalog:
        return self.current.catalog

    @property
    def vectors(self) -> Vectors:
        """For reading; each sync opens its own, because a flush answers for one writer."""
        return self.current.vectors

    @cached_property
    def retriever(self) -> Retriever:
        """Hands each question to the retriever of the edition that is current when it is asked."""
        _ = self.current.retriever  # what is wrong with the model or the catalog is said now
        return cast("Retriever", _Following(self))

    @property
    def wish(self) -> str | None:
        """The model that the settings ask for where it is not the one that answers."""
        wanted, edition = self.settings.embedder, self.current.edition
        return wanted if wanted not in (None, edition.embedder) else None

    @property
    def advice(self) -> str | None:
        """What to do where the settings or this version ask for another edition than the one that answers."""
        edition = self.current.edition
        if self.wish is not None:
            asks = f"the index is of {edition.embedder}, CAIRN_EMBEDDER asks for {self.wish}"
        elif edition.parts.chunker != CHUNKER_VERSION:
            asks = "another version of Cairn cut the files of this index"
        elif self.settings.with_text(edition.parts.with_text) != edition.parts.with_text:
            asks = f"the points of this index carry {'' if edition.parts.with_text else 'no '}text"
            asks += ", CAIRN_QDRANT_TEXT asks for the other"
        else:
            return None
        return f"{asks}; cairn migrate builds that beside it" if self.wish else f"{asks}; run: cairn migrate"

    def repos(self) -> list[RepoRow]:
        """The repositories people registered; working copies of the agent are not among them."""
        return [repo for repo in self.catalog.repos() if not repo.name.startswith(WORKING_COPY)]

    def named(self, name: str) -> RepoRow:
        """The repository of this name or root. Raises NotFound, naming those there are."""
        return self.catalog.repo(name)

    def add_repo(self, path: Path, name: str | None = None) -> tuple[RepoRow, bool]:
        """Register a folder; True when it is new. One inside another indexed one is a repository of its own.

        Raises NotFound when there is no folder, BadInput for a name that is taken or unusable or a
        folder that cannot be indexed whole, Forbidden outside CAIRN_ROOTS.
        """
        root = self._checked_root(path)
        repos = self.repos()
        for repo in repos:
            if repo.root == str(root):
                if name is not None and name != repo.name:
                    raise BadInput(f"{root} is indexed already, as {repo.name}; use that name")
                return repo, False
        taken = {repo.name for repo in repos}
        if name is None:
            name = _free_name(root, taken)
        elif name in taken:
            raise BadInput(f"the name {name!r} is taken by another repository; choose another")
        if not is_name(name):
            raise BadInput(f"{name!r} is no usable name; use letters, digits and . _ + - (at most 100)")
        with self.writing() as index:
            return index.catalog.add_repo(name, str(root)), True

    def sync(
        self,
        repo: RepoRow,
        paths: Iterable[str] | None = None,
        hooks: Hooks | None = None,
        patience: float = 0.0,
    ) -> SyncReport:
        """Index what changed. Waits up to `patience` seconds for another writer of this repository.

        Raises what Indexer.sync raises.
        """
        from indexer.sync import Hooks

        hooks = hooks or Hooks()
        until = time.monotonic() + patience
        while True:
            try:
                with self.writing() as index:
                    return index.sync(repo, paths, hooks)
            except IndexBusy:
                if time.monotonic() >= until:
                    raise
            if hooks.cancelled():
                raise Cancelled(f"stopped while waiting for another process that indexes {repo.name}")
            time.sleep(_GLANCE)

    def remove(self, repo: RepoRow) -> None:
        from retriever.conventions.past import forget

        with self.writing() as index:
            index.remove(repo)
            forget(index.catalog.path.parent, repo.root)

    @contextmanager
    def writing(self) -> Iterator[Opened]:
        """The edition that answers, which none replaces before this ends."""
        _make_private(self.data.root)
        with self.gate.shared():
            with self._lock:  # not the one before: what is written there would be lost
                index = self._opened if self._opened and self._is_up_to_date() else self._follow()
            yield index

    def swap(self, to: Opened, write: Callable[[], object]) -> None:
        """Let `to` answer from the moment `write` has said so in the data directory."""
        _ = to.retriever
        with self._lock:  # until it is done, other threads are answered by the edition before
            write()
            self._install(to, stamp_of(self.data))

    def rebuild(self) -> Path | None:
        """Begin again with the same repositories, each still to be synced; where a damaged catalog lies now.

        Raises what start_again raises.
        """
        from indexer.rebuild import start_again

        _make_private(self.data.root)
        answering = answers(self.data, self.settings)
        aside = start_again(self.data, answering.edition.fingerprint, answering.vectors)
        answering.close()
        self.close()
        return aside

    def close(self) -> None:
        with self._lock:
            for opened in (self._opened, *self._retired):
                if opened is not None:
                    opened.close()
            self._opened, self._retired = None, []
        if self.settings.rerank is not None:
            stage = second_stage(self.data, self.settings)
            assert stage is not None
            stage.close()

    def _is_up_to_date(self) -> bool:
        if self.problem is not None and time.monotonic() >= self._try_again:
            return False
        return self._stamp == stamp_of(self.data)

    def _follow(self) -> Opened:
        """Open what current.json names; where that cannot be, stay with what was opened. The lock is held."""
        opened, stamp = self._opened, stamp_of(self.data)
        if opened is None:
            _make_private(self.data.root)
            opened = choose(self.data, self.settings)
            self._install(opened, stamp)
            return opened
        if self._is_up_to_date():
            return opened
        try:
            said = read_editions(self.data)
            if said is None or said.current.fingerprint == opened.edition.fingerprint:
                self._stamp, self.problem = stamp, None
            else:  # a wish of these settings was for the start: two processes must not swap in turns
                self._install(open_edition(self.data, self.settings, said.current), stamp)
        except CairnError as error:
            log.warning("the index before goes on answering: %s", error)
            self.problem, self._stamp = str(error), stamp
            self._try_again = time.monotonic() + _RETRY
        assert self._opened is not None
        return self._opened

    def _install(self, opened: Opened, stamp: Stamp | None) -> None:
        if self._opened is not None:
            _ = opened.retriever  # other threads ask already: it is built before they share it
            self._retire(self._opened)
        self._opened, self._stamp, self.problem = opened, stamp, None

    def _retire(self, opened: Opened) -> None:
        self._retired.append(opened)
        timer = threading.Timer(_STRAGGLERS, self._let_go, (opened,))
        timer.daemon = True
        timer.start()

    def _let_go(self, opened: Opened) -> None:
        with self._lock:
            if opened in self._retired:
                self._retired.remove(opened)
                opened.close(model=self._opened is None or opened.embedder is not self._opened.embedder)

    def _checked_root(self, path: Path) -> Path:
        if "\0" in str(path) or not path.is_absolute():
            raise BadInput(f"{str(path)!r} is no absolute path; give the whole path of a folder")
        try:
            root = path.resolve()
            str(root).encode()
        except RuntimeError as error:
            raise NotFound(f"there is no folder {path}; its links lead in a circle") from error
        except UnicodeEncodeError as error:
            raise BadInput(f"{str(path)!r} is no UTF-8; give the folder another name") from error
        if not root.is_dir():
            raise NotFound(f"there is no folder {root}; check the path")
        if root == Path(root.anchor):
            raise BadInput(f"{root} is a whole disk; give the folder of one repository")
        kind = kernel_kind(str(root)) or ("devices" if root == Path("/dev") else None)
        if kind is not None:
            raise BadInput(f"{root} holds no files of yours: the system shows itself there ({kind})")
        if is_gitdir(root):
            raise BadInput(
                f"{root} is git's own directory; give the folder of a clone or a worktree with files"
            )
        if root.is_relative_to(self.data.root.resolve()):
            raise BadInput(f"{root} lies in Cairn's own data directory; give the folder of a repository")
        allowed = self.settings.roots
        if allowed and not any(root.is_relative_to(folder) for folder in allowed):
            raise Forbidden(f"{root} lies outside {', '.join(map(str, allowed))} (CAIRN_ROOTS)")
        return root


class _Following:
    def __init__(self, service: Service) -> None:
        self._service = service

    def __getattr__(self, name: str) -> Any:
        return getattr(self._service.current.retriever, name)


def is_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and len(name) <= _LONGEST_NAME and name.strip(".") != ""


def _free_name(root: Path, taken: set[str]) -> str:
    from indexer.sync import name_for

    usable = re.sub(r"[^\w.+-]+", "-", root.name)[: _LONGEST_NAME - 5].strip("-.") or "repo"
    return name_for(Path(usable), taken)


def _make_private(folder: Path) -> None:
    """Create the data directory for this user alone, and keep it out of any index and of git."""
    ignore = folder / ".gitignore"  # the directory may lie in a repository
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not ignore.exists():
            ignore.write_text("*\n")
    except OSError as error:
        raise not_writable(folder, error) from error

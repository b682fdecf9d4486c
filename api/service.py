"""Settings -> one Service: the index, its writer and its reader, each built when first asked for."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embed.load import EmbedderOptions, load_embedder
from indexer.errors import BadInput, Cancelled, Forbidden, IndexBusy, IndexDamaged, NotFound
from indexer.store.schema import DataDir, fingerprint_of
from indexer.store.troubles import not_writable
from indexer.store.vectors import VectorOptions, open_vectors

from .settings import Settings

if TYPE_CHECKING:
    from indexer.embed import Embedder
    from indexer.store import Vectors
    from indexer.store.catalog import Catalog, RepoRow
    from indexer.sync import Hooks, SyncReport
    from retriever.search import Retriever

_GLANCE = 0.1  # seconds between looks at whether another writer has finished
WORKING_COPY = "@"  # begins the name of an agent's working copy; no name that people choose does
_LONGEST_NAME = 100  # characters: a name is part of URLs and file names
_NAME = re.compile(r"[\w.+-]+")


class Service:
    """Everything a door needs. Nothing is opened before its first use; safe to share between threads once
    `retriever` was asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.data = DataDir(settings.data)

    @cached_property
    def embedder(self) -> Embedder:
        chosen = self.settings
        options = EmbedderOptions(chosen.embedder_url, chosen.embedder_key)
        embedder = load_embedder(chosen.embedder, options)
        if not embedder.costly:
            return embedder
        from indexer.embed.cache import CachedEmbedder

        return CachedEmbedder(embedder, self.data.embeddings)

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint_of(self.embedder.fingerprint, self.embedder.dimensions)

    @cached_property
    def catalog(self) -> Catalog:
        from indexer.store.catalog import Catalog

        _make_private(self.data.root)
        path = self.data.catalog(self.fingerprint)
        before = None if path.exists() else _newest_catalog(self.data)
        catalog = Catalog(path)
        if before is not None:
            _register_again(Catalog(before), catalog)
        return catalog

    @cached_property
    def vectors(self) -> Vectors:
        """For reading; each sync opens its own, because a flush answers for one writer."""
        return self._open_vectors()

    @cached_property
    def retriever(self) -> Retriever:
        from retriever.search import Retriever

        return Retriever(self.catalog, self.vectors, self.embedder)

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
        return self.catalog.add_repo(name, str(root)), True

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
        from indexer.sync import Hooks, Indexer

        hooks = hooks or Hooks()
        vectors = self._open_vectors()
        indexer = Indexer(self.data, self.catalog, vectors, self.embedder, self.settings.file_options)
        until = time.monotonic() + patience
        try:
            while True:
                try:
                    return indexer.sync(repo, paths, hooks, self.settings.workers)
                except IndexBusy:
                    if time.monotonic() >= until:
                        raise
                if hooks.cancelled():
                    raise Cancelled(f"stopped while waiting for another process that indexes {repo.name}")
                time.sleep(_GLANCE)
        finally:
            vectors.close()

    def remove(self, repo: RepoRow) -> None:
        from indexer.sync import Indexer

        vectors = self._open_vectors()
        try:
            Indexer(self.data, self.catalog, vectors, self.embedder).remove(repo)
        finally:
            vectors.close()

    def rebuild(self) -> Path | None:
        """Begin again with the same repositories, each still to be synced; where a damaged catalog lies now.

        Raises what start_again raises.
        """
        from indexer.rebuild import start_again

        _make_private(self.data.root)
        aside = start_again(self.data, self.fingerprint, self.vectors)
        self.close()
        self.__dict__.pop("catalog", None)
        self.__dict__.pop("vectors", None)
        return aside

    def close(self) -> None:
        if hasattr(self.__dict__.get("embedder"), "close"):
            self.embedder.close()  # type: ignore[attr-defined]
        if "vectors" in self.__dict__:
            self.vectors.close()
        if "catalog" in self.__dict__:
            self.catalog.close()

    def _open_vectors(self) -> Vectors:
        chosen = self.settings
        options = VectorOptions(self.data.root, chosen.qdrant_url, chosen.qdrant_api_key)
        return open_vectors(options, self.fingerprint, self.embedder.dimensions)

    def _checked_root(self, path: Path) -> Path:
        if "\0" in str(path) or not path.is_absolute():
            raise BadInput(f"{str(path)!r} is no absolute path; give the whole path of a folder")
        root = path.resolve()
        if not root.is_dir():
            raise NotFound(f"there is no folder {root}; check the path")
        if root == Path(root.anchor):
            raise BadInput(f"{root} is a whole disk; give the folder of one repository")
        if root.is_relative_to(self.data.root.resolve()):
            raise BadInput(f"{root} lies in Cairn's own data directory; give the folder of a repository")
        allowed = self.settings.roots
        if allowed and not any(root.is_relative_to(folder) for folder in allowed):
            raise Forbidden(f"{root} lies outside {', '.join(map(str, allowed))} (CAIRN_ROOTS)")
        return root


def _newest_catalog(data: DataDir) -> Path | None:
    """The catalog of the model or version that was used before."""
    found = data.root.glob("indexes/*/catalog.db")
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def _register_again(before: Catalog, catalog: Catalog) -> None:
    """Carry the list of repositories over to a new index; their content is indexed anew."""
    try:
        for repo in before.repos():
            if not repo.name.startswith(WORKING_COPY) and Path(repo.root).is_dir():
                catalog.add_repo(repo.name, repo.root)
    except IndexDamaged:
        pass  # of a version whose tables were others: the repositories have to be named again
    finally:
        before.close()


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

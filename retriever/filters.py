"""Turn what a caller filters by into what the store filters by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from indexer.errors import BadInput
from indexer.store import Where
from indexer.store.catalog import Catalog, RepoRow

from .types import Filters

KINDS = ("code", "docs", "config")
_GLOB = frozenset("*?[")


def where_of(repo: str, filters: Filters, paths: Callable[[], Iterable[str]]) -> Where | None:
    """The store's filter; None when nothing can match. `paths` lists the repository for globs.

    A path filter is a file, a folder (with or without a slash at the end) or a glob as in .gitignore.
    Raises BadInput for a kind that does not exist.
    """
    for kind in filters.kinds:
        if kind not in KINDS:
            raise BadInput(f"no kind {kind!r}; kinds are {', '.join(KINDS)}")
    exact = [path.strip("/") for path in filters.paths if not _GLOB & set(path)]
    globs = [path for path in filters.paths if _GLOB & set(path)]
    found: list[str] = []
    if globs:
        from pathspec import GitIgnoreSpec  # a tenth of what a search loads, for the few that name a glob

        spec = GitIgnoreSpec.from_lines(globs)
        found = [path for path in paths() if spec.match_file(path)]
        if not found and not exact:
            return None
    if "" in exact or "." in exact:
        exact, found = [], []
    files = [*exact, *found]
    return Where(repo, tuple(files), tuple(f"{path}/" for path in exact), filters.languages, filters.kinds)


def missing(filters: Filters, repos: Sequence[RepoRow], catalog: Catalog) -> tuple[str, ...]:
    """A note for each path that is nowhere in these repositories: a slip must not read as an answer."""
    plain = [path for path in filters.paths if not _GLOB & set(path) and path.strip("/") not in ("", ".")]
    names = ", ".join(repo.name for repo in repos)
    return tuple(
        f"{path} is neither a file nor a folder of {names}; `cairn status --skipped` says what is left out"
        for path in plain
        if not any(_is_there(path.strip("/"), repo, catalog) for repo in repos)
    )


def _is_there(path: str, repo: RepoRow, catalog: Catalog) -> bool:
    return catalog.file(repo, path) is not None or catalog.has_folder(repo, path)

"""A row of the catalog -> what an answer says about the index it was served from."""

from __future__ import annotations

from indexer.store.catalog import RepoRow

from .types import Freshness

_BIG = 50  # files: a smaller sync is one batch, which becomes searchable in one moment


def freshness(repo: RepoRow) -> Freshness:
    """As the catalog knows it; who follows the files adds the changes that no sync has begun with."""
    return Freshness(
        repo=repo.name,
        generation=repo.generation,
        commit=repo.commit,
        pending=repo.pending,
        edition=repo.edition,
        partial=is_partial(repo),
    )


def is_partial(repo: RepoRow) -> bool:
    """Whether there is more to come than a few files: the first index or a big sync is not over."""
    return not repo.complete or (repo.dirty and repo.pending > _BIG)

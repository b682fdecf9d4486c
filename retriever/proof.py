"""A live index -> what one look at it finds and proves: alone, beside a rebuild, and by its answers."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from indexer.store import Vectors
from indexer.store.catalog import Catalog, RepoRow
from indexer.sync import Hooks, Progress
from indexer.verify import Finding, Look
from indexer.verify.audit import Tell, audit
from indexer.verify.compare import compare
from indexer.verify.rebuild import Rebuilt, Recipe, check_room, rebuilt

from .fixed import ROUNDING, Readable, differing, fixed_queries


@dataclass(frozen=True, slots=True)
class Live:
    """The index that is looked at, and how a clean one of its kind is made."""

    catalog: Catalog
    vectors: Vectors
    recipe: Recipe


def look(live: Live, repo: RepoRow, sample: int | None, tell: Tell = lambda *_: None) -> Look:
    """Look once. `sample` files are rebuilt; None rebuilds all, and compares the answers as well.

    Raises NoRoom when the rebuild of all does not fit on the disk, and what a sync raises.
    """
    recipe = live.recipe
    found = audit(live.catalog, live.vectors, repo, recipe.files, tell)
    paths = None if sample is None else _chosen(live.catalog, repo, sample)
    if paths is None:
        check_room(recipe.data.root, live.catalog.counts(repo)["bytes"])
    elif not paths:
        return found

    def progress(now: Progress) -> None:
        tell("rebuilding", now.done, now.total)

    with rebuilt(recipe, repo, paths, Hooks(progress)) as fresh:
        found += compare(live.catalog, live.vectors, repo, fresh, paths, tell)
        if paths is None and not found.findings:
            found += _answers(live, repo, fresh, tell)
        elif paths is None:
            found += Look(notes=("fixed queries were not compared: what is wrong already changes them",))
    return found + Look(notes=tuple(_left_open(recipe, paths)))


def _answers(live: Live, repo: RepoRow, fresh: Rebuilt, tell: Tell) -> Look:
    ours = Readable(live.catalog, live.vectors, live.recipe.embedder, repo)
    theirs = Readable(fresh.catalog, fresh.vectors, live.recipe.embedder, fresh.repo)
    queries = fixed_queries(theirs)
    found = differing(ours, theirs, queries, tell)
    return Look(
        tuple(Finding("answers", "", said) for said in found),
        (f"{len(queries)} queries taken from the files: places are equal, and scores to {ROUNDING:g}",),
    )


def _chosen(catalog: Catalog, repo: RepoRow, number: int) -> list[str]:
    """Files chosen by hash and generation: the same for the same index, others after every change."""

    def rank(path: str) -> bytes:
        return blake2b(f"{repo.generation}/{path}".encode("utf-8", "surrogatepass")).digest()

    return sorted((file.path for file in catalog.files(repo)), key=rank)[:number]


def _left_open(recipe: Recipe, paths: list[str] | None) -> list[str]:
    notes = []
    if recipe.embedder.costly:
        notes.append(
            "dense vectors were compared with the cache of this model's embeddings; the model was asked "
            "only for texts that the cache does not hold"
        )
    if paths is not None:
        notes.append(f"{len(paths)} files were rebuilt; --full rebuilds all, and compares answers as well")
    return notes

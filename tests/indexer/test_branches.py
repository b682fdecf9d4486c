"""A costly model is asked once for a text, whatever its file is called and wherever it is checked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from indexer.embed import Matrix, Side
from indexer.embed.cache import CachedEmbedder
from indexer.embed.hashed import HashedEmbedder
from indexer.store.catalog import Catalog
from indexer.store.edge import EdgeVectors
from indexer.store.schema import DataDir, fingerprint_of
from indexer.sync import Indexer, SyncReport

from ..conftest import git, write


class Costly(HashedEmbedder):
    """Counts the texts it is asked for."""

    costly = True

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], side: Side = "document") -> Matrix:
        self.asked += texts
        return super().encode(texts, side)


class World:
    """An index of some worktrees, and what the model was asked since the last sync."""

    def __init__(self, folder: Path) -> None:
        self.model = Costly()
        data = DataDir(folder)
        embedder = CachedEmbedder(self.model, data.embeddings)
        fingerprint = fingerprint_of(embedder.fingerprint, embedder.dimensions)
        self.catalog = Catalog(data.catalog(fingerprint))
        self.vectors = EdgeVectors(data.index(fingerprint) / "vectors", embedder.dimensions)
        self.indexer = Indexer(data, self.catalog, self.vectors, embedder)

    def sync(self, root: Path) -> tuple[SyncReport, int]:
        self.model.asked.clear()
        known = {repo.root: repo for repo in self.catalog.repos()}
        repo = known.get(str(root.resolve())) or self.catalog.add_repo(root.name, str(root.resolve()))
        return self.indexer.sync(repo, workers=1), len(self.model.asked)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    yield made
    made.vectors.close()
    made.catalog.close()


def test_a_rename_embeds_nothing(world: World, project: Path) -> None:
    assert world.sync(project)[1] > 0
    (project / "shop").rename(project / "store")

    report, asked = world.sync(project)
    assert (report.changed, report.removed, asked) == (3, 3, 0)


def test_a_branch_is_embedded_once_and_its_commit_is_told(world: World, project: Path) -> None:
    before, _ = world.sync(project)
    git(project, "checkout", "-q", "-b", "other")
    write(project / "shop" / "refund.py", "def refund():\n    return 1\n")
    write(project / "shop" / "retry.py", "def retry():\n    return 2\n")
    git(project, "add", ".")
    git(project, "commit", "-qm", "Refund")

    there, asked = world.sync(project)
    assert (there.changed, asked) == (2, 2)
    git(project, "checkout", "-q", "-")
    back, asked = world.sync(project)
    assert (back.changed, asked) == (1, 0)
    assert back.commit == before.commit != there.commit
    git(project, "checkout", "-q", "other")
    again, asked = world.sync(project)
    assert (again.changed, asked, again.commit) == (2, 0, there.commit)


def test_a_second_worktree_embeds_only_what_differs(world: World, project: Path) -> None:
    world.sync(project)
    linked = project.parent / "linked"
    git(project, "worktree", "add", "-q", "-b", "other", str(linked))
    report, asked = world.sync(linked)
    assert (report.changed, asked) == (5, 0)

    write(linked / "shop" / "refund.py", "def refund():\n    return 1\n")
    assert world.sync(linked)[1] == 1
    write(project / "shop" / "refund.py", "def refund():\n    return 1\n")
    assert world.sync(project)[1] == 0

"""A model behind an endpoint serves the whole house, and is asked for no text twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.service import Service
from api.settings import Settings
from indexer.errors import EmbeddingFailed
from retriever.types import Query
from tests.conftest import write
from tests.indexer.embed.endpoint import Endpoint, serving


@contextmanager
def service_with(endpoint: Endpoint, data: Path) -> Iterator[Service]:
    service = Service(Settings(data, embedder="openai:some-model", embedder_url=endpoint.url, workers=2))
    yield service
    service.close()


def documents(endpoint: Endpoint) -> int:
    return sum(endpoint.sizes)


def test_a_rename_and_a_second_worktree_embed_nothing(project: Path, data: Path, tmp_path: Path) -> None:
    for n in range(60):  # enough files for worker processes
        write(project / "many" / f"m_{n}.py", f"def function_{n}():\n    return {n}\n")
    with serving(Endpoint()) as endpoint, service_with(endpoint, data) as service:
        repo, _ = service.add_repo(project)
        service.sync(repo)
        first = documents(endpoint)
        assert first >= 60
        (project / "shop" / "retry.py").rename(project / "shop" / "again.py")
        assert service.sync(repo).changed == 1
        twin = tmp_path / "twin"
        write(twin / "again.py", (project / "shop" / "again.py").read_text())
        other, _ = service.add_repo(twin)
        service.sync(other)
        assert documents(endpoint) == first
        hits = service.retriever.search(Query("retry", ("shop",))).hits
        assert hits[0].path == "shop/again.py"


def test_a_refusing_endpoint_leaves_files_pending_and_never_half_indexed(project: Path, data: Path) -> None:
    with serving(Endpoint()) as endpoint, service_with(endpoint, data) as service:
        assert service.embedder.dimensions == 16
        endpoint.key = "right"
        repo, _ = service.add_repo(project)
        with pytest.raises(EmbeddingFailed):
            service.sync(repo)
        now = service.catalog.repo(repo.name)
        assert (now.pending, now.complete, service.catalog.counts(now)["files"]) == (5, False, 0)
        endpoint.key = ""
        assert service.sync(repo).files == 5

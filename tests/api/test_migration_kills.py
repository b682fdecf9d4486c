"""A migration that is killed at any step loses no answer, and the next one ends it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api import leftovers, migration
from api.migration import clean, migrate, wanted
from api.service import Service
from api.settings import Settings
from api.verify import verify
from indexer.store import editions
from indexer.store.catalog import Catalog
from indexer.store.editions import read_editions
from indexer.store.gate import Gate
from indexer.store.schema import DataDir
from retriever.types import Query

from ..indexer.store.make import stop_keeper
from .make import SHOP, write_tree

FORK = multiprocessing.get_context("fork")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory with two indexed repositories."""
    data, root = tmp_path_factory.mktemp("d"), tmp_path_factory.mktemp("r")
    service = Service(Settings(data=data, embedder="hashed", workers=1))
    for name in ("one", "two"):
        repo, _ = service.add_repo(write_tree(root / name, SHOP))
        service.sync(repo)
    service.close()
    yield data
    stop_keeper(data)


def die(*_: object, **__: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def before(where: object, name: str, time: int = 1) -> Callable[[], None]:
    """Die instead of the nth call."""
    return _at(where, name, time, dying_first=True)


def after(where: object, name: str, time: int = 1) -> Callable[[], None]:
    """Die when the nth call has returned."""
    return _at(where, name, time, dying_first=False)


def _at(where: object, name: str, time: int, dying_first: bool) -> Callable[[], None]:
    def patch() -> None:
        real, calls = getattr(where, name), []

        def call(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            if dying_first and len(calls) == time:
                die()
            done = real(*args, **kwargs)
            if len(calls) == time:
                die()
            return done

        setattr(where, name, call)

    return patch


MIGRATING = {
    "begun, nothing built": after(migration, "remove_leftovers"),
    "a repository built": after(migration._Builder, "_build", 1),
    "all built": before(Gate, "alone"),
    "the last look done": before(Catalog, "raise_generation"),
    "one generation raised": after(Catalog, "raise_generation"),
    "swap not yet written": before(editions.os, "replace", 3),  # began, index.json, swapped
    "swap written": after(editions.os, "replace", 3),
    "swap done": after(Service, "swap"),
}
CLEANING = {
    "nothing removed": before(leftovers, "_remove"),
    "vectors removed": after(leftovers, "_drop_shard"),
    "about to be set aside": before(leftovers.os, "replace"),
    "set aside": after(leftovers.os, "replace"),
}


def killed(patch: Callable[[], None], work: Callable[[], object]) -> None:
    def child() -> None:
        patch()
        work()

    process = FORK.Process(target=child)
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL, "the step was not reached"


def settings(data: Path) -> tuple[Settings, str]:
    """What asks for the model that does not answer now."""
    said = read_editions(Service(Settings(data=data)).data)
    assert said is not None
    other = {"hashed": "static", "static": "hashed"}[said.current.embedder]
    return Settings(data=data, embedder=other, workers=1), other


def begin(chosen: Settings) -> None:
    service = Service(chosen)
    to = wanted(service)
    assert to is not None
    migrate(service, to)
    service.close()


def check(data: Path) -> str:
    """Every repository answers, whole. The model that does."""
    service = Service(Settings(data=data, workers=1))
    found = service.retriever.search(Query("where do we retry failed payments?", limit=20))
    assert {hit.repo for hit in found.hits} == {"one", "two"}
    assert len({index.edition for index in found.index}) == 1
    assert all(verify(service, repo).ok for repo in service.repos())
    model = service.current.edition.embedder
    service.close()
    return model


@pytest.mark.parametrize("patch", MIGRATING.values(), ids=MIGRATING)
def test_a_killed_migration_is_gone_on_with(world: Path, patch: Callable[[], None]) -> None:
    chosen, model = settings(world)
    killed(patch, lambda: begin(chosen))

    if check(world) != model:
        begin(chosen)
    assert check(world) == model
    service = Service(chosen)
    clean(service)
    service.close()
    assert nothing_beside(world)


def nothing_beside(data: Path) -> bool:
    """One index on the disk, and no file of a writer that was killed."""
    assert leftovers.leftovers(DataDir(data)) == []
    assert len(list((data / "indexes").iterdir())) == 1
    assert len([folder for folder in (data / "vectors").iterdir() if folder.is_dir()]) == 1
    return not list(data.glob(".current.json.*")) and not list((data / "locks").glob("*/"))


@pytest.mark.parametrize("patch", CLEANING.values(), ids=CLEANING)
def test_a_killed_removal_is_ended_by_the_next_one(world: Path, patch: Callable[[], None]) -> None:
    chosen, model = settings(world)
    begin(chosen)
    killed(patch, lambda: clean(Service(chosen)))

    assert check(world) == model
    service = Service(chosen)
    clean(service)
    service.close()
    assert nothing_beside(world)
    assert check(world) == model

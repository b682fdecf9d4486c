"""What deleted points took is given back, whatever happens meanwhile."""

from __future__ import annotations

import pickle
import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import numpy as np
import pytest

from indexer.store import Points, keeper, vacuum
from indexer.store.edge import EdgeVectors
from indexer.store.keeper import Keeper

from .make import DIMENSIONS

MANY = 400


def points(version: int, repo: str = "shop") -> Points:
    rng = np.random.default_rng(version)
    return Points(
        ids=[str(uuid5(NAMESPACE_URL, f"{repo}/{version}/{n}")) for n in range(MANY)],
        dense=rng.normal(size=(MANY, DIMENSIONS)).astype(np.float16),
        offsets=np.arange(0, 2 * MANY + 1, 2),
        indices=np.tile(np.array([3, 8], np.uint32), MANY),
        values=rng.random(2 * MANY).astype(np.float32),
        payloads=[
            {"repo": repo, "path": f"a/{n}.py", "language": "python", "kind": "code"} for n in range(MANY)
        ],
    )


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeper]:
    """A keeper in this process, for which little waste is enough."""
    monkeypatch.setattr(vacuum, "_DEAD_BYTES", 0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Keeper(tmp_path, listener)
        yield made
        made._leave()


def ask(kept: Keeper, method: str, *arguments: object, blob: bytes = b"") -> object:
    ending, _, value = kept._answer(blob, method, "points", DIMENSIONS, *arguments)
    assert ending == "done", value
    return value


def write(kept: Keeper, versions: int) -> Points:
    """Replace all points again and again."""
    for version in range(versions):
        ask(kept, "upsert", blob=pickle.dumps(points(version), 5))
        ask(kept, "flush")
        if version:
            ask(kept, "delete", list(points(version - 1).ids))
    ask(kept, "flush")
    return points(versions - 1)


def slots(kept: Keeper) -> tuple[int, int]:
    return kept._shards["points"][0].sizes()


def assert_holds(kept: Keeper, whole: Points) -> None:
    found: dict[str, np.ndarray] = ask(kept, "dense", list(whole.ids))  # type: ignore[assignment]
    assert ask(kept, "count", "shop") == MANY
    assert all(np.array_equal(found[id], dense) for id, dense in zip(whole.ids, whole.dense, strict=True))


def test_a_vacuum_keeps_the_live_points_and_their_scores_and_frees_the_rest(
    kept: Keeper, tmp_path: Path
) -> None:
    last = write(kept, 6)
    from indexer.store import VectorQuery, Where

    query = VectorQuery(
        Where("shop"),
        20,
        last.dense[7].astype(np.float32),
        np.array([3, 8], np.uint32),
        np.ones(2, np.float32),
    )
    before = ask(kept, "search", query)
    assert slots(kept)[1] >= 6 * MANY
    kept._vacuum()
    assert slots(kept)[1] < 2 * MANY
    assert ask(kept, "search", query) == before
    assert_holds(kept, last)
    assert [path.name for path in (tmp_path / "vectors").iterdir() if path.name.startswith(".")] == []


def test_a_write_that_comes_meanwhile_gives_the_vacuum_up(
    kept: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(kept, 4)
    copy_page = EdgeVectors.copy_page

    def interrupted(self: EdgeVectors, other: EdgeVectors, after: str | None) -> str | None:
        kept._written += 1
        return copy_page(self, other, after)

    monkeypatch.setattr(EdgeVectors, "copy_page", interrupted)
    kept._vacuum()
    assert slots(kept)[1] >= 4 * MANY
    assert_holds(kept, points(3))


@pytest.mark.parametrize("renames", [0, 1])
def test_a_vacuum_that_was_killed_while_it_swapped_leaves_a_whole_shard(
    kept: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    """What a kill after so many of the two renames leaves is opened as a new keeper would."""
    last = write(kept, 4)

    def killed(path: Path) -> None:
        if renames:
            path.rename(path.with_name(f".{path.name}.discarded"))
        raise OSError("killed here")

    monkeypatch.setattr(keeper, "swap", killed)
    kept._vacuum()
    assert_holds(kept, last)
    assert (slots(kept)[1] < 2 * MANY) == bool(renames)

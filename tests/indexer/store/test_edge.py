"""The embedded shard keeps its points in parts that are searched at once, and little of them in memory."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from indexer.errors import NotWritable
from indexer.store import edge, shard
from indexer.store.edge import EdgeVectors

from .make import DIMENSIONS, make_many, words

LARGE = 256  # points, from which on a shard is large here
MANY = 12 * LARGE


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard, "LARGE", LARGE)


def sizes_of_parts(path: Path) -> list[int]:
    """Bytes of dense vectors that each part has on the disk."""
    found = []
    for segment in (path / "segments").iterdir():
        files = (segment / "vector_storage-dense").rglob("*.mmap")
        found.append(sum(512 * file.stat().st_blocks for file in files))
    return sorted(found)


def test_points_of_a_large_shard_are_shared_evenly_among_its_parts(tmp_path: Path) -> None:
    path = tmp_path / "points"
    vectors = EdgeVectors(path, DIMENSIONS)
    vectors.upsert(make_many("shop", LARGE))
    assert len(sizes_of_parts(path)) == 1
    vectors.upsert(make_many("shop", MANY))
    vectors.flush()
    smaller, larger = sizes_of_parts(path)
    vectors.close()
    assert smaller > 0.7 * larger
    assert smaller + larger >= 2 * DIMENSIONS * MANY
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_parts_answer_as_one_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points, answers = make_many("shop", MANY), []
    for parts in (1, 2):
        monkeypatch.setattr(shard, "PARTS", parts)
        vectors = EdgeVectors(tmp_path / str(parts), DIMENSIONS)
        vectors.upsert(points)
        vectors.delete(points.ids[::3])
        answers.append(dict(vectors.search(words("shop", 103, 3, 11, limit=MANY)).by_words))
        assert vectors.count("shop") == MANY - len(points.ids[::3])
        vectors.close()
        assert len(sizes_of_parts(tmp_path / str(parts))) == parts
    assert answers[0] == pytest.approx(answers[1], rel=1e-6)


def test_a_part_that_cannot_be_added_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, dimensions: int) -> None:
        (path / "begun").write_bytes(b"")
        raise OSError("No space left on device")

    vectors = EdgeVectors(tmp_path / "points", DIMENSIONS)
    vectors.upsert(make_many("shop", LARGE))
    with monkeypatch.context() as broken:
        broken.setattr(shard, "_fill", full)
        with pytest.raises(NotWritable, match="No space left"):
            vectors.upsert(make_many("other", 10))
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []
    assert (vectors.count("shop"), vectors.count("other")) == (LARGE, 0)
    vectors.upsert(make_many("other", 10))
    assert (vectors.count("shop"), vectors.count("other")) == (LARGE, 10)
    vectors.close()


def resident(folder: Path) -> int:
    """Bytes of the files below a folder that this process has in its memory."""
    total, inside = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if line[:1].islower() or line[:1].isdigit():  # a region begins with its address
            inside = f"{folder}/" in line
        elif inside and line.startswith("Rss:"):
            total += 1024 * int(line.split()[1])
    return total


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells what is in memory")
def test_what_is_mapped_is_in_memory_only_when_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "points"
    vectors = EdgeVectors(path, DIMENSIONS)
    vectors.upsert(make_many("shop", 40))
    asked = words("shop", 1, 11, limit=40)
    before = vectors.search(asked)
    vectors.close()
    with monkeypatch.context() as alone:
        alone.setattr(edge, "let_go", lambda path: None)
        everything = EdgeVectors(path, DIMENSIONS)
        assert resident(path) > 40_000_000
        everything.close()
    again = EdgeVectors(path, DIMENSIONS)
    assert resident(path) < 4_000_000
    assert again.search(asked) == before
    again.upsert(make_many("other", 40))
    again.let_go()
    assert resident(path) < 4_000_000
    assert (again.count("shop"), again.count("other")) == (40, 40)
    assert again.search(asked) == before
    again.close()

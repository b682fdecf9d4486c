import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer import pool
from indexer.embed import Matrix, Side
from indexer.embed.hashed import HashedEmbedder
from indexer.pool import prepare_all
from indexer.prepare import Task
from tests.conftest import write


class DeadlyEmbedder(HashedEmbedder):
    """Kills its process for one text, as a grammar with a bug in its C code would."""

    def encode(self, texts: Sequence[str], side: Side = "document") -> Matrix:
        if any("POISON" in text for text in texts):
            os._exit(11)
        return super().encode(texts, side)


class HangingEmbedder(HashedEmbedder):
    """Never comes back from one text; shortens the patience of the worker it is sent to."""

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        pool._HANG_SECONDS = 1.0

    def encode(self, texts: Sequence[str], side: Side = "document") -> Matrix:
        while any("POISON" in text for text in texts):
            pass
        return super().encode(texts, side)


@pytest.fixture
def many(tmp_path: Path) -> list[Task]:
    names = [f"file_{n}.py" for n in range(60)]
    for name in names:
        write(tmp_path / name, f"def {name[:-3]}():\n    pass\n")
    groups = [tuple(names[n : n + 20]) for n in range(0, 60, 20)]
    return [Task("many", str(tmp_path), group, {}) for group in groups]


def test_workers_prepare_what_one_process_would(many: list[Task]) -> None:
    def content(workers: int, here: int = 0) -> set[str]:
        batches = list(prepare_all(many, HashedEmbedder(), workers, here))
        files = [file for batch in batches for file in batch.prepared]
        rows = [
            (f.file[:4], f.file[5:], f.chunks, f.texts, f.symbols, f.references, f.bindings) for f in files
        ]
        assert len(rows) == 60
        assert all(batch.points for batch in batches)
        return set(map(repr, rows))

    assert content(2) == content(2, here=1) == content(1)


def test_the_first_files_are_ready_before_those_of_the_workers(many: list[Task]) -> None:
    first = next(prepare_all([many[2], *many], HashedEmbedder(), 2, here=1))
    assert [file.path for file in first.prepared] == list(many[2].paths)


@pytest.mark.parametrize("embedder", [DeadlyEmbedder(), HangingEmbedder()], ids=["kills", "hangs"])
def test_the_file_that_costs_its_worker_is_named_and_the_rest_is_prepared(
    many: list[Task], embedder: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_HANG_SECONDS", 1.0)  # for workers that are forks of this process
    write(Path(many[1].root) / "file_25.py", "# POISON\n")
    batches = list(prepare_all(many, embedder, 2))
    prepared = {file.path for batch in batches for file in batch.prepared}
    skipped = [row[:3] for batch in batches for row in batch.skipped]
    assert skipped == [("file_25.py", "failed", "the parser crashed or hung on this file")]
    assert len(prepared) == 59

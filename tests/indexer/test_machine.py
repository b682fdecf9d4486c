"""Whatever happens to a tree, its index equals a rebuild: briefly here, for long by hand."""

import tempfile
from pathlib import Path

from tests.indexer.machine import memory_folder, run


def test_the_index_equals_a_rebuild_after_each_step() -> None:
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        run(Path(folder), trees=4, steps=14)

"""A few files -> their Graph, through the parser and the catalog, without vectors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from indexer.embed.hashed import HashedEmbedder
from indexer.prepare import Task, prepare
from indexer.store.catalog import Catalog
from indexer.store.rows import write_rows
from retriever.graph import Graph
from tests.conftest import write

HERE = "# here"  # ends the line that a test asks about


def graph_of(folder: Path, files: Mapping[str, str]) -> Graph:
    root = folder / "tree"
    for path, text in files.items():
        write(root / path, text)
    catalog = Catalog(folder / "catalog.db")
    repo = catalog.add_repo("tree", str(root))
    batch = prepare(Task("tree", str(root), tuple(sorted(files)), {}), HashedEmbedder())
    assert not batch.skipped
    with catalog.writing() as db:
        write_rows(db, repo.id, batch.prepared, [], [], [])
    return Graph(catalog, catalog.repo("tree"))


def meant(graph: Graph, path: str, text: str) -> dict[str, bool]:
    """What is used on the line of a file that ends with HERE: `path:qualname`, and whether that is proven."""
    line = next(n for n, row in enumerate(text.split("\n"), start=1) if row.endswith(HERE))
    file = graph.catalog.file(graph.repo, path)
    assert file is not None
    uses = [use for use in graph.references(file.id) if use.line == line and use.kind != "import"]
    return {f"{row.path}:{row.qualname}": proven for use in uses for row, proven in graph.targets(use)}

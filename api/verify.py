"""A repository -> proof that its index equals its files, or a list of what does not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.files import Skipped, read, walk

if TYPE_CHECKING:
    from indexer.store.catalog import RepoRow

    from .service import Service

_NAMED = 20  # of each kind; the first few show what is wrong


@dataclass(frozen=True, slots=True)
class Verdict:
    """`stale` are files that changed since they were indexed: `cairn index` mends that. `damaged` is what
    a sound index never shows, whatever the files do."""

    repo: str
    files: int
    chunks: int
    points: int
    stale: tuple[str, ...]
    damaged: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.stale and not self.damaged


def verify(service: Service, repo: RepoRow) -> Verdict:
    """Compare the catalog with the vectors, and with every file on disk."""
    catalog, root, options = service.catalog, Path(repo.root), service.settings.file_options
    damaged = _compare_ids(service, repo)
    stale: list[str] = []
    on_disk = {file.path for file in walk(root, options).files}
    indexed = {file.path: file for file in catalog.files(repo)}
    digests = {path: known.digest for path, known in catalog.known(repo).items()}
    for path in sorted(on_disk | indexed.keys()):
        source = read(root, path, options) if path in on_disk else None
        wanted = None if source is None or isinstance(source, Skipped) else source
        if path not in indexed:
            if wanted is not None:
                stale.append(f"{path} is not in the index")
        elif wanted is None:
            stale.append(f"{path} is in the index and does not belong there any more")
        elif wanted.digest != digests[path]:
            stale.append(f"{path} has changed since it was indexed")
        else:
            damaged += _compare_text(service, path, indexed[path].id, wanted.text)
    return Verdict(
        repo=repo.name,
        files=len(indexed),
        chunks=catalog.counts(repo)["chunks"],
        points=service.vectors.count(repo.name),
        stale=tuple(stale),
        damaged=tuple(damaged),
    )


def _compare_ids(service: Service, repo: RepoRow) -> list[str]:
    rows, points = service.catalog.chunk_ids(repo), set(service.vectors.ids(repo.name))
    lost, left = sorted(rows - points)[:_NAMED], sorted(points - rows)[:_NAMED]
    return [
        *(f"chunk {id_} has no vector" for id_ in lost),
        *(f"vector {id_} belongs to no chunk" for id_ in left),
    ]


def _compare_text(service: Service, path: str, file: int, text: str) -> list[str]:
    """Every line in exactly one chunk, and the chunks together the file."""
    line, found = 1, []
    for chunk in service.catalog.chunks_of(file):
        if chunk.start != line:
            found.append(f"{path}: line {line} is in no chunk or in two")
        line = chunk.end + 1
    if service.catalog.text_of(file) != text:
        found.append(f"{path}: the indexed text is not the file's")
    return found

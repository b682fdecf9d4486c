"""Turn paths into catalog rows and points: everything of a sync that needs no store.

Runs in worker processes, so what goes in and out is plain and pickles small.
"""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from .bags import Bags, count_all, document_weights, without
from .chunk import chunk
from .conventions.facts import facts_of
from .embed import ENCODED_BYTES, Embedder, encoder_text
from .embed.static import StaticEmbedder
from .files import FileOptions, Skipped, read
from .origins import sought
from .parse import parse
from .store import Payload, Points
from .store.lines import pack_bindings, pack_uses
from .store.rows import PreparedFile, pack_texts
from .types import Chunk, ParsedFile, SourceFile
from .words import packed

_NAME_WEIGHT = 2  # what a chunk defines says more about it than what it uses
_PATH_WEIGHT = 2
_PATH_PARTS = 3  # file, folder and its parent: `src/main/java` says nothing


@dataclass(frozen=True, slots=True)
class Task:
    """Files to prepare, with the digests the catalog knows."""

    repo: str
    root: str
    paths: tuple[str, ...]
    digests: Mapping[str, str]
    files: FileOptions = field(default_factory=FileOptions)
    with_text: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a task. `points` is a pickled Points, empty while a costly embedder is awaited;
    `pending` then holds the Points without dense vectors and the texts to encode."""

    prepared: list[PreparedFile]
    touched: list[tuple[str, int, int, int]]  # path, size, mtime_ns, seen_ns: new stat, same digest
    skipped: list[tuple[Any, ...]]  # path, reason, detail, size, mtime_ns, seen_ns
    points: bytes = b""
    pending: Points | None = None
    inputs: tuple[str, ...] = ()


def prepare(task: Task, embedder: Embedder) -> Batch:
    """Read, parse, chunk and weigh the files of a task. A file that cannot be is skipped by name.

    Each step is done for all files before the next: what a step works with stays in the processor's cache.
    """
    batch = Batch([], [], [])
    step = _Steps(batch)
    read_ = step(lambda path: _changed(task, path, step.seen_ns[path], batch), task.paths)
    sources = {path: source for path, source in read_.items() if source}
    parsed = step(lambda path: parse(sources[path]), sources)
    chunks = step(lambda path: chunk(parsed[path], task.repo), parsed)
    facts = step(lambda path: json.dumps(facts_of(parsed[path])), chunks)
    rows = step(lambda path: _rows(parsed[path], chunks[path], facts[path], step.seen_ns[path]), facts)
    batch.prepared.extend(rows.values())
    return _with_points(batch, task, [chunk for path in rows for chunk in chunks[path]], embedder)


class _Steps:
    """Does one step after the other for the files of a batch, and what a file fails in is its last one."""

    def __init__(self, batch: Batch) -> None:
        self._skipped = batch.skipped
        self.seen_ns: dict[str, int] = {}  # when the first step of a file began

    def __call__(self, do: Callable[[str], _Done], paths: Iterable[str]) -> dict[str, _Done]:
        done: dict[str, _Done] = {}
        for path in paths:
            seen_ns = self.seen_ns.setdefault(path, time.time_ns())
            try:
                done[path] = do(path)
            except Exception as error:  # quarantine: one poisonous file must not stop the others
                told = f"{type(error).__name__}: {error}"[:300]
                self._skipped.append((path, "failed", told, 0, 0, seen_ns))
        return done


_Done = TypeVar("_Done")


def _changed(task: Task, path: str, seen_ns: int, batch: Batch) -> SourceFile | None:
    """The file as it is now, if the catalog knows another; else it is noted in the batch."""
    source = read(Path(task.root), path, task.files)
    if isinstance(source, Skipped):
        stat = (source.size, source.mtime_ns, seen_ns)
        batch.skipped.append((path, str(source.reason), source.detail, *stat))
        return None
    if task.digests.get(path) == source.digest:
        batch.touched.append((path, source.size, source.mtime_ns, seen_ns))
        return None
    return source


def _rows(parsed: ParsedFile, chunks: Sequence[Chunk], facts: str, seen_ns: int) -> PreparedFile:
    source = parsed.file
    file = (
        source.path, source.digest, source.size, source.mtime_ns, seen_ns, source.language, source.kind,
        source.line_count, parsed.broken, source.redactions, facts,
    )  # fmt: skip
    return PreparedFile(
        file,
        [(c.id, c.span.start, c.span.end, c.digest, "\n".join(c.defines), c.scope) for c in chunks],
        pack_texts([c.text for c in chunks]),
        [
            (s.name, s.qualname, s.kind, s.span.start, s.span.end, s.doc_start, s.signature, s.doc)
            for s in parsed.symbols
        ],
        pack_uses(
            [
                (name, kind, line, scope, qualifier, holder, arguments)
                for used, kind, line, scope, qualifier, target, arguments in parsed.references
                for name, holder in sought(used, target)
            ]
        ),
        pack_bindings(parsed.bindings),
    )


def _with_points(batch: Batch, task: Task, chunks: Sequence[Chunk], embedder: Embedder) -> Batch:
    if not chunks:
        return batch
    meanings, words = _bags(chunks)
    points = _points(task, chunks, words, embedder.dimensions)
    if isinstance(embedder, StaticEmbedder):
        points.dense[:] = embedder.encode_bags(meanings)
    elif embedder.costly:
        inputs = tuple(encoder_input(chunk) for chunk in chunks)
        return Batch(batch.prepared, batch.touched, batch.skipped, b"", points, inputs)
    else:
        points.dense[:] = embedder.encode([encoder_input(chunk) for chunk in chunks])
    return Batch(batch.prepared, batch.touched, batch.skipped, pickle.dumps(points, protocol=5))


def encoder_input(chunk: Chunk) -> str:
    return encoder_text(chunk.scope, chunk.defines, chunk.text)


def _bags(chunks: Sequence[Chunk]) -> tuple[Bags, Bags]:
    """The words that carry the meaning of each chunk, and those with its path, for the sparse vector."""
    paths = {c.path: _PATH_WEIGHT * packed("/".join(c.path.split("/")[-_PATH_PARTS:])) for c in chunks}
    places = [paths[c.path] for c in chunks]
    texts = [
        packed(c.text[:ENCODED_BYTES]) + _NAME_WEIGHT * packed(" ".join((c.scope, *c.defines))) + place
        for c, place in zip(chunks, places, strict=True)
    ]
    words = count_all(texts)
    return without(words, count_all(places)), words


def _points(task: Task, chunks: Sequence[Chunk], words: Bags, dimensions: int) -> Points:
    return Points(
        ids=[c.id for c in chunks],
        dense=np.zeros((len(chunks), dimensions), dtype=np.float16),
        offsets=words.offsets,
        indices=words.ids,
        values=document_weights(words),
        payloads=_payloads(task, chunks),
    )


def _payloads(task: Task, chunks: Sequence[Chunk]) -> list[Payload]:
    """What is filtered by, the same for all chunks of a file and sent once, and, `with_text`, what a reader
    needs that knows no catalog."""
    files: dict[str, dict[str, str | int]] = {
        c.path: {"repo": task.repo, "path": c.path, "language": c.language, "kind": c.kind} for c in chunks
    }
    if not task.with_text:
        return [files[c.path] for c in chunks]
    return [files[c.path] | _reading(c) for c in chunks]


def _reading(chunk: Chunk) -> dict[str, str | int]:
    return {
        "text": chunk.text,
        "start_line": chunk.span.start,
        "end_line": chunk.span.end,
        "symbols": ", ".join(chunk.defines) or chunk.scope,
    }

"""A report and an index -> the files that may have to change, each with what speaks for it.

A sign is a number from 0 to about 1, the same for small and large repositories: what the words and the
meaning of the report bring up is measured against the best file found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.embed import Embedder
from indexer.store import VectorQuery, Vectors, Where
from indexer.store.catalog import Catalog, ChunkRow, FileRow, RepoRow
from indexer.words import add, as_bag

from ..find import allowed, refuse_lost_vectors
from ..standing import standing
from .others import is_of_others
from .places import Places
from .pointers import follow_frames, follow_names, follow_paths, stem_sign
from .read import Report

CANDIDATES = 300  # chunks per side: a file is judged by its best few
_DECAY = 0.6  # of a file's further chunks: it may be named all over, but many weak ones must not win
_SUMMED = 5
_WORD = re.compile(r"\w+")

Key = tuple[str, str]  # repository, path


@dataclass(slots=True)
class FileEvidence:
    """A file that may have to change. `named` says how much the report points at a definition, by symbol id;
    `framed` how far inside a trace a function is, by name; `near`, by sign, how near in meaning each chunk
    is, by its number, 1 for the nearest of all; `best` is the chunk that says most."""

    repo: RepoRow
    file: FileRow
    signs: dict[str, float] = field(default_factory=dict)
    named: dict[int, float] = field(default_factory=dict)
    framed: dict[str, float] = field(default_factory=dict)
    near: dict[str, dict[int, float]] = field(default_factory=dict)
    best: tuple[float, ChunkRow] | None = None

    @property
    def key(self) -> Key:
        return self.repo.name, self.file.path

    def raise_sign(self, name: str, value: float) -> None:
        self.signs[name] = max(self.signs.get(name, 0.0), value)


def gather(
    report: Report,
    asked: Sequence[tuple[RepoRow, Where]],
    catalog: Catalog,
    vectors: Vectors,
    embedder: Embedder,
) -> list[FileEvidence]:
    """Everything that words, meaning, names, paths or frames bring up, in no order. Raises IndexDamaged."""
    found = _Found(catalog, asked)
    title = {word: 1.0 for word in _WORD.findall(report.title) if word in report.terms}
    _ask("", report.terms, f"{report.title}\n{report.prose}", asked, found, vectors, embedder)
    _ask("title_", title, report.title, asked, found, vectors, embedder)
    for repo, _ in asked:
        files = found.files[repo.name]
        places = Places(files)

        def at(path: str, repo: RepoRow = repo) -> FileEvidence:
            return found.at(repo, path)

        follow_names(report, catalog, repo, files, places, at)
        follow_frames(report, catalog, repo, files, places, at)
        follow_paths(report, places, at)
    for one in found.evidence.values():
        place = standing(one.file.path, one.file.kind)
        one.signs["aside"], one.signs["wrapper"] = float(place.aside), float(place.wrapper)
        one.signs["vendored"] = float(is_of_others(one.file.path, found.files[one.repo.name]))
        one.signs["stem"] = stem_sign(report, one.file.path)
    return list(found.evidence.values())


class _Found:
    """The files of the repositories asked, and the evidence on some of them."""

    def __init__(self, catalog: Catalog, asked: Sequence[tuple[RepoRow, Where]]) -> None:
        self.catalog = catalog
        self.files = {
            repo.name: {row.path: row for row in catalog.files(repo) if allowed(row, where)}
            for repo, where in asked
        }
        self.evidence: dict[Key, FileEvidence] = {}

    def at(self, repo: RepoRow, path: str) -> FileEvidence:
        known = self.evidence.get((repo.name, path))
        if known is None:
            known = FileEvidence(repo, self.files[repo.name][path])
            self.evidence[known.key] = known
        return known


def _ask(
    side: str,
    weighed: Mapping[str, float],
    text: str,
    asked: Sequence[tuple[RepoRow, Where]],
    found: _Found,
    vectors: Vectors,
    embedder: Embedder,
) -> None:
    """Ask the store once per repository; what it says of chunks becomes signs of files."""
    ids, values = _sparse(weighed)
    dense = embedder.encode([text], "query")[0]
    words: dict[Key, dict[int, float]] = defaultdict(dict)
    meaning: dict[Key, dict[int, float]] = defaultdict(dict)
    for repo, where in asked:
        hits = vectors.search(VectorQuery(where, CANDIDATES, dense, ids, values))
        if not hits.by_meaning and where == Where(repo.name):
            refuse_lost_vectors(repo, found.catalog)
        chunks = found.catalog.chunks(list({**dict(hits.by_words), **dict(hits.by_meaning)}))
        least = min((score for _, score in hits.by_meaning), default=0.0)  # any chunk is as near as this
        for scored, by, floor in ((words, hits.by_words, 0.0), (meaning, hits.by_meaning, least)):
            for id_, score in by:
                chunk = chunks.get(id_)
                if chunk and chunk.path in found.files[repo.name]:
                    one = found.at(repo, chunk.path)
                    scored[one.key][chunk.nr] = score - floor
                    if one.best is None or (scored is words and score > one.best[0]):
                        one.best = (score if scored is words else 0.0, chunk)
    _fold(f"{side}words", words, found.evidence)
    _fold(f"{side}meaning", meaning, found.evidence)
    nearest = max((score for scores in meaning.values() for score in scores.values()), default=0.0) or 1.0
    for key, scores in meaning.items():
        found.evidence[key].near[f"{side}meaning"] = {nr: score / nearest for nr, score in scores.items()}


def _sparse(weighed: Mapping[str, float]) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    counts: dict[int, float] = {}
    for word, weight in weighed.items():
        add(counts, word, weight)
    bag = as_bag(counts)
    values: NDArray[np.float32] = np.log1p(bag.counts)
    return bag.ids, values


def _fold(sign: str, scored: Mapping[Key, Mapping[int, float]], evidence: Mapping[Key, FileEvidence]) -> None:
    """A file's sign is the sum of its best chunks, less for each further one; 1 for the best file."""
    sums = {
        key: sum(score * _DECAY**n for n, score in enumerate(sorted(scores.values(), reverse=True)[:_SUMMED]))
        for key, scores in scored.items()
    }
    most = max(sums.values(), default=0.0) or 1.0
    for key, total in sums.items():
        evidence[key].signs[sign] = total / most

"""A report and an index -> the files that may have to change, each with what speaks for it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log, log1p

import numpy as np
from numpy.typing import NDArray

from indexer.embed import Embedder
from indexer.store import VectorQuery, Vectors, Where
from indexer.store.catalog import Catalog, ChunkRow, FileRow, RepoRow, SymbolRow
from indexer.words import add, as_bag, terms

from ..question import name_stems
from ..rank import is_aside
from .places import Places
from .read import Report

CANDIDATES = 300  # chunks per side: a file shows its best few
_DEFINERS = 40  # definitions of a name: with more it is as common as a word
_DECAY, _SUMMED = 0.6, 5  # of a file's further chunks


@dataclass(slots=True)
class FileEvidence:
    """A file with its chunks and what speaks for it, each sign from 0 to about 1."""

    file: FileRow
    signs: dict[str, float] = field(default_factory=dict)
    chunks: dict[str, ChunkRow] = field(default_factory=dict)
    named: dict[int, float] = field(default_factory=dict)  # symbol id -> how much the report points at it
    framed: dict[str, float] = field(default_factory=dict)  # function name -> how far inside


def gather(
    report: Report, repo: RepoRow, where: Where, catalog: Catalog, vectors: Vectors, embedder: Embedder
) -> list[FileEvidence]:
    files = {row.path: row for row in catalog.files(repo)}
    found: dict[str, FileEvidence] = {}

    def at(path: str) -> FileEvidence:
        if path not in found:
            found[path] = FileEvidence(files[path])
        return found[path]

    title = {word: 1.0 for word in re.findall(r"\w+", report.title) if word in report.terms}
    for name, weighed, text in (
        ("words", report.terms, f"{report.title}\n{report.prose}"),
        ("title", title, report.title),
    ):
        ids, values = _sparse(weighed)
        dense = embedder.encode([text], "query")[0]
        hits = vectors.search(VectorQuery(where, CANDIDATES, dense, ids, values))
        chunks = catalog.chunks(list({**dict(hits.by_words), **dict(hits.by_meaning)}))
        for sign, by in ((name, hits.by_words), (f"{name}_meaning", hits.by_meaning)):
            _fold(sign, by, chunks, at)
    places = Places(files)
    _names(report, repo, catalog, places, at)
    _paths(report, places, at)
    _own_path(report, found.values())
    for one in found.values():
        one.signs["aside"] = float(is_aside(one.file.path, one.file.kind))
        one.signs["size"] = log1p(one.file.lines)
    return list(found.values())


def _sparse(weighed: Mapping[str, float]) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    counts: dict[int, float] = {}
    for word, weight in weighed.items():
        add(counts, word, weight)
    bag = as_bag(counts)
    values: NDArray[np.float32] = np.log1p(bag.counts)
    return bag.ids, values


def _fold(sign, by, chunks, at) -> None:
    """A file's sign is the sum of its best chunks', less for each further one; 1 for the best file."""
    per: dict[str, list[float]] = defaultdict(list)
    floor = min((score for _, score in by), default=0.0) if sign.endswith("meaning") else 0.0
    for id_, score in by:
        if id_ in chunks:
            chunk = chunks[id_]
            per[chunk.path].append(score - floor)
            at(chunk.path).chunks[id_] = chunk
    sums = {}
    for path, scores in per.items():
        scores.sort(reverse=True)
        sums[path] = sum(s * _DECAY**n for n, s in enumerate(scores[:_SUMMED]))
        at(path).signs[f"{sign}_best"] = scores[0]
    most = max(sums.values(), default=0.0) or 1.0
    top = max((s[0] for s in per.values()), default=0.0) or 1.0
    for path, total in sums.items():
        at(path).signs[sign] = total / most
        at(path).signs[f"{sign}_best"] /= top


def _names(report, repo, catalog, places, at) -> None:
    last = {name: name.rpartition(".")[2] for name in report.names}
    rows: dict[str, list[SymbolRow]] = defaultdict(list)
    for row in catalog.symbols_named(repo, sorted(set(last.values())), 3000):
        rows[row.name].append(row)
    sums: dict[str, dict[str, float]] = {k: defaultdict(float) for k in ("named", "coded", "module")}
    for name, weight in report.names.items():
        sign = "named" if weight >= 1 else "coded"
        scope = name.split(".")[:-1]
        definers = [r for r in rows.get(last[name], ()) if not is_aside(r.path, "code")]
        fits = [(_scope_fit(r, scope), r) for r in definers]
        best = max((f for f, _ in fits), default=0.0)
        fits = [(f, r) for f, r in fits if f >= best * 0.99]
        if 0 < len(fits) <= _DEFINERS:
            kinds = {"field": 0.3, "constant": 0.5}
            for fit, row in fits:
                worth = weight * (0.4 + 0.6 * fit if scope else 1.0) * kinds.get(row.kind, 1.0) / len(fits) ** 0.7
                one = at(row.path)
                one.named[row.id] = max(one.named.get(row.id, 0.0), worth)
                sums[sign][row.path] += worth
        modules, parts = places.of_module(name)
        if modules and len(modules) <= 3:
            for path in modules:
                sums["module"][path] = max(sums["module"][path], min(weight, 1.0) * (0.5 if parts < 2 else 1.0) / len(modules))
    for sign, values in sums.items():
        for path, value in values.items():
            at(path).signs[sign] = value / (value + 1.0)


def _scope_fit(symbol: SymbolRow, scope: Sequence[str]) -> float:
    if not scope:
        return 1.0
    around = f"{symbol.path.rsplit('.', 1)[0]}/{symbol.qualname}".lower().replace(".", "/").split("/")
    return sum(part.lower() in around for part in scope) / len(scope)


def _paths(report, places, at) -> None:
    inside = 0
    for frame in report.frames:
        paths = places.of_path(frame.path)
        if len(paths) == 1 and not is_aside(paths[0], "code"):
            one = at(paths[0])
            one.signs["frame"] = max(one.signs.get("frame", 0.0), 1 / (1 + inside))
            one.signs["framed"] = 1.0
            name = re.split(r"[.:#>$]", frame.function.rstrip(")>"))[-1]
            one.framed[name] = max(one.framed.get(name, 0.0), 1 / (1 + inside))
            inside += 1
    for mention in report.paths:
        for path in places.of_path(mention.path)[:2]:
            one = at(path)
            sign = "mention" if mention.strong else "listed"
            one.signs[sign] = 1.0


def _own_path(report, found) -> None:
    title = set(name_stems(report.title))
    body = {t for word in report.terms for t in name_stems(word)}
    paths = [one.file.path for one in found]
    said: dict[str, int] = defaultdict(int)
    for path in paths:
        for stem in name_stems(path) & body:
            said[stem] += 1
    worth = {stem: log(1 + len(paths) / (0.5 + n)) for stem, n in said.items()}
    for one in found:
        path = one.file.path
        stems = name_stems(path)
        total = sum(worth.get(s, log(1 + 2 * len(paths))) for s in title) or 1.0
        one.signs["path"] = sum(worth[s] for s in stems & title if s in worth) / total
        name = name_stems(path.rpartition("/")[2].split(".")[0] if "__init__" not in path else path.split("/")[-2] if "/" in path else path)
        one.signs["stem"] = len(name & title) / len(name) if name else 0.0
        one.signs["stem_body"] = len(name & body) / len(name) if name else 0.0
        one.signs["wrapper"] = float(bool(re.search(r"(^|/)(_?compat[^/]*|__init__\.py|[^/]*\.pyi)(/|$)", path)))

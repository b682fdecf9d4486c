"""Repositories with annotated queries + an embedder -> NDCG@10 of the dense vectors alone.

The metric is that of the semble benchmark (https://github.com/MinishLab/semble, benchmarks/): ten
chunks by cosine, ranked as they come, a target is matched by path and, where it has them, lines.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from math import log2
from pathlib import Path
from typing import Any

import numpy as np

from indexer.bags import together
from indexer.chunk import chunk as cut_up
from indexer.embed import Embedder, Matrix
from indexer.embed.load import load_embedder
from indexer.embed.static import StaticEmbedder
from indexer.prepare import encoder_input
from indexer.types import Chunk

from . import corpus
from .pair import parsed, words_of


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("suite", type=Path, help="folder with repos.json and annotations/<name>.json")
    options.add_argument("checkouts", type=Path, help="folder with one checkout per name")
    options.add_argument(
        "embedders", nargs="+", help="static, static:<folder>, sentence-transformers:<model>"
    )
    options.add_argument("--only", nargs="*", help="names of repositories")
    given = options.parse_args()
    asked, cut = {}, {}
    for repo in json.loads((given.suite / "repos.json").read_text()):
        name = repo["name"]
        if not given.only or name in given.only:
            asked[name] = json.loads((given.suite / "annotations" / f"{name}.json").read_text())
            cut[name] = chunks_of(given.checkouts / name, repo["benchmark_root"])
    for spec in given.embedders:
        report(spec, judge(load_embedder(spec), asked, cut))


def judge(
    embedder: Embedder, asked: dict[str, list[Any]], cut: dict[str, list[Chunk]]
) -> list[tuple[str, str, float]]:
    """Return (repository, category, NDCG@10) of each query."""
    scores = []
    for name, queries in asked.items():
        documents = _encode(embedder, cut[name])
        questions = embedder.encode([query["query"] for query in queries], "query")
        for query, row in zip(queries, questions @ documents.T, strict=True):
            best = [cut[name][i] for i in np.argsort(-row, kind="stable")[:10]]
            scores.append((name, query["category"], ndcg(best, query["relevant"] + query["secondary"])))
    return scores


def report(spec: str, scores: Sequence[tuple[str, str, float]]) -> None:
    by: defaultdict[str, list[float]] = defaultdict(list)
    for name, category, score in scores:
        for key in ("all", category, name):
            by[key].append(score)
    print(f"{spec}: {len(scores)} queries  " + "  ".join(f"{key} {np.mean(by[key]):.3f}" for key in by))


def ndcg(found: Sequence[Chunk], targets: Sequence[Any]) -> float:
    ranks = {next((i for i, chunk in enumerate(found, 1) if _matches(chunk, t)), 0) for t in targets} - {0}
    ideal = sum(1 / log2(i + 1) for i in range(1, min(10, len(targets)) + 1))
    return sum(1 / log2(rank + 1) for rank in ranks) / ideal


def _matches(chunk: Chunk, target: Any) -> bool:
    if isinstance(target, str):
        return _same(chunk.path, target)
    inside = "start_line" not in target or (
        chunk.span.end >= target["start_line"] and chunk.span.start <= target["end_line"]
    )
    return inside and _same(chunk.path, target["path"])


def _same(a: str, b: str) -> bool:
    return a == b or a.endswith("/" + b) or b.endswith("/" + a)


def chunks_of(checkout: Path, root: str | None) -> list[Chunk]:
    folder = checkout / (root or ".")
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in corpus.CODE and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            found.extend(cut_up(parsed(path.relative_to(checkout).as_posix(), text), checkout.name))
    return found


def _encode(embedder: Embedder, chunks: Sequence[Chunk]) -> Matrix:
    """As the index does it."""
    if isinstance(embedder, StaticEmbedder):
        return embedder.encode_bags(together([words_of(chunk) for chunk in chunks]))
    return embedder.encode([encoder_input(chunk) for chunk in chunks])


if __name__ == "__main__":
    main()

"""Repositories with annotated queries + an embedder -> NDCG@10 of the dense vectors alone.

The metric is that of the semble benchmark (https://github.com/MinishLab/semble, benchmarks/): ten
chunks by cosine, ranked as they come, a target is matched by path and, where it has them, lines.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

import numpy as np

from indexer.embed import Embedder
from indexer.embed.load import load_embedder

from . import corpus

_WINDOW = 40  # lines, where no chunker is given


@dataclass(frozen=True)
class Piece:
    path: str
    start: int
    end: int
    text: str


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("suite", type=Path, help="folder with repos.json and annotations/<name>.json")
    options.add_argument("checkouts", type=Path, help="folder with one checkout per name")
    options.add_argument(
        "embedders", nargs="+", help="static, static:<folder>, sentence-transformers:<model>"
    )
    options.add_argument("--only", nargs="*", help="names of repositories")
    given = options.parse_args()
    repos = [
        r
        for r in json.loads((given.suite / "repos.json").read_text())
        if not given.only or r["name"] in given.only
    ]
    asked = {
        repo["name"]: json.loads((given.suite / "annotations" / f"{repo['name']}.json").read_text())
        for repo in repos
    }
    cut = {repo["name"]: pieces(given.checkouts / repo["name"], repo["benchmark_root"]) for repo in repos}
    for spec in given.embedders:
        report(spec, judge(load_embedder(spec), asked, cut))


def judge(
    embedder: Embedder, asked: dict[str, list[Any]], cut: dict[str, list[Piece]]
) -> list[tuple[str, str, float]]:
    """Return (repository, category, NDCG@10) of each query."""
    scores = []
    for name, queries in asked.items():
        documents = embedder.encode([piece.text for piece in cut[name]])
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


def ndcg(found: Sequence[Piece], targets: Sequence[Any]) -> float:
    ranks = {next((i for i, piece in enumerate(found, 1) if _matches(piece, t)), 0) for t in targets} - {0}
    ideal = sum(1 / log2(i + 1) for i in range(1, min(10, len(targets)) + 1))
    return sum(1 / log2(rank + 1) for rank in ranks) / ideal


def _matches(piece: Piece, target: Any) -> bool:
    if isinstance(target, str):
        return _same(piece.path, target)
    inside = "start_line" not in target or (
        piece.end >= target["start_line"] and piece.start <= target["end_line"]
    )
    return inside and _same(piece.path, target["path"])


def _same(a: str, b: str) -> bool:
    return a == b or a.endswith("/" + b) or b.endswith("/" + a)


def pieces(
    checkout: Path, root: str | None, cut: Callable[[str, str], list[Piece]] | None = None
) -> list[Piece]:
    folder = checkout / (root or ".")
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in corpus.CODE or not path.is_file():
            continue
        name = str(path.relative_to(checkout))
        text = path.read_text(encoding="utf-8", errors="replace")
        found.extend((cut or _windows)(name, text))
    return found


def _windows(path: str, text: str) -> list[Piece]:
    lines = text.split("\n")
    starts = range(0, len(lines), _WINDOW)
    found = [
        Piece(path, s + 1, min(s + _WINDOW, len(lines)), "\n".join(lines[s : s + _WINDOW])) for s in starts
    ]
    return [piece for piece in found if piece.text.strip()]


if __name__ == "__main__":
    main()

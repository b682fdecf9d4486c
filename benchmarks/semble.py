"""NDCG@10 on the semble suite: python -m benchmarks.semble --suite DIR --checkouts DIR [--whole]

`--suite` holds repos.json and annotations/*.json as in the suite's own repository (MinishLab/semble,
folder benchmarks); `--checkouts` a checkout of each repository at its revision. With --whole the root of
each repository is indexed instead of its benchmark_root, and paths must be equal.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retriever.types import Query

from .bench_index import indexed
from .metrics import Span, mean_and_error, ndcg


@dataclass(frozen=True, slots=True)
class Scored:
    repo: str
    language: str
    category: str
    query: str
    score: float
    paths: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--suite", type=Path, required=True)
    parser.add_argument("--checkouts", type=Path, required=True)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--only", action="append", help="a repository's name; may be repeated")
    parser.add_argument("--embedder", default="static")
    parser.add_argument("--losses", type=int, default=0, help="print this many of the worst queries")
    parser.add_argument("--out", type=Path, help="write the table here")
    args = parser.parse_args()
    scored: list[Scored] = []
    for repo in json.loads((args.suite / "repos.json").read_text()):
        if not args.only or repo["name"] in args.only:
            scored += measure(args.suite, args.checkouts, repo, args.whole, args.embedder)
    text = table(scored)
    print(text)
    for loss in sorted(scored, key=lambda s: s.score)[: args.losses]:
        print(f"{loss.score:.2f} {loss.repo} {loss.query!r} -> {', '.join(loss.paths[:4])}")
    if args.out:
        args.out.write_text(text)


def measure(suite: Path, checkouts: Path, repo: dict[str, Any], whole: bool, embedder: str) -> list[Scored]:
    """Index one repository and score its queries."""
    prefix = root_of(repo, whole)
    root = checkouts / repo["name"] / prefix
    queries = json.loads((suite / "annotations" / f"{repo['name']}.json").read_text())
    found = []
    with indexed(root, embedder) as (retriever, _):
        for query in queries:
            hits = retriever.search(Query(query["query"], limit=10)).hits
            results = [Span(f"{prefix}/{h.path}".lstrip("/"), h.start_line, h.end_line) for h in hits]
            targets = targets_of(query, checkouts / repo["name"], repo["benchmark_root"])
            found.append(
                Scored(
                    repo["name"], repo["language"], query["category"], query["query"],
                    ndcg(results, targets, exact=whole), tuple(r.path for r in results),
                )
            )  # fmt: skip
    return found


def root_of(repo: dict[str, Any], whole: bool) -> str:
    """The folder that is indexed, from the repository's root; "" for the root itself."""
    return "" if whole or not repo["benchmark_root"] else str(repo["benchmark_root"]).strip("/")


def targets_of(query: dict[str, Any], checkout: Path, root: str | None) -> list[Span]:
    """What a query is looking for, primary and secondary alike."""
    return [target_of(t, checkout, root) for t in (*query["relevant"], *(query.get("secondary") or ()))]


def target_of(target: str | dict[str, Any], checkout: Path, root: str | None) -> Span:
    """A target by its path from the repository's root; some are given from benchmark_root."""
    if isinstance(target, str):
        target = {"path": target}
    path = target["path"]
    if root and not (checkout / path).exists() and (checkout / root / path).exists():
        path = f"{root.strip('/')}/{path}"
    return Span(path, target.get("start_line"), target.get("end_line"))


def table(scored: list[Scored]) -> str:
    """Means with 95 % intervals: all, by category, by language, by repository."""
    lines = ["| | queries | NDCG@10 | ± 95 % |", "|---|---|---|---|"]
    for title, key in (
        ("all", lambda s: "**all**"),
        ("category", lambda s: s.category),
        ("language", lambda s: s.language),
        ("repository", lambda s: f"{s.repo} ({s.language})"),
    ):
        groups: dict[str, list[float]] = defaultdict(list)
        for one in scored:
            groups[key(one)].append(one.score)
        if title != "all":
            lines.append(f"| *by {title}* | | | |")
        for name, scores in sorted(groups.items()):
            mean, error = mean_and_error(scores)
            lines.append(f"| {name} | {len(scores)} | {mean:.3f} | {error:.3f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

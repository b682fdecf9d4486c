"""What a second stage brings and costs: python -m benchmarks.rerank --second SPEC --suite DIR --checkouts DIR

Each repository's queries are asked three times: without a second stage, with one whose cache is empty, and
with one that has read those chunks before. `--cache FILE` keeps what was read between two runs of this
program; then the second time is as quick as the third. CPU is that of all threads of the process.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

from retriever.rerank import SHARE, SecondStage
from retriever.search import Retriever
from retriever.second import CANDIDATES, SecondOptions
from retriever.types import Query

from .bench_index import indexed
from .metrics import Span, mean_and_error, ndcg
from .semble import target_of

_WAYS = ("off", "first time", "again")


@dataclass(frozen=True, slots=True)
class Asked:
    repo: str
    category: str
    score: dict[str, float]
    cpu_ms: dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--second", required=True, help="as CAIRN_RERANK says it")
    parser.add_argument("--suite", type=Path, required=True)
    parser.add_argument("--checkouts", type=Path, required=True)
    parser.add_argument("--only", action="append", help="a repository's name; may be repeated")
    parser.add_argument("--candidates", type=int, default=CANDIDATES)
    parser.add_argument("--share", type=float, default=SHARE)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--out", type=Path, help="append the tables here")
    args = parser.parse_args()
    asked: list[Asked] = []
    with tempfile.TemporaryDirectory() as folder:
        options = SecondOptions(
            args.second, args.candidates, cache=args.cache or Path(folder) / "embeddings.db"
        )
        second = SecondStage(options, share=args.share)
        _ = second.judge  # loading is not a query's cost
        for repo in json.loads((args.suite / "repos.json").read_text()):
            if not args.only or repo["name"] in args.only:
                asked += measure(args.suite, args.checkouts, repo, second)
                print(repo["name"], flush=True)
    text = table(asked)
    print(text)
    if args.out:
        with args.out.open("a") as file:
            file.write(text)


def measure(suite: Path, checkouts: Path, repo: dict[str, Any], second: SecondStage) -> list[Asked]:
    """Index one repository, and ask its queries each way."""
    prefix = (repo["benchmark_root"] or "").strip("/")
    queries = json.loads((suite / "annotations" / f"{repo['name']}.json").read_text())
    found: dict[int, tuple[dict[str, float], dict[str, float]]] = defaultdict(lambda: ({}, {}))
    with indexed(checkouts / repo["name"] / prefix) as (retriever, _):
        for way in _WAYS:
            retriever.second = None if way == "off" else second
            for number, query in enumerate(queries):
                named = (*query["relevant"], *(query.get("secondary") or ()))
                targets = [target_of(t, checkouts / repo["name"], repo["benchmark_root"]) for t in named]
                spans, cpu = _answers(retriever, query["query"], prefix)
                scores, costs = found[number]
                scores[way], costs[way] = ndcg(spans, targets, exact=False), cpu
    return [Asked(repo["name"], query["category"], *found[n]) for n, query in enumerate(queries)]


def _answers(retriever: Retriever, text: str, prefix: str) -> tuple[list[Span], float]:
    started = time.process_time()
    result = retriever.search(Query(text, limit=10))
    cpu = 1000 * (time.process_time() - started)
    if result.notes:
        raise SystemExit(result.notes[0])
    spans = [Span(f"{prefix}/{h.path}".lstrip("/"), h.start_line, h.end_line) for h in result.hits]
    return spans, cpu


def table(asked: Sequence[Asked]) -> str:
    """NDCG@10 without and with, their difference with its 95 % interval, and CPU of a query each way."""
    lines = [
        "| | queries | off | on | difference | ± 95 % | CPU ms off | first time | again |",
        "|---|---|---|---|---|---|---|---|---|",
        _row("**all**", asked),
    ]
    for title, groups in (
        ("category", _grouped(asked, lambda one: one.category)),
        ("repository", _grouped(asked, lambda one: one.repo)),
    ):
        lines += [f"| *by {title}* | | | | | | | | |", *(_row(name, group) for name, group in groups)]
    return "\n".join(lines) + "\n"


def _grouped(asked: Iterable[Asked], key: Any) -> list[tuple[str, list[Asked]]]:
    groups: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        groups[key(one)].append(one)
    return sorted(groups.items())


def _row(name: str, group: Sequence[Asked]) -> str:
    off, on = ([one.score[way] for one in group] for way in ("off", "again"))
    gain, error = mean_and_error([b - a for a, b in zip(off, on, strict=True)])
    costs = " | ".join(f"{median(one.cpu_ms[way] for one in group):.0f}" for way in _WAYS)
    return (
        f"| {name} | {len(group)} | {mean(off):.3f} | {mean(on):.3f} | {gain:+.3f} | {error:.3f} | {costs} |"
    )


if __name__ == "__main__":
    main()

"""How much of what a fix changes is in a pack? python -m benchmarks.packs --instances FILE ...

Each instance is a bug report with the functions that its fix changed. The report as it stands is the task; a
function counts as contained when every one of its lines is shown, and a second time when its first line and
at least half of its lines are. Three ways fill the same budget from one search, counted with the same
tokenizer: Cairn's pack; the chunks of the hits in rank order until the next does not fit; and the files of
the hits in rank order, whole, the last one cut at the budget. Chunks and files are counted as bare text, a
pack with all its headings and reasons.
"""

from __future__ import annotations

import argparse
import ast
import json
import pickle
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.conventions import Rule
from indexer.embed.load import load_embedder
from indexer.store.catalog import Catalog
from indexer.store.edge import EdgeVectors
from indexer.store.schema import DataDir, fingerprint_of
from indexer.sync import Indexer
from retriever.context import HITS, pack
from retriever.conventions import book_of
from retriever.graph import Graph
from retriever.held import read_id
from retriever.search import Retriever
from retriever.sheet import Sheets
from retriever.task import about
from retriever.tokenizer import tokenizer
from retriever.tokens import CountTokens
from retriever.types import Query, SearchResult

BUDGETS = (4000, 8000)
DEPTH = 100  # hits: more than the larger budget holds as chunks
WAYS = ("pack", "chunks", "files")

Shown = Mapping[str, set[int]]  # path -> lines


@dataclass(frozen=True, slots=True)
class Gold:
    """A function that the fix changed; several spans where one name is defined several times."""

    path: str
    name: str
    strict: bool
    spans: tuple[tuple[int, int], ...]

    def whole_in(self, shown: Shown) -> bool:
        lines = shown.get(self.path, set())
        return any(set(range(start, end + 1)) <= lines for start, end in self.spans)

    def half_in(self, shown: Shown) -> bool:
        lines = shown.get(self.path, set())
        return any(
            start in lines and 2 * len(lines & set(range(start, end + 1))) > end - start
            for start, end in self.spans
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """One instance at one budget by one way: the shares of its gold, and what it took."""

    instance: str
    budget: int
    way: str
    whole: float
    half: float
    strict: float | None
    tokens: int
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--instances", type=Path, required=True, help="JSON lines")
    parser.add_argument("--checkouts", type=Path, required=True, help="a folder for each instance_id")
    parser.add_argument("--kept", type=Path, required=True, help="indexes and searches are kept here")
    parser.add_argument("--only", help="a part of the instance_id")
    parser.add_argument("--tokenizer", default="estimate")
    parser.add_argument("--losses", action="store_true", help="name the functions that no pack contains")
    parser.add_argument("--out", type=Path, help="write the tables here")
    args = parser.parse_args()
    count = tokenizer(args.tokenizer)
    measured: list[Measured] = []
    for line in args.instances.read_text().splitlines():
        instance = json.loads(line)
        name = instance["instance_id"]
        if (args.only or "") in name and instance["gold_functions"]:
            golds = gold_of(instance, args.checkouts / name)
            with searched(instance, args.checkouts / name, args.kept) as (catalog, found):
                measured += measure(name, instance["problem_statement"], found, catalog, golds, count)
            if args.losses:
                _say_losses(name, measured)
    text = report(measured)
    print(text)
    if args.out:
        args.out.write_text(text)


@contextmanager
def searched(instance: Mapping[str, Any], root: Path, kept: Path) -> Iterator[tuple[Catalog, SearchResult]]:
    """The index of a checkout and the answer to the report; both are made once."""
    model = load_embedder("static")
    fingerprint = fingerprint_of(model.fingerprint, model.dimensions)
    folder = kept / instance["instance_id"]
    data, answer = DataDir(folder), folder / "found.pickle"
    folder.mkdir(parents=True, exist_ok=True)
    catalog = Catalog(data.catalog(fingerprint))
    try:
        if not answer.exists():
            vectors = EdgeVectors(data.index(fingerprint) / "vectors", model.dimensions)
            try:
                if not catalog.repos():
                    repo = catalog.add_repo("bench", str(root.resolve()))
                    Indexer(data, catalog, vectors, model).sync(repo)
                query = Query(about(instance["problem_statement"]), limit=DEPTH)
                answer.write_bytes(pickle.dumps(Retriever(catalog, vectors, model).search(query)))
            finally:
                vectors.close()
        yield catalog, pickle.loads(answer.read_bytes())
    finally:
        catalog.close()


def measure(
    name: str, task: str, found: SearchResult, catalog: Catalog, golds: Sequence[Gold], count: CountTokens
) -> list[Measured]:
    """Every way at every budget."""
    rules = list(book_of(catalog.facts(catalog.repos()[0])).rules)  # a server counts them once
    ways: dict[str, Callable[[int], tuple[Shown, int]]] = {
        "pack": lambda budget: packed(task, found, catalog, rules, budget, count),
        "chunks": lambda budget: chunks(found, catalog, budget, count),
        "files": lambda budget: files(found, catalog, budget, count),
    }
    measured = []
    for budget in BUDGETS:
        for way, fill in ways.items():
            started = time.process_time()
            shown, tokens = fill(budget)
            seconds = time.process_time() - started
            strict = [gold.whole_in(shown) for gold in golds if gold.strict]
            measured.append(
                Measured(
                    name, budget, way,
                    float(np.mean([gold.whole_in(shown) for gold in golds])),
                    float(np.mean([gold.half_in(shown) for gold in golds])),
                    float(np.mean(strict)) if strict else None, tokens, seconds,
                )
            )  # fmt: skip
    return measured


def packed(
    task: str, found: SearchResult, catalog: Catalog, rules: Sequence[Rule], budget: int, count: CountTokens
) -> tuple[Shown, int]:
    repo = catalog.repos()[0]
    asked = SearchResult(found.query, found.hits[:HITS], found.index)
    context = pack(task, asked, Graph(catalog, repo), rules, budget, count)
    shown: dict[str, set[int]] = defaultdict(set)
    for item in context.items:
        if item.role != "convention":
            place = read_id(item.id)
            shown[place.path].update(place.lines)
    return shown, context.tokens


def chunks(found: SearchResult, catalog: Catalog, budget: int, count: CountTokens) -> tuple[Shown, int]:
    """The chunks of the hits in rank order, each once and whole, until the next does not fit."""
    rows = catalog.chunks([hit.chunk_id for hit in found.hits])
    ranked = [rows[chunk] for chunk in dict.fromkeys(hit.chunk_id for hit in found.hits)]
    texts = catalog.texts([row.nr for row in ranked])  # a hit's own text may be a part of its chunk's
    shown: dict[str, set[int]] = defaultdict(set)
    text = ""
    for row in ranked:
        longer = text + texts[row.nr] + "\n"
        if count(longer) > budget:
            break
        text = longer
        shown[row.path].update(range(row.start, row.end + 1))
    return shown, count(text)


def files(found: SearchResult, catalog: Catalog, budget: int, count: CountTokens) -> tuple[Shown, int]:
    """The files of the hits in rank order, whole; the one that does not fit to its last line that does."""
    sheets = Sheets(catalog, catalog.repos()[0])
    shown: dict[str, set[int]] = {}
    text = ""
    for path in dict.fromkeys(hit.path for hit in found.hits):
        sheet = sheets.get(path)
        lines = sheet.lines if sheet else []
        fits, many = 0, len(lines) + 1
        while many - fits > 1:
            middle = (fits + many) // 2
            if count(text + "\n".join(lines[:middle]) + "\n") <= budget:
                fits = middle
            else:
                many = middle
        text += "\n".join(lines[:fits]) + "\n"
        shown[path] = set(range(1, fits + 1))
        if fits < len(lines):
            break
    return shown, count(text)


def gold_of(instance: Mapping[str, Any], root: Path) -> list[Gold]:
    """The changed functions with their lines, decorators included."""
    golds = []
    for entry in instance["gold_functions"]:
        path, _, name = entry.partition("::")
        tree = ast.parse((root / path).read_text(encoding="utf-8"))
        spans = tuple(span for qualname, span in _definitions(tree, "") if qualname == name)
        golds.append(Gold(path, name, entry in instance["gold_functions_strict"], spans))
    return golds


def _definitions(node: ast.AST, scope: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([inner.lineno, *(decorator.lineno for decorator in inner.decorator_list)])
            yield scope + inner.name, (first, inner.end_lineno or first)
            yield from _definitions(inner, f"{scope}{inner.name}.")
        else:
            yield from _definitions(inner, scope)


def report(measured: Sequence[Measured]) -> str:
    """Means over instances in percent, each with its standard error, and what a pack gains."""
    lines = []
    for budget in BUDGETS:
        here = {way: [m for m in measured if m.budget == budget and m.way == way] for way in WAYS}
        lines += [
            f"{budget} tokens, {len(here['pack'])} instances:", "",
            "| | whole | whole, without classes | head and half | tokens | CPU ms (median) |",
            "|---|---|---|---|---|---|",
        ]  # fmt: skip
        for way in WAYS:
            cells = [_percent([m.whole for m in here[way]])]
            cells.append(_percent([m.strict for m in here[way] if m.strict is not None]))
            cells.append(_percent([m.half for m in here[way]]))
            tokens = np.mean([m.tokens for m in here[way]])
            seconds = np.median([m.seconds for m in here[way]])
            lines.append(f"| {way} | {' | '.join(cells)} | {tokens:.0f} | {1000 * seconds:.0f} |")
        ours, theirs = (float(np.mean([m.whole for m in here[way]])) for way in ("pack", "chunks"))
        gap = (ours - theirs) / (1 - theirs) if theirs < 1 else 0.0
        gain = [a.whole - b.whole for a, b in zip(here["pack"], here["chunks"], strict=True)]
        lines += [
            "", f"Pack / chunks: {ours / theirs if theirs else 0:.2f}; of the gap to 100 % closed: "
            f"{gap:.0%}; pairwise gain {_percent(gain)} points.", "",
        ]  # fmt: skip
    lines += _by_repository(measured)
    return "\n".join(lines)


def _percent(values: Sequence[float]) -> str:
    array = 100 * np.asarray(values)
    error = array.std(ddof=1) / np.sqrt(len(array)) if len(array) > 1 else 0.0
    return f"{array.mean():.1f} ± {error:.1f}" if len(array) else "–"


def _by_repository(measured: Sequence[Measured]) -> list[str]:
    head = " | ".join(f"{way} {budget}" for budget in BUDGETS for way in WAYS)
    lines = [f"| repository | instances | {head} |", "|---" * (2 + len(BUDGETS) * len(WAYS)) + "|"]
    repos = sorted({_repository(m.instance) for m in measured})
    for repo in repos:
        here = [m for m in measured if _repository(m.instance) == repo]
        cells = [
            f"{100 * np.mean([m.whole for m in here if (m.budget, m.way) == (budget, way)]):.0f}"
            for budget in BUDGETS
            for way in WAYS
        ]
        lines.append(f"| {repo} | {len({m.instance for m in here})} | {' | '.join(cells)} |")
    return [*lines, ""]


def _repository(instance: str) -> str:
    return re.sub(r"-\d+$", "", instance.partition("__")[2] or instance)


def _say_losses(name: str, measured: Sequence[Measured]) -> None:
    shares = {(m.budget, m.way): m.whole for m in measured if m.instance == name}
    told = "  ".join(f"{way} {shares[budget, way]:.2f}" for budget in BUDGETS for way in ("pack", "chunks"))
    print(f"{name}: {told}")


if __name__ == "__main__":
    main()

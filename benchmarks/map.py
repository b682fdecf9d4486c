"""Bug reports -> how much of what their fixes changed is on a map of that budget: python -m benchmarks.map

python -m benchmarks.map INSTANCES --checkouts DIR --indexes DIR [--out FILE]

INSTANCES is a file of JSON lines with `instance_id`, `repo`, `problem_statement`, `gold_files` and
`gold_functions` (`path::Qualified.name`); the tree of each lies in DIR/<instance_id>. An index that is not
in --indexes is made there. Every map has the same layout and the same exact budget; what differs is which
definitions come first. A file is on the map when it is named, a function when its signature is shown.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from benchmarks.figures import provenance
from indexer.embed import Embedder
from indexer.embed.load import load_embedder
from indexer.store.catalog import Catalog, RepoRow
from indexer.store.edge import EdgeVectors
from indexer.store.lines import unpack_uses
from indexer.store.schema import DataDir, fingerprint_of
from indexer.sync import Indexer
from retriever.context import HITS
from retriever.map import Focus, Network, focus_of_hits, network_of, read_focus, repository_map
from retriever.map.network import Scores
from retriever.map.page import lay_out
from retriever.search import Retriever
from retriever.task import about
from retriever.tokens import count_tokens
from retriever.types import Hit, MapFile, Query

BUDGETS = (1000, 2000, 4000)


@dataclass(frozen=True, slots=True)
class Ground:
    """One bug report over the index of its tree."""

    report: str
    catalog: Catalog
    repo: RepoRow
    network: Network
    hits: tuple[Hit, ...]
    names: dict[int, str]  # of each definition's node


Mapper = Callable[[Ground, int], list[MapFile]]


def ours(ground: Ground, budget: int) -> list[MapFile]:
    focus = read_focus([ground.report], ground.catalog, ground.repo, lambda _: ground.hits)
    return _map(ground, focus, budget)


def hits_alone(ground: Ground, budget: int) -> list[MapFile]:
    """Attention begins at what the search found; names in the report are not looked up."""
    return _map(ground, focus_of_hits(ground.hits), budget)


def whole(ground: Ground, budget: int) -> list[MapFile]:
    return _map(ground, Focus(), budget)


def _map(ground: Ground, focus: Focus, budget: int) -> list[MapFile]:
    found = repository_map(ground.network, ground.catalog, ground.repo, focus, budget, count_tokens)
    assert found.tokens <= budget
    return list(found.files)


def outlines(ground: Ground, budget: int) -> list[MapFile]:
    """Files as a search ranks them, each with all its signatures, until the budget is full."""
    scores = np.zeros(len(ground.network.ids))
    for n, path in enumerate(dict.fromkeys(hit.path for hit in ground.hits)):
        file = ground.network.file_at(path)
        if file is not None:
            scores[ground.network.members(file)] = 0.5**n
    return _laid_out(ground, scores, budget)


def names_alone(ground: Ground, budget: int) -> list[MapFile]:
    """PageRank over names as aider describes its map: files point to the files that define a name they use.

    A name weighs ten times as much when the report says it or when it is long and made of words, a tenth
    when it is private or defined in more than five files; many uses count by their root. Attention
    begins at the files that the report names, and a file's share goes to the definitions it points to.
    """
    network = ground.network
    defined: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for node in range(len(network.files), len(network.ids)):
        defined[ground.names[node]][int(network.file[node])].append(node)
    place = {file.id: n for n, file in enumerate(network.files)}
    uses: dict[tuple[int, str], int] = defaultdict(int)
    sql = "SELECT file, r.name, r.uses FROM refs r JOIN files f ON f.id = file WHERE f.repo = ?"
    for file, name, packed in ground.catalog.select(sql, ground.repo.id):
        times = sum(use.kind != "import" for use in unpack_uses(packed))
        if name in defined and times:
            uses[place[file], name] += times
    said = set(re.findall(r"\w+", ground.report))
    edges = [
        (user, file, name, _weight(name, said, len(defined[name])) * sqrt(count))
        for (user, name), count in uses.items()
        for file in defined[name]
    ]
    used = {name for _, name in uses}
    edges += [
        (file, file, name, 0.1) for name, files in defined.items() if name not in used for file in files
    ]
    begin = np.array([float(_is_named(file.path, ground.report, said)) for file in network.files])
    shares = _pagerank(edges, begin if begin.any() else np.ones(len(begin)))
    scores = np.zeros(len(network.ids))
    for (_, file, name, _), share in zip(edges, shares, strict=True):
        for node in defined[name][file]:
            scores[node] += share
    return _laid_out(ground, scores, budget)


def _weight(name: str, said: set[str], definers: int) -> float:
    weight = 10.0 if name in said else 1.0
    if len(name) >= 8 and ("_" in name or re.search("[a-z][A-Z]", name)):
        weight *= 10
    weight *= 0.1 if name.startswith("_") else 1.0
    return weight * (0.1 if definers > 5 else 1.0)


def _is_named(path: str, report: str, said: set[str]) -> bool:
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return path in report or path.rpartition("/")[2] in report or stem in said


def _pagerank(edges: list[tuple[int, int, str, float]], begin: Scores) -> Scores:
    """What passes along each edge."""
    source = np.array([edge[0] for edge in edges], int)
    target = np.array([edge[1] for edge in edges], int)
    weight = np.array([edge[3] for edge in edges])
    given = np.bincount(source, weight, len(begin))
    begin = begin / begin.sum()
    scores = begin
    for _ in range(60):
        passed = weight * scores[source] / given[source]
        scores = (
            0.85 * (np.bincount(target, passed, len(begin)) + scores[given == 0].sum() * begin) + 0.15 * begin
        )
    passed_last: Scores = weight * scores[source] / given[source]
    return passed_last


def _laid_out(ground: Ground, scores: Scores, budget: int) -> list[MapFile]:
    text, files = lay_out(ground.network, ground.catalog, scores, budget, count_tokens)
    assert count_tokens(text) <= budget
    return files


MAPPERS: dict[str, Mapper] = {
    "Cairn, the report as focus": ours,
    "the same, from hits alone": hits_alone,
    "Cairn without a focus": whole,
    "PageRank over names": names_alone,
    "files of the search, all signatures": outlines,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("instances", type=Path)
    parser.add_argument("--checkouts", type=Path, required=True)
    parser.add_argument("--indexes", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    model = load_embedder("static")
    rows: list[dict[str, Any]] = []
    for line in asked.instances.read_text().splitlines():
        instance = json.loads(line)
        name = instance["instance_id"]
        with _opened(asked.checkouts / name, asked.indexes / name, model) as retriever:
            rows += _measure(instance, retriever)
        print(name, file=sys.stderr, flush=True)
    command = "python -m benchmarks.map INSTANCES --checkouts DIR --indexes DIR"
    page = f"# Repository map\n\n    {command}\n\n{provenance()}\n\n{_table(rows)}"
    asked.out.write_text(page) if asked.out else print(page)


def _measure(instance: dict[str, Any], retriever: Retriever) -> Iterator[dict[str, Any]]:
    repo = retriever.catalog.repos()[0]
    report = instance["problem_statement"]
    started = time.process_time()
    network = network_of(retriever.catalog, repo)
    made = time.process_time() - started
    hits = retriever.search(Query(about(report), (repo.name,), HITS)).hits
    ids = [int(id_) for id_ in network.ids[len(network.files) :]]
    rows = {row.id: row for row in retriever.catalog.definitions(ids)}
    names = {n: rows[id_].name for n, id_ in enumerate(ids, start=len(network.files))}
    ground = Ground(report, retriever.catalog, repo, network, hits, names)
    for who, mapper in MAPPERS.items():
        for budget in BUDGETS:
            started = time.process_time()
            files = mapper(ground, budget)
            spent = time.process_time() - started
            paths = {file.path for file in files}
            shown = {f"{file.path}::{one.symbol}" for file in files for one in file.definitions}
            functions = instance["gold_functions"]
            yield {
                "repo": instance["repo"],
                "who": who,
                "budget": budget,
                "files": mean(path in paths for path in instance["gold_files"]),
                "functions": mean(one in shown for one in functions) if functions else None,
                "shown": len(shown),
                "seconds": spent,
                "made": made,
            }


@contextmanager
def _opened(tree: Path, folder: Path, model: Embedder) -> Iterator[Retriever]:
    """The index of a tree, made when it is not there."""
    data = DataDir(folder)
    fingerprint = fingerprint_of(model.fingerprint, model.dimensions)
    catalog = Catalog(data.catalog(fingerprint))
    vectors = EdgeVectors(data.index(fingerprint) / "vectors", model.dimensions)
    try:
        known = [repo for repo in catalog.repos() if repo.complete]
        if not known:
            Indexer(data, catalog, vectors, model).sync(catalog.add_repo("bench", str(tree.resolve())))
        yield Retriever(catalog, vectors, model)
    finally:
        vectors.close()
        catalog.close()


def _table(rows: list[dict[str, Any]]) -> str:
    """Shares in percent with the standard error over instances, and their difference to the first line's."""
    lines = [
        "| first come | tokens | gold files | gold functions | definitions shown |",
        "|---|---|---|---|---|",
    ]
    for who in MAPPERS:
        for budget in BUDGETS:
            mine = [row for row in rows if row["who"] == who and row["budget"] == budget]
            functions = [row["functions"] for row in mine if row["functions"] is not None]
            shown = mean(row["shown"] for row in mine)
            files = _with_error([row["files"] for row in mine])
            lines.append(f"| {who} | {budget} | {files} | {_with_error(functions)} | {shown:.0f} |")
    lines += ["", f"Gold functions at {BUDGETS[1]} tokens by repository:", ""]
    repos = sorted({row["repo"] for row in rows})
    lines += ["| first come | " + " | ".join(repos) + " |", "|---" * (len(repos) + 1) + "|"]
    for who in MAPPERS:
        cells = []
        for repo in repos:
            some = [
                row["functions"]
                for row in rows
                if (row["who"], row["budget"], row["repo"]) == (who, BUDGETS[1], repo)
            ]
            known = [value for value in some if value is not None]
            cells.append(f"{100 * mean(known):.0f}" if known else "–")
        lines.append(f"| {who} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _with_error(values: list[float]) -> str:
    return f"{100 * mean(values):.1f} ± {100 * float(np.std(values)) / sqrt(len(values)):.1f}"


if __name__ == "__main__":
    main()

"""Repositories -> how many edges of Go, TypeScript, Java and Rust are true, by their compilers.

    python -m benchmarks.graph_sample --work DIR [--only NAME,NAME] [--misses FILE]     all calls
    python -m benchmarks.graph_sample --work DIR --sample                              the stored sample

The first needs the compilers, and TypeScript in DIR/node_modules; the second only the repositories. A
proven edge is right when it leads to a definition that the compiler names. A call is found when one of
its edges does, proven or by name only.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.checkouts import Pinned, checkout
from indexer.embed.hashed import HashedEmbedder
from indexer.files import FileOptions, walk
from indexer.prepare import Task, prepare
from indexer.store.catalog import Catalog, SymbolRow
from indexer.store.rows import write_rows
from retriever.graph import Graph

from .repos import REPOS, Truth, ask, truth_of

_SAMPLE = Path(__file__).resolve().parent / "sample.tsv"
_DRAWN = 100  # calls of each language in the sample
_SEED = 4

Edges = dict[tuple[str, int, str], list[tuple[SymbolRow, bool]]]


@dataclass
class Tally:
    """What came of the calls of one repository."""

    calls: int = 0  # that mean a definition of the repository
    proven: int = 0
    found: int = 0
    claimed: int = 0  # proven edges
    right: int = 0
    micros: float = 0.0
    misses: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        precision = f"{self.right / self.claimed:.3f}" if self.claimed else "–"
        return (
            f"| {name} | {self.calls} | {precision} ({self.claimed}) "
            f"| {self.proven / max(1, self.calls):.3f} | {self.found / max(1, self.calls):.3f} "
            f"| {self.micros:.0f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only")
    parser.add_argument("--misses", type=Path)
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--draw", action="store_true", help="write the sample anew")
    args = parser.parse_args()
    stored = _stored()
    misses, drawn = [], defaultdict(list)
    print("| repository | calls into it | precision of proven edges (edges) | proven | or named | µs a use |")
    print("|---|---|---|---|---|---|")
    for repo in REPOS:
        if (args.only and repo.name not in args.only.split(",")) or (args.sample and repo.name not in stored):
            continue
        tree = checkout(repo, args.work).resolve()
        lines = stored[repo.name] if args.sample else _answers(repo, tree, args.work)
        drawn[repo.language] += [f"{repo.name}\t{line}" for line in lines]
        tally = compare(tree, truth_of(iter(lines)))
        print(tally.line(f"{repo.name} ({repo.language})"), flush=True)
        misses += [f"{repo.name}: {miss}" for miss in tally.misses]
    if args.misses:
        args.misses.write_text("\n".join(misses) + "\n")
    if args.draw:
        lots = random.Random(_SEED)
        sample = [line for lines in drawn.values() for line in sorted(lots.sample(lines, _DRAWN))]
        _SAMPLE.write_text("\n".join(sample) + "\n")


def compare(tree: Path, truth: Truth) -> Tally:
    """Compare the edges of a tree with what its compiler says of the same calls."""
    tally = Tally()
    edges, tally.micros = _edges(tree)
    for call, (kinds, targets) in truth.items():
        path, line, name = call
        # a call under another name than the definition's is found by that of the definition
        names = [name, *(target for _, _, target in targets)]
        found = next((edges[path, line, other] for other in names if (path, line, other) in edges), [])
        right = [(row, proven) for row, proven in found if _is_one_of(row, targets)]
        tally.claimed += sum(proven for _, proven in found)
        tally.right += sum(proven for _, proven in right)
        tally.misses += [
            f"wrong {path}:{line} {name} -> {row.path}:{row.start} {row.qualname}, not {sorted(targets)[:2]}"
            for row, proven in found
            if proven and not _is_one_of(row, targets)
        ]
        if "in" in kinds:
            tally.calls += 1
            tally.proven += any(proven for _, proven in right)
            tally.found += bool(right)
            if not any(proven for _, proven in right):
                tally.misses.append(f"unproven {path}:{line} {name}, meant {sorted(targets)[:2]}")
    return tally


def _is_one_of(row: SymbolRow, targets: Iterable[tuple[str, int, str]]) -> bool:
    return any(
        row.path == path and row.name == name and row.start <= line <= row.end for path, line, name in targets
    )


def _edges(tree: Path) -> tuple[Edges, float]:
    """The edges of every call of a tree, and the CPU microseconds that one use took."""
    edges: Edges = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        catalog = Catalog(Path(folder) / "catalog.db")
        repo = catalog.add_repo("bench", str(tree))
        paths = tuple(candidate.path for candidate in walk(tree, FileOptions()).files)
        batch = prepare(Task("bench", str(tree), paths, {}), HashedEmbedder())
        with catalog.writing() as db:
            write_rows(db, repo.id, batch.prepared, [], [], [])
        graph = Graph(catalog, catalog.repo("bench"))
        uses = [
            use for file in catalog.files(repo) for use in graph.references(file.id) if use.kind == "call"
        ]
        started = time.process_time()
        for use in uses:
            edges[use.path, use.line, use.name] += graph.targets(use)
        micros = (time.process_time() - started) / max(1, len(uses)) * 1e6
        catalog.close()
    return edges, micros


def _answers(repo: Pinned, tree: Path, work: Path) -> list[str]:
    """What the compiler says, asked once."""
    kept = work / f"{repo.name}.tsv"
    if not kept.exists():
        kept.write_text(ask(repo, tree, work))
    return kept.read_text().splitlines()


def _stored() -> dict[str, list[str]]:
    lines: dict[str, list[str]] = defaultdict(list)
    for line in _SAMPLE.read_text().splitlines() if _SAMPLE.exists() else ():
        name, _, rest = line.partition("\t")
        lines[name].append(rest)
    return lines


if __name__ == "__main__":
    main()

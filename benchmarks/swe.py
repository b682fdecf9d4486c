"""Bug reports -> the files and functions their fixes change.

python -m benchmarks.swe --suite DIR --checkouts DIR

`--suite` holds instances.jsonl: instance_id, repo, problem_statement, gold_files, gold_functions and
gold_functions_strict (less classes) of SWE-bench Lite (princeton-nlp/SWE-bench), derived from the fix;
`--checkouts` a checkout of each instance at its base commit, with no history beyond it. Each tree is indexed
alone and asked the whole report, with nothing added. With
--indexes the data directories made before (one for each instance, repository name `bench`) are opened.
--ablate orders the same evidence again without each of its signs.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import methodcaller
from pathlib import Path
from typing import Any

from indexer.store import Where
from retriever.report import read_report
from retriever.report.answer import Looked, arranged, look_around
from retriever.report.rank import DEFINITION_SIGNS, FILE_SIGNS
from retriever.search import Retriever
from retriever.types import Hit, Query

from .bench_index import indexed, opened
from .metrics import mean_and_error

LIMIT = 50  # results that count
_FILES, _FUNCTIONS = (1, 3, 5, 10), (5, 10)  # the k of acc@k


@dataclass(frozen=True, slots=True)
class Instance:
    id: str
    repo: str
    text: str
    gold_files: frozenset[str]
    gold_functions: frozenset[str]
    gold_classes: frozenset[str]  # those of them that are classes


@dataclass(frozen=True, slots=True)
class Ranking:
    """What was answered: paths and `path::Qualified.name`, each once, in order."""

    instance: Instance
    files: tuple[str, ...]
    functions: tuple[str, ...]
    cpu: float  # seconds of this process

    def file_hit(self, k: int) -> float:
        """1 when all files of the fix are among the first k."""
        return float(self.instance.gold_files <= set(self.files[:k]))

    def file_recall(self, k: int) -> float:
        """The share of the files of the fix that is among the first k."""
        return len(self.instance.gold_files & set(self.files[:k])) / len(self.instance.gold_files)

    def function_hit(self, k: int) -> float:
        """1 when all functions of the fix are; one inside a gold function counts as that one."""
        return float(self.instance.gold_functions <= set(self.functions[:k]))

    @property
    def reciprocal(self) -> float:
        return next((1 / n for n, path in enumerate(self.files, 1) if path in self.instance.gold_files), 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--suite", type=Path, required=True)
    parser.add_argument("--checkouts", type=Path, required=True)
    parser.add_argument(
        "--indexes", type=Path, help="data directories by instance, opened instead of indexing"
    )
    parser.add_argument("--only", action="append", help="part of an instance's id; may be repeated")
    parser.add_argument("--embedder", default="static")
    parser.add_argument(
        "--ablate", action="store_true", help="also without each sign of files and definitions"
    )
    parser.add_argument("--losses", type=int, default=0, help="print this many instances, the worst first")
    parser.add_argument("--out", type=Path, help="write the table here")
    args = parser.parse_args()
    rankings: list[Ranking] = []
    without: dict[str, list[Ranking]] = defaultdict(list)
    for instance in instances(args.suite):
        if args.only and not any(part in instance.id for part in args.only):
            continue
        with _index(args, instance) as retriever:
            rankings.append(asked(retriever, instance))
            if args.ablate:
                for sign, ranking in ablated(retriever, instance):
                    without[sign].append(ranking)
    text = table(rankings)
    if without:
        text += f"\n{ablation(rankings, without)}"
    print(text)
    for loss in sorted(rankings, key=lambda r: r.reciprocal)[: args.losses]:
        print(f"{loss.reciprocal:.2f} {loss.instance.id}: {', '.join(sorted(loss.instance.gold_functions))}")
        print(f"     {', '.join(loss.files[:5])} | {', '.join(loss.functions[:5])}")
    if args.out:
        args.out.write_text(text)


def instances(suite: Path) -> list[Instance]:
    return [_instance(json.loads(line)) for line in (suite / "instances.jsonl").read_text().splitlines()]


def _instance(row: dict[str, Any]) -> Instance:
    return Instance(
        row["instance_id"], row["repo"], row["problem_statement"],
        frozenset(row["gold_files"]), frozenset(row["gold_functions"]),
        frozenset(row["gold_functions"]) - frozenset(row["gold_functions_strict"]),
    )  # fmt: skip


@contextmanager
def _index(args: argparse.Namespace, instance: Instance) -> Iterator[Retriever]:
    if args.indexes:
        with opened(args.indexes / instance.id, args.embedder) as retriever:
            yield retriever
    else:
        with indexed(args.checkouts / instance.id, args.embedder) as (retriever, _):
            yield retriever


def asked(retriever: Retriever, instance: Instance) -> Ranking:
    """The whole report as it stands, through the search that everybody uses."""
    started = time.process_time()
    hits = retriever.search(Query(instance.text, limit=LIMIT)).hits
    cpu = time.process_time() - started
    return _ranking(instance, [(hit.path, _functions(hit)) for hit in hits], cpu)


def ablated(retriever: Retriever, instance: Instance) -> Iterator[tuple[str, Ranking]]:
    """The report's evidence, gathered once, in the order it has without each sign."""
    repo = retriever.catalog.repos()[0]
    looked = look_around(
        read_report(instance.text), [(repo, Where(repo.name))],
        retriever.catalog, retriever.vectors, retriever.embedder,
    )  # fmt: skip
    for sign in FILE_SIGNS:
        yield f"file: {sign}", _arranged(instance, looked, {**FILE_SIGNS, sign: 0.0}, DEFINITION_SIGNS)
    for sign in DEFINITION_SIGNS:
        yield f"definition: {sign}", _arranged(instance, looked, FILE_SIGNS, {**DEFINITION_SIGNS, sign: 0.0})


def _arranged(
    instance: Instance, looked: Looked, files: Mapping[str, float], definitions: Mapping[str, float]
) -> Ranking:
    places = arranged(looked, LIMIT, files, definitions)
    results = [(one.file.path, [found.symbol.qualname] if found else []) for one, found, _ in places]
    return _ranking(instance, results, 0.0)


def _ranking(instance: Instance, results: Sequence[tuple[str, Sequence[str]]], cpu: float) -> Ranking:
    """Results as a path with the definitions named there."""
    files = dict.fromkeys(path for path, _ in results)
    functions = dict.fromkeys(
        _outer(f"{path}::{name}", instance) for path, names in results for name in names
    )
    return Ranking(instance, tuple(files), tuple(functions), cpu)


def _functions(hit: Hit) -> list[str]:
    """The definition a hit names, and those it names besides."""
    return [name for name in (hit.symbol, *(place.symbol for place in hit.also)) if name]


def _outer(name: str, instance: Instance) -> str:
    """The gold function that a function is nested in, or the function itself. A class holds its methods
    without being changed by each of them."""
    callables = instance.gold_functions - instance.gold_classes
    return next((gold for gold in callables if name.startswith(f"{gold}.")), name)


def table(rankings: Sequence[Ranking]) -> str:
    """Shares in percent with 95 % intervals for all, and by repository; median milliseconds of CPU."""
    head = [*(f"@{k}" for k in _FILES), "MRR", *(f"function @{k}" for k in _FUNCTIONS)]
    lines = [f"| | issues | {' | '.join(head)} | CPU ms |", f"|---|---|{'---|' * len(head)}---|"]
    groups: dict[str, list[Ranking]] = defaultdict(list)
    for ranking in rankings:
        groups["**all**"].append(ranking)
        groups[ranking.instance.repo].append(ranking)
    lines += [_row(name, group) for name, group in groups.items()]
    return "\n".join(lines) + "\n"


def ablation(whole: Sequence[Ranking], without: Mapping[str, Sequence[Ranking]]) -> str:
    """What each sign is worth: the points that go when it does."""
    lines = [
        "| without | @1 | @5 | @10 | MRR | function @5 | function @10 |",
        "|---|---|---|---|---|---|---|",
    ]
    base = _figures(whole)
    lines.append("| *nothing* | " + " | ".join(f"{value:.1f}" for value in base) + " |")
    for sign, rankings in without.items():
        changes = [value - before for value, before in zip(_figures(rankings), base, strict=True)]
        lines.append(f"| {sign} | " + " | ".join(f"{change:+.1f}" for change in changes) + " |")
    return "\n".join(lines) + "\n"


def _figures(rankings: Sequence[Ranking]) -> list[float]:
    named = [ranking for ranking in rankings if ranking.instance.gold_functions]
    files = [_mean([r.file_hit(k) for r in rankings]) for k in (1, 5, 10)]
    functions = [_mean([r.function_hit(k) for r in named]) for k in _FUNCTIONS]
    return [*files, _mean([r.reciprocal for r in rankings]), *functions]


def _mean(values: Sequence[float]) -> float:
    return mean_and_error([100 * value for value in values])[0]


def _row(name: str, group: Sequence[Ranking]) -> str:
    with_functions = [ranking for ranking in group if ranking.instance.gold_functions]
    cells = [share(group, methodcaller("file_hit", k), name) for k in _FILES]
    cells.append(share(group, lambda r: r.reciprocal, name))
    cells += [share(with_functions, methodcaller("function_hit", k), name) for k in _FUNCTIONS]
    milliseconds = sorted(1000 * ranking.cpu for ranking in group)[len(group) // 2]
    return f"| {name} | {len(group)} | {' | '.join(cells)} | {milliseconds:.0f} |"


def share(group: Sequence[Ranking], value: Callable[[Ranking], float], name: str) -> str:
    """The mean in percent, with its 95 % interval for a group whose name is set in bold."""
    mean, error = mean_and_error([100 * value(ranking) for ranking in group])
    return f"{mean:.1f} ± {error:.1f}" if name.startswith("**") else f"{mean:.0f}"


if __name__ == "__main__":
    main()

"""Tasks in Go, TypeScript, Java, Rust and C++ -> the files that their solutions change.

python -m benchmarks.tasks --mirrors DIR --work DIR [--packs]

The tasks are of SWE-gen (abundant-ai/SWE-gen-Go and its siblings): each tells in the manner of an issue what
is wrong or wanted, and names the commit that mended it and what to take back of it. tasks.json lists those
that are asked, by repository, in two halves: failures of the half `read` may be read and learned from; of
`held` nobody looks at more than these figures. Every tree is indexed alone, without history, and asked the
whole text.

DIR of the mirrors holds `owner+name` of the repositories and of the SWE-gen sets, each a clone or a bare
repository with its history. Trees and indexes are kept in --work. --packs measures also, as
`benchmarks.changes` does, which of the changed places a pack shows.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from retriever.evaluate.commits import is_source

from .bench_index import kept
from .changes import Filled, Task, fill, is_import, places_in, report
from .conventions.checkout import exported, git
from .history.checkout import history_of
from .swe import Instance, Ranking, asked, share

LIST = Path(__file__).parent / "tasks.json"
_KS = (1, 5, 10)
_FILE = re.compile(r"^--- a/(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A repository with its tasks: numbers of pull requests. `set` is where they are told."""

    repository: str
    language: str
    half: str
    set: str
    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Posed:
    """A task beside its tree. `places` are the lines that its solution changes."""

    instance: Instance
    tree: Path
    task: Task


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mirrors", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="trees and indexes are kept here")
    parser.add_argument("--half", choices=("read", "held"), help="only this half")
    parser.add_argument("--only", default="", help="a part of owner/name")
    parser.add_argument("--packs", action="store_true", help="also fill packs")
    parser.add_argument(
        "--losses", type=int, default=0, help="print this many tasks of `read`, the worst first"
    )
    args = parser.parse_args()
    rankings: dict[str, list[Ranking]] = {}
    filled: dict[str, list[Filled]] = {}
    chosen = [one for one in entries() if args.half in (None, one.half) and args.only in one.repository]
    for entry in chosen:
        rankings[entry.repository], filled[entry.repository] = [], []
        for posed in posed_of(entry, args.mirrors, args.work):
            with kept(posed.tree, args.work / "indexes" / posed.instance.id) as retriever:
                rankings[entry.repository].append(asked(retriever, posed.instance))
                if args.packs and posed.task.places:
                    filled[entry.repository].append(fill(entry.repository, posed.task, retriever))
    for half in sorted({entry.half for entry in chosen}, reverse=True):
        print(table([entry for entry in chosen if entry.half == half], rankings, f"**{half}**"))
        if args.packs:
            print(packs([entry for entry in chosen if entry.half == half], filled, f"**{half}**"))
    read = [ranking for one in chosen if one.half == "read" for ranking in rankings[one.repository]]
    for loss in sorted(read, key=lambda r: r.reciprocal)[: args.losses]:
        print(f"{loss.reciprocal:.2f} {loss.instance.id}: {', '.join(sorted(loss.instance.gold_files))}")
        print(f"     {', '.join(loss.files[:5])}")


def entries() -> list[Entry]:
    return [Entry(**{**entry, "tasks": tuple(entry["tasks"])}) for entry in json.loads(LIST.read_text())]


def posed_of(entry: Entry, mirrors: Path, work: Path) -> Iterator[Posed]:
    """The tasks of a repository, each with its tree as it was before the solution."""
    gitdir, told = history_of(entry.repository, mirrors), history_of(entry.set, mirrors)
    owner, _, name = entry.repository.lower().partition("/")
    for number in entry.tasks:
        id_ = f"{owner}__{name}-{number}"

        def read(path: str, id_: str = id_) -> str:
            return git(told, "show", f"HEAD:tasks/{id_}/{path}")

        tree = work / "trees" / id_ / name
        if not tree.exists():
            _undone(gitdir, read("environment/Dockerfile"), read("environment/bug.patch"), tree)
        fix, text = read("solution/fix.patch"), read("instruction.md")
        golds = frozenset(path for path in _FILE.findall(fix) if is_source(path) and (tree / path).exists())
        diffs = {path: diff for diff in fix.split("diff --git ") for path in _FILE.findall(diff)}
        hunks = [place for path in sorted(golds) for place in places_in(diffs[path], path, tree)]
        places = [place for place in hunks if place and not is_import(place, tree)]
        yield Posed(
            Instance(id_, entry.repository, text, golds, frozenset(), frozenset()),
            tree, Task(id_, text, tuple(places)),
        )  # fmt: skip


def _undone(gitdir: Path, dockerfile: str, patch: str, tree: Path) -> None:
    """The tree of the commit that a Dockerfile checks out, with the patch that takes the solution back."""
    commit = re.search(r"\b[0-9a-f]{40}\b", dockerfile)
    if commit is None:
        raise SystemExit(f"no commit is named for {tree}")
    making = exported(gitdir, commit[0], tree.parent / "making")
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn"], cwd=making, input=patch.encode(), check=True,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.parent.resolve())},
    )  # fmt: skip
    making.rename(tree)


def table(chosen: Sequence[Entry], rankings: dict[str, list[Ranking]], name: str) -> str:
    """Shares in percent: all changed files among the first k, then how many of them are; with 95 % intervals
    for all and by language."""
    head = [*(f"@{k}" for k in _KS), *(f"recall @{k}" for k in _KS[1:]), "MRR", "CPU ms"]
    lines = [f"| | tasks | {' | '.join(head)} |", "|---" * (2 + len(head)) + "|"]
    groups: dict[str, list[Ranking]] = defaultdict(list)
    for entry in chosen:
        for group in (name, f"**{entry.language}**", entry.repository):
            groups[group] += rankings[entry.repository]
    columns: list[Callable[[Ranking], float]] = [
        *(lambda r, k=k: r.file_hit(k) for k in _KS),
        *(lambda r, k=k: r.file_recall(k) for k in _KS[1:]),
        lambda r: r.reciprocal,
    ]
    for group, several in groups.items():
        cells = [share(several, column, group) for column in columns]
        milliseconds = sorted(1000 * ranking.cpu for ranking in several)[len(several) // 2]
        lines.append(f"| {group} | {len(several)} | {' | '.join(cells)} | {milliseconds:.0f} |")
    return "\n".join(lines) + "\n"


def packs(chosen: Sequence[Entry], filled: dict[str, list[Filled]], name: str) -> str:
    groups: dict[str, list[Filled]] = defaultdict(list)
    for entry in chosen:
        for group in (name, f"**{entry.language}**", entry.repository):
            groups[group] += filled[entry.repository]
    return "\n".join(report(several, group) for group, several in groups.items()) + "\n"


if __name__ == "__main__":
    main()

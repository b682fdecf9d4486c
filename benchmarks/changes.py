"""How much of what a change touches is in a pack? python -m benchmarks.changes --mirrors DIR --work DIR

Each task is the message of a commit that adds, allows or removes something, in the words of whoever made it;
what it was asked of is an index of the repository as it stood months before. A place that the commit changed
counts as contained when every line that it replaced, or beside which it put something, is shown. Places that
had changed in between, and lines of imports, are left out. The same three ways as in `packs` fill the budget.

DIR of the mirrors holds `owner+name`, each a clone or a bare repository with its history.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.store.catalog import Catalog
from retriever.conventions import book_of
from retriever.evaluate.commits import is_source
from retriever.evaluate.message import question, why_no_question
from retriever.search import Retriever
from retriever.task import about
from retriever.tokenizer import tokenizer
from retriever.types import Query, SearchResult

from .bench_index import indexed
from .conventions.checkout import exported, git
from .history.checkout import history_of
from .packs import BUDGETS, DEPTH, WAYS, Shown, chunks, files, packed

LIST = Path(__file__).parent / "changes.json"
_MOST_TASKS = 25  # of a repository: none outweighs the others
_LONGEST = 450  # letters of a message: a longer one is a report, which `packs` measures
_MOST_FILES, _MOST_PLACES = 5, 20
_WANTS = re.compile(
    r"\b(add|support|allow|option|introduce|implement|make|expose|enable|new|deprecat|remove|let|use|include"
    r"|accept|provide|show|print|handle)",
    re.IGNORECASE,
)
_IMPORT = re.compile(r"\s*(import|from|use|package) ")
_COMMENT = re.compile(r"\s*(#|//)")


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of a file, counted from 1, that a commit replaced or put something beside."""

    path: str
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class Task:
    commit: str
    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """One task: by budget and way the share of its places, and of their files, that is shown."""

    repository: str
    places: dict[tuple[int, str], float]
    files: dict[tuple[int, str], float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mirrors", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="for checkouts of the earlier commits")
    parser.add_argument("--only", default="", help="a part of owner/name")
    args = parser.parse_args()
    filled: list[Filled] = []
    for entry in json.loads(LIST.read_text()):
        name = entry["repository"]
        if args.only not in name:
            continue
        gitdir = history_of(name, args.mirrors)
        tree = exported(gitdir, entry["base"], args.work / name.partition("/")[2])
        tasks = list(tasks_of(gitdir, entry["base"], entry["head"], tree))
        with indexed(tree) as (retriever, _):
            filled += [fill(name, task, retriever) for task in tasks]
        print(report([one for one in filled if one.repository == name], name), flush=True)
    print(report(filled, "**all**"))


def tasks_of(gitdir: Path, base: str, head: str, tree: Path) -> Iterator[Task]:
    """The commits after `base` that are tasks, newest first, as far as their places stand in `tree`."""
    log = git(
        gitdir, "log", "--first-parent", "--no-merges", "--format=%H%x01%an%x01%B%x02", f"{base}..{head}"
    )
    found = 0
    for entry in log.split("\x02")[:-1]:
        commit, author, message = entry.strip().split("\x01")
        text = question(message)
        if not _is_wish(text, author):
            continue
        changed = [line.split("\t") for line in _names(gitdir, commit)]
        code = [one for one in changed if is_source(one[-1])]
        paths = [one[-1] for one in code if one[0] == "M"]
        if not 1 <= len(paths) <= _MOST_FILES or any(one[0] not in "MA" for one in code):
            continue
        hunks = [one for path in paths for one in places_in(_diff(gitdir, commit, path), path, tree)]
        places = [place for place in hunks if place and not is_import(place, tree)]
        lost = sum(place is None for place in hunks)
        if places and len(places) <= _MOST_PLACES and lost <= len(places) / 2:
            yield Task(commit, text, tuple(places))
            found += 1
        if found == _MOST_TASKS:
            return


def fill(name: str, task: Task, retriever: Retriever) -> Filled:
    catalog, count = retriever.catalog, tokenizer("estimate")
    rules = list(book_of(catalog.facts(catalog.repos()[0])).rules)
    hits = retriever.search(Query(about(task.text), limit=DEPTH, topic=True))
    ways: dict[str, Callable[[SearchResult, Catalog, int], tuple[Shown, int]]] = {
        "pack": lambda found, catalog, budget: packed(task.text, found, catalog, rules, budget, count),
        "chunks": lambda found, catalog, budget: chunks(found, catalog, budget, count),
        "files": lambda found, catalog, budget: files(found, catalog, budget, count),
    }
    paths = {place.path for place in task.places}
    done = Filled(name, {}, {})
    for budget in BUDGETS:
        for way in WAYS:
            shown, _ = ways[way](hits, catalog, budget)
            whole = [place.lines <= shown.get(place.path, set()) for place in task.places]
            done.places[budget, way] = float(np.mean(whole))
            done.files[budget, way] = float(np.mean([bool(shown.get(path)) for path in paths]))
    return done


def report(filled: Sequence[Filled], name: str) -> str:
    """A row of a table: places, then files, in percent; for all with the standard error."""
    cells = []
    for shares in ([one.places for one in filled], [one.files for one in filled]):
        for key in [(budget, way) for budget in BUDGETS for way in WAYS]:
            values = 100 * np.array([share[key] for share in shares])
            error = f" ± {values.std(ddof=1) / len(values) ** 0.5:.1f}" if name.startswith("*") else ""
            cells.append(f"{values.mean():.1f}{error}")
    return f"| {name} | {len(filled)} | {' | '.join(cells)} |"


def _is_wish(text: str, author: str) -> bool:
    subject = text.partition("\n")[0]
    return len(text) <= _LONGEST and bool(_WANTS.search(subject)) and why_no_question(subject, author) is None


def places_in(diff: str, path: str, tree: Path) -> Iterator[Place | None]:
    """Where each hunk of a file stands in `tree`; None where its lines stand there otherwise, or twice."""
    try:
        now = (tree / path).read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        yield None
        return
    for hunk in re.split(r"(?m)^@@ .*$", diff)[1:]:
        written = [line for line in hunk.split("\n")[1:] if line[:1] and line[0] in " -+"]
        old = [line[1:] for line in written if line[0] != "+"]
        starts = [n for n in range(len(now) - len(old) + 1) if now[n : n + len(old)] == old]
        if len(starts) != 1 or not old:
            yield None
            continue
        at, lines = starts[0], set()
        for line in written:
            at += line[0] != "+"
            if line[0] != " " and now[max(at, starts[0] + 1) - 1].strip():
                lines.add(max(at, starts[0] + 1))
        if lines:
            yield Place(path, frozenset(lines))


def is_import(place: Place, tree: Path) -> bool:
    """Whether a place holds nothing but imports and comments."""
    now = (tree / place.path).read_text(encoding="utf-8", errors="replace").split("\n")
    imports = imported(now)
    return all(line in imports or _COMMENT.match(now[line - 1]) for line in place.lines)


def imported(lines: Sequence[str]) -> set[int]:
    """The lines of statements that import, to the bracket that closes their list; counted from 1."""
    found, open_ = set(), 0
    for number, line in enumerate(lines, start=1):
        if open_ > 0 or _IMPORT.match(line):
            found.add(number)
            open_ += sum(line.count(mark) for mark in "({") - sum(line.count(mark) for mark in ")}")
    return found


def _diff(gitdir: Path, commit: str, path: str) -> str:
    return git(gitdir, "show", "-U2", "--format=", commit, "--", path)


def _names(gitdir: Path, commit: str) -> list[str]:
    shown = git(gitdir, "show", "--name-status", "-M", "--format=", commit)
    return [line for line in shown.split("\n") if line]


if __name__ == "__main__":
    main()

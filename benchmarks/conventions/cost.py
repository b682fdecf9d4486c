"""Django's source distribution -> what counting facts adds to a cold index, and what a book takes.

    python -m benchmarks.conventions.cost TREE [--turns 6]

`prepare` reads, parses, chunks and weighs every file, with and without `facts_of`, in turns and in one
process: user CPU of the process, for the machine may have other work. A cold index does more than `prepare`:
it stores, and merges what its workers made, so the share of the whole is a little less.
"""

from __future__ import annotations

import argparse
import resource
import statistics
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

from indexer import prepare as prepared
from indexer.embed import Embedder
from indexer.embed.load import load_embedder
from indexer.files import walk
from retriever.conventions import book_of

from ..figures import provenance
from .checkout import parsed_of, row_of

_AT_ONCE = 64  # files of a task: what a worker takes is about as much


def user() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def main(argv: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("tree", type=Path)
    asked.add_argument("--turns", type=int, default=6)
    given = asked.parse_args(argv)
    print(provenance())
    print(added(given.tree, given.turns))
    print(spent_on_book(given.tree))


def added(tree: Path, turns: int) -> str:
    """The table of both ways, by turns: with, without, without, with, …"""
    paths = [file.path for file in walk(tree).files]
    tasks = [
        prepared.Task("tree", str(tree), tuple(paths[at : at + _AT_ONCE]), {})
        for at in range(0, len(paths), _AT_ONCE)
    ]
    embedder = load_embedder("static")
    _once(tasks[:4], embedder)  # grammars and the model are read on first use
    spent: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(turns):
        for counting in (True, False) if turn % 2 == 0 else (False, True):
            if counting:
                spent[True].append(_once(tasks, embedder))
            else:
                with mock.patch.object(prepared, "facts_of", return_value={}):
                    spent[False].append(_once(tasks, embedder))
    with_, without = (statistics.median(spent[way]) for way in (True, False))
    shares = [one / other - 1 for one, other in zip(spent[True], spent[False], strict=True)]
    return (
        f"{len(paths)} files, {turns} turns, user CPU of `prepare`, median (least to most):\n\n"
        f"| | s |\n|---|---|\n| without facts | {_range(spent[False])} |\n"
        f"| with facts | {_range(spent[True])} |\n"
        f"| added | {with_ - without:.2f} s = {with_ / without - 1:.1%} "
        f"(per pair {min(shares):.1%} to {max(shares):.1%}) |\n"
    )


def _once(tasks: Sequence[prepared.Task], embedder: Embedder) -> float:
    before = user()
    for task in tasks:
        prepared.prepare(task, embedder)
    return user() - before


def _range(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def spent_on_book(tree: Path) -> str:
    rows = [row_of(parsed) for parsed in parsed_of(tree)]
    times = []
    for _ in range(5):
        before = user()
        book = book_of(rows)
        times.append(user() - before)
    size = sum(len(facts) for _, _, facts in rows) / 1e6
    over = f"{len(rows)} files ({size:.1f} MB of facts)"
    return f"`book_of` over {over}: {_range(times)} s, {len(book.rules)} rules\n"


if __name__ == "__main__":
    main()

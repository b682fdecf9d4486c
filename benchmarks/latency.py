"""What a pack and a map cost in a warm process: python -m benchmarks.latency TREE

TREE is indexed into a data directory of its own, as a server would, and asked ten tasks twice. Django's
source distribution, for which they were written, is 4,109 files.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from retriever.types import Query

from .bench_index import indexed
from .figures import provenance

TASKS = (
    "add a retry to the database connection when it is lost",
    "make the admin list filter remember its state",
    "support partial indexes in migrations",
    "cache template fragments per user",
    "validate the size of uploaded files",
    "fix the time zone of DateTimeField in forms",
    "a management command to clear sessions",
    "speed up bulk_create with returning",
    "log slow queries",
    "add async support to the signals",
)
_TURNS = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("tree", type=Path)
    tree = parser.parse_args().tree
    print(f"{provenance()}\n\n| | ms, median (most) |\n|---|---|")
    with indexed(tree) as (retriever, _):
        (repo,) = retriever.catalog.repos()
        _say("network of the map, once a generation", [_ms(retriever.network, repo)])
        _say("map of 2,000 tokens", _each(lambda task: retriever.map(repo.name, 2000, [task])))
        _say("search", _each(lambda task: retriever.search(Query(task, (repo.name,)))))
        for budget in (4000, 8000):
            pack = partial(retriever.context, repo=repo.name, budget=budget)
            _say(f"pack of {budget:,} tokens", _each(pack))


def _each(ask: Callable[[str], object]) -> list[float]:
    ask(TASKS[0])  # what is read once a generation is read
    return [_ms(ask, task) for task in TASKS for _ in range(_TURNS)]


def _ms(call: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    call(*arguments)
    return (time.perf_counter() - started) * 1000


def _say(what: str, times: list[float]) -> None:
    print(f"| {what} | {median(times):.0f} ({max(times):.0f}) |", flush=True)


if __name__ == "__main__":
    main()

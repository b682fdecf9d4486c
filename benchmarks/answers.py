"""Every answer of an index, to compare those of two versions: python -m benchmarks.answers DATA OUT

Asks each repository of a data directory 300 questions, names and reports of its own, with filters and limits,
and for packs and maps; writes one JSON line each. With --against FILE it says which lines differ, with
--every N it asks only each Nth.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from api import wire
from api.service import Service
from api.settings import Settings
from indexer.store.catalog import RepoRow
from retriever.search import Retriever
from retriever.types import Filters, Query

from .latency import TASKS
from .processes import end_keeper
from .speed import queries_of

_FILTERS = (
    Filters(kinds=("code",)),
    Filters(paths=("docs", "tests")),
    Filters(paths=("*.py",)),
    Filters(languages=("python", "go", "typescript")),
)
_REPORT = "{0} fails\n\nExpected: {1}\n\n    def test():\n        {0}()\n\nTraceback:\n  {2}"
_FEW = 5  # of what is slow, or where one is like another
_SAME = 1e-4  # of a score: the store sums in another order on another day


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--against", type=Path, help="what another version wrote")
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    service = Service(Settings.load(data=args.data))
    try:
        asked = [one for repo in service.repos() for one in _asked(service.retriever, repo)]
        lines = [json.dumps(ask()) for ask in asked[:: args.every]]
    finally:
        service.close()
        end_keeper(args.data)  # the next version must not be answered by this one's
    args.out.write_text("\n".join(lines))
    if args.against:
        before = args.against.read_text().split("\n")[:: args.every]
        differing = [
            (ours, theirs)
            for ours, theirs in zip_longest(lines, before, fillvalue="null")
            if ours != theirs and not _alike(json.loads(ours), json.loads(theirs))
        ]
        for ours, theirs in differing[:10]:
            print(f"now    {ours[:2000]}\nbefore {theirs[:2000]}\n")
        print(f"{len(differing)} of {len(lines)} answers differ")
        raise SystemExit(bool(differing))


def _asked(retriever: Retriever, repo: RepoRow) -> Iterator[Callable[[], dict[str, Any]]]:
    def search(text: str, **narrowed: Any) -> Callable[[], dict[str, Any]]:
        query = Query(text, **narrowed)
        return lambda: wire.of_search(retriever.search(query))

    def pack(task: str, budget: int, with_map: bool = False) -> Callable[[], dict[str, Any]]:
        return lambda: wire.of_context(retriever.context(task, repo.name, budget, with_map=with_map))

    def map(focus: Sequence[str]) -> Callable[[], dict[str, Any]]:
        return lambda: wire.of_map(retriever.map(repo.name, 2000, focus))

    texts, here = queries_of(Path(repo.root)), (repo.name,)
    reports = [_REPORT.format(*three) for three in zip(texts[::3], texts[1::3], texts[2::3], strict=False)]
    yield from (search(text, repos=here) for text in (*texts, *reports[:20]))
    for filters in _FILTERS:
        yield from (search(text, repos=here, limit=30, filters=filters) for text in texts[: 3 * _FEW])
    yield from (search(text) for text in texts[:_FEW])  # every repository
    yield from (pack(task, budget) for task in TASKS for budget in (4000, 8000))
    yield pack(TASKS[0], 8000, with_map=True)
    yield from (map(focus) for focus in ([], *([text] for text in texts[:_FEW])))


def _alike(ours: Any, theirs: Any) -> bool:
    """Equal, but for the last place of numbers."""
    if isinstance(ours, float) and isinstance(theirs, float):
        return abs(ours - theirs) <= _SAME
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(_alike(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(_alike, ours, theirs))
    return bool(ours == theirs)


if __name__ == "__main__":
    main()

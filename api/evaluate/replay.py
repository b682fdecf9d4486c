"""Sampled commits, oldest first -> how each arm finds what they changed, as of their parents."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from indexer.errors import Cancelled
from indexer.sync import Hooks, Progress
from retriever.evaluate import peer
from retriever.evaluate.commits import Asked, is_source
from retriever.evaluate.message import names_a_file
from retriever.evaluate.ranks import Find, Spot, files, ranks, spots
from retriever.types import Query

from .arms import Arm, Private
from .past import Past
from .results import Answered

if TYPE_CHECKING:
    from retriever.search import Retriever

Tell = Callable[[int, int], None]
Show = Callable[[Progress], None]


@dataclass(slots=True)
class Cost:
    """Seconds of CPU, children included, by what they were spent on; `steps` are those from commit to commit,
    by the clock; `files` were written to an index."""

    cpu: dict[str, float] = field(default_factory=dict)
    steps: list[float] = field(default_factory=list)
    files: int = 0
    started: float = field(default_factory=time.perf_counter)

    @contextmanager
    def on(self, what: str) -> Iterator[None]:
        before = _cpu()
        try:
            yield
        finally:
            self.cpu[what] = self.cpu.get(what, 0.0) + _cpu() - before

    def document(self) -> dict[str, Any]:
        return {
            "wall_seconds": round(time.perf_counter() - self.started, 1),
            "cpu_seconds": {what: round(seconds, 1) for what, seconds in self.cpu.items()},
            "step_seconds": round(median(self.steps), 3) if self.steps else None,
            "files_indexed": self.files,
        }


def replay(
    past: Past,
    below: str,
    sampled: Sequence[Asked],
    arms: Sequence[Arm],
    indexes: Sequence[Private],
    cost: Cost,
    tell: Tell = lambda *_: None,
    show: Show = lambda _: None,
) -> tuple[list[Answered], int]:
    """The answers, and how many wanted files the index of the first arm leaves out: those do not count.

    Raises Cancelled on Ctrl-C.
    """
    answered: list[Answered] = []
    unindexed = 0
    try:
        for nr, asked in enumerate(sampled):
            tell(nr, len(sampled))
            began = time.perf_counter()
            with cost.on("checkout"):
                past.go(asked.parent)
            with cost.on("index"):
                for index in indexes:
                    report = index.bring_up_to_date(past.tree / below, Hooks(show))
                    cost.files += report.changed if report else 0
            wanted = tuple(path.removeprefix(below) for path in asked.wanted)
            present = indexes[0].catalog.present(indexes[0].row, wanted)
            unindexed += len(wanted) - len(present)
            wanted = tuple(path for path in wanted if path in present)
            if wanted:
                with cost.on("ask"):
                    answered.append(_answer(asked, wanted, arms, indexes))
            if nr:
                cost.steps.append(time.perf_counter() - began)
    except (KeyboardInterrupt, Cancelled) as stop:
        raise Cancelled(
            f"stopped after {len(answered)} of {len(sampled)} commits; nothing of it is kept or left behind"
        ) from stop
    return answered, unindexed


def _answer(
    asked: Asked, wanted: tuple[str, ...], arms: Sequence[Arm], indexes: Sequence[Private]
) -> Answered:
    first = indexes[0]
    searches = {arm.name: finder(one.retriever, one.row.name) for arm, one in zip(arms, indexes, strict=True)}
    searches[peer.NAME] = peer.bm25(first.catalog, first.vectors, first.row.name)
    searches[peer.SOURCES] = peer.bm25(first.catalog, first.vectors, first.row.name, is_source)
    found = {name: files(spots(find, asked.query)) for name, find in searches.items()}
    return Answered(
        id=asked.commit.id,
        query=asked.query,
        wanted=wanted,
        ranks={name: ranks(paths, wanted) for name, paths in found.items()},
        found=tuple(found[arms[0].name]),
        names_file=names_a_file(asked.query, wanted),
    )


def finder(retriever: Retriever, repo: str) -> Find:
    """The search that people use, by its places."""

    def find(question: str, places: int) -> list[Spot]:
        hits = retriever.search(Query(question, (repo,), places)).hits
        return [Spot(hit.path, hit.start_line, hit.end_line) for hit in hits]

    return find


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime

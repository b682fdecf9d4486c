"""Another model's index, while the present one is asked and edited: what was estimated, and what came.

    python -m benchmarks.migration TREE [FROM TO]       estimate, time, size, answers and edits meanwhile
    python -m benchmarks.migration TREE --kills N       kill -9 at any moment, N times

TREE is copied. The migration runs in a process of its own, as `cairn migrate` does; this one asks and edits.
The exit code is 1 when an answer is missing or empty, an edition or a generation goes back, an edit is lost,
the new index differs from the files, or something is left over.
"""

from __future__ import annotations

import multiprocessing
import random
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.process import BaseProcess
from pathlib import Path

from api.estimate import Estimate, estimate
from api.leftovers import leftovers, size_of
from api.migration import clean, migrate, wanted
from api.service import Service
from api.settings import Settings
from api.verify import verify
from benchmarks.figures import provenance
from retriever.types import Query

_QUESTIONS = ("where are sessions stored?", "parse the options of a command", "retry", "render a template")
_EVERY = 0.05  # seconds between questions
_SAVE = 1.0  # seconds between saves
_SPAWN = multiprocessing.get_context("spawn")


def main(tree: Path, start: str, to: str, kills: int) -> int:
    print(provenance())
    work = Path(tempfile.mkdtemp(prefix="cairn-migration-"))
    try:
        shutil.copytree(tree, work / "tree", symlinks=True)
        service = _index(work, start)
        return _kill(service, work, kills) if kills else _watch(service, work, to)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _index(work: Path, model: str) -> Service:
    service = Service(Settings(data=work / "data", embedder=model))
    repo, _ = service.add_repo(work / "tree")
    service.sync(repo)
    return Service(Settings(data=work / "data"))


def _migrate(data: Path, to: str, workers: int) -> None:
    service = Service(Settings(data=data, embedder=to, workers=workers))
    wish = wanted(service)
    if wish is not None:
        migrate(service, wish)


def _process(data: Path, to: str, workers: int = 0) -> BaseProcess:
    process = _SPAWN.Process(target=_migrate, args=(data, to, workers))
    process.start()
    return process


@dataclass
class Asked:
    """What the questions got."""

    seconds: list[float] = field(default_factory=list)
    editions: list[str] = field(default_factory=list)
    generations: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def ask(self, service: Service, over: threading.Event) -> None:
        while not over.wait(_EVERY):
            which = len(self.seconds) % len(_QUESTIONS)
            started = time.perf_counter()
            try:
                found = service.retriever.search(Query(_QUESTIONS[which]))
            except Exception as error:
                self.faults.append(repr(error))
                continue
            self.seconds.append(time.perf_counter() - started)
            if not found.hits:
                self.faults.append(f"nothing found for {_QUESTIONS[which]!r}")
            self.editions.append(found.index[0].edition)
            self.generations.append(found.index[0].generation)

    def judge(self) -> list[str]:
        turns = sum(a != b for a, b in pairwise(self.editions))
        if turns > 1:
            self.faults.append(f"the edition changed {turns} times")
        if self.generations != sorted(self.generations):
            self.faults.append("a generation fell")
        return self.faults


def _watch(service: Service, work: Path, to: str) -> int:
    expected, known = _estimate(work / "data", to), _differences(service)
    asked, over = Asked(), threading.Event()
    asker = threading.Thread(target=asked.ask, args=(service, over))
    asker.start()
    time.sleep(3)  # what a question takes without a migration
    before = sorted(asked.seconds)
    started, first = time.perf_counter(), len(asked.seconds)
    process = _process(work / "data", to)
    saves = 0
    while process.is_alive():
        saves += 1
        name = f"saved_{saves}.py"
        (work / "tree" / name).write_text(f"def saved_in_between_{saves}():\n    return {saves}\n")
        service.sync(service.named("tree"), [name], patience=60)
        process.join(_SAVE)
    seconds = time.perf_counter() - started
    time.sleep(1)
    over.set()
    asker.join()
    lost = [n for n in range(1, saves + 1) if not service.retriever.symbols("tree", f"saved_in_between_{n}")]
    faults = asked.judge() + [f"the edit {n} is lost" for n in lost]
    if process.exitcode or service.current.edition.embedder != to:
        faults.append(f"the migration ended with {process.exitcode}")
    faults += [f"the new index differs: {said}" for said in _differences(service) - known]
    during = sorted(asked.seconds[first:])
    taken = size_of(service.data, service.current.edition)
    print(f"{expected.files} files, {expected.chunks} chunks, {expected.sampled} of them measured")
    print(f"time: estimated {expected.seconds:.0f} s, took {seconds:.0f} s")
    print(f"size: estimated {expected.bytes / 1e6:.0f} MB, takes {taken / 1e6:.0f} MB")
    print(f"{len(during)} questions and {saves} saves meanwhile")
    print(f"a question before: {_quantiles(before)}; meanwhile: {_quantiles(during)}")
    return _end(faults)


def _differences(service: Service) -> set[str]:
    verdict = verify(service, service.named("tree"))
    return {*verdict.damaged, *verdict.stale}


def _estimate(data: Path, to: str) -> Estimate:
    service = Service(Settings(data=data, embedder=to))
    wish = wanted(service)
    assert wish is not None
    return estimate(service, wish)


def _kill(service: Service, work: Path, kills: int) -> int:
    rng = random.Random(4)
    faults: list[str] = []
    started = time.perf_counter()
    _process(work / "data", "hashed", 1).join()
    whole = time.perf_counter() - started
    known = _differences(service)
    found = {"before": 0, "after": 0, "ended": 0}
    for n in range(kills):
        clean(service)
        model = service.current.edition.embedder
        to = {"hashed": "static", "static": "hashed"}[model]
        process = _process(work / "data", to, 1)
        process.join(rng.uniform(0.3, 1.1) * whole)
        found["ended"] += not process.is_alive()
        process.kill()
        process.join()
        if not service.retriever.search(Query(_QUESTIONS[n % len(_QUESTIONS)])).hits:
            faults.append(f"kill {n}: nothing found")
        now = service.current.edition.embedder
        found["before" if now == model else "after"] += 1
        again = _process(work / "data", to, 1)
        again.join()
        if again.exitcode or service.current.edition.embedder != to:
            faults.append(f"kill {n}: the next migration ended with {again.exitcode}")
        faults += [f"kill {n}: the index differs: {said}" for said in _differences(service) - known]
        clean(service)
        if leftovers(service.data) or len(list((work / "data" / "indexes").iterdir())) > 1:
            faults.append(f"kill {n}: something is left over")
    print(f"a migration takes {whole:.1f} s; {kills} kills, {found['ended']} of them after its end")
    print(f"the old index answered after {found['before']}, the new one after {found['after']}")
    return _end(faults)


def _quantiles(seconds: list[float]) -> str:
    parts = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return ", ".join(
        f"{name} {1000 * seconds[int(q * (len(seconds) - 1))]:.0f} ms" for name, q in parts.items()
    )


def _end(faults: list[str]) -> int:
    for fault in faults:
        print(f"FAULT: {fault}")
    print(f"faults: {len(faults)}")
    return 1 if faults else 0


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if not word.startswith("--")]
    killing = "--kills" in sys.argv
    models = given[1:] if not killing else []
    sys.exit(
        main(
            Path(given[0]),
            models[0] if models else "static",
            models[1] if models else "hashed",
            int(given[1]) if killing else 0,
        )
    )

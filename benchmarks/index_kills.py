"""Kill the indexer, its keeper or both, again and again: does the index lose or keep what it must not?

    python -m benchmarks.index_kills [RANDOM] [SEED] [SECONDS]

First at every named moment of a sync, of a removal and of the repair after a crash, with each of the three
victims; then RANDOM times by the clock, every third time twice or three times in a row before a sync may
end, half of them with worker processes. After each kill, before anything is repaired, every file has to
answer with its old or its new content; after the next sync the index has to be a rebuild's, row by row and
vector by vector, with nothing else in the data directory. The exit code is 1 when it is not.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.indexer.crashes import IN_REMOVAL, IN_REPAIR, IN_SYNC, VICTIMS, Moment, Victim, World


def main(wanted: int, seed: int, seconds: float) -> int:
    ends = time.monotonic() + seconds
    world = World(Path(tempfile.mkdtemp(prefix="cairn-index-kills-")), seed, files=16)
    kills: Counter[str] = Counter()
    faults: list[str] = []
    try:
        for moments, try_one in ((IN_SYNC, _sync), (IN_REPAIR, _repair), (IN_REMOVAL, _removal)):
            for moment in moments:
                for victim in VICTIMS:
                    faults += _told(try_one(world, moment, victim, kills), f"{moment} {victim}")
            print(f"{sum(kills.values())} kills at named moments, {len(faults)} faults", flush=True)
        rng, took = random.Random(seed), _time_of(world)
        named = sum(kills.values())
        while sum(kills.values()) - named < wanted and time.monotonic() < ends:
            victim, workers, rounds = rng.choice(VICTIMS), rng.choice((1, 2)), rng.choice((1, 1, 1, 2, 3))
            found = _by_the_clock(world, rng, took, victim, workers, rounds, kills)
            faults += _told(found, f"{victim} by the clock, {workers} workers")
        print(f"{dict(kills)}: {sum(kills.values())} kills, {len(faults)} faults")
    finally:
        world.end()
    return 1 if faults else 0


def _sync(world: World, moment: Moment, victim: Victim, kills: Counter[str]) -> list[str]:
    world.change()
    return _settled(world, world.killed_at(moment, victim), victim, kills)


def _repair(world: World, moment: Moment, victim: Victim, kills: Counter[str]) -> list[str]:
    """A sync that cleans up after another that was killed, and is killed as well."""
    world.change()
    world.killed_at(Moment("commit", "before", 3), "both")
    return _settled(world, world.killed_at(moment, victim), victim, kills)


def _removal(world: World, moment: Moment, victim: Victim, kills: Counter[str]) -> list[str]:
    """A removal; the next sync is of the same repository under the same name."""
    died = world.killed_at(moment, victim, World.remove)
    kills[f"{victim} in a removal"] += died
    world.change()  # or the points left over would be those that are wanted again
    return world.faults_after_sync()


def _by_the_clock(
    world: World,
    rng: random.Random,
    took: float,
    victim: Victim,
    workers: int,
    rounds: int,
    kills: Counter[str],
) -> list[str]:
    faults = []
    for _ in range(rounds):
        world.change()
        died = world.killed_after(rng.uniform(0, took), victim, lambda world: world.sync(workers))
        kills[f"{victim} by the clock"] += died or victim == "keeper"
        faults += world.faults_now()
    return faults + world.faults_after_sync()


def _settled(world: World, died: bool, victim: Victim, kills: Counter[str]) -> list[str]:
    kills[f"{victim} at a moment"] += died or victim == "keeper"
    return world.faults_now() + world.faults_after_sync()


def _time_of(world: World) -> float:
    """Seconds of a sync, to spread the kills over."""
    world.change()
    started = time.perf_counter()
    world.sync()
    return 1.5 * (time.perf_counter() - started)


def _told(faults: list[str], when: str) -> list[str]:
    for fault in faults:
        print(f"{when}: {fault}", flush=True)
    return faults


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(given + [150, 1, 3600][len(given) :])))

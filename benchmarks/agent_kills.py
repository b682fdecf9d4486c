"""Kill the agent again and again while it works: does every run go on to the same result? (It must.)

    python -m benchmarks.agent_kills [RANDOM] [SEED] [SECONDS]

First a run is killed right after the first and the last event of every type, a few kills for each run; then
runs are killed by the clock, at any moment, RANDOM times in all, as long as SECONDS allow. Each run is
compared with one that nobody disturbed; the exit code is 1 when one differs or left something behind.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from tests.agent.crashes import Crash, moments

_KILLS_OF_A_RUN = 5
_LONGEST = 4.0  # seconds until the next kill: a whole run takes about as long on a quiet machine


def main(wanted: int, seed: int, seconds: float) -> int:
    ends = time.monotonic() + seconds
    folder = Path(tempfile.mkdtemp(prefix="cairn-agent-kills-"))
    whole = Crash(folder / "whole").goes_on()
    faults = whole.faults()
    planned = moments(whole.events())
    kills = runs = 0
    for start in range(0, len(planned), _KILLS_OF_A_RUN):
        crash = Crash(folder / f"typed-{start}")
        for type, number in planned[start : start + _KILLS_OF_A_RUN]:
            crash.killed(type, number)
        faults += _settled(crash, whole.tree())
        kills, runs = kills + crash.kills, runs + 1
        print(f"{kills} kills after events of {start + _KILLS_OF_A_RUN}/{len(planned)}: {faults}", flush=True)
    types = len({type for type, _ in planned})
    typed, rng, number = kills, random.Random(seed), 0
    while kills - typed < wanted and time.monotonic() < ends:
        crash = Crash(folder / f"random-{number}")
        while kills - typed + crash.kills < wanted:
            before = crash.kills
            crash.killed_after(rng.uniform(0.2, _LONGEST))
            if crash.kills == before:
                break  # it came to its end
        faults += _settled(crash, whole.tree())
        kills, runs, number = kills + crash.kills, runs + 1, number + 1
        print(f"{kills - typed} kills by the clock: {faults}", flush=True)
    print(
        f"{typed} kills after the first and last of {types} types of events, {kills - typed} by the clock, "
        f"{runs} runs, {len(faults)} faults"
    )
    return 1 if faults else 0


def _settled(crash: Crash, tree: str) -> list[str]:
    try:
        return [f"{crash.folder.name}: {fault}" for fault in crash.goes_on().faults(tree)]
    except AssertionError as error:
        return [f"{crash.folder.name}: {error}"]


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(given + [100, 1, 3600][len(given) :])))

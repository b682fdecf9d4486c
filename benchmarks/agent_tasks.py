"""The tasks of tests/agent/bots, each solved by its script -> a table of how it went.

    python -m benchmarks.agent_tasks [--out benchmarks/results/agent-tasks.md] [TASK ...]

A script is no model: what this shows is that everything around a model works together and holds.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from agent.sandbox.bwrap import Bubblewrap
from benchmarks.figures import provenance
from tests.agent.bots.tasks import TASKS
from tests.agent.bots.world import Solved, World

_COMMAND = "python -m benchmarks.agent_tasks"
_CLAIM = (
    "Scripted runs prove plumbing and safety. They say nothing about how many tasks a model would solve: "
    "no resolve rate follows from this table."
)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", help="tasks by their names; all if left out")
    parser.add_argument("--out", type=Path, help="a page to write the table to")
    given = parser.parse_args(argv)
    chosen = [task for task in TASKS if not given.names or task.name in given.names]
    lines = [
        f"# Tasks solved by scripts\n\n    {_COMMAND}\n\n{provenance()}\n{_CLAIM}\n",
        "| task | language | kind | answers | cycles | seconds | of that tests | before | after | outcome |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    print("\n".join(lines), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), Bubblewrap())
        try:
            for task in chosen:
                lines.append(_row(world.solved(task)))
                print(lines[-1], flush=True)
                if given.out:
                    given.out.write_text("\n".join(lines) + "\n")
        finally:
            world.close()
    return 0


def _row(solved: Solved) -> str:
    task, outcome, spent = solved.task, solved.outcome, solved.outcome.spent
    tests = sum(event.payload["seconds"] for event in solved.events("tests.finished"))
    steps, cycles = (spent.total_steps, spent.total_cycles) if spent else (0, 0)
    ended = f"{outcome.status}, after a person's approval" if solved.asks else outcome.status
    cells = (task.name, task.language, task.kind, steps, cycles, f"{solved.seconds:.1f}", f"{tests:.1f}")
    return f"| {' | '.join(map(str, cells))} | {outcome.tests_before} | {outcome.tests_after} | {ended} |"


if __name__ == "__main__":
    raise SystemExit(main())

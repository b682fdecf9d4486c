"""The cost of the agent's loop itself: thirty correction cycles with a script instead of a model.

    python -m benchmarks.agent_loop [--cycles 30] [--out benchmarks/results/agent-loop.md]

A cycle is an edit, a run of the tests that is red, and what the failure points at. Everything but the
model is real: clone, index, sandbox, log. What the tests themselves take is measured apart, and the
rest of the time is told by the events between which it passed.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from agent.log.outcome import Outcome
from agent.log.runs import Event
from agent.means import Means
from agent.model.scripted import Script, Scripted, call
from agent.run import run_task
from agent.workspace import RepoHandle
from api.means import WorkingCopy
from api.service import Service
from api.settings import Settings
from benchmarks.figures import Figure, provenance, table

_SAMPLE = Path(__file__).parents[1] / "examples" / "payments"
_TARGET = 60.0  # seconds of thirty cycles beside the tests
_COMMAND = "python -m benchmarks.agent_loop"
_CODE = '"""What a payment costs."""\n\nFEE = {}\n'
_TEST = "from payments.fees import FEE\n\n\ndef test_fee_is_a_quarter_of_a_unit():\n    assert FEE == 25\n"
_PARTS = {  # the event that ends a piece of time -> what passed in it
    "model.request": "the conversation is put together",
    "model.response": "the script answers",
    "edit.applied": "the edit: checks, journal, files",
    "tests.started": "the call is read, the run begins",
    "tests.finished": "the sandbox: start, teardown, report",
    "cycle": "the cycle is counted",
    "context.retrieved": "context of the failure",
    "tool.result": "the result is written; after an edit the index follows",
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cycles", type=int, default=30)
    parser.add_argument("--out", type=Path, help="a page to write the table to")
    given = parser.parse_args(argv)
    where = provenance()
    with tempfile.TemporaryDirectory() as folder:
        outcome = _run(Path(folder), given.cycles)
    page = f"# Thirty correction cycles\n\n    {_COMMAND}\n\n{where}\n{_page(outcome.events, given.cycles)}"
    print(page)
    if given.out:
        given.out.write_text(page)
    return 0


def _run(folder: Path, cycles: int) -> Outcome:
    root = folder / "payments"
    shutil.copytree(_SAMPLE, root, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    service = Service(Settings(folder / "index"))
    try:
        model = Scripted("script", lambda prompt, tools: _script(tools, cycles))
        service.sync(service.add_repo(root)[0])
        means = Means(
            folder / "agent", service.retriever, lambda _: model, lambda tree: WorkingCopy(service, tree)
        )
        limits = {"cycles": cycles + 2, "same_failure": cycles + 2, "steps": 4 * cycles + 20}
        limits |= {"input_tokens": 10**8, "output_tokens": 10**7}
        outcome = run_task("Add a fee", RepoHandle("payments", root), means, {"limits": limits})
    finally:
        service.close()
    if outcome.status != "finished":
        raise SystemExit(f"the run did not finish: {outcome.summary}")
    return outcome


def _script(tools: frozenset[str], cycles: int) -> Script:
    """A test, and then as many wrong values as cycles are wanted before the right one."""
    paths = ("payments/fees.py", "tests/test_fees.py")
    if "propose_plan" in tools:
        plan = {
            "summary": "A constant and its test.",
            "kind": "feature",
            "steps": [{"text": "Write both", "files": list(paths)}],
            "files": [{"path": path, "action": "create", "why": "it is new"} for path in paths],
        }
        yield call("propose_plan", plan=plan)
        return
    yield call("create_file", path=paths[1], content=_TEST)
    yield call("create_file", path=paths[0], content=_CODE.format(100))
    for value in range(101, 101 + cycles):
        yield call("str_replace", path=paths[0], old=f"FEE = {value - 1}", new=f"FEE = {value}")
        yield call("run_tests", tests=[paths[1]])
    yield call("str_replace", path=paths[0], old=f"FEE = {100 + cycles}", new="FEE = 25")
    yield call("finish", subject="A payment has a fee", summary="It had none.")


def _page(events: Sequence[Event], cycles: int) -> str:
    rounds = _rounds(events)
    if len(rounds) != cycles:
        raise SystemExit(f"{len(rounds)} cycles were counted, and {cycles} were wanted")
    whole = [round_[-1].at - round_[0].at for round_ in rounds]
    tests = [sum(event.payload["seconds"] for event in round_ if _tested(event)) for round_ in rounds]
    beside = [total - inside for total, inside in zip(whole, tests, strict=True)]
    figures = [
        Figure(f"{cycles} cycles, all in all", f"{sum(whole):.1f} s", "", _COMMAND),
        Figure("of that the tests themselves", f"{sum(tests):.1f} s", "", "the same run"),
        Figure("the loop beside them", f"{sum(beside):.1f} s", f"<= {_TARGET:.0f} s", "the same run"),
        Figure("of one cycle, median", f"{1000 * statistics.median(beside):.0f} ms", "", "the same run"),
        Figure("of one cycle, p95", f"{1000 * _p95(beside):.0f} ms", "", "the same run"),
    ]
    return table(figures) + "\nWhat a cycle beside the tests consists of (mean):\n\n" + _parts(rounds)


def _rounds(events: Sequence[Event]) -> list[list[Event]]:
    """The events of each cycle, from the request whose answer is the edit to the result of the tests."""
    found: list[list[Event]] = []
    current: list[Event] = []
    for event in events:
        edit_comes = event.type == "model.request" and (not current or current[-1].type == "tool.result")
        if edit_comes and not any(map(_tested, current)) and not _edited(current):
            current = []
        current.append(event)
        if event.type == "tool.result" and any(map(_tested, current)):
            found.append(current)
            current = []
        elif event.type == "edit.applied" and sum(one.type == "edit.applied" for one in current) > 1:
            current = _from_last_request(current)  # an edit that no test followed
    return found


def _edited(events: Sequence[Event]) -> bool:
    return any(event.type == "edit.applied" for event in events)


def _from_last_request(events: list[Event]) -> list[Event]:
    last = max(place for place, event in enumerate(events) if event.type == "model.request")
    return events[last:]


def _tested(event: Event) -> bool:
    return event.type == "tests.finished" and event.payload["stage"] == "during"


def _parts(rounds: Sequence[Sequence[Event]]) -> str:
    spent: dict[str, float] = defaultdict(float)
    for round_ in rounds:
        for before, after in pairwise(round_):
            inside = after.payload["seconds"] if _tested(after) else 0.0
            spent[_PARTS.get(after.type, after.type)] += after.at - before.at - inside
    rows = sorted(spent.items(), key=lambda row: -row[1])
    lines = [f"| {what} | {1000 * seconds / len(rounds):.0f} ms |" for what, seconds in rows]
    return "\n".join(["| | |", "|---|---|", *lines]) + "\n"


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


if __name__ == "__main__":
    raise SystemExit(main())

"""Random edits for half an hour while questions are asked: is any lost, and does anything grow?

    python -m benchmarks.watch_soak --work DIR [--minutes 30] [--rate 20] [--out FILE]

A repository of a few hundred files is served. One thread edits it: writes, renames, deletes, renames over,
chmods, makes and removes folders, changes ignore rules, commits and checks out another branch. Another makes
probes, one after the other: a function with a name of its own appears, in one of six ways, or disappears, and
searches go on until the answer knows. A third asks questions. In the end the index is compared with one built
from nothing. The exit code is 1 when a probe was lost, an answer was wrong or the two differ.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import linear_regression
from typing import Any

from .edits import Editor, Probe
from .figures import Figure, table
from .ours import Cairn, Server, percentiles, served
from .same import differences

_BOUND_S = 120.0  # a probe that is not found by then is lost
_SAMPLE_S = 10.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "cairn-soak")
    parser.add_argument("--cairn", type=Path, default=Path(sys.executable).with_name("cairn"))
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=20.0, help="edits per second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="write the table here")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    cairn = Cairn(args.cairn, args.work / "data")
    cairn.fresh()
    soak = Soak(Editor(args.work / "tree", random.Random(args.seed)), args.rate)
    cairn.index(soak.editor.root)
    with served(cairn) as server:
        soak.run(server, 60 * args.minutes)
    differing = differences(cairn.data, args.work / "rebuilt", soak.editor.root)
    page = soak.page(args.minutes, differing)
    print(page)
    for line in [*soak.lost, *differing]:
        print(line)
    if args.out:
        args.out.write_text(page)
    return 1 if soak.lost or soak.failures or differing else 0


class Soak:
    """What is done to a server and what is seen of it."""

    def __init__(self, editor: Editor, rate: float) -> None:
        self.editor = editor
        self.rate = rate
        self.latencies: dict[str, list[float]] = {}
        self.lost: list[str] = []
        self.failures: Counter[str] = Counter()
        self.questions: list[float] = []
        self.samples: list[dict[str, float]] = []
        self.edits = 0
        self.seconds = 0.0
        self._over = threading.Event()

    def run(self, server: Server, seconds: float) -> None:
        port = server.connection.port
        work = [self._ask, self._sample, self._probe]
        threads = [
            threading.Thread(target=self._guarded, args=(one, server.pid, port), daemon=True) for one in work
        ]
        for thread in threads:
            thread.start()
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            self.editor.edit()
            self.edits += 1
            time.sleep(max(0.0, started + self.edits / self.rate - time.monotonic()))
        self.seconds = time.monotonic() - started
        self._over.set()
        for thread in threads:
            thread.join(120)
        wish = {"generation": "now", "timeout": 30}
        _post(server, {"query": "the end", "repos": [self.editor.root.name], "wait_for": wish})

    def _guarded(self, work: Callable[[Server], None], pid: int, port: int) -> None:
        import http.client

        try:
            work(Server(pid, http.client.HTTPConnection("127.0.0.1", port, timeout=120)))
        except (Exception, SystemExit) as problem:
            self.failures[f"{work.__name__}: {problem!r}"] += 1

    def _ask(self, server: Server) -> None:
        rng = random.Random(7)
        while not self._over.wait(0.2):
            seconds, answer = server.ask(f"value of step {rng.randrange(500)}", self.editor.root.name)
            self.questions.append(seconds)
            if answer["index"]["partial"] and answer["index"]["pending"] == 0:
                self.failures["an answer is partial with nothing pending"] += 1

    def _probe(self, server: Server) -> None:
        while not self._over.wait(1.0):
            probe = self.editor.probe()
            started = time.monotonic()
            while not self._knows(server, probe):
                if time.monotonic() - started > _BOUND_S:
                    self.lost.append(f"lost: {probe.kind} {probe.path} ({probe.name})")
                    break
                time.sleep(0.02)
            self.latencies.setdefault(probe.kind, []).append(time.monotonic() - started)

    def _knows(self, server: Server, probe: Probe) -> bool:
        _, answer = server.ask(probe.name, self.editor.root.name, limit=3)
        found = [hit["path"] for hit in answer["hits"] if hit["symbol"] == probe.name]
        return found == ([probe.path] if probe.path else [])

    def _sample(self, server: Server) -> None:
        while not self._over.wait(_SAMPLE_S):
            folders = sum(1 for _ in self.editor.root.glob("[!.]*/**/"))
            sizes = _sizes(server) | {"folders of the tree": float(folders)}
            self.samples.append(sizes | {"minutes": time.monotonic() / 60})

    def page(self, minutes: float, differing: list[str]) -> str:
        every = [seconds for one in self.latencies.values() for seconds in one]
        command = "cairn serve"
        counts = ", ".join(f"{kind} {len(times)}" for kind, times in sorted(self.latencies.items()))
        figures = [
            Figure("edits", f"{self.edits} in {self.seconds / 60:.1f} min", "", self.editor.told()),
            Figure("probes, each awaited in the answers", f"{len(every)}: {counts}", "", command),
            Figure("probes lost", str(len(self.lost)), "0", command),
            Figure("from the edit to the answer, p50 / p95 / p99", percentiles(every or [0.0]), "", command),
            Figure(
                "searches meanwhile, p50 / p95 / p99", percentiles(self.questions or [0.0]),
                f"{len(self.questions)} asked", "POST /v1/search",
            ),
            Figure("other failures", json.dumps(self.failures) if self.failures else "0", "0", command),
            Figure("differences from an index built from nothing", str(len(differing)), "0", "cairn index"),
        ]  # fmt: skip
        return table(
            figures + [self._growth(name) for name in self.samples[0]][:-1] if self.samples else figures
        )

    def _growth(self, name: str) -> Figure:
        """What was sampled at the beginning, each quarter and the end, and its slope over the last half."""
        steady = self.samples[len(self.samples) // 2 :]
        slope = 0.0
        if len({sample["minutes"] for sample in steady}) > 1:
            minutes = [sample["minutes"] for sample in steady]
            slope = 60 * linear_regression(minutes, [sample[name] for sample in steady]).slope
        highest = max(sample[name] for sample in self.samples)
        quarters = [self.samples[n * (len(self.samples) - 1) // 4][name] for n in range(5)]
        shown = ", ".join(f"{value:.0f}" for value in quarters)
        measured = f"{shown}; at most {highest:.0f}; {slope:+.1f} per hour"
        return Figure(name, measured, "no growth", "/proc, /metrics")


def _sizes(server: Server) -> dict[str, float]:
    process = Path(f"/proc/{server.pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    server.connection.request("GET", "/metrics")
    text = server.connection.getresponse().read().decode()
    server.connection.close()  # the server would, before the next look
    metrics = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    named = {name.partition("{")[0]: float(value) for name, value in metrics.items()}
    return {
        "memory of the server, MB": float(status["VmRSS"].split()[0]) / 1024,
        "threads": float(status["Threads"]),
        "descriptors": float(len(list((process / "fd").iterdir()))),
        "watched folders": named["cairn_watch_folders"],
        "overflows of the kernel's queue": named["cairn_watch_overflows"],
        "watchers begun anew": named.get("cairn_watch_restarts_total", 0.0),
    }


def _post(server: Server, body: dict[str, Any]) -> dict[str, Any]:
    server.connection.request("POST", "/v1/search", json.dumps(body), {"Content-Type": "application/json"})
    answer: dict[str, Any] = json.loads(server.connection.getresponse().read())
    return answer


if __name__ == "__main__":
    sys.exit(main())

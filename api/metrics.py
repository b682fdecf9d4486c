"""What happened in this server -> Prometheus text.

Format: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

_SEARCH = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 1.0, 5.0)  # seconds; 12 ms is usual, 30 ms is slow
_SAVE = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 30.0)  # seconds; 0.3 is usual, 0.1 of it are waited
Sample = tuple[Mapping[str, str], float]


class Histogram:
    """Times that fell into each of `buckets`, all that were shorter included."""

    def __init__(self, name: str, text: str, buckets: tuple[float, ...]) -> None:
        self._name = name
        self._text = text
        self._counts = dict.fromkeys(buckets, 0)
        self._count = 0
        self._seconds = 0.0
        self._lock = threading.Lock()

    def add(self, seconds: float) -> None:
        with self._lock:
            self._count += 1
            self._seconds += seconds
            for bucket in self._counts:
                self._counts[bucket] += seconds <= bucket

    def lines(self) -> list[str]:
        with self._lock:
            samples = [({"le": str(bucket)}, float(n)) for bucket, n in self._counts.items()]
            count, seconds = self._count, self._seconds
        return [
            f"# HELP {self._name} {self._text}",
            f"# TYPE {self._name} histogram",
            *(
                _line(f"{self._name}_bucket", *sample)
                for sample in [*samples, ({"le": "+Inf"}, float(count))]
            ),
            f"{self._name}_sum {seconds:.6f}",
            f"{self._name}_count {count}",
        ]


class Metrics:
    """Counts requests, times searches, and times from a change until it is searchable."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: Counter[int] = Counter()
        self._searches = Histogram("cairn_search_seconds", "Time of searches", _SEARCH)
        self._saves = Histogram(
            "cairn_searchable_seconds", "Time from a change being seen until it is searchable", _SAVE
        )

    def answered(self, status: int) -> None:
        with self._lock:
            self._answers[status] += 1

    def searched(self, seconds: float) -> None:
        self._searches.add(seconds)

    def became_searchable(self, seconds: float) -> None:
        self._saves.add(seconds)

    def own(self) -> list[str]:
        """The lines about this server."""
        with self._lock:
            answers = [({"status": str(s)}, float(n)) for s, n in sorted(self._answers.items())]
        lines = lines_of("cairn_http_answers_total", "counter", "HTTP answers by status", answers)
        lines += self._searches.lines() + self._saves.lines()
        memory: list[Sample] = [({}, float(resident_bytes()))]
        return lines + lines_of("process_resident_memory_bytes", "gauge", "Memory of this process", memory)


def lines_of(name: str, kind: str, text: str, samples: Iterable[Sample]) -> list[str]:
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}", *(_line(name, *sample) for sample in samples)]


def _line(name: str, labels: Mapping[str, str], value: float) -> str:
    shown = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{shown}}} {value:g}" if shown else f"{name} {value:.0f}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def resident_bytes() -> int:
    """Memory of this process; 0 where the system does not say (no /proc)."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0

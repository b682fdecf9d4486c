"""What happened in this server -> Prometheus text.

Format: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

_BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 1.0, 5.0)  # seconds; 12 ms is usual, 30 ms is slow
Sample = tuple[Mapping[str, str], float]


class Metrics:
    """Counts requests and times searches."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: Counter[int] = Counter()
        self._searches: Counter[float] = Counter()
        self._count = 0
        self._seconds = 0.0

    def answered(self, status: int) -> None:
        with self._lock:
            self._answers[status] += 1

    def searched(self, seconds: float) -> None:
        with self._lock:
            self._count += 1
            self._seconds += seconds
            for bucket in _BUCKETS:
                if seconds <= bucket:
                    self._searches[bucket] += 1

    def own(self) -> list[str]:
        """The lines about this server."""
        with self._lock:
            answers = [({"status": str(s)}, float(n)) for s, n in sorted(self._answers.items())]
            buckets = [({"le": str(b)}, float(self._searches[b])) for b in _BUCKETS]
            count, seconds = self._count, self._seconds
        lines = lines_of("cairn_http_answers_total", "counter", "HTTP answers by status", answers)
        name = "cairn_search_seconds"
        lines += [f"# HELP {name} Time of searches", f"# TYPE {name} histogram"]
        lines += [_line(f"{name}_bucket", *sample) for sample in [*buckets, ({"le": "+Inf"}, float(count))]]
        lines += [f"{name}_sum {seconds:.6f}", f"{name}_count {count}"]
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

"""Figures -> a table in Markdown, and the lines that say where and of what it was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table: what, how much, what was wanted, and the command a user would type."""

    what: str
    measured: str
    target: str
    command: str


def table(figures: Sequence[Figure]) -> str:
    lines = ["| | measured | target | command |", "|---|---|---|---|"]
    lines += [f"| {f.what} | {f.measured} | {f.target} | `{f.command}` |" for f in figures]
    return "\n".join(lines) + "\n"


def provenance() -> str:
    """The machine, the day, the commit and the load: what a figure means nothing without."""
    changed = _git("status", "--porcelain", "-uno", "--", ":/", ":(exclude,top)benchmarks/results")
    commit = _git("rev-parse", "--short", "HEAD") + (" with changes" if changed else "")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{len(os.sched_getaffinity(0))} cores of {_processor()}, {memory:.0f} GB, {platform.system()} "
        f"{platform.release().split('-')[0]}, Python {platform.python_version()}; commit {commit}; "
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load average before {load}\n"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=_HERE, capture_output=True, text=True, check=False)
    return done.stdout.strip()

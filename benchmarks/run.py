"""Reproduce the figures in results/: python -m benchmarks.run [PART ...]

Parts: lines, speed, freshness, soak, install, quality, quality-whole; all of them when none is named.
CAIRN_BENCH names the folder for everything that is fetched and indexed (default: build/bench here). The
quality parts need the semble suite: CAIRN_SEMBLE_SUITE is its folder with repos.json and annotations/,
CAIRN_SEMBLE_CHECKOUTS that of the checkouts, each at its revision; without them they are left out, and
the end says so.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .figures import provenance

_HERE = Path(__file__).resolve().parent
_RESULTS = _HERE / "results"
_PARTS = {
    "lines": "line-accuracy.md",
    "speed": "speed.md",
    "freshness": "freshness.md",
    "soak": "watch-soak.md",
    "install": "install.md",
    "quality": "semble-dev.md",
    "quality-whole": "semble-dev-whole.md",
}
_TITLES = {
    "lines": "Line accuracy",
    "speed": "Speed, memory and disk at Django's size",
    "freshness": "From a change to the answer",
    "soak": "Half an hour of random edits",
    "install": "A fresh clone",
    "quality": "NDCG@10 on the semble suite, development part",
    "quality-whole": "NDCG@10 on the semble suite, development part, whole checkouts",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("parts", nargs="*", help="which; all when none is named")
    parser.add_argument("--results", type=Path, default=_RESULTS)
    args = parser.parse_args()
    if unknown := set(args.parts) - set(_PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; parts are {', '.join(_PARTS)}")
    left_out = [part for part in args.parts or _PARTS if not _run(part, args.results)]
    if left_out:
        print(f"left out: {', '.join(left_out)} (set CAIRN_SEMBLE_SUITE and CAIRN_SEMBLE_CHECKOUTS)")


def _run(part: str, results: Path) -> bool:
    """Run one part in a process of its own, and write its page; whether it could be run."""
    work = Path(os.environ.get("CAIRN_BENCH") or _HERE.parent / "build" / "bench").absolute()
    command, shown = _command(part, work)
    if not command:
        return False
    print(f"\n{part}: {shown}", flush=True)
    about = provenance()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "table.md"
        subprocess.run([sys.executable, "-m", *command, "--out", str(out)], cwd=_HERE.parent, check=True)
        page = f"# {_TITLES[part]}\n\n    {shown}\n\n{about}\n{out.read_text()}"
    results.mkdir(exist_ok=True)
    (results / _PARTS[part]).write_text(page)
    return True


def _command(part: str, work: Path) -> tuple[list[str], str]:
    """The module with its arguments, and how a reader would type it; nothing where a folder is missing."""
    if part == "lines":
        return ["benchmarks.lines", "--checkouts", str(work / "lines")], _typed("lines --checkouts DIR")
    if part == "speed":
        return ["benchmarks.speed", "--work", str(work / "speed")], _typed("speed --work DIR")
    if part == "freshness":
        return ["benchmarks.freshness", "--work", str(work / "speed")], _typed("freshness --work DIR")
    if part == "soak":
        return ["benchmarks.watch_soak", "--work", str(work / "soak")], _typed("watch_soak --work DIR")
    if part == "install":
        return ["benchmarks.install"], _typed("install")
    suite, checkouts = os.environ.get("CAIRN_SEMBLE_SUITE"), os.environ.get("CAIRN_SEMBLE_CHECKOUTS")
    if not suite or not checkouts:
        return [], ""
    whole = ["--whole"] if part == "quality-whole" else []
    command = ["benchmarks.semble", "--suite", suite, "--checkouts", checkouts, *whole]
    return command, _typed(" ".join(["semble --suite DIR --checkouts DIR", *whole]))


def _typed(rest: str) -> str:
    return f"python -m benchmarks.{rest}"


if __name__ == "__main__":
    main()

"""A fresh clone -> how large the core is, and how long until it answers: python -m benchmarks.install

Packages come from pip's cache where it holds them; the second of two runs says what a warm cache gives.
The clone is of what is committed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .figures import Figure, table
from .processes import blocks, end_keeper

_HERE = Path(__file__).resolve().parent.parent
_LONGEST_S = 600.0
_QUESTION = "where do we retry failed payments?"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, help="write the table here")
    args = parser.parse_args()
    text = table(measure())
    print(text)
    if args.out:
        args.out.write_text(text)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="cairn-install-") as folder:
        clone, data = Path(folder) / "clone", Path(folder) / "data"
        subprocess.run(["git", "clone", "-q", str(_HERE), str(clone)], check=True)
        seconds, first = _start(clone, data)
        size = blocks(clone / ".venv") / 1e6
        torch = any((clone / ".venv").glob("lib/*/site-packages/torch"))
        end_keeper(data)
    return [
        Figure("a fresh clone, to the first answer", f"{seconds:.0f} s", "<= 90 s", "make start"),
        Figure(f"its first hit for {_QUESTION!r}", first, "", "cairn search …"),
        Figure(
            "core install, the whole .venv",
            f"{size:.0f} MB, {'with' if torch else 'no'} torch", "<= 350 MB", "make setup",
        ),
    ]  # fmt: skip


def _start(clone: Path, data: Path) -> tuple[float, str]:
    """Run `make start` until a search is answered; the seconds, and its first hit."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "CAIRN_DATA": str(data)}
    started = time.perf_counter()
    with open(clone / "start.log", "wb") as log:
        process = subprocess.Popen(
            ["make", "start", f"PORT={port}"], cwd=clone, env=environ, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        while time.perf_counter() - started < _LONGEST_S and process.poll() is None:
            if hit := _first_hit(port):
                return time.perf_counter() - started, hit
            time.sleep(0.1)
        raise SystemExit(f"make start gave no answer:\n{(clone / 'start.log').read_text()[-3000:]}")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=60)


def _first_hit(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(
            "POST", "/v1/search", json.dumps({"query": _QUESTION}), {"Content-Type": "application/json"}
        )
        hits = json.loads(connection.getresponse().read()).get("hits", [])
    except OSError:
        return ""
    finally:
        connection.close()
    return f"{hits[0]['path']}:{hits[0]['start_line']} {hits[0]['symbol']}" if hits else ""


if __name__ == "__main__":
    main()

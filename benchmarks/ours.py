"""The product as its users run it: the `cairn` command, and a server that answers over HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .processes import Ran, end_keeper, keeper_cpu, run


@dataclass(frozen=True, slots=True)
class Cairn:
    """`command` is the installed `cairn`; `data` a data directory that belongs to the benchmark."""

    command: Path
    data: Path

    def fresh(self) -> None:
        """Forget everything indexed."""
        end_keeper(self.data)
        shutil.rmtree(self.data, ignore_errors=True)

    def run(self, *words: str) -> Ran:
        return run([str(self.command), *words], self.environ)

    def index(self, tree: Path) -> tuple[Ran, dict[str, Any]]:
        """Index with the command line; what it printed. The CPU of the keeper is included."""
        before = keeper_cpu(self.data)
        ran = self.run("index", str(tree), "--json")
        cpu = ran.cpu + keeper_cpu(self.data) - before
        return Ran(ran.seconds, cpu, ran.output), json.loads(ran.output)

    @property
    def environ(self) -> dict[str, str]:
        return {"CAIRN_DATA": str(self.data.resolve())}


@dataclass(frozen=True, slots=True)
class Server:
    """A running `cairn serve`, asked over one connection that stays open."""

    pid: int
    connection: http.client.HTTPConnection

    def ask(self, query: str, repo: str, limit: int = 10) -> tuple[float, dict[str, Any]]:
        """Seconds until the whole answer was here, and the answer."""
        body = json.dumps({"query": query, "repos": [repo], "limit": limit})
        started = time.perf_counter()
        self.connection.request("POST", "/v1/search", body, {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        answer = response.read()
        seconds = time.perf_counter() - started
        if response.status != 200:
            raise SystemExit(f"{query!r} was answered with {response.status}: {answer[:500]!r}")
        return seconds, json.loads(answer)


@contextlib.contextmanager
def served(cairn: Cairn) -> Iterator[Server]:
    """Start `cairn serve` on a free port; end it and its keeper afterwards."""
    process = subprocess.Popen(
        [str(cairn.command), "serve", "--port", "0", "--json"],
        env={**os.environ, **cairn.environ}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        url = urlsplit(_document(process.stdout)["url"])
        assert url.hostname is not None
        yield Server(process.pid, http.client.HTTPConnection(url.hostname, url.port or 80, timeout=60))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        end_keeper(cairn.data)


def _document(lines: Iterator[str] | Any) -> dict[str, Any]:
    """The first JSON document of a stream; one may be printed over several lines."""
    text = ""
    for line in lines:
        text += line
        with contextlib.suppress(ValueError):
            document: dict[str, Any] = json.loads(text)
            return document
    raise SystemExit(f"cairn serve ended before it served: {text}")


def percentiles(seconds: Sequence[float]) -> str:
    """p50, p95 and p99 in milliseconds."""
    ordered = sorted(1000 * s for s in seconds)
    p50, p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99))
    return f"{p50:.1f} / {p95:.1f} / {p99:.1f} ms"

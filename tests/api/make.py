"""A project to index, the command line as a function, and a server as a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.cli import main

CAIRN = Path(sys.executable).parent / "cairn"

SHOP = {
    "README.md": "# Shop\n\nSells things.\n\n## Payments\n\nA failed payment is tried again.\n",
    "shop/retry.py": (
        '"""Try things again."""\n\n\n'
        "def retry_with_backoff(operation, attempts=3):\n"
        '    """Call until it succeeds, waiting longer after each failed payment."""\n'
        "    for attempt in range(attempts):\n"
        "        try:\n"
        "            return operation()\n"
        "        except ConnectionError:\n"
        "            pause(attempt)\n\n\n"
        "def pause(attempt):\n"
        "    return 2**attempt\n"
    ),
    "shop/client.py": (
        "from shop.retry import retry_with_backoff\n\n\n"
        "class PaymentClient:\n"
        "    def charge(self, amount):\n"
        "        return retry_with_backoff(lambda: amount)\n"
    ),
    "tests/test_retry.py": (
        "from shop.retry import retry_with_backoff\n\n\n"
        "def test_it_returns_the_result():\n"
        "    assert retry_with_backoff(lambda: 5) == 5\n"
    ),
    "shop/page.html": "<html><script>alert('retry')</script><img src=x onerror=alert(1)></html>\n",
}


def write_tree(root: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


BIG = 4000


def big_tree(root: Path) -> Path:
    """A project of BIG files, which takes long enough to be interrupted."""
    text = "".join(f"def function_{n}(value):\n    return value * {n}\n\n\n" for n in range(60))
    return write_tree(root, {f"module_{n}.py": f"{text}# {n}\n" for n in range(BIG)})


@dataclass(frozen=True)
class Said:
    """How a command ended. `json` is the one document on stdout."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Cairn:
    """`cairn("search", "retry")` in this process."""

    capsys: pytest.CaptureFixture[str]

    def __call__(self, *args: object) -> Said:
        self.capsys.readouterr()
        code = main([str(arg) for arg in args])
        captured = self.capsys.readouterr()
        return Said(code, captured.out, captured.err)


def environment(data: Path, **more: str) -> dict[str, str]:
    """What a command needs, and nothing of the person who runs the tests."""
    base = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONPATH") if name in os.environ}
    return {**base, "CAIRN_DATA": str(data), "CAIRN_EMBEDDER": "hashed", "CAIRN_WORKERS": "1", **more}


def run_cairn(*args: object, data: Path, cwd: Path | None = None, **more: str) -> Said:
    """The installed command in a process of its own."""
    done = subprocess.run(
        [CAIRN, *map(str, args)],
        cwd=cwd,
        env=environment(data, **more),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@contextmanager
def serving(*args: object, data: Path, cwd: Path | None = None, **more: str) -> Iterator[Server]:
    """`cairn serve` in a process of its own, from its announcement to its graceful end."""
    process = subprocess.Popen(
        [CAIRN, "serve", "--json", *map(str, args)],
        cwd=cwd,
        env=environment(data, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    while not said.endswith("}\n"):
        line = process.stdout.readline()
        if not line:
            raise AssertionError(f"the server ended: {process.communicate()[1]}")
        said += line
    server = Server(process, json.loads(said)["url"])
    try:
        yield server
    finally:
        server.end()


@dataclass
class Server:
    process: subprocess.Popen[str]
    url: str
    errors: str = ""

    def end(self, sig: signal.Signals = signal.SIGTERM) -> int:
        """Ask the server to stop and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sig)
        _, errors = self.process.communicate(timeout=180)
        self.errors += errors or ""
        return self.process.returncode


def eventually(true: Callable[[], Any], seconds: float = 180.0) -> Any:
    """What `true` returns once it is truthy; the waiting ends as soon as it is.

    Only what never happens takes the whole time, however busy the machine is.
    """
    until = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
    return found

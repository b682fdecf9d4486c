"""An address -> what a real browser made of the page, asked again until it holds what it shall.

Chromium is driven by its DevTools protocol over two pipes (https://chromedevtools.github.io/devtools-protocol/),
in real time: with its virtual time, a page that reads a stream was looked at before the stream had come.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from .make import eventually

_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe")


class Browser:
    """A browser that was started; `page` may be asked for any number of pages."""

    def __init__(self, tell: int, hear: int) -> None:
        self._tell = tell
        self._hear = hear
        self._numbers = count(1)
        self._rest = b""
        self._session = ""

    def page(self, address: str, holds: str) -> str:
        """Open a page, and return its document as soon as `holds` is in it."""
        target = self._ask("Target.createTarget", url=address)["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        seen = ""

        def found() -> str:
            nonlocal seen
            seen = self.value("document.documentElement.outerHTML") or ""
            return seen if holds in seen else ""

        try:
            return str(eventually(found))
        except AssertionError:
            raise AssertionError(f"{address} never held {holds!r}, but was {seen[-3000:]}") from None

    def value(self, expression: str) -> Any:
        """What an expression of JavaScript is in the page that was opened last."""
        said = self._ask("Runtime.evaluate", self._session, expression=expression, returnByValue=True)
        return said["result"].get("value")

    def _ask(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        whom = {"sessionId": session} if session else {}
        said = {"id": number, "method": method, "params": parameters, **whom}
        os.write(self._tell, json.dumps(said).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def _next(self) -> dict[str, Any]:
        """The next message; those that are no answers are told apart by who asked."""
        while b"\0" not in self._rest:
            more = os.read(self._hear, 1 << 20)
            assert more, "the browser has ended"
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """Start a browser with a profile of its own below `folder`, which ends with the block."""
    heard_there, tell = os.pipe()
    hear, told_there = os.pipe()
    command = ["chromium", *_FLAGS, f"--user-data-dir={folder / 'profile'}", "about:blank"]
    # The protocol's pipes are the descriptors 3 and 4 of the browser.
    script = f'exec "$@" 3<&{heard_there} 4>&{told_there}'
    process = subprocess.Popen(
        ["bash", "-c", script, "bash", *command],
        pass_fds=(heard_there, told_there),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(heard_there)
    os.close(told_there)
    try:
        yield Browser(tell, hear)
    finally:
        process.kill()
        process.wait()
        os.close(tell)
        os.close(hear)

"""What a command says, and where: a document or readable lines on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.sync import Progress

_LINE_EVERY = 2.0  # seconds between plain progress lines


def say(text: str) -> None:
    """A remark to the person: never part of the answer."""
    click.echo(text, err=True)


def print_json(document: Any) -> None:
    click.echo(
        json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace").decode()
    )


@contextmanager
def progress(what: str) -> Iterator[Callable[[Progress], None]]:
    """Show how far a sync is: a bar on a terminal, a line now and then elsewhere."""
    if sys.stderr.isatty():
        with _bar(what) as show:
            yield show
    else:
        yield _Lines(what).show


@contextmanager
def _bar(what: str) -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files"),
        TimeRemainingColumn(),
    )
    # Without a thread that redraws it: workers are forked only from a process that has but one (pool.py).
    with RichProgress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(what, total=None)
        yield lambda now: bar.update(task, completed=now.done, total=now.total, refresh=True)


class _Lines:
    def __init__(self, what: str) -> None:
        self._what = what
        self._next = time.monotonic() + _LINE_EVERY

    def show(self, now: Progress) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _LINE_EVERY
            say(f"{self._what}: {now.done} of {now.total} files, {now.chunks} chunks")

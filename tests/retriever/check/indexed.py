"""Texts -> an index of them, and what a check of a change finds on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from retriever.check.change import Change
from retriever.check.finding import Finding
from retriever.search import Retriever
from tests.conftest import Index, write

from .make import Texts, changed

Finds = Callable[[Change, Retriever], list[Finding]]


def found(index: Index, root: Path, finds: Finds, before: Texts, after: Texts) -> list[Finding]:
    """What leads from `before`, which is indexed, to the same texts with those of `after`."""
    folder = root / "shop"
    for path, text in before.items():
        write(folder / path, text)
    index.sync(folder)
    return finds(changed(before, {**before, **after}), index.retriever)

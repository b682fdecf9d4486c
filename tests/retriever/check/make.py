"""Texts -> changes, facts and rules, as a check sees them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from indexer.conventions.facts import facts_of
from indexer.languages import language_of
from indexer.parse import parse
from indexer.types import SourceFile
from retriever.check.change import Change, ChangedFile
from retriever.check.finding import Finding
from retriever.check.style import style
from retriever.conventions import Book, book_of

Texts = Mapping[str, str]


def row(path: str, text: str) -> tuple[str, str, str]:
    language = language_of(path, text)
    file = SourceFile(path, text, language.name, language.kind, digest="", size=len(text), mtime_ns=0)
    return path, language.name, json.dumps(facts_of(parse(file)))


def book(texts: Texts) -> Book:
    return book_of(row(path, text) for path, text in texts.items())


def changed(before: Texts, after: Texts, moved: Mapping[str, str] | None = None) -> Change:
    """What leads from some texts to others; `moved` says where the text of a path lay before."""
    old = moved or {}
    paths = sorted({*before, *after} - set(old.values()))
    files = [
        ChangedFile(path, old.get(path, path), before.get(old.get(path, path)), after.get(path))
        for path in paths
    ]
    return Change("shop", tuple(file for file in files if file.before != file.after or file.path in old))


def breaches(before: Texts, after: Texts, moved: Mapping[str, str] | None = None) -> list[Finding]:
    """What a change of the repository `before` is told of style."""
    known = book(before)
    return style(changed(before, after, moved), known.rules, known.files, before.__getitem__)

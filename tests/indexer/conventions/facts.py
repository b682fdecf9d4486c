"""Facts and rules of texts that a test writes down."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from indexer.conventions import Rule
from indexer.conventions.facts import facts_of
from indexer.conventions.tally import Facts
from indexer.parse import parse
from retriever.conventions import book_of
from tests.make import make_file


def facts(path: str, text: str) -> Facts:
    return facts_of(parse(make_file(path, text)))


def rows(files: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What the catalog hands to `book_of`."""
    found = []
    for path, text in files.items():
        file = make_file(path, text)
        found.append((path, file.language, json.dumps(facts_of(parse(file)))))
    return found


def rules(files: Mapping[str, str]) -> dict[str, Rule]:
    """By what follows the language in their key."""
    return by_question(book_of(rows(files)).rules)


def by_question(found: Iterable[Rule]) -> dict[str, Rule]:
    return {rule.key.partition("/")[2]: rule for rule in found}

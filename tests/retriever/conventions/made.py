"""Books and rules that tests write down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.conventions import Rule
from retriever.conventions import Book, book_of
from tests.indexer.conventions.facts import rows


def book(files: Mapping[str, str]) -> Book:
    return book_of(rows(files))


def items(count: int, frozen: int) -> dict[str, str]:
    """Modules with a data class each, the first `frozen` of which are frozen."""
    head = "from dataclasses import dataclass\n\n\n"
    options = ["(frozen=True)" if n < frozen else "" for n in range(count)]
    return {
        f"shop/item{n:02}.py": f"{head}@dataclass{said}\nclass Item{n}:\n    x: int\n"
        for n, said in enumerate(options)
    }


def key_of(rule: Rule) -> str:
    return rule.key.partition("/")[2]


def rule(key: str = "python/raise.from=yes", **more: Any) -> Rule:
    language, _, rest = key.partition("/")
    question, _, answer = rest.partition("@")[0].partition("=")
    given: dict[str, Any] = {
        "statement": f"{question} is {answer}.",
        "family": "errors",
        "scope": rest.partition("@")[2],
        "support": 95,
        "total": 100,
        "interval": (0.9, 0.98),
        "examples": ("shop/client.py:7",),
        "counter_examples": (),
        "usual": 0.3,
    }
    return Rule(key=key, question=question, answer=answer, language=language, **(given | more))

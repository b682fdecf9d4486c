"""The phrasings by which guides ask for what is counted, by language."""

from __future__ import annotations

import re

from . import deep, ecma, python, shared
from .rows import Row

__all__ = ["LANGUAGE_WORDS", "ROWS", "Row"]

ROWS = (*shared.ROWS, *python.ROWS, *ecma.ROWS, *deep.ROWS)

# What in a sentence names a language. With case: go is a verb.
LANGUAGE_WORDS = (
    (re.compile(r"\b(?:Python|PEP ?\d+)\b"), frozenset({"python"})),
    (re.compile(r"\bTypeScript\b"), frozenset({"typescript"})),
    (re.compile(r"\bJavaScript\b"), frozenset({"javascript", "typescript"})),
    (re.compile(r"\b(?:Go|Golang)\b(?! (?:to|through|ahead))"), frozenset({"go"})),
    (re.compile(r"\bJava\b"), frozenset({"java"})),
    (re.compile(r"\bRust\b"), frozenset({"rust"})),
)

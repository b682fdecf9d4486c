"""A definition and the text of its file -> whether other files may use it."""

from __future__ import annotations

import re

from indexer.conventions import naming
from indexer.store.catalog import SymbolRow
from indexer.types import Span, Symbol

from .ground import ECMA


def is_public(symbol: Symbol | SymbolRow, language: str, text: str) -> bool:
    """Whether other files may use a definition: what a module does not export is its own business."""
    if isinstance(symbol, SymbolRow):
        span = Span(symbol.start, symbol.end)
        symbol = Symbol(symbol.name, symbol.qualname, symbol.kind, span, symbol.doc_start, symbol.signature)
    if language == "java" and symbol.kind == "method" and "public" not in symbol.signature:
        return False
    if language in ECMA and "." not in symbol.qualname and not symbol.signature.startswith("export"):
        name = rf"\b{re.escape(symbol.name)}\b"
        listed = rf"\bexport\s*(?:default\s+)?(?:\{{[^}}]*)?{name}|\bexports\b.*{name}"
        return re.search(listed, text) is not None
    return naming.is_public(symbol, language)

"""Turn a file into its outline: the signatures of its definitions with their lines."""

from __future__ import annotations

from indexer.store.catalog import Catalog, FileRow

from .sheet import Sheet

_LONGEST = 160  # characters of a signature; the rest is parameters nobody compares


def outline(catalog: Catalog, file: FileRow) -> str:
    """One line per definition, indented as it is nested, without what is local to a function."""
    sheet = Sheet(file, "", catalog.symbols_in([file.id]))
    width = len(str(max((symbol.start for symbol in sheet.outlined), default=0)))
    types = {symbol.qualname for symbol in sheet.outlined}
    lines = []
    for symbol in sheet.outlined:
        parts = symbol.qualname.split(".")
        depth = sum(".".join(parts[:n]) in types for n in range(1, len(parts)))
        signature = symbol.signature or symbol.name
        cut = signature if len(signature) <= _LONGEST else signature[: _LONGEST - 1] + "…"
        lines.append(f"{symbol.start:>{width}}  {'    ' * depth}{cut}")
    return "\n".join(lines)

"""Count how a Python file imports: its own package, the standard library, and what it offers to others."""

from __future__ import annotations

from ...types import Reference
from ..tally import Tally
from .source import Source

# Modules of which some teams import names, some the module, and some the module by another name.
_EITHER_WAY = frozenset("typing datetime collections.abc unittest.mock dataclasses pathlib enum abc".split())


def count_imports(source: Source, tally: Tally) -> None:
    """The forms of imports, in tests as elsewhere."""
    _count_module_forms(source, tally)
    _count_places(source, tally)


def count_own_imports(source: Source, tally: Tally) -> None:
    """How modules of one package import each other; tests lie outside of it and have no choice."""
    own = set(source.path.split("/")[:-1])
    for reference in source.imports:
        if reference.qualifier.startswith("."):
            tally.add("import.form", "relative", reference.line)
        elif reference.qualifier.partition(".")[0] in own:
            tally.add("import.form", "absolute", reference.line)


def _count_module_forms(source: Source, tally: Tally) -> None:
    seen: set[str] = set()
    for reference in source.imports:
        module = _imported(reference)
        if module in _EITHER_WAY:
            form = _form(source, reference, module)
            if form not in seen:
                seen.add(form)
                tally.add(f"import.{module}", form, reference.line)


def _imported(reference: Reference) -> str:
    """`from unittest import mock` and `import unittest.mock` both bring `unittest.mock`."""
    module, _, original = reference.qualifier.partition("#")
    longer = f"{module}.{original or reference.name}"
    return longer if longer in _EITHER_WAY else module


def _form(source: Source, reference: Reference, module: str) -> str:
    row = source.row(reference.line).strip()
    parent, _, last = module.rpartition(".")
    if row.startswith("import "):
        imported = next((part.strip() for part in row[7:].split(",") if module in part), module)
        return f"import {' '.join(imported.split())}"
    if reference.qualifier.partition("#")[0] == module:
        return f"from {module} import"
    renamed = f" as {reference.name}" if reference.name != last else ""
    return f"from {parent} import {last}{renamed}"


def _count_places(source: Source, tally: Tally) -> None:
    """Whether names from one module come in one statement or in one each."""
    previous: dict[str, int] = {}
    for reference in source.imports:
        row = source.row(reference.line)
        module = reference.qualifier.partition("#")[0]
        if reference.scope or not module or module == "__future__" or row.lstrip().startswith("import "):
            continue
        before = previous.get(module)
        if before is not None:
            again = reference.line != before and row.startswith("from ")
            tally.add("import.names", "apart" if again else "together", reference.line)
        previous[module] = reference.line


def count_exports(source: Source, tally: Tally) -> None:
    """Whether a module that others may import says what it offers, and in what."""
    at = source.code.find("\n__all__")
    if at >= 0:
        line = source.lines.line(at + 1)
        tally.add("exports", "yes", line)
        opening = source.row(line).partition("=")[2].strip()[:1]
        if opening in ("[", "("):
            tally.add("exports.form", "list" if opening == "[" else "tuple", line)
        return
    public = [symbol for symbol in source.parsed.symbols if not symbol.name.startswith("_")]
    name = source.path.rsplit("/", 1)[-1]
    if public and not name.startswith("_"):
        tally.add("exports", "no", source.head(public[0]))

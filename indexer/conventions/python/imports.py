"""Count how a Python file imports: its own package, the standard library, and what it offers to others."""

from __future__ import annotations

from itertools import islice, pairwise

from ...types import Reference
from ..tally import Tally
from .source import Source

# Modules of which some teams import names, some the module, and some the module by another name.
_EITHER_WAY = frozenset("typing datetime collections.abc unittest.mock dataclasses pathlib enum abc".split())
_PACKAGES = frozenset({"collections", "unittest"})  # what stands before the dot in one of them


def count_imports(source: Source, tally: Tally) -> None:
    """The forms of imports, in tests as elsewhere."""
    _count_module_forms(source, tally)
    _count_statements(source, tally)
    _count_order(source, tally)
    _count_late(source, tally)


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
    if module not in _PACKAGES:
        return module
    longer = f"{module}.{original or reference.name}"
    return longer if longer in _EITHER_WAY else module


def _form(source: Source, reference: Reference, module: str) -> str:
    """`names` of it, the whole `module`, or the other name that the module gets."""
    plain = source.row(reference.line).lstrip().startswith("import ")
    if not plain and reference.qualifier.partition("#")[0] == module:
        return "names"
    return (
        "module"
        if reference.name in (module.partition(".")[0], module.rpartition(".")[2])
        else reference.name
    )


def _count_statements(source: Source, tally: Tally) -> None:
    """Whether names from one module come in one statement or in one each."""
    previous: dict[str, int] = {}
    for reference in source.imports:
        module = reference.qualifier.partition("#")[0]
        if reference.scope or not module:
            continue
        row = source.row(reference.line)
        if " as " in row or row.lstrip().startswith("import "):
            continue
        before = previous.get(module)
        if before is not None:
            again = reference.line != before and row.startswith("from ")
            tally.add("import.names", "apart" if again else "together", reference.line)
        previous[module] = reference.line


def _count_order(source: Source, tally: Tally) -> None:
    """Whether the first imports of a file are sorted, and how many empty lines follow them."""
    if not source.imports:
        return
    first = next((line for line, row in enumerate(source.rows) if row.startswith(_IMPORTS)), None)
    if first is None:
        return
    statements: list[tuple[int, bool, str]] = []  # line, `from`, module
    end = 0
    for line, row in enumerate(islice(source.rows, first, None), first + 1):
        if row.startswith(_IMPORTS):
            statements.append((line, row.startswith("from "), row.split()[1].partition(",")[0]))
            end = line
        elif row and not row.isspace():
            if row[0] not in ") \t":
                break
            end = line
    unsorted = _out_of_order(statements)
    if len(statements) > 1:
        tally.add("import.order", "unsorted" if unsorted else "sorted", unsorted or statements[0][0])
    told = next((line for line, row in enumerate(islice(source.rows, end, None), end) if row.strip()), None)
    if told is not None and not source.rows[told].startswith(_BLOCKS):
        rows = source.text.split("\n", told)[end:told]  # a comment is no empty line
        empty = next((nth for nth, row in enumerate(rows) if row), len(rows))
        if empty in (1, 2):
            tally.add("import.after", str(empty), end + empty + 1)


_IMPORTS = ("import ", "from ")
_BLOCKS = ("def ", "async def ", "class ", "@", "if ", "try:", "for ", "with ")  # formatters part these


def _out_of_order(statements: list[tuple[int, bool, str]]) -> int:
    """The first line that no sorter would leave there, 0 where all are sorted."""
    found = []
    for by_form in (True, False):
        for before, after in pairwise(statements):
            if after[0] > before[0] + 1 or "." in (before[2][0], after[2][0]):
                continue  # another section, or the order of relative imports, of which there are many
            if by_form and before[1] != after[1]:
                wrong = before[1]  # `from` before `import`
            else:
                wrong = _later(before[2], after[2])
            if wrong:
                found.append(after[0])
                break
    return min(found) if len(found) == 2 else 0


def _later(one: str, other: str) -> bool:
    """As far as letters tell: sorters differ over signs, digits and case."""
    one, other = one.lower(), other.lower()
    if one <= other:
        return False
    for first, second in zip(one, other, strict=False):
        if first != second:
            return first.isalpha() and second.isalpha() and first > second
    return False


# Modules that take long to import, or do something when they are.
_COSTLY = frozenset(
    "numpy pandas torch tensorflow matplotlib scipy sklearn transformers polars pyarrow IPython docker boto3"
    " botocore uvicorn sqlalchemy pygments rich jinja2 requests yaml pdb readline".split()
)


def _count_late(source: Source, tally: Tally) -> None:
    """Whether what is costly to import is imported only where it is used."""
    seen: set[tuple[str, bool]] = set()
    for reference in source.imports:
        module = reference.qualifier.partition("#")[0].partition(".")[0]
        if reference.qualifier == "twisted.internet" and reference.name == "reactor":
            module = "reactor"
        if module in _COSTLY or module == "reactor":
            late = bool(reference.scope)
            if not late and source.row(reference.line)[:1] == " ":
                continue  # for annotations, or to see whether it is there
            if (module, late) not in seen:
                seen.add((module, late))
                tally.add(f"import.late.{module}", "yes" if late else "no", reference.line)


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

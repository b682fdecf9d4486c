"""Count how a Python file raises, catches, types and structures things."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..choices import PYTHON_CHOICES, count_choices
from ..lines import Lines, inside_brackets
from ..tally import Tally


def count_python(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Errors and structure of a file that is no test."""
    _count_bases(parsed, tally)
    _count_raises(lines, tally)
    _count_catches(lines, tally)
    _count_modelling(lines, tally)
    _count_imports(parsed, tally)
    _count_signatures(parsed, tally)
    count_choices(parsed, PYTHON_CHOICES, tally)


def _count_bases(parsed: ParsedFile, tally: Tally) -> None:
    """`CardDeclined(PaymentError)`: which of them are errors is known when all files are."""
    for reference in parsed.references:
        if reference.kind == "inherit" and reference.scope:
            name = reference.scope.rpartition(".")[2]
            tally.add("base", f"{name}({reference.name})", reference.line)


_RAISE = re.compile(r"raise ([A-Za-z_][\w.]*)(\(|[ \t]+from[ \t]+(\w+)|[ \t]*(?=[#\n]|\Z))")
_EXCEPT = re.compile(r"except\b([^\n:]*):")
_FROM = re.compile(r"[ \t]*from[ \t]+(\w+)")


def _count_raises(lines: Lines, tally: Tally) -> None:
    text = lines.text
    handlers = [(match, _indent(text, match.start())) for match in _EXCEPT.finditer(text)]
    nearest = -1
    for match in _RAISE.finditer(text):
        indent = _indent(text, match.start())
        if indent < 0:
            continue
        name = match[1].rpartition(".")[2]
        line = lines.line(match.start())
        if name[:1].isupper():
            tally.add("raise", name, line)
        while nearest + 1 < len(handlers) and handlers[nearest + 1][0].start() < match.start():
            nearest += 1
        if not _handled(text, handlers[: nearest + 1], match.start(), indent):
            continue
        if match[2] == "(":
            body = inside_brackets(text, match.end() - 1)
            cause = _FROM.match(text, match.end() + len(body) + 1)
            tally.add("raise.from", "yes" if cause else "no", line)
        elif match[3]:
            tally.add("raise.from", "yes", line)


def _handled(text: str, handlers: list[tuple[re.Match[str], int]], at: int, indent: int) -> bool:
    """Whether the statement at `at` stands in the body of one of the last handlers before it."""
    for match, outer in reversed(handlers[-3:]):
        if 0 <= outer < indent:
            between = text[match.end() : at - indent]
            return not any(
                line.strip() and len(line) - len(line.lstrip()) <= outer for line in between.split("\n")[1:]
            )
    return False


def _indent(text: str, at: int) -> int:
    """How far the statement at `at` is indented; -1 when something stands before it on its line."""
    start = text.rfind("\n", 0, at) + 1
    return -1 if text[start:at].strip() else at - start


def _count_catches(lines: Lines, tally: Tally) -> None:
    text = lines.text
    for match in _EXCEPT.finditer(text):
        if _indent(text, match.start()) < 0:
            continue
        caught = match[1].partition(" as ")[0].strip(" ()")
        width = "bare" if not caught else "broad" if caught in ("Exception", "BaseException") else "named"
        tally.add("except", width, lines.line(match.start()))


_DATACLASS = re.compile(r"@(?:dataclasses\.)?dataclass\b(\(?)")
_LOGGER = re.compile(r"logging\.getLogger\(([^)\n]*)\)|getLogger\((__name__)\)")


def _count_modelling(lines: Lines, tally: Tally) -> None:
    text = lines.text
    for match in _DATACLASS.finditer(text):
        options = inside_brackets(text, match.end() - 1, 300) if match[1] else ""
        line = lines.line(match.start())
        tally.add("dataclass.frozen", "yes" if "frozen=True" in options else "no", line)
        tally.add("dataclass.slots", "yes" if "slots=True" in options else "no", line)
    for match in _LOGGER.finditer(text):
        named = "__name__" in match[0]
        tally.add("logger", "module" if named else "other", lines.line(match.start()))


def _count_imports(parsed: ParsedFile, tally: Tally) -> None:
    imports = [reference for reference in parsed.references if reference.kind == "import"]
    future = [r.line for r in imports if r.qualifier == "__future__" and r.name == "annotations"]
    if imports and any(symbol.kind in ("function", "method") for symbol in parsed.symbols):
        tally.add("future.annotations", "yes" if future else "no", future[0] if future else imports[0].line)
    own = set(parsed.file.path.split("/")[:-1])
    for reference in imports:
        if reference.qualifier.startswith("."):
            tally.add("import.form", "relative", reference.line)
        elif reference.qualifier.partition(".")[0] in own:
            tally.add("import.form", "absolute", reference.line)


def _count_signatures(parsed: ParsedFile, tally: Tally) -> None:
    for symbol in parsed.symbols:
        if symbol.kind not in ("function", "method") or symbol.name.startswith("__"):
            continue
        signature, line = symbol.signature, symbol.span.start
        tally.add("types.return", "yes" if "->" in signature else "no", line)
        default = signature.find("=", signature.find("("))
        if 0 < default < signature.rfind(")"):
            star = signature.find("*,")
            tally.add("options.keyword", "yes" if 0 < star < default else "no", line)
        if symbol.doc.count("\n") > 2:
            tally.add("doc.style", _doc_style(symbol.doc), line)


def _doc_style(doc: str) -> str:
    if "\nArgs:" in doc or "\nReturns:" in doc or "\nRaises:" in doc:
        return "google"
    if ":param" in doc or ":return" in doc or ":raises" in doc:
        return "sphinx"
    return "numpy" if "\n---" in doc else "prose"

"""Count how a JavaScript or TypeScript file exports, throws and structures things."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..choices import ECMA_CHOICES, count_choices
from ..lines import Lines, inside_brackets
from ..tally import Tally


def count_ecma(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Errors and structure of a file that is no test."""
    _count_bases(parsed, tally)
    _count_throws(lines, tally)
    _count_functions(parsed, tally)
    _count_modules(lines, tally)
    if parsed.file.language in ("typescript", "tsx"):
        _count_types(lines, parsed, tally)
    count_choices(parsed, ECMA_CHOICES, tally)


def _count_bases(parsed: ParsedFile, tally: Tally) -> None:
    for reference in parsed.references:
        if reference.kind == "inherit" and reference.scope:
            name = reference.scope.rpartition(".")[2]
            tally.add("base", f"{name}({reference.name})", reference.line)


_THROW = re.compile(r"throw new ([A-Za-z_$][\w$.]*)(\()")
_CATCH = re.compile(r"catch\s*(?:\(([^)]*)\))?\s*(\{)")


def _count_throws(lines: Lines, tally: Tally) -> None:
    text = lines.text
    for match in _THROW.finditer(text):
        tally.add("raise", match[1].rpartition(".")[2], lines.line(match.start()))
    for match in _CATCH.finditer(text):
        if text[match.start() - 1 : match.start()] == ".":  # promise.catch(...) has no block of its own
            continue
        body = inside_brackets(text, match.start(2))
        line = lines.line(match.start())
        tally.add("catch.empty", "no" if body.strip() else "yes", line)
        for thrown in _THROW.finditer(body):
            cause = "cause" in inside_brackets(body, thrown.start(2))
            tally.add("raise.from", "yes" if cause else "no", line + body.count("\n", 0, thrown.start()))


def _count_functions(parsed: ParsedFile, tally: Tally) -> None:
    for symbol in parsed.symbols:
        if symbol.kind == "function" and "." not in symbol.qualname:
            form = "declaration" if "function" in symbol.signature.partition("(")[0] else "arrow"
            tally.add("function.form", form, symbol.span.start)


_EXPORT = re.compile(r"^export (default\b|const|let|function|async|class|abstract|enum|\{)", re.MULTILINE)
_IMPORT_LINE = re.compile(r"^import [^\n]*?from ['\"]([^'\"\n]+)['\"]([;]?)", re.MULTILINE)


def _count_modules(lines: Lines, tally: Tally) -> None:
    text = lines.text
    if "export " in text:
        for match in _EXPORT.finditer(text):
            tally.add("export", "default" if match[1] == "default" else "named", lines.line(match.start()))
    if "import " in text:
        for match in _IMPORT_LINE.finditer(text):
            line = lines.line(match.start())
            tally.add("semicolons", "yes" if match[2] else "no", line)
            if match[1].startswith("."):
                last = match[1].rsplit("/", 1)[-1]
                tally.add("import.suffix", "yes" if last.endswith((".js", ".ts", ".mjs")) else "no", line)
    if "require(" in text or "import " in text:
        module = text.find("import ") >= 0 and bool(_IMPORT_LINE.search(text))
        at = text.find("import " if module else "require(")
        tally.add("module", "esm" if module else "commonjs", lines.line(at))


_OBJECT_TYPE = re.compile(r"^(?:export )?type \w+(?:<[^=\n]*>)? = \{", re.MULTILINE)


def _count_types(lines: Lines, parsed: ParsedFile, tally: Tally) -> None:
    for symbol in parsed.symbols:
        if symbol.kind == "interface":
            tally.add("object.type", "interface", symbol.span.start)
            prefixed = re.match(r"I[A-Z][a-z]", symbol.name) is not None
            tally.add("interface.prefix", "yes" if prefixed else "no", symbol.span.start)
    for match in _OBJECT_TYPE.finditer(lines.text):
        tally.add("object.type", "type", lines.line(match.start()))

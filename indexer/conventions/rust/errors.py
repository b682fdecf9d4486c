"""Count how a Rust file defines errors, hands them on and gives up."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..lines import Lines, inside_brackets
from ..messages import message_style
from ..tally import Tally


def count_errors(parsed: ParsedFile, lines: Lines, end: int, tally: Tally) -> None:
    """Of the code before `end`, where the file's tests begin."""
    _count_defined(parsed, lines, end, tally)
    _count_panics(lines, end, tally)
    _count_results(parsed, lines, end, tally)
    _count_messages(lines, end, tally)


_DERIVED = re.compile(r"derive\([^)\n]{0,300}?(thiserror::Error|Snafu|\bError\b)[^)\n]{0,300}\)")
_OF_ANY = re.compile(r"(anyhow::|eyre::|Box<dyn (?:std::error::|error::)?Error)")
_ANY = {"anyhow::": "anyhow", "eyre::": "eyre"}


def _count_defined(parsed: ParsedFile, lines: Lines, end: int, tally: Tally) -> None:
    for reference in parsed.references:
        if reference.kind != "inherit" or reference.name != "Error" or not reference.scope:
            continue
        if reference.qualifier in ("", "std.error", "core.error", "error"):
            tally.add("error.impl", "by hand", reference.line)
            _count_name(reference.scope, reference.line, tally)
    if "Error" in lines.text or "Snafu" in lines.text:
        for match in _DERIVED.finditer(lines.code, 0, end):
            maker = "snafu" if match[1] == "Snafu" else "thiserror"
            tally.add_at("error.impl", maker, lines, match.start())
        seen: set[str] = set()
        for match in _OF_ANY.finditer(lines.code, 0, end):
            kind = _ANY.get(match[1], "Box<dyn Error>")
            if kind not in seen:
                seen.add(kind)
                tally.add_at("error.any", kind, lines, match.start())


def _count_name(scope: str, line: int, tally: Tally) -> None:
    name = scope.rpartition(".")[2]
    tally.add("error.type", "Error" if name.endswith(("Error", "Err")) else "other", line)


_GIVEN_UP = re.compile(r"\.(unwrap\(\)|expect\()")


def _count_panics(lines: Lines, end: int, tally: Tally) -> None:
    for match in _GIVEN_UP.finditer(lines.code, 0, end):
        tally.add_at("panic.form", match[1].rstrip("()"), lines, match.start())


_RESULT = re.compile(r"-> (?:[\w:]+::)?\w*Result<(.+)>(?: where .*)?$")
_LONG = 1000  # characters of a result; nobody writes more
_NESTED = re.compile(r"<[^<>]*>|\([^()]*\)")


def _count_results(parsed: ParsedFile, lines: Lines, end: int, tally: Tally) -> None:
    """`Result<T>` by an alias of the project, or `Result<T, E>` written out; `io::Result` is no choice."""
    last = lines.code.count("\n", 0, end) + 1
    for symbol in parsed.symbols:
        if symbol.kind not in ("function", "method") or symbol.span.start > last:
            continue
        if (
            "Result<" not in symbol.signature
            or "io::Result" in symbol.signature
            or "fmt::Result" in symbol.signature
        ):
            continue
        match = _RESULT.search(symbol.signature)
        if match:
            given = match[1]
            while len(given) < _LONG and _NESTED.search(given):
                given = _NESTED.sub("", given)
            tally.add("result.form", "full" if "," in given else "alias", symbol.span.start)


_SAID = re.compile(r"#\[error(\()|(?:bail|anyhow|ensure)!(\()")


def _count_messages(lines: Lines, end: int, tally: Tally) -> None:
    if "#[error(" not in lines.text and "anyhow" not in lines.text:
        return
    code = lines.code
    for match in _SAID.finditer(code, 0, end):
        opening = match.end() - 1
        arguments = inside_brackets(code, opening, 600)
        style = message_style(lines.text[opening + 1 : opening + 1 + len(arguments)], arguments)
        if style:
            tally.add_at("error.message", style, lines, match.start())

"""Count how a Python file logs, prints and puts values into strings."""

from __future__ import annotations

import re

from ...types import Reference
from ..tally import Tally
from .source import Source

_LEVELS = ("debug", "info", "warning", "error", "exception", "critical")
_LOGGERS = re.compile(r"(?:^|[._])(?:log|logger|logging|LOG|LOGGER)$")


def count_logs(source: Source, tally: Tally) -> None:
    _count_loggers(source, tally)
    _count_calls(source, tally)
    _count_output(source, tally)


def _count_loggers(source: Source, tally: Tally) -> None:
    for call in source.calls.get("getLogger", ()):
        handed = source.handed(call)
        if handed is None or "return" in source.row(call.line):
            continue
        tally.add("logger", "module" if handed.strip() == "__name__" else "other", call.line)
        name, equals, _ = source.row(call.line).partition("=")
        if equals and not call.scope.count(".") and not name[:1].isspace():
            tally.add("logger.name", name.partition(":")[0].strip(), call.line)


def _count_calls(source: Source, tally: Tally) -> None:
    for level in _LEVELS:
        for call in source.calls.get(level, ()):
            if not _LOGGERS.search(call.qualifier):
                continue
            tally.add("report", "log", call.line)
            form = _message_form(source, call)
            if form:
                tally.add("log.form", form, call.line)


_PLACEHOLDER = re.compile(r"%[-+#0]*\d*(?:\.\d+)?[a-zA-Z(]")


def _message_form(source: Source, call: Reference) -> str:
    """How the values come into the message of a call that logs; "" for one without values."""
    opening = source.opening(call)
    if opening < 0:
        return ""
    end = source.closing(opening)
    said = source.text[opening + 1 : end].lstrip()
    if said.startswith(('f"', "f'", 'F"', "F'")):
        return "f-string" if "{" in said else ""
    code = source.code[opening + 1 : end]
    if re.search(r"[\"']\.format\(", code):
        return "format"
    if re.search(r"[\"']\s*%\s*[\w(]", code):
        return "percent"
    return "arguments" if said[:1] in "\"'" and "," in code and _PLACEHOLDER.search(said) else ""


def _count_output(source: Source, tally: Tally) -> None:
    for call in source.calls.get("print", ()):
        if not call.qualifier:
            tally.add("report", "print", call.line)
            tally.add("output", "print", call.line)
        elif call.qualifier.rpartition(".")[2].strip("_") == "console":
            tally.add("output", "console.print", call.line)
    for name in ("echo", "secho"):
        for call in source.calls.get(name, ()):
            if call.qualifier in ("click", "typer"):
                tally.add("output", f"{call.qualifier}.echo", call.line)


def count_strings(source: Source, tally: Tally) -> None:
    """How values are put into strings, where they are: an f-string without a value is none."""
    code, text = source.code, source.text
    for match in _by_quote(_F_STRING, code):
        at = match.start()
        end = code.find(match[1], at + 2)
        if text.find("{", at, end) >= 0:
            tally.add_at("string.form", "f-string", source.lines, at)
    for match in _by_quote(_FORMAT, code):
        tally.add_at("string.form", "format", source.lines, match.start())
    for match in _PERCENT.finditer(code):
        begin = code.rfind(match[1], 0, match.start() - 2)
        if code[begin - 1 : begin] not in ("b", "B"):  # bytes have no other way
            tally.add_at("string.form", "percent", source.lines, match.start())


# What is looked behind stands last: see `begins`.
_F_STRING = re.compile(r"f([\"'])(?<!\wf[\"'])")
_FORMAT = re.compile(r"\.format\((?<=([\"'])\.format\()(?<!\w[\"']\.format\()")
_PERCENT = re.compile(r"% (?<=([\"']) % )")


def _by_quote(pattern: re.Pattern[str], code: str) -> list[re.Match[str]]:
    """Those at double quotes first."""
    return sorted(pattern.finditer(code), key=lambda match: match[1])

"""Count how a JavaScript or TypeScript file throws, catches and words its errors."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..lines import Lines, inside_brackets
from ..tally import Tally


def count_errors(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Bases of classes, throws with their messages, and what `catch` binds and does."""
    _count_bases(parsed, lines, tally)
    code = lines.code
    if "throw " in code:
        _count_throws(lines, tally)
    if "catch" in code:
        _count_catches(lines, tally)


def _count_bases(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    errors: set[str] = set()
    for reference in parsed.references:
        if reference.kind == "inherit" and reference.scope:
            name = reference.scope.rpartition(".")[2]
            tally.add("base", f"{name}({reference.name})", reference.line)
            if reference.name.endswith("Error"):
                errors.add(reference.scope)
    if errors:
        for symbol in parsed.symbols:
            if symbol.kind == "class" and symbol.qualname in errors:
                body = "\n".join(lines.text_rows[symbol.span.start - 1 : symbol.span.end])
                tally.add("errorclass.name", "set" if _NAME.search(body) else "not", symbol.span.start)


_NAME = re.compile(r"\bname\b[^\n=]*= ?['\"`\w]|['\"]name['\"]")
_THROW = re.compile(r"throw (new )?([A-Za-z_$][\w$.]*)(\()\s*")
_IDENTIFIER = re.compile(r"\w*[a-z][A-Z]|[A-Z]{2}|\w+[.(_:-]")


def _count_throws(lines: Lines, tally: Tally) -> None:
    code, text = lines.code, lines.text
    for match in _THROW.finditer(code):
        name = match[2].rpartition(".")[2]
        if not name[:1].isupper():
            continue  # `throw make(…)`: whatever a function returns
        line = lines.line(match.start())
        if match[1]:
            tally.add("raise", name, line)
        if name.endswith(("Error", "Exception")):
            tally.add("throw.new", "yes" if match[1] else "no", line)
        said = _message(text, code, match.end())
        if len(said) > 1:
            _count_message(said, line, tally)


def _message(text: str, code: str, at: int) -> str:
    """The literal that begins at `at` where it is all of an argument, else ""."""
    quote = code[at : at + 1]
    if not quote or quote not in "'\"`":
        return ""
    end = code.find(quote, at + 1)
    after = code[end + 1 : end + 40].lstrip()[:1]
    return text[at + 1 : end] if end > 0 and after and after in "),};" else ""


def _count_message(said: str, line: int, tally: Tally) -> None:
    if " " not in said:
        return  # a code such as ERR_CLOSED, not a sentence
    if said[0].isalpha() and not _IDENTIFIER.match(said):
        tally.add("message.case", "upper" if said[0].isupper() else "lower", line)
    last = said.rstrip()[-1:]
    if last.isalnum() or last in ".!":
        tally.add("message.end", "none" if last.isalnum() else "period", line)


_CATCH = re.compile(r"catch\s*(?:\(([^)]{0,200})\))?\s*(\{)")
_LONG = 1500  # characters of a handler; what comes later tells no more
_WORD = re.compile(r"[\w$]+")


def _count_catches(lines: Lines, tally: Tally) -> None:
    code = lines.code
    for match in _CATCH.finditer(code):
        if code[match.start() - 1 : match.start()] in (".", "?"):
            continue  # promise.catch(…) has no block of its own
        body = inside_brackets(code, match.start(2), _LONG)
        line = lines.line(match.start())
        said = lines.text[match.end() : match.end() + len(body)].strip()
        tally.add("catch.empty", "no" if said else "yes", line)  # a comment tells why nothing is done
        _count_binding(match[1], body, line, tally)
        for thrown in _THROW.finditer(body):
            if thrown[1]:
                cause = "cause" in inside_brackets(body, thrown.start(3))
                tally.add("raise.from", "yes" if cause else "no", line + body.count("\n", 0, thrown.start()))


def _count_binding(bound: str | None, body: str, line: int, tally: Tally) -> None:
    name, _, kind = (bound or "").partition(":")
    name, kind = name.strip(), kind.strip()
    used = bool(name) and any(word == name for word in _WORD.findall(body))
    if not used:
        tally.add("catch.unused", "bound" if name else "omitted", line)
    if used and _WORD.fullmatch(name):
        tally.add("catch.name", name, line)
        tally.add("catch.type", kind if kind in ("unknown", "any") else "none", line)

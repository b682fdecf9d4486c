"""Count how a Java file throws, catches and says that something is absent."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..lines import Lines, inside_brackets
from ..messages import message_style
from ..tally import Tally


def count_errors(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    _count_throws(lines, tally)
    _count_catches(lines, tally)
    _count_absence(parsed, lines, tally)


_THROW = re.compile(r"throw new ([\w.]+)(\()")


def _count_throws(lines: Lines, tally: Tally) -> None:
    code = lines.code
    for match in _THROW.finditer(code):
        line = lines.line(match.start())
        tally.add("raise", match[1].rpartition(".")[2], line)
        arguments = inside_brackets(code, match.start(2), 600)
        style = message_style(lines.text[match.end() : match.end() + len(arguments)], arguments)
        if style:
            tally.add("error.message", style, line)


_CATCH = re.compile(r"catch ?\((?:final )?([\w.| ]+?) (\w+)\)\s*(\{)")
_IGNORED = re.compile(r"ignored?|expected|unused|_+|\w*(?:Ignored?|\d)")
_BROAD = frozenset({"Exception", "Throwable", "RuntimeException"})
_CAUSES = 1500  # characters of a handler; longer ones do more than to wrap


def _count_catches(lines: Lines, tally: Tally) -> None:
    code = lines.code
    for match in _CATCH.finditer(code):
        caught, name, line = match[1], match[2], lines.line(match.start())
        tally.add("catch.width", "broad" if caught.strip() in _BROAD else "named", line)
        body = inside_brackets(code, match.start(3), _CAUSES)
        said = lines.text[match.end() : match.end() + len(body)]
        ignored = _IGNORED.fullmatch(name)
        if not ignored:
            tally.add("catch.name", name, line)
        tally.add("catch.empty", "no" if said.strip() or ignored else "yes", line)
        for thrown in _THROW.finditer(body):
            arguments = inside_brackets(body, thrown.start(2), 600)
            handed = re.search(rf"(?:^|[,(])\s*{name}\s*(?:$|[,)])", arguments) or ".initCause(" in body
            at = line + body.count("\n", 0, thrown.start()) + code.count("\n", match.start(), match.end())
            tally.add("raise.from", "yes" if handed else "no", at)


_NULL_THROW = re.compile(r"== null\)\s*+(?:\{\s*+)?throw new (?:NullPointer|IllegalArgument)Exception")
_CHECKS = {
    ("Objects", "requireNonNull"): "Objects.requireNonNull",
    ("", "requireNonNull"): "Objects.requireNonNull",
    ("Preconditions", "checkNotNull"): "Preconditions.checkNotNull",
    ("", "checkNotNull"): "Preconditions.checkNotNull",
    ("Validate", "notNull"): "Validate.notNull",
    ("Assert", "notNull"): "Assert.notNull",
}
_RETURN_NULL = re.compile(r"return null;")


def _count_absence(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    for reference in parsed.references:
        if reference.kind == "call":
            check = _CHECKS.get((reference.qualifier, reference.name))
            if check:
                tally.add("null.check", check, reference.line)
            elif reference.name == "empty" and reference.qualifier == "Optional":
                tally.add("absent", "Optional", reference.line)
    for match in _NULL_THROW.finditer(lines.code):
        tally.add_at("null.check", "if", lines, match.start())
    for match in _RETURN_NULL.finditer(lines.code):
        tally.add_at("absent", "null", lines, match.start())

"""Count how a Go file makes, wraps, tests and names its errors."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..lines import Lines, inside_brackets
from ..messages import message_style
from ..tally import Tally


def count_errors(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    if "rr" not in lines.text:
        return
    _count_made(lines, tally)
    _count_scope(lines, tally)
    _count_asked(parsed, lines, tally)
    _count_panics(parsed, tally)
    _count_error_names(parsed, tally)


_MADE = re.compile(r"\.(?:Errorf|New|Wrapf?|WithMessagef?)\(")
_ERROR_LAST = re.compile(r",\s*(?:\w*[eE]rr|e|[\w.]*\.Err\(\)|\w*[eE]rr\.Error\(\)),?\s*$")


def _count_made(lines: Lines, tally: Tally) -> None:
    """`fmt.Errorf("read %s: %w", path, err)` wraps, `fmt.Errorf("no path")` has nothing to format."""
    code = lines.code
    for match in _MADE.finditer(code):
        package = next((name for name in ("errors", "fmt") if code.endswith(name, 0, match.start())), "")
        made = package + match[0][:-1]
        if not package or (package == "fmt" and made != "fmt.Errorf"):
            continue
        opening, line = match.end() - 1, lines.line(match.start())
        arguments = inside_brackets(code, opening, 1000)
        said = lines.text[opening + 1 : opening + 1 + len(arguments)]
        if "Wrap" in made or "WithMessage" in made:
            tally.add("error.wrap", "errors.Wrap", line)
            continue
        if made == "fmt.Errorf" and _ERROR_LAST.search(arguments):
            wrapped = "%w" in said
            if wrapped or "%v" in said or "%s" in said:
                tally.add("error.wrap", "%w" if wrapped else "%v", line)
        elif said.lstrip()[:1] in '"`' and "," not in arguments:
            tally.add("error.plain", made, line)
        style = message_style(said, arguments)
        if style:
            tally.add("error.message", style, line)


_LINE = 500  # characters
_CHECKED = re.compile(r"err != nil \{(?:(?<=if err != nil \{)|(?<=(; )err != nil \{))")
_ASSIGNED = re.compile(r"(?:_, )?err :?= [^\n]*[^\n{(,]")


def _count_scope(lines: Lines, tally: Tally) -> None:
    """`if err := f(); err != nil` or a line of its own for the call, where it returns an error alone."""
    code = lines.code
    for match in _CHECKED.finditer(code):
        at = match.start() - len(match[1] or "if ")
        start = code.rfind("\n", max(0, at - _LINE), at) + 1
        if not start:
            continue  # the first line, or one that no team writes
        if match[1]:
            if code[start:at].lstrip().startswith(("if err :=", "if err =", "if _, err :=")):
                tally.add_at("error.scope", "inline", lines, at)
        elif not code[start:at].strip():
            before = code[code.rfind("\n", max(0, start - _LINE), start - 1) + 1 : start - 1].strip()
            if _ASSIGNED.fullmatch(before):
                tally.add("error.scope", "apart", lines.line(at) - 1)


_COMPARED = re.compile(r"err [!=]= (?:\w+\.)?(?:[Ee]rr[A-Z]\w*|EOF\b)")
_CAST = re.compile(r"err\.\((?!type)")


def _count_asked(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    for reference in parsed.references:
        if reference.qualifier == "errors" and reference.name in ("Is", "As", "AsType"):
            asked = "error.compare" if reference.name == "Is" else "error.cast"
            tally.add(asked, f"errors.{reference.name[:2]}", reference.line)
    for match in _COMPARED.finditer(lines.code):
        tally.add_at("error.compare", "==", lines, match.start())
    for match in _CAST.finditer(lines.code):
        tally.add_at("error.cast", "assertion", lines, match.start())


_MAY_PANIC = ("Must", "must", "init", "main", "panic")


def _count_panics(parsed: ParsedFile, tally: Tally) -> None:
    """A function that fails hands back an error or panics; one called Must... promises to."""
    functions = {symbol.qualname for symbol in parsed.symbols if symbol.kind in ("function", "method")}
    for reference in parsed.references:
        if reference.kind != "call" or reference.scope not in functions:
            continue
        scope = reference.scope.rpartition(".")[2]
        if reference.name == "panic" and not reference.qualifier:
            if not scope.startswith(_MAY_PANIC):
                tally.add("error.raised", "panic", reference.line)
        elif (reference.qualifier, reference.name) in (("errors", "New"), ("fmt", "Errorf")):
            tally.add("error.raised", "returned", reference.line)


_SENTINEL = re.compile(r"= (?:errors\.New|fmt\.Errorf)\(")
_ERR = re.compile(r"_?[eE]rr(?:[A-Z_0-9]|$)")


def _count_error_names(parsed: ParsedFile, tally: Tally) -> None:
    for symbol in parsed.symbols:
        line = symbol.span.start
        if symbol.kind == "constant" and _SENTINEL.search(symbol.signature):
            tally.add("error.sentinel", "Err" if _ERR.match(symbol.name) else "other", line)
        elif (
            symbol.kind == "method" and symbol.name == "Error" and symbol.signature.endswith("Error() string")
        ):
            owner = symbol.qualname.rpartition(".")[0]
            tally.add("error.type", "Error" if owner.endswith(("Error", "Errors")) else "other", line)

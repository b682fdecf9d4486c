"""Count how a JavaScript or TypeScript file writes what can be written in several ways."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..lines import Lines, inside_brackets
from ..tally import Tally

# All begin with fixed letters: such a pattern is found several times faster than another.
_EQUALITY = re.compile(r"=(?<=[=!]=)(=)? ?(\w*)")  # from its second sign on
_OPERAND = frozenset(" \t\n)]}_$?\"'`")
_AND = re.compile(r"&& (?<= && )([\w$]+(?:\.[\w$]+)+)(?=\)|;|\n| && | === | \? )")
_OPERAND_BEFORE = re.compile(r"[\w$.]+$")
_BEFORE_AND = ("(", "= ", "&& ", "|| ", "return ", "? ", ": ", "{")
_IF = re.compile(r"if \(")
_LONG = 600  # characters; a longer condition says nothing
_RETURN = re.compile(r"return (null|undefined)\b(?! [&|?=!<>])")
_PLUS = re.compile(r"\+ (?<= \+ )(['\"]|[\w$])")
_LOOP = re.compile(r"for \(const [^\n]{1,120}? of ")
_TYPEOF = re.compile(r"typeof ([\w$.]+) [=!]==? ['\"]")
_PERHAPS_GLOBAL = re.compile(  # `typeof` is the only way to ask for what may not be declared
    r"(?:window|document|globalThis|global|self|process|navigator|require|module|exports|[A-Z])"
)
_NOW = re.compile(r"Date(?:\.(now)\(|\(\)(?<=new Date\(\))\.(?:getTime|valueOf)\()")
_SPREAD = re.compile(r"\{\s*\.\.\.[\w$.]+\s*[,}]")
_ENVIRONMENT = re.compile(r"process\.env\.|import\.meta\.env\.")
_LOGGER = re.compile(r"ogger(?:: [\w.<>]+)? = (new )?([\w$.]+)\(")
_DECLARED = re.compile(r"\n(?:export )?(?:const|let) ")
_VAR = re.compile(r"\n[ \t]*+var [\w$]")
_SETTINGS = re.compile(r"(?:config|settings|env|environment|constants?)\b", re.IGNORECASE)


def count_expressions(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Comparison, conditions, loops, texts, promises and what is read from outside."""
    code = lines.code
    _count_comparison(lines, tally)
    _count_conditions(lines, parsed.file.language in ("tsx", "jsx"), tally)
    _count_texts(lines, tally)
    for match in _LOOP.finditer(code):
        tally.add_at("loop", "for", lines, match.start())
    _count_each(lines, "await ", "promise", "await", tally)
    _count_each(lines, "!!", "boolean", "!!", tally)
    for match in _NOW.finditer(code):
        tally.add_at("date.now", match[1] or "new", lines, match.start())
    if "..." in code:
        for match in _SPREAD.finditer(code):
            if not _is_pattern(code, match.start()):
                tally.add_at("object.copy", "spread", lines, match.start())
    if ".env." in code:
        place = "settings" if _SETTINGS.search(parsed.file.path) else "anywhere"
        for match in _ENVIRONMENT.finditer(code):
            tally.add_at("environment", place, lines, match.start())
    _count_declarations(lines, tally)
    for match in _LOGGER.finditer(code):
        if match[2] == "require":
            continue
        tally.add_at("logger", f"{match[1] or ''}{match[2]}", lines, match.start())
    _count_indent(lines, tally)


def _count_comparison(lines: Lines, tally: Tally) -> None:
    code = lines.code
    for match in _EQUALITY.finditer(code):
        start = match.start() - 1
        strict, right = match.groups()
        before = code[start - 1 : start]
        if not (before.isalnum() or before in _OPERAND):
            continue  # part of a regular expression
        if not strict and right == "null":
            tally.add_at("nullish", "== null", lines, start)
            continue
        tally.add_at("equality", "strict" if strict else "loose", lines, start)
        if strict and right == "undefined":
            tally.add_at("undefined", "===", lines, start)
    if "typeof " in code:
        for match in _TYPEOF.finditer(code):
            named = _PERHAPS_GLOBAL.match(match[1])
            if not named and lines.text.startswith("undefined", match.end()):
                tally.add_at("undefined", "typeof", lines, match.start())


def _count_conditions(lines: Lines, markup: bool, tally: Tally) -> None:
    code = lines.code
    for match in _AND.finditer(code):
        start = match.start() - 1
        before = code[max(0, start - 80) : start]
        left = _OPERAND_BEFORE.search(before)
        if left and match[1].startswith(left[0] + ".") and before.endswith(_BEFORE_AND, 0, left.start()):
            tally.add_at("chain", "&&", lines, start)
    _count_each(lines, "?.", "chain", "?.", tally)
    for match in _IF.finditer(code):
        end = match.end() + len(inside_brackets(code, match.end() - 1, _LONG))
        if code[end : end + 1] == ")":
            braces = code[end + 1 : end + 30].lstrip()[:1] == "{"
            tally.add_at("if.braces", "yes" if braces else "no", lines, match.start())
    for match in () if markup else _RETURN.finditer(code):  # a component returns null by contract
        tally.add_at("return.nothing", match[1], lines, match.start())


def _count_texts(lines: Lines, tally: Tally) -> None:
    """A text with a value in it: by a template or by adding up. Texts broken over lines are left out."""
    code, text = lines.code, lines.text
    for match in _PLUS.finditer(code):
        left = code[match.start() - 2]
        if (left in "'\"") != (match[1] in "'\""):
            tally.add_at("text", "+", lines, match.start())
    at, last = text.find("${"), -1
    while at >= 0:
        if code[at] == " ":
            line = lines.line(at)
            if line != last:
                tally.add("text", "template", line)
            last = line
        at = text.find("${", at + 2)


def _count_each(lines: Lines, what: str, question: str, answer: str, tally: Tally) -> None:
    code = lines.code
    at = code.find(what)
    while at >= 0:
        tally.add_at(question, answer, lines, at)
        at = code.find(what, at + len(what))


def _is_pattern(code: str, opening: int) -> bool:
    """Whether the brace takes apart rather than puts together: `const { ...rest } = x`."""
    close = code.find("}", opening)
    return re.match(r"\}\s*(?:=[^=>]|:|\)\s*(?:=>|\{|:))", code[close : close + 40]) is not None


def _count_declarations(lines: Lines, tally: Tally) -> None:
    """Once per file: the first `var`, or the first of the others where there is none."""
    match = _VAR.search(lines.code) if "var " in lines.code else None
    answer = "var" if match else "block"
    match = match or _DECLARED.search(lines.code)
    if match:
        tally.add_at("declaration", answer, lines, match.start() + 1)


_INDENT = re.compile(r"\n(\t|  +)(?=[\w$'\"}])")


def _count_indent(lines: Lines, tally: Tally) -> None:
    match = _INDENT.search(lines.code)
    if match and match[1] in ("\t", "  ", "    "):
        step = "tab" if match[1] == "\t" else str(len(match[1]))
        tally.add_at("indent", step, lines, match.start() + 1)

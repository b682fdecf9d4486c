"""Count how a Java file imports, logs, injects and declares what is local, and which libraries it uses."""

from __future__ import annotations

import re
import string

from ...types import ParsedFile
from ..choices import Choices, count_choices
from ..lines import Lines
from ..tally import Tally

JAVA_CHOICES = Choices({
    "logging": (
        "org.slf4j", "java.util.logging", "org.apache.logging.log4j", "org.apache.log4j",
        "org.apache.commons.logging", "org.jboss.logging", "lombok.extern.slf4j",
    ),
    "nullness": (
        "javax.annotation.Nullable", "jakarta.annotation.Nullable", "org.jetbrains.annotations",
        "org.jspecify.annotations", "org.checkerframework.checker.nullness.qual",
        "edu.umd.cs.findbugs.annotations", "org.springframework.lang", "androidx.annotation",
    ),
    "di": (
        "javax.inject", "jakarta.inject", "com.google.inject", "org.springframework.beans.factory.annotation",
    ),
    "json": ("com.fasterxml.jackson.databind", "com.google.gson", "org.json", "com.alibaba.fastjson"),
    "http": ("okhttp3", "org.apache.http", "org.apache.hc.client5.http", "java.net.http"),
    "dates": ("java.time", "org.joda.time", "java.util.Date"),
})  # fmt: skip
JAVA_TEST_CHOICES = Choices({
    "mocks": ("org.mockito", "org.easymock", "mockit", "org.powermock"),
})  # fmt: skip


def count_structure(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    count_imports(lines, tally)
    _count_braces(lines, tally)
    _count_fields(lines, tally)
    count_locals(lines, tally)
    count_choices(parsed.references, JAVA_CHOICES, tally)


_IMPORT = re.compile(r"\nimport (static )?([\w.]+)(\*?);")


def count_imports(lines: Lines, tally: Tally) -> None:
    statics: list[int] = []
    plain: list[tuple[int, str]] = []
    for match in _IMPORT.finditer(lines.code):
        at = match.start() + 1
        if match[1]:
            statics.append(at)
        else:
            plain.append((at, match[2]))
            tally.add_at("import.wildcard", "yes" if match[3] else "no", lines, at)
    if statics and plain:
        first, last = statics[-1] < plain[0][0], statics[0] > plain[-1][0]
        place = "first" if first else "last" if last else "between"
        tally.add_at("import.static", place, lines, statics[0])
    core = [module.startswith(("java.", "javax.")) for _, module in plain]
    if any(core) and not all(core):
        rest = core[: sum(core)]
        place = "first" if all(rest) else "last" if not any(core[: -sum(core)]) else "mixed"
        tally.add_at("import.java", place, lines, plain[0][0])


_HEAD = re.compile(r"\n[ \t]*+(?:\} else )?(?:if|for|while) \([^\n]*(?:\{|;|\)(?=\n[ \t]+[\w(]))(?=\n)")


def _count_braces(lines: Lines, tally: Tally) -> None:
    for match in _HEAD.finditer(lines.code):
        tally.add_at("braces", "yes" if match[0][-1] == "{" else "no", lines, match.start() + 1)


_LOGGER = re.compile(r"Logger (\w+)\s*=")
_INJECTED = re.compile(
    r"@(?:Autowired|Inject)\b\s++(?:(?:private|protected|public|final) ){0,4}([\w.<>, ]{1,200})([;(=])"
)


def _count_fields(lines: Lines, tally: Tally) -> None:
    for match in _LOGGER.finditer(lines.code):
        tally.add_at("logger.name", match[1], lines, match.start())
    for match in _INJECTED.finditer(lines.code):
        field = match[2] != "("
        if field or " " not in match[1].strip():  # a method with a type is a setter
            tally.add_at("inject", "field" if field else "constructor", lines, match.start())


_LOCAL = re.compile(
    r"\n(?: {8}|\t\t)[ \t]*+(final )?"
    r"([A-Z][\w.]*+(?:<[^;=\n]*>)?(?:\[\])*|int|long|boolean|byte(?:\[\])?|char(?:\[\])?|double|var) (\w+)"
    r" = (new )?"
)
_LOOP = re.compile(r"for \((final )?[\w.<>\[\], ?]+ \w+ : ")


def count_locals(lines: Lines, tally: Tally) -> None:
    """Whether what is assigned once is final; a name assigned again anywhere in the file is no choice."""
    code = lines.code
    again: set[str] | None = None
    for match in _LOCAL.finditer(code):
        final, kind, name, made = match.groups()
        line = lines.line(match.end())
        if code[match.start() - 1 : match.start()] == "(" or _opens(code, match.end()):
            continue  # what a `try` opens is final anyway
        if made:
            tally.add("local.type", "var" if kind == "var" else "written", line)
        if not final and again is None:
            again = _assigned_again(code)
        if final or name not in (again or ()):
            tally.add("final.local", "yes" if final else "no", line)
    for match in _LOOP.finditer(code):
        tally.add_at("final.loop", "yes" if match[1] else "no", lines, match.start())


def _opens(code: str, at: int) -> bool:
    """Whether the line goes on until `) {`."""
    end = code.find("\n", at)
    return end - at >= 3 and code.endswith(") {", at, end)


_AGAIN = re.compile(r"= |\+\+|--")
_WORD = re.compile(r"\w+")
_LETTERS = string.ascii_letters + string.digits + "_"
_OPERATORS = "+-*/|&^%<> "


def _assigned_again(code: str) -> set[str]:
    """The names that an assignment without a type, `x++` or `--x` changes."""
    names: set[str] = set()
    for found in _AGAIN.finditer(code):
        before = code[max(0, found.start() - 60) : found.start()].rstrip(_OPERATORS)
        start = before.rstrip(_LETTERS)
        if start[-1:].isalnum():  # a letter of another script
            start = before[: match.start()] if (match := _LAST.search(before)) else before
        if len(start) < len(before) and (found[0] != "= " or start.rstrip(" \t")[-1:] in _STARTS):
            names.add(before[len(start) :])
        after = _WORD.match(code, found.end()) if found[0] != "= " else None
        if after:
            names.add(after[0])
    return names


_LAST = re.compile(r"(?<!\w)\w++$")
_STARTS = ("", "\n", "(", ")", ";", "{", "}")

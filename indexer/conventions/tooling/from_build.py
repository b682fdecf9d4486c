"""A build file (make, Maven, Gradle, Checkstyle, go.mod, a noxfile) -> the few settings that matter here."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..lines import Lines
from .setting import Setting

_XML_COMMENT = re.compile(r"<!--(?:[\s\S]*?-->|[\s\S]*)")
_TARGET = re.compile(
    r"^(?!endif|else|ifn?eq|ifn?def|include|export)([A-Za-z][\w.-]*)(?:[ \t]+[\w.-]+)*[ \t]*:(?!=)",
    re.MULTILINE,
)
_JUST = re.compile(r"^(test|tests|check|lint)\b[^:\n=]*:(?!=)", re.MULTILINE)
_MODULE = re.compile(r"""<module\s+name\s*=\s*["'](\w+)["']""")
_GO = re.compile(r"^go\s+([\d.]+)", re.MULTILINE)
_CONF = re.compile(r"^(maxColumn|version|indent\.main)\s*=\s*[\"']?([\w.]+)", re.MULTILINE)
_FIXER = re.compile(r"'(@[\w:-]+)'\s*=>\s*true")
_NOX = re.compile(r"^def\s+(tests?|unit|unittests?|pytest)\s*\(", re.MULTILINE)
_MAVEN = (
    ("java", re.compile(r"<(?:maven\.compiler\.(?:release|source)|java\.version)>\s*([\d.]+)\s*<")),
    ("plugin", re.compile(r"<artifactId>\s*((?:spotless|maven-checkstyle|fmt|formatter|maven-pmd|spotbugs)"
                          r"[\w-]*)\s*</artifactId>")),
    ("format", re.compile(r"<(googleJavaFormat|palantirJavaFormat|eclipse)\b")),
    ("check", re.compile(r"<artifactId>\s*(error_prone_core|nullaway)\s*</artifactId>")),
)  # fmt: skip
_GRADLE = (
    ("java", re.compile(r"\brelease\s*(?:=|\.set\()\s*(\d+)")),
    ("java", re.compile(r"sourceCompatibility\s*=\s*(?:JavaVersion\.VERSION_)?[\"']?([\d._]+)")),
    ("plugin", re.compile(r"\b(com\.diffplug\.spotless|checkstyle|ktlint|detekt|net\.ltgt\.errorprone)\b")),
    ("format", re.compile(r"\b(googleJavaFormat|palantirJavaFormat|ktlint|eclipse)\s*\(")),
)  # fmt: skip

Reader = Callable[[str], list[Setting]]


def settings_of_make(text: str) -> list[Setting]:
    """The targets, `.PHONY` and variables left out."""
    return _each(text, (("target", _TARGET),))


def settings_of_just(text: str) -> list[Setting]:
    return _each(text, (("target", _JUST),))


def settings_of_checkstyle(text: str) -> list[Setting]:
    return _each(_uncommented(text), (("module", _MODULE),))


def settings_of_maven(text: str) -> list[Setting]:
    return _each(_uncommented(text), _MAVEN)


def settings_of_gradle(text: str) -> list[Setting]:
    return _each(text, _GRADLE)


def settings_of_gomod(text: str) -> list[Setting]:
    return _each(text, (("go", _GO),))


def settings_of_conf(text: str) -> list[Setting]:
    """Of scalafmt, a key and a value on each line."""
    lines = Lines(text)
    return [Setting((match[1],), match[2], lines.line(match.start())) for match in _CONF.finditer(text)]


def settings_of_fixer(text: str) -> list[Setting]:
    """The sets of rules that PHP CS Fixer starts from."""
    return _each(text, (("set", _FIXER),))


def settings_of_nox(text: str) -> list[Setting]:
    return _each(text, (("session", _NOX),))


def _each(text: str, patterns: tuple[tuple[str, re.Pattern[str]], ...]) -> list[Setting]:
    lines = Lines(text)
    return [
        Setting((key,), match[1], lines.line(match.start()))
        for key, pattern in patterns
        for match in pattern.finditer(text)
    ]


def _uncommented(text: str) -> str:
    return _XML_COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)

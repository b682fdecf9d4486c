"""Checks of golangci-lint, Clippy, Checkstyle and Spotless, and of those that read commits."""

from __future__ import annotations

import re

from ..tools import Set, Tools

_ON = ("warn", "deny", "forbid")


def golangci_check(tools: Tools, check: str, folder: str) -> str | None:
    """A linter that is on, or `linter rule` with a rule of its own that is on."""
    linter, _, rule = check.partition(" ")
    named = next((one for one in tools.each("golangci", "enable", folder) if one.value == linter), None)
    if any(one.value == linter for one in tools.each("golangci", "disable", folder)):
        return None
    if named is None:
        everything = tools.find("golangci", "default|enable-all", folder)
        named = everything if everything and everything.value in ("all", "true") else None
    if named is None or not rule:
        return named.place if named else None
    return _rule_of_linter(tools, linter, rule, named, folder)


def _rule_of_linter(tools: Tools, linter: str, rule: str, named: Set, folder: str) -> str | None:
    """With a list of its own a linter makes what is listed, else what it makes by default."""
    listed = [
        one
        for one in tools.of("golangci", folder)
        if f"settings.{linter}." in one.key
        and one.key.endswith((".name", ".checks", ".enable", ".enabled-checks"))
    ]
    off = [one for one in tools.of("golangci", folder) if one.key.endswith(f"settings.{linter}.disable")]
    if any(one.value in (rule, f"-{rule}") for one in off) or f"-{rule}" in {one.value for one in listed}:
        return None
    if listed:
        return next((one.place for one in listed if one.value in (rule, "all", "*")), None)
    return named.place if rule in _LINTER_DEFAULT.get(linter, ()) else None


# Of the rules asked for, those that a linter makes by itself: https://revive.run/docs
_LINTER_DEFAULT = {
    "revive": {"context-as-argument", "error-naming", "error-strings", "receiver-naming", "var-naming"},
    "testifylint": {"require-error"},
}


def clippy_check(tools: Tools, check: str, folder: str) -> str | None:
    """A lint of Cargo's table; `rust.x` for those of the compiler, `clippy.x` for the others."""
    found = tools.find("clippy", rf"{re.escape(check)}(?:\.level)?", folder)
    return found.place if found and found.value in _ON else None


def checkstyle_check(tools: Tools, check: str, folder: str) -> str | None:
    return next((one.place for one in tools.each("checkstyle", "module", folder) if one.value == check), None)


def spotless_check(tools: Tools, check: str, folder: str) -> str | None:
    for tool in ("gradle", "maven"):
        found = tools.find(tool, "format", folder)
        if found and found.value == check:
            return found.place
    return None


def commits_check(tools: Tools, check: str, folder: str) -> str | None:
    """A linter of commits that wants this style, whichever it is."""
    return next((one.place for one in tools.of("commits", folder) if check in one.value), None)

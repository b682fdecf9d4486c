"""Checks of Ruff, Flake8 and pylint, and what formatters of Python insist on."""

from __future__ import annotations

import re

from ..for_python import formatter_of
from ..ruff import ruff_selects
from ..tools import Set, Tools

_SEPARATED = re.compile(r"[,\s]+")


def ruff_check(tools: Tools, check: str, folder: str) -> str | None:
    """`TID252 ban-relative-imports=all` asks for a setting as well."""
    code, _, wanted = check.partition(" ")
    chosen = ruff_selects(tools, code, folder)
    if chosen is None or not wanted:
        return chosen.place if chosen else None
    key, _, value = wanted.partition("=")
    said = list(tools.each("ruff", rf"(?:.*\.)?{key}", folder))
    if not said:
        return chosen.place if _RUFF_DEFAULT.get(key) == value else None
    return next((one.place for one in said if value in one.value), None)


# https://docs.astral.sh/ruff/settings/
_RUFF_DEFAULT = {
    "parametrize-names-type": "tuple",
    "fixture-parentheses": "false",
    "mark-parentheses": "false",
    "force-single-line": "false",
}


def flake8_check(tools: Tools, check: str, folder: str) -> str | None:
    """Only what is asked for by name: which plugins are installed is not written here."""
    place: str | None = None
    for one in tools.each("flake8", r".*", folder):
        codes = [code for code in _SEPARATED.split(one.value) if code]
        if any(check.startswith(code) for code in codes):
            if one.key.endswith("ignore"):
                return None
            if one.key.endswith("select"):
                place = one.place
    return place


def pylint_check(tools: Tools, check: str, folder: str) -> str | None:
    """Everything is on that is not disabled; `disable=all` asks for names again."""
    known = tools.of("pylint", folder)
    off = [one for one in known if one.key.endswith("disable")]
    on = [one for one in known if one.key.endswith("enable")]
    for one in on:
        if check in _SEPARATED.split(one.value):
            return one.place
    disabled = {name for one in off for name in _SEPARATED.split(one.value)}
    groups = {"all"} | ({"missing-docstring"} if check.endswith("-docstring") else set())
    return known[0].place if known and disabled.isdisjoint({check} | groups) else None


def quotes_check(tools: Tools, check: str, folder: str) -> str | None:
    """What the formatter of Python makes of quotes, or what Ruff says of them where there is none."""
    said = tools.find("ruff", r"format\.quote-style|flake8-quotes\.inline-quotes", folder)
    kept = tools.find("black", "skip-string-normalization", folder)
    formatter = formatter_of(tools, folder)
    if formatter is None:
        place = ruff_selects(tools, "Q000", folder)
    elif formatter[0] == "black":
        return formatter[1] if check == "double" and not (kept and kept.value == "true") else None
    else:
        place = said or Set("", "double", formatter[1]) if formatter[0] == "ruff format" else None
    if place is None or (said.value if said else "double") != check:
        return None
    return said.place if said else place.place


def hook_check(tools: Tools, check: str, folder: str) -> str | None:
    return next((one.place for one in tools.each("pre-commit", "id", folder) if one.value == check), None)

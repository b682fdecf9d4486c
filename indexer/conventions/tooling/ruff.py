"""Which of ruff's rules a project has switched on, as ruff decides it: the longest prefix wins."""

from __future__ import annotations

import re

from .tools import Set, Tools

_DEFAULT = ("E4", "E7", "E9", "F")  # https://docs.astral.sh/ruff/settings/#lint_select
_CODE = re.compile(r"(ALL|[A-Z]+)(\d*)")

# Of the rules of pydocstyle, those that a convention switches off.
# https://docs.astral.sh/ruff/faq/#does-ruff-support-numpy-or-google-style-docstrings
_OFF = {
    "google": "D203 D204 D213 D215 D400 D401 D404 D406 D407 D408 D409 D413",
    "numpy": "D107 D203 D212 D213 D402 D413 D415 D416 D417",
    "pep257": "D203 D212 D213 D214 D215 D404 D405 D406 D407 D408 D409 D410 D411 D413 D415 D416 D417 D418",
}


def ruff_selects(tools: Tools, code: str, folder: str = "") -> Set | None:
    """The setting that switches `code` on, or None where it is off."""
    on = [one for one in tools.each("ruff", r"(?:extend-)?select", folder) if _covers(one.value, code)]
    off = [one for one in tools.each("ruff", r"(?:extend-)?ignore", folder) if _covers(one.value, code)]
    best = max(on, key=lambda one: _weight(one.value), default=None)
    if (
        best is None
        and not list(tools.each("ruff", "select", folder))
        and any(_covers(prefix, code) for prefix in _DEFAULT)
    ):
        best = next(iter(tools.of("ruff", folder)), None)
        weight = 2
    else:
        weight = _weight(best.value) if best else 0
    if best is None or any(_weight(one.value) >= weight for one in off):
        return None
    convention = tools.find("ruff", r"pydocstyle\.convention", folder)
    if convention and code in _OFF.get(convention.value, "").split() and best.value != code:
        return None
    return best


def is_ignored_in_tests(tools: Tools, code: str, folder: str = "") -> bool:
    """Whether tests, or everything, are spared: `per-file-ignores` names them."""
    return any(
        _covers(one.value, code) and re.search(r"\btests?\b|test_|_test|^\*\*?$", one.key) is not None
        for one in tools.each("ruff", r"(?:extend-)?per-file-ignores\..*", folder)
    )


def chosen_groups(tools: Tools, folder: str = "") -> tuple[list[str], str]:
    """The groups of rules that were switched on, by the letters of their codes, and where."""
    chosen = list(tools.each("ruff", r"(?:extend-)?select", folder))
    groups = sorted(
        {
            one.value if len(one.value) <= 3 else match[1]
            for one in chosen
            if (match := _CODE.fullmatch(one.value))
        }
    )
    return groups, chosen[0].place if chosen else ""


def _covers(prefix: str, code: str) -> bool:
    """`D` covers D100 but not DTZ001: the letters are the name of a group, the digits are a prefix."""
    if prefix == "ALL":
        return True
    said, asked = _CODE.fullmatch(prefix), _CODE.fullmatch(code)
    if said is None or asked is None:
        return False
    if said[2]:
        return said[1] == asked[1] and asked[2].startswith(said[2])
    return asked[1] == said[1] or (said[1] == "PL" and asked[1] in ("PLC", "PLE", "PLR", "PLW"))


def _weight(prefix: str) -> int:
    return 0 if prefix == "ALL" else len(prefix)

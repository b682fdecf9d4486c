"""A check that a tool could make -> the place that switches it on, or None where it is off.

Each tool is read as it reads itself: what it checks unless told otherwise, what is added, what is taken away.
"""

from __future__ import annotations

from ..ruff import is_ignored_in_tests
from ..tools import Tools
from .ecma import biome_check, eslint_check, prettier_check
from .others import checkstyle_check, clippy_check, commits_check, golangci_check, spotless_check
from .python import flake8_check, hook_check, pylint_check, quotes_check, ruff_check
from .setting import Active, setting_check

__all__ = ["active"]


def active(tools: Tools, tool: str, check: str, folder: str, tests: bool = False) -> str | None:
    """`path:line`, or "" for what is checked without a setting. `tests` asks for the files of tests."""
    if tool == "ruff" and tests and is_ignored_in_tests(tools, check, folder):
        return None
    return _TOOLS[tool](tools, check, folder)


def _always(_tools: Tools, _check: str, _folder: str) -> str | None:
    return ""


_TOOLS: dict[str, Active] = {
    "ruff": ruff_check,
    "flake8": flake8_check,
    "pylint": pylint_check,
    "pydocstyle": setting_check("pydocstyle"),
    "isort": setting_check("isort"),
    "mypy": setting_check("mypy"),
    "pyright": setting_check("pyright"),
    "quotes": quotes_check,
    "pre-commit": hook_check,
    "prettier": prettier_check,
    "eslint": eslint_check,
    "biome": biome_check,
    "biome format": setting_check("biome"),
    "tsc": setting_check("tsconfig"),
    "golangci-lint": golangci_check,
    "clippy": clippy_check,
    "rustc": _always,
    "rustfmt": setting_check("rustfmt"),
    "checkstyle": checkstyle_check,
    "commits": commits_check,
    "spotless": spotless_check,
}

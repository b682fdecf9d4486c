"""A check that a tool could make -> the place that switches it on, or None where it is off.

Each tool is read as it reads itself: what it checks unless told otherwise, what is added, what is taken away.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .for_python import formatter_of
from .ruff import is_ignored_in_tests, ruff_selects
from .sets import in_set
from .tools import Set, Tools

Active = Callable[[Tools, str, str], str | None]

_ON = ("error", "warn", "deny", "forbid")
_SEPARATED = re.compile(r"[,\s]+")


def active(tools: Tools, tool: str, check: str, folder: str, tests: bool = False) -> str | None:
    """`path:line`, or "" for what is checked without a setting. `tests` asks for the files of tests."""
    if tool == "ruff" and tests and is_ignored_in_tests(tools, check, folder):
        return None
    return _TOOLS[tool](tools, check, folder)


def _ruff(tools: Tools, check: str, folder: str) -> str | None:
    """`TID252 ban-relative-imports=all` asks for a setting as well."""
    code, _, wanted = check.partition(" ")
    chosen = ruff_selects(tools, code, folder)
    if chosen is None or not wanted:
        return chosen.place if chosen else None
    key, _, value = wanted.partition("=")
    found = [one for one in tools.each("ruff", rf".*\b{key}", folder) if value in one.value]
    return found[-1].place if found else None


def _flake8(tools: Tools, check: str, folder: str) -> str | None:
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


def _pylint(tools: Tools, check: str, folder: str) -> str | None:
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


def _setting(tool: str) -> Active:
    """`key=value` with a pattern for the key; a key alone has to be true."""

    def find(tools: Tools, check: str, folder: str) -> str | None:
        key, _, value = check.partition("=")
        found = tools.find(tool, key, folder)
        return found.place if found and found.value.lower() == (value or "true").lower() else None

    return find


def _formatter(tools: Tools, check: str, folder: str) -> str | None:
    found = formatter_of(tools, folder)
    return found[1] if found and found[0] == check else None


def _prettier(tools: Tools, check: str, folder: str) -> str | None:
    """What it is told, else what it does by itself: https://prettier.io/docs/options"""
    known = tools.of("prettier", folder)
    key, _, value = check.partition("=")
    found = tools.find("prettier", key, folder)
    if found:
        return found.place if found.value == value else None
    default = {"semi": "true", "singleQuote": "false", "trailingComma": "all"}.get(key)
    return known[0].place if known and default == value else None


def _eslint(tools: Tools, check: str, folder: str) -> str | None:
    """An error somewhere and off nowhere: which of several sections speaks of a file is not read here.

    `rule option` asks for the first option.
    """
    rule, _, option = check.partition(" ")
    said = [one for one in tools.of("eslint", folder) if _is_rule(one.key, rule)]
    if said:
        words = [word for one in said for word in one.value.split()]
        words += [one.key.rpartition(".")[2] for one in said if one.value == "true"]
        if not {"off", "warn", "0", "1", "allowEmptyCatch"}.isdisjoint(words):
            return None
        options = [word for word in words if word not in ("error", "2", "true")]
        chosen = options[-1] if options else _ESLINT_DEFAULT.get(rule, "")
        return said[0].place if not option or chosen == option else None
    sets = [one for one in tools.each("eslint", "extends", folder) if in_set(one.value, rule)]
    return sets[-1].place if sets and option in ("", _ESLINT_DEFAULT.get(rule, "")) else None


_ESLINT_DEFAULT = {
    "@typescript-eslint/consistent-type-definitions": "interface",
    "@typescript-eslint/consistent-type-imports": "type-imports",
    "@typescript-eslint/array-type": "array",
    "@typescript-eslint/explicit-member-accessibility": "explicit",
    "semi": "always",
    "quotes": "double",
    "func-style": "expression",
}


def _is_rule(key: str, rule: str) -> bool:
    """A rule of a plugin is known by its last name as well: `import/x`, `import-x/x`, `@stylistic/x`."""
    name = key.removeprefix("rules.").removesuffix(".allowEmptyCatch")
    if name == rule:
        return True
    prefix, _, bare = rule.rpartition("/")
    return {
        "import": name in (f"import-x/{bare}", f"i/{bare}"),
        "": name in (f"@stylistic/{bare}", f"@typescript-eslint/{bare}", f"style/{bare}"),
        "@typescript-eslint": name in (f"ts/{bare}", f"typescript/{bare}"),
    }.get(prefix, False)


def _biome(tools: Tools, check: str, folder: str) -> str | None:
    """Rules are named without their group: it moved between versions."""
    found = tools.find("biome", rf"linter\.rules\.\w+\.{check}(?:\.level)?", folder)
    return found.place if found and found.value in ("error", "on") else None


def _golangci(tools: Tools, check: str, folder: str) -> str | None:
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
    off = any(f"-{rule}" == one.value for one in listed)
    if off or (listed and not any(one.value in (rule, "all", "*") for one in listed)):
        return None
    return next((one.place for one in listed if one.value == rule), named.place)


def _clippy(tools: Tools, check: str, folder: str) -> str | None:
    """A lint of Cargo's table; `rust.x` for those of the compiler, `clippy.x` for the others."""
    found = tools.find("clippy", rf"{re.escape(check)}(?:\.level)?", folder)
    return found.place if found and found.value in _ON else None


def _always(_tools: Tools, _check: str, _folder: str) -> str | None:
    return ""


def _commits(tools: Tools, check: str, folder: str) -> str | None:
    """A linter of commits that wants this style, whichever it is."""
    return next((one.place for one in tools.of("commits", folder) if check in one.value), None)


def _checkstyle(tools: Tools, check: str, folder: str) -> str | None:
    return next((one.place for one in tools.each("checkstyle", "module", folder) if one.value == check), None)


def _spotless(tools: Tools, check: str, folder: str) -> str | None:
    for tool in ("gradle", "maven"):
        found = tools.find(tool, "format", folder)
        if found and found.value == check:
            return found.place
    return None


_TOOLS: dict[str, Active] = {
    "ruff": _ruff,
    "flake8": _flake8,
    "pylint": _pylint,
    "pydocstyle": _setting("pydocstyle"),
    "isort": _setting("isort"),
    "mypy": _setting("mypy"),
    "pyright": _setting("pyright"),
    "formatter": _formatter,
    "prettier": _prettier,
    "eslint": _eslint,
    "biome": _biome,
    "tsc": _setting("tsconfig"),
    "golangci-lint": _golangci,
    "clippy": _clippy,
    "rustc": _always,
    "gofmt": _always,
    "rustfmt": _setting("rustfmt"),
    "checkstyle": _checkstyle,
    "commits": _commits,
    "spotless": _spotless,
}

"""Checks of Prettier, ESLint and Biome."""

from __future__ import annotations

from ..for_others import editor_sets
from ..sets import in_set
from ..tools import Tools


def prettier_check(tools: Tools, check: str, folder: str) -> str | None:
    """What it is told, else what it does by itself: https://prettier.io/docs/options"""
    known = tools.of("prettier", folder)
    key, _, value = check.partition("=")
    found = tools.find("prettier", key, folder)
    if found:
        return found.place if found.value == value else None
    if key in ("tabWidth", "useTabs"):  # it reads .editorconfig where it is told nothing itself
        size = editor_sets(tools, "indent_size" if key == "tabWidth" else "indent_style", "ts", folder)
        if size:
            return size.place if known and {"tab": "true"}.get(size.value, size.value) == value else None
    default = {"semi": "true", "singleQuote": "false", "tabWidth": "2"}.get(key)
    return known[0].place if known and default == value else None


def eslint_check(tools: Tools, check: str, folder: str) -> str | None:
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
    "@typescript-eslint/semi": "always",
    "import/enforce-node-protocol-usage": "always",
    "import/consistent-type-specifier-style": "prefer-top-level",
    "jsdoc/require-hyphen-before-param-description": "always",
    "@typescript-eslint/consistent-indexed-object-style": "record",
    "@typescript-eslint/method-signature-style": "property",
    "react/destructuring-assignment": "always",
    "curly": "all",
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


def biome_check(tools: Tools, check: str, folder: str) -> str | None:
    """Rules are named without their group: it moved between versions."""
    found = tools.find("biome", rf"linter\.rules\.\w+\.{check}(?:\.level)?", folder)
    return found.place if found and found.value in ("error", "on") else None

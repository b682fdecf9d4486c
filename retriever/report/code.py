"""A piece of code in a report -> what it imports, calls and defines: by pattern, for it is seldom whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_FROM = re.compile(r"^\s*from\s+([\w.]+)\s+import\s+\(?([\w., \t*]+)", re.MULTILINE)
_IMPORT = re.compile(r"^\s*import\s+([\w.]+)(?:\s+as\s+(\w+))?\s*;?\s*$", re.MULTILINE)
_ECMA = re.compile(r"import\s+(?:\*\s+as\s+)?\{?([\w$, \t]+)\}?\s+from\s+['\"]([^'\"]+)['\"]")
_REQUIRE = re.compile(r"(?:const|let|var)\s+\{?\s*([\w$, ]+?)\s*\}?\s*=\s*require\(['\"]([^'\"]+)['\"]\)")
_USE = re.compile(r"^\s*use\s+([\w:]+)(?:::\{([\w, ]+)\})?;", re.MULTILINE)
_CALL = re.compile(r"(?<![\w.])@?([A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)*)\s*[(!]")
_ATTRIBUTE = re.compile(r"(?<![\w./])([A-Za-z_]\w*(?:(?:\.|::)[A-Za-z_]\w*)+)")
_BASES = re.compile(r"^\s*class\s+\w+\s*[(:]\s*([\w., ]+)", re.MULTILINE)
_DEFINED = re.compile(r"\b(?:def|class|fn|func|function|interface|struct|trait)\s+(\w+)")
_PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.|In \[\d+\]:|\$)[ ]?", re.MULTILINE)
KEYWORDS = frozenset(
    "if for while return print assert not and or in is lambda yield with except elif else def class await "
    "async switch catch function new typeof match loop fn func go defer range len str int list dict set "
    "tuple type isinstance super open repr self true false null none this".split()
)


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of code. `calls` are dotted names as its imports resolve them, bases of classes among them;
    `defines` is what the author wrote himself, `imports` what each name he imports stands for."""

    text: str
    calls: tuple[str, ...]
    defines: frozenset[str]
    imports: Mapping[str, str]


def read_block(text: str) -> Block:
    text = _PROMPT.sub("", text)
    imports = _imports(text)
    defines = frozenset(_DEFINED.findall(text))
    used = [*_CALL.findall(text), *_ATTRIBUTE.findall(text), *_bases(text)]
    calls = [
        resolved(re.sub(r"::|->", ".", name), imports)
        for name in used
        if name.lower() not in KEYWORDS and name not in defines
    ]
    return Block(text, tuple(dict.fromkeys(calls)), defines, imports)


def _imports(text: str) -> dict[str, str]:
    """Each name that is bound by an import, with the module and name it comes from, dotted."""
    bound: dict[str, str] = {}
    for module, names in _FROM.findall(text):
        for name in names.split(","):
            original, _, alias = (part.strip() for part in name.partition(" as "))
            if original:
                bound[alias or original] = f"{module}.{original}".rstrip(".*")
    for module, alias in _IMPORT.findall(text):
        bound[alias or module.partition(".")[0]] = module if alias else module.partition(".")[0]
    for names, module in [*_ECMA.findall(text), *_REQUIRE.findall(text)]:
        for name in names.split(","):
            if original := name.partition(" as ")[0].strip():
                bound[name.rpartition(" as ")[2].strip()] = (
                    f"{module.strip('./@').replace('/', '.')}.{original}"
                )
    for module, names in _USE.findall(text):
        dotted = module.replace("::", ".")
        for name in names.split(",") if names else [""]:
            whole = f"{dotted}.{name.strip()}".rstrip(".")
            bound[whole.rpartition(".")[2]] = whole
    return bound


def _bases(text: str) -> list[str]:
    return [base.strip() for found in _BASES.findall(text) for base in found.split(",") if base.strip()]


def resolved(name: str, imports: Mapping[str, str]) -> str:
    first, dot, rest = name.partition(".")
    return f"{imports[first]}{dot}{rest}" if first in imports else name

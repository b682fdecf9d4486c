"""The text of a function -> its shape: what it does in which order, whatever its variables are called.

Names of variables and what literals say are dropped; words of the language, operators, what is called
and which attributes are read stay. Shapes are compared by the runs of tokens that they share, so that
two statements that changed places cost a little, and a renamed variable nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TypeVar

from indexer.conventions.code import blank

_Counted = TypeVar("_Counted")
_RUN = 3  # tokens in a row: one changed token breaks three runs, about one statement's worth
_TOKEN = re.compile(
    r"""(?P<text>[rbfuRBFU]{0,2}(?:"\s*"|'\s*'|`\s*`))|(?P<number>\b\d[\w.]*)"""
    r"""|(?P<name>[A-Za-z_$][\w$]*)|(?P<sign>[^\w\s])"""
)
_KEYWORDS = frozenset(
    """
    and as assert async await break case catch class const continue def default defer del do elif else
    except extends finally fn for foreach from func function global go goto if impl import in instanceof
    is lambda let loop match mut new nonlocal not of or pass raise range return select self static struct
    super switch this throw throws try type typeof val var void when while with yield True False None
    true false null nil undefined cls
    """.split()
)


@dataclass(frozen=True, slots=True)
class Shape:
    """`runs` are short runs of tokens with their counts, `names` what is called and read, by count."""

    runs: Counter[tuple[str, ...]]
    names: Counter[str]
    lines: int
    tokens: int

    def like(self, other: Shape) -> float:
        """From 0 to 1: the share of runs that both have."""
        return _shared(self.runs, other.runs)

    def means(self, other: Shape) -> float:
        """From 0 to 1: the share of called and read names that both have."""
        return _shared(self.names, other.names) if self.names or other.names else 1.0


def shape_of(text: str, name: str, language: str) -> Shape:
    """The shape of the body of the function `name`, which `text` is the whole of."""
    code = _body(blank(text, language), name, language)
    tokens: list[str] = []
    names: Counter[str] = Counter()
    for match in _TOKEN.finditer(code):
        token = _role(match, code, name)
        if token is None:
            continue
        tokens.append(token)
        if match.lastgroup == "name" and token == match[0] and token not in _KEYWORDS:
            names[token] += 1
    runs = Counter(zip(*(tokens[start:] for start in range(_RUN)), strict=False))
    lines = sum(any(char.isalnum() for char in line) for line in code.split("\n"))
    return Shape(runs, names, lines, len(tokens))


_LITERAL_FIRST = re.compile(r"""\s*[rRuU]?(?:"\s*"|'\s*')\s*(?=\n|$)""")


def _body(code: str, name: str, language: str) -> str:
    """What follows the head of a function, less its docstring."""
    head = re.search(rf"(?<![\w$@.]){re.escape(name)}\b", code)
    depth = 0
    for at in range(head.end() if head else 0, len(code)):
        char = code[at]
        if char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif not depth and (
            char == ":" if language == "python" else char == "{" or code.startswith("=>", at)
        ):
            rest = code[at + (2 if char == "=" else 1) :]
            literal = _LITERAL_FIRST.match(rest)
            return rest[literal.end() :] if literal else rest
    return ""


def _role(match: re.Match[str], code: str, own: str) -> str | None:
    """What a token stands for; None where it says nothing."""
    if match.lastgroup == "text":
        return '"'
    if match.lastgroup == "number":
        return "0"
    token = match[0]
    if match.lastgroup == "sign":
        return None if token in ";," else token  # a matter of taste
    if token in _KEYWORDS:
        return token
    before = code[match.start() - 1 : match.start()]
    after = code[match.end() : match.end() + 1]
    kept = before in (".", ":", "@") or after in ("(", "!", "{") or token[:1].isupper()
    if token == own and before != ".":  # it calls itself
        return "v"
    return token if kept else "v"


def _shared(one: Counter[_Counted], other: Counter[_Counted]) -> float:
    whole = one.total() + other.total()
    return 2 * (one & other).total() / whole if whole else 0.0

"""Find the imports of types that are written as if they imported values.

`import { Shape } from './shape'` where `Shape` is only ever a type could be an `import type`. Without the
other file this is told by the places of the name: the type of a parameter, in angle brackets, behind `as`.
What could be a value as well, such as `{ kind: Shape }`, is no proof, and then the import does not count.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[\w$]")
_SURE = re.compile(
    r"\b(?:as|keyof|is|implements|satisfies) $|\): $|(?<![|&])[|&] $"
    r"|\btype [\w$]+(?:<[^=]*>)? =\s*$"
    r"|\btype \{[^{}]*$"
    r"|(?:[\w$]|[=*:(] |\n[ \t]*)<(?:[^();{}>]*[<,=|&\[]\s*|[^();{}>]*\bextends )?$"  # `<` is still open
)
# The most frequent of them, all within 12 letters, so that the rest need not be looked through.
_NEAR = re.compile(r"(?:\b(?:as|keyof|is|implements|satisfies) |\): |[^|&][|&] |[\w$]<)\Z")
_ENDS = frozenset("<,=|&[:")  # what stands last before a type that is sure, or one of
_WORDS = ("as", "keyof", "is", "implements", "satisfies", "extends")
_EXTENDS = re.compile(r"^(?:export )?(?:interface|type)\b[^\n]*(?:\bextends |, )$")
_DECLARED = re.compile(
    r"\b(?:const|let|var|readonly|private|public|protected|static) [\w$#]+[?!]?: $|^\s*#\w+[?!]?: $"
)
_NAMED = re.compile(r"[\w$\])][?!]?: (?:readonly )?$")
_ENDED = re.compile(r"(?:\[\])*(?: =[^=>]|;|\n(?![ \t]*[}\],]))")
_BODY_OF_TYPE = re.compile(r"(?:\binterface [^{}]*|\btype [\w$]+(?:<[^={}]*>)? = |[\w$)\]]\??: |[&|<] ?)$")
_DECORATOR = re.compile(r"@[A-Z]")
_FAR = 2000  # characters back to the bracket around a name; a longer interface proves nothing


def only_types(names: str, code: str, after: int, markup: bool) -> bool:
    """Whether each of `{ A, B as C }` is used behind `after`, and as a type alone."""
    if names[:1] != "{" or names[-1:] != "}":
        return False
    local = [part.split(" as ")[-1].strip() for part in names[1:-1].split(",") if part.strip()]
    return bool(local) and all(_is_type(name, code, after, markup) for name in local)


def has_decorators(code: str) -> bool:
    """A decorated class needs the values of its types while it runs: they can't be imported as types."""
    for match in _DECORATOR.finditer(code):
        end = code.rfind("\n", 0, match.start())
        if end >= 0 and not code[end + 1 : match.start()].strip(" \t"):
            return True
    return False


def _is_type(name: str, code: str, after: int, markup: bool) -> bool:
    if not name[:1].isupper():
        return False
    found = False
    at = code.find(name, after)
    while at >= 0:
        end = at + len(name)
        if not _WORD.match(code[at - 1]) and not _WORD.match(code, end):
            if code[end : end + 1] == "(" or not _stands_for_type(code, at, end, markup):
                return False
            found = True
        at = code.find(name, end)
    return found


def _stands_for_type(code: str, at: int, end: int, markup: bool) -> bool:
    before = code[max(0, at - 160) : at]
    line = before[before.rfind("\n") + 1 :]
    if _NEAR.search(before[-12:]) or (_may_be_sure(before) and _SURE.search(before)):
        return not (markup and line.endswith("<") and not _WORD.match(line[-2:-1]))  # <Shape /> is a value
    if line.endswith(("extends ", ", ")) and _EXTENDS.match(line):
        return True
    if not before.endswith((": ", " readonly ", "\n")):
        return False
    if _DECLARED.search(line):
        return True
    if not _NAMED.search(before):
        return False
    opening = _around(code, at)
    if code[opening : opening + 1] == "(":
        return True
    if code[opening : opening + 1] == "{" and _BODY_OF_TYPE.search(code[max(0, opening - 160) : opening]):
        return True
    return _ENDED.match(code, end) is not None


def _may_be_sure(before: str) -> bool:
    """Whether `_SURE`, which is tried at each letter, could fit: told by what it ends with."""
    bare = before.rstrip()
    if bare[-1:] in _ENDS:
        return bare[-1:] != "," or "<" in before or "type {" in before
    return (before.endswith((" ", "\n")) and bare.endswith(_WORDS)) or "type {" in before


def _around(code: str, at: int) -> int:
    """The bracket that is open at `at`, or -1."""
    depth = 0
    for place in range(at - 1, max(-1, at - _FAR), -1):
        char = code[place]
        if char in ")}]":
            depth += 1
        elif char in "({[":
            if not depth:
                return place
            depth -= 1
    return -1

"""Find the imports of types that are written as if they imported values.

`import { Shape } from './shape'` where `Shape` is only ever a type could be an `import type`. Without the
other file this is told by the places of the name: after a colon, in angle brackets, behind `as`. What could
be a value as well, such as `{ kind: Shape }`, is no proof, and then the import does not count.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[\w$]")
_TYPE_BEFORE = re.compile(
    r"(?:[^?:\w\s)\]] |[\w)\]]\??|^|\}): $|[|&] $|\b(?:as|keyof|is|implements|satisfies) $|\w<$"
)
_TYPE_AFTER = re.compile(r"\[\]|\)| =[^=]| \{|>|<| [|&] |;|\n(?![ \t]*[}\],])")
_DECORATOR = re.compile(r"\n[ \t]*@[A-Z]\w*")


def only_types(names: str, code: str, after: int, markup: bool) -> bool:
    """Whether each of `{ A, B as C }` is used behind `after`, and as a type alone."""
    if names[:1] != "{" or names[-1:] != "}":
        return False
    local = [part.split(" as ")[-1].strip() for part in names[1:-1].split(",") if part.strip()]
    return bool(local) and all(_is_type(name, code, after, markup) for name in local)


def has_decorators(code: str) -> bool:
    """A decorated class needs the values of its types while it runs: they can't be imported as types."""
    return "@" in code and _DECORATOR.search(code) is not None


def _is_type(name: str, code: str, after: int, markup: bool) -> bool:
    if not name[:1].isupper():
        return False
    found = False
    at = code.find(name, after)
    while at >= 0:
        end = at + len(name)
        if not _WORD.match(code[at - 1]) and not _WORD.match(code, end):
            before = _TYPE_BEFORE.search(code[max(0, at - 24) : at])
            if not before or (markup and before[0][-1] == "<") or not _TYPE_AFTER.match(code, end):
                return False
            found = True
        at = code.find(name, end)
    return found

"""The signature of a function -> what it may be called with, where the signature says all of it."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

from indexer.conventions.lines import inside_brackets

from .calls import Call
from .meant import nearest_name


@dataclass(frozen=True, slots=True)
class Parameters:
    """`places` are the parameters that are filled by position, `named` those that a keyword can fill.

    `needed` have no default. `rest` and `others`: it takes any further values, any further keywords.
    """

    places: tuple[str, ...]
    named: frozenset[str]
    needed: frozenset[str]
    rest: bool = False
    others: bool = False

    def without_first(self) -> Parameters:
        """What is left to fill where the object fills the first place."""
        first = self.places[:1]
        return Parameters(
            self.places[1:],
            self.named.difference(first),
            self.needed.difference(first),
            self.rest,
            self.others,
        )

    def refusal(self, call: Call) -> str:
        """Why a call does not fit, as the end of a sentence about it; "" where it does or may."""
        unknown = [word for word in call.keywords if word not in self.named]
        if unknown and not self.others:
            right = nearest_name(unknown[0], sorted(self.named))
            return f"has no parameter `{unknown[0]}`" + (f"; did you mean `{right}`?" if right else "")
        if call.positional > len(self.places) and not self.rest:
            most = len(self.places)
            return f"takes at most {most} {_values(most)} by position, not {call.positional}"
        if call.spread:
            return ""
        filled = {*self.places[: call.positional], *call.keywords}
        missing = [name for name in self.places if name in self.needed and name not in filled]
        missing += sorted(self.needed - filled - set(missing))
        return f"needs `{missing[0]}`" if missing else ""


def parameters_of(name: str, code: str, language: str) -> Parameters | None:
    """What the function `name` takes, whose definition `code` begins with, strings blanked out.

    None where it is not written in the usual way.
    """
    return _of_python(name, code) if language == "python" else _of_typescript(name, code)


def _of_python(name: str, code: str) -> Parameters | None:
    head = re.search(rf"\bdef\s+{re.escape(name)}\s*(?=\()", code)
    if head is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in defaults
            read = ast.parse(f"def f({inside_brackets(code, head.end())}\n): ...").body[0]
    except (SyntaxError, ValueError, IndexError):
        return None
    if not isinstance(read, ast.FunctionDef):
        return None
    given = read.args
    places = [arg.arg for arg in (*given.posonlyargs, *given.args)]
    needed = set(places[: len(places) - len(given.defaults)])
    words = [arg.arg for arg in given.kwonlyargs]
    needed.update(word for word, default in zip(words, given.kw_defaults, strict=True) if default is None)
    return Parameters(
        tuple(places),
        frozenset((*(arg.arg for arg in given.args), *words)),
        frozenset(needed),
        given.vararg is not None,
        given.kwarg is not None,
    )


_NAME = re.compile(r"(?:(?:public|private|protected|readonly|override)\s+)*([\w$]+|[{\[])\s*(\?)?\s*(:)?\s*")
_DEFAULT = re.compile(r"=(?!>)")
_OMITTED = re.compile(
    r"\b(?:void|undefined|any|unknown|never)\b|^[A-Z]\w?$"
)  # types whose value may be left out


def _of_typescript(name: str, code: str) -> Parameters | None:
    head = re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", code)
    if head is None or not _HEADS.match(code, head.end()):
        return None
    opening = _opening(code, head.end())
    if opening < 0:
        return None
    inner = inside_brackets(code, opening)
    if opening + len(inner) + 1 >= len(code):
        return None
    places: list[str] = []
    needed: list[str] = []
    for place, part in enumerate(_split(inner)):
        if part.startswith("..."):
            return Parameters(tuple(places), frozenset(), frozenset(needed), rest=True)
        match = _NAME.match(part.lstrip())
        if match is None or part.lstrip().startswith("@"):
            return None
        if match[1] == "this":
            continue
        taken_apart = match[1] in "{["
        places.append(f"parameter {place + 1}" if taken_apart else match[1])
        type_ = part.lstrip()[match.end() :].strip() if match[3] else ""
        says_type = taken_apart or bool(type_)
        if says_type and not match[2] and not _DEFAULT.search(part) and not _OMITTED.search(type_):
            needed.append(places[-1])
    return Parameters(tuple(places), frozenset(), frozenset(needed))


_HEADS = re.compile(
    r"\s*[<(]|\s*=\s*(?:async\s*)?(?:function\b\*?\s*)?[<(]"
)  # `f(`, `f = (`, `f = function (`


def _opening(code: str, start: int) -> int:
    """Where the list of parameters begins: the first bracket outside of type parameters."""
    depth = 0
    for at in range(start, len(code)):
        char = code[at]
        if char == "<":
            depth += 1
        elif char == ">" and code[at - 1] != "=":
            depth -= 1
        elif char == "(" and depth <= 0:
            return at
    return -1


def _split(inner: str) -> list[str]:
    """The parts between commas that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(inner):
        if char in "([{<":
            depth += 1
        elif char in ")]}" or (char == ">" and inner[at - 1] != "="):
            depth -= 1
        elif char == "," and not depth:
            parts.append(inner[start:at].strip())
            start = at + 1
    last = inner[start:].strip()
    return [*parts, last] if last else parts


def _values(count: int) -> str:
    return "value" if count == 1 else "values"

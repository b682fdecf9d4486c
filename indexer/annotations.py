"""Turn a declared type, as it is written, into the chain of what it holds (chains.py has the notation).

Optional["Foo"], Foo | None  ->  Foo()      list[Foo]       ->  Foo()*
type[Foo]                    ->  Foo        dict[str, Foo]  ->  Foo()%
"""

from __future__ import annotations

import re
from collections.abc import Callable

from indexer import declared
from indexer.chains import NOTHING, OUTSIDE, UNKNOWN, either, step

_LONGEST = 300  # characters


def held(text: str, language: str) -> str:
    """What a value of this type is, as a chain."""
    return _READERS.get(language, _python)(text) if len(text) <= _LONGEST else UNKNOWN


def _python(text: str) -> str:
    text = text.strip()
    if text[:1] in "'\"":
        text = text.strip("'\"").strip()
    parts = _split(text, "|")
    if len(parts) > 1:
        return either(*map(_python, parts))
    if _NAME.fullmatch(text):
        return _plain(text)
    head, _, rest = text.partition("[")
    head = head.strip()
    if not _NAME.fullmatch(head) or not rest.endswith("]"):
        return UNKNOWN
    inner = _split(rest[:-1], ",")
    return _generic(head, inner)


def _generic(head: str, inner: list[str]) -> str:
    last = head.rpartition(".")[2]
    if last in _TRANSPARENT:
        return _python(inner[0])
    if last == "Union":
        return either(*map(_python, inner))
    if last in ("type", "Type"):
        return "|".join(part.removesuffix("()") for part in _python(inner[0]).split("|"))
    if last in ("Coroutine",):
        return _python(inner[-1])
    if last in _CONTAINERS:
        return step(_python(inner[0]), "*") if _python(inner[0]) else UNKNOWN
    if last in ("tuple", "Tuple"):
        return step(either(*(_python(part) for part in inner if part != "...")), "*") or UNKNOWN
    if last in _MAPPINGS:
        return step(_python(inner[-1]), "%") if len(inner) == 2 and _python(inner[-1]) else UNKNOWN
    return UNKNOWN if last in _SAYS_NOTHING else head + "()"


def _plain(name: str) -> str:
    if name == "None":
        return NOTHING
    if name.rpartition(".")[2] in _SAYS_NOTHING:
        return UNKNOWN
    return OUTSIDE if name in _BUILTIN else name + "()"


def _split(text: str, separator: str) -> list[str]:
    """The parts of a text between separators that stand in no brackets and quotes."""
    if separator not in text:
        return [text.strip()]
    parts, depth, start, quote = [], 0, 0, ""
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "[(<{":
            depth += 1
        elif letter in "])>}":
            depth -= 1
        elif letter == separator and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_TRANSPARENT = frozenset(
    """
    Optional Annotated ClassVar Final Required NotRequired ReadOnly Awaitable InitVar
    AbstractContextManager ContextManager AbstractAsyncContextManager AsyncContextManager
    """.split()
)
_CONTAINERS = frozenset(
    """
    list List set Set frozenset FrozenSet Iterable Iterator Sequence Collection MutableSequence
    AbstractSet MutableSet Generator AsyncIterator AsyncIterable AsyncGenerator deque Deque KeysView
    ValuesView Reversible
    """.split()
)
_MAPPINGS = frozenset(
    {"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict", "ChainMap"}
)
_SAYS_NOTHING = frozenset(
    {"Any", "object", "Callable", "Literal", "Never", "NoReturn", "Concatenate", "LiteralString"}
)
_BUILTIN = frozenset(
    """
    str int float bool bytes bytearray complex memoryview list dict set tuple frozenset range slice
    type
    """.split()
)
_READERS: dict[str, Callable[[str], str]] = {
    "python": _python,
    "go": declared.go,
    "java": declared.java,
    "rust": declared.rust,
    **dict.fromkeys(("javascript", "typescript", "tsx"), declared.ecma),
}

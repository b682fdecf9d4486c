"""A definition and how it should be called -> the same file with it called so: habits of names, broken."""

from __future__ import annotations

import re
from collections.abc import Callable

from indexer.types import ParsedFile

from .swaps import Edit, defined_at

Renaming = Callable[[str], str | None]


def renaming(question: str, answer: str, language: str) -> Edit | None:
    """The edit that breaks a habit of names, None for other habits."""
    asked = f"{question}={answer}"
    for pattern, name in _NAMES:
        if re.fullmatch(pattern, f"{language}/{asked}"):
            return _edit(name)
    style = re.fullmatch(r"name\.(?:function|method|type|constant)=(\w+)", asked)
    return _edit(lambda name: restyled(name, style[1])) if style else None


def _edit(name: Renaming) -> Edit:
    def edit(text: str, line: int, parsed: ParsedFile) -> str | None:
        symbol = defined_at(parsed, line)
        new = name(symbol.name) if symbol else None
        if not symbol or not new or new == symbol.name:
            return None
        return re.sub(rf"(?<![\w$]){re.escape(symbol.name)}(?![\w$])", new, text)

    return edit


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")


def restyled(name: str, style: str) -> str:
    """A name of `style` in another one."""
    words: list[str] = [word.lower() for word in _WORD.findall(name)]
    if not words:
        return name
    if style in ("camel", "pascal"):
        return "_".join(words)
    return words[0] + "".join(word.capitalize() for word in words[1:])


_OTHER_VERB = {
    "get": "fetch", "fetch": "get", "create": "make", "make": "create", "delete": "remove",
    "remove": "delete", "check": "validate", "validate": "check", "update": "modify", "to": "as",
    "build": "create", "new": "make",
    "ensure": "check", "verify": "check", "retrieve": "get", "convert": "transform", "change": "update",
}  # fmt: skip


def _other_verb(name: str) -> str | None:
    match = re.match(r"(_*)([A-Z]?[a-z]+)", name)
    if not match or match[2].lower() not in _OTHER_VERB:
        return None
    other = _OTHER_VERB[match[2].lower()]
    return match[1] + (other.capitalize() if match[2][0].isupper() else other) + name[match.end() :]


_PREDICATE = re.compile(
    r"(_*)(?:is|has|can|should|was|are|needs|supports|contains|does|Is|Has|Can)_?(?=[A-Za-z])"
)


def _no_predicate(name: str) -> str | None:
    match = _PREDICATE.match(name)
    return f"{match[1]}compute_{name[match.end() :].lower()}" if match and name[match.end() :] else None


def _camel_of_test(name: str) -> str:
    rest = name.removeprefix("test")
    return rest[:1].lower() + rest[1:]


def _no_suffix(name: str) -> str | None:
    for suffix in ("Error", "Exception"):
        if name.endswith(suffix):
            return name.removesuffix(suffix) + "Problem"
    return None


_NAMES: tuple[tuple[str, Renaming], ...] = (
    (r".*/verb\.\w+=\w+", _other_verb),
    (r".*/name\.predicate=yes", _no_predicate),
    (r".*/error\.suffix=(?:Error|Exception)", _no_suffix),
    (r"go/error\.type=Error", _no_suffix),
    (r".*/(?:name\.)?suffix\b.*=\w+", lambda name: name + "Thing"),
    (r".*/interface\.prefix=no", lambda name: "I" + name),
    (r".*/interface\.prefix=yes", lambda name: name[1:] if name[:1] == "I" else None),
    (r"go/getter\.name=bare", lambda name: "Get" + name[:1].upper() + name[1:]),
    (r"go/test\.name=TestA", lambda name: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name, count=2)),
    (r"go/test\.name=TestA_b", lambda name: name.replace("_", "")),
    (r"java/test\.name=words", lambda name: restyled(name, "upper")),
    (r"java/test\.name=test", _camel_of_test),
    (r"rust/builder\.name=bare", lambda name: "with_" + name),
    (r"rust/test\.prefix=no", lambda name: "test_" + name),
    (r"rust/test\.prefix=yes", lambda name: name.removeprefix("test_")),
)

"""Turn nodes of a syntax tree into what is written there: names, paths, qualifiers, columns and rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from indexer import chains

_NAME_LENGTH = 80  # bytes; a longer qualifier is an expression, not a name


class Node(chains.Node, Protocol):
    """What is asked of a syntax node."""

    @property
    def byte_range(self) -> tuple[int, int]: ...

    @property
    def start_point(self) -> tuple[int, int]: ...

    @property
    def end_point(self) -> tuple[int, int]: ...

    @property
    def parent(self) -> Node | None: ...

    @property
    def named_children(self) -> Sequence[Node]: ...


class Written:
    """A source, asked by the offsets of its nodes: to ask a node costs more than to cut out a text."""

    def __init__(self, source: bytes, has_blocks: bool) -> None:
        self.source = source
        self._letters = source.decode("latin-1")  # one for each byte: where they are ASCII, they are the text
        self._has_blocks = has_blocks

    def text(self, start: int, end: int) -> str:
        letters = self._letters[start:end]
        return letters if letters.isascii() else self.source[start:end].decode(errors="replace")

    def path(self, start: int, end: int) -> tuple[str, str, bool]:
        """The qualifier and the name where the text is names with dots between them, as nine of ten are, and
        whether the qualifier is a chain as it stands; else nothing."""
        return _parts(self._letters[start:end]) if end - start <= _NAME_LENGTH else _NO_PATH

    def qualifier(self, node: Node) -> tuple[str, bool]:
        """What stands before a name, and whether it is a name itself."""
        start, end = node.byte_range
        if end - start > _NAME_LENGTH:
            return "…", False
        text = self.text(start, end)
        if text.isidentifier():
            return text, True
        if text.replace(".", "_").isidentifier():
            return text, not KEYWORDS.search(text)
        return plain(text), False

    def module(self, module: tuple[int, int], name: int) -> str:
        """The text of a module; less what follows when the name is the last part of it."""
        start, end = module
        if not start < name < end:
            return plain(self.text(start, end))
        before = self.text(start, name)
        return plain(before.removeprefix("import").split("{")[0]).rstrip(".")

    def column(self, start: int, column: int) -> int:
        """Where a node stands on its line; in languages with blocks, how far that line is indented."""
        if not self._has_blocks or not column:
            return column
        line = start - column
        indented = _SPACE.match(self.source, line)
        return indented.end() - line if indented else 0

    def end(self, node: Node, start: int, end: int) -> tuple[int, int]:
        """Where a node ends, and on which row, without the space that some grammars swallow."""
        row = node.end_point[0]
        source = self.source
        while end > start and source[end - 1] in b" \t\r\n":
            end -= 1
            row -= source[end] == 10
        return end, row

    def own_rows(self, node: Node) -> tuple[int, int] | None:
        """The first and the last row of a node that is the first thing on its line."""
        row, column = node.start_point
        start, end = node.byte_range
        if column and not self.source[start - column : start].isspace():
            return None
        return row, self.end(node, start, end)[1]


_NO_PATH = "", "", False


@lru_cache(maxsize=32_768)  # a repository says the same paths all the time
def _parts(path: str) -> tuple[str, str, bool]:
    if not path.isascii() or not path.replace(".", "_").isidentifier():
        return _NO_PATH
    qualifier, _, name = path.rpartition(".")
    return qualifier, name, "." not in qualifier or not KEYWORDS.search(qualifier)


KEYWORDS = re.compile(r"\.(?:this|await)\b")  # steps that are no members
_SPACE = re.compile(rb"[ \t]*")
_SEPARATORS = re.compile(r"::|->|\?\.|\\")
_NO_NAME = re.compile(r"(?<=[\w.:])<[^()]*>|\s+|\$(?=\w)")


def plain(text: str) -> str:
    """A name with dots between its parts, without type arguments and space."""
    if text.replace(".", "_").isidentifier():
        return text
    return _SEPARATORS.sub(".", _NO_NAME.sub("", text)).rstrip(".") or text


def last_part(module: str, is_path: bool) -> str:
    """`net/http` -> `http`, `github.com/go-chi/chi/v5` -> `chi`, `a.b` -> `b`, `"uv/unix.h"` -> `unix.h`."""
    last = re.sub(r"[./]v\d+$", "", module).rsplit("/", 1)[-1]
    return last if is_path or "/" in module else last.rsplit(".", 1)[-1]

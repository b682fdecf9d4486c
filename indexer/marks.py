"""Turn the matches of a query, as parse.py describes its captures, into marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from indexer import chains, declared
from indexer.annotations import held
from indexer.symbols import Above, Mark, name_parts

_NAME_LENGTH = 80  # bytes; a longer qualifier is an expression, not a name
_DOC_BYTES = 4000  # of a docstring; more than symbols.DOC_LENGTH keeps of it


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


Captures = Mapping[str, Sequence[Node]]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of a query: its capture with a role, and who reads what it matched."""

    index: int
    capture: str
    role: str
    kind: str
    read: _Read


_Read = Callable[["Reader", Node, Pattern, Captures], None]
Patterns = dict[int, Pattern]  # of one query by index; filled as they match


class Reader:
    """Reads matches; `sound_marks` and `above` are what they came to."""

    def __init__(self, source: bytes, patterns: Patterns, language: str) -> None:
        self._source = source
        self._letters = source.decode("latin-1")  # one for each byte, sliced by offsets
        self._language = language
        self._has_blocks = language in BLOCKS
        self._is_ecma = language in _ECMA
        self._patterns = patterns
        self._definitions: dict[int, tuple[int, Mark]] = {}  # by where the name stands, with the pattern
        self._marks: list[Mark] = []
        self._comments: list[tuple[int, int]] = []
        self._attributes: list[tuple[int, int]] = []

    def read(self, matches: Iterable[tuple[int, Captures]]) -> None:
        patterns = self._patterns
        for index, captures in matches:
            pattern = patterns.get(index) or patterns.setdefault(index, _pattern(index, captures))
            pattern.read(self, captures[pattern.capture][0], pattern, captures)

    def above(self) -> Above:
        return Above(self._comments, self._attributes)

    def sound_marks(self) -> list[Mark]:
        """All marks, less the constants that are imports and the calls that are a definition's own head."""
        definitions = self._definitions
        marks = [mark for mark in self._marks if mark.start not in definitions or self._is_sound(mark)]
        return [mark for _, mark in definitions.values()] + marks

    def _is_sound(self, mark: Mark) -> bool:
        """Whether a mark may stand where the name of a definition does; an import ousts a constant."""
        if mark.role == "import" and self._definitions[mark.start][1].kind == "constant":
            del self._definitions[mark.start]
        return mark.role != "call"

    def _use(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        """A name that is called or inherited from."""
        mark = self._used(node, pattern.kind, captures["qualifier"][0] if "qualifier" in captures else None)
        if mark and "arguments" in captures:
            written = captures["arguments"][0].named_children
            mark.arguments = sum(not child.type.endswith("comment") for child in written)

    def _member(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        """The same of the last name of `a.b.c`; where that is only names, no node in it is looked at."""
        start, end = node.byte_range
        path = self._letters[start:end]
        if end - start > _NAME_LENGTH or not (path.isascii() and path.replace(".", "_").isidentifier()):
            inner = node.named_children
            if len(inner) > 1:
                self._used(inner[-1], pattern.kind, inner[0])
            return
        qualifier, _, name = path.rpartition(".")
        if name:
            row, column = node.end_point
            column -= len(name)
            start = end - len(name)
            mark = Mark(start, end, row, pattern.kind, "", name, qualifier)
            mark.column = self._indent(start - column) if self._has_blocks else column
            if "." not in qualifier or not _KEYWORDS.search(qualifier):
                mark.chain = qualifier
            else:
                mark.chain = chains.chain(node.named_children[0], self._source)
            self._marks.append(mark)

    def _used(self, node: Node, kind: str, before: Node | None) -> Mark | None:
        start, end = node.byte_range
        qualifier = chain = ""
        if before:
            qualifier, is_name = self._qualifier(before)
            chain = qualifier if is_name else chains.chain(before, self._source)
        name = self._written(start, end)
        if not name.isidentifier() and ("." in name or ":" in name):  # C++ and Elixir write paths so
            *path, name = name_parts(name)
            qualifier = ".".join([*([qualifier] if qualifier else []), *path])
        return self._refer(node, start, end, kind, name, qualifier, chain)

    def _import(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        start, end = node.byte_range
        modules = [module.byte_range for module in captures.get("module", ())]
        covers = bool(modules) and start <= modules[0][0] and end >= modules[-1][1]
        original = captures["original"][0] if "original" in captures else None
        texts = [self._module(module, original.start_byte if original else start) for module in modules]
        qualifier = ".".join(text.strip("\"'`<>") for text in texts)
        if not covers:
            name = _plain(self._written(start, end))
        elif self._source[end - 1 : end] == b"*":
            name = "*"
        else:
            name = _last_part(qualifier, is_path=texts[-1][:1] in ('"', "'", "`", "<"))
        if name == "." or (name == "_" and self._language != "go"):  # Go's `_` binds nothing, its `.` all
            name = "*"
        if original:
            qualifier += f"#{self._text(original)}"
        chain = ""  # where it binds what a module holds, and not a module
        if "default" in captures:
            chain = f"<{qualifier}>.default"
        elif modules and name != "*":
            if covers or "whole" in captures:
                chain = f"<{qualifier}>"
            elif start == modules[0][0] and end < modules[-1][1]:  # `import a.b` binds a
                chain = f"<{name}>"
        self._refer(node, start, end, pattern.kind, name, qualifier, chain)

    def _refer(
        self, node: Node, start: int, end: int, kind: str, name: str, qualifier: str, chain: str
    ) -> Mark | None:
        """A reference, unless it has no name: a node that the grammar only expected has no text."""
        if not name:
            return None
        row, column = node.start_point
        mark = Mark(start, end, row, kind, "", name, qualifier)
        mark.column = self._indent(start - column) if self._has_blocks else column
        mark.chain = chain
        self._marks.append(mark)
        return mark

    def _definition(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        for name in captures["name"]:
            start, end = name.byte_range
            earlier = self._definitions.get(start)
            if start == end or (earlier and earlier[0] <= pattern.index):
                continue
            mark = self._mark(node, pattern.role, pattern.kind)
            mark.name = self._written(start, end)
            if "owner" in captures:
                mark.owner = self._text(captures["owner"][0])
            body = captures["body"][0] if "body" in captures else node.child_by_field_name("body")
            mark.head_end = body.start_byte if body else 0
            self._definitions[start] = (pattern.index, mark)

    def _in_capitals(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        """A definition, if its name says so: what a class assigns is a field of its objects otherwise."""
        if _CAPITALS.fullmatch(self._text(captures["name"][0])):
            self._definition(node, pattern, captures)

    def _binding(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        """What is bound; the value is read when somebody asks what the name stands for."""
        value = captures["value"][0] if "value" in captures else None
        if value and self._is_ecma and value.type in chains.DEFINING:  # `const f = () => 1` defines f
            return
        kind = pattern.kind
        start, end = node.byte_range
        name = self._written(start, end)
        mark = Mark(start, end, 0, pattern.role, kind, _NAMED[kind].format(name) if kind in _NAMED else name)
        mark.column = self._column(node, start)
        mark.chain, mark.since = chains.UNKNOWN, start
        if "type" in captures:
            mark.chain = self._declared(kind, captures["type"][0], value)
        elif value:
            mark.chain, mark.value, mark.since = None, value, value.end_byte
        if kind == "field":  # taken apart: `{ name }`, `{ name: here }`
            mark.member = "." + self._text(captures.get("original", (node,))[0])
            if mark.chain is not None:
                mark.chain = chains.step(mark.chain, mark.member)
        if "extent" in captures:
            mark.start, mark.end = captures["extent"][0].byte_range
            mark.since, mark.until = mark.start, mark.end
        self._marks.append(mark)

    def _returned(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        if self._is_ecma and _is_nameless(node):
            return
        start, end = node.byte_range
        mark = Mark(start, end, 0, pattern.role, pattern.kind)
        mark.column = self._column(node, start)
        mark.chain, mark.value, mark.since = None, node, end
        self._marks.append(mark)

    def _returns(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        start, end = node.byte_range
        mark = Mark(start, end, 0, pattern.role, pattern.kind)
        mark.column = self._column(node, start)
        mark.chain, mark.since = held(self._written(start, end), self._language), start
        if self._language == "go":
            self._second_result(node)
        self._marks.append(mark)

    def _declared(self, kind: str, type_: Node, value: Node | None) -> str:
        """What a declared type holds; what the value is where the type says less than that."""
        chain = held(self._text(type_), self._language)
        if kind == "each":  # one of several arguments
            return chains.step(chain, "*")
        if kind == "generic":
            return "|".join(part.removesuffix("()") for part in chain.split("|"))
        if value and (chain == chains.UNKNOWN or (self._language == "python" and chain[-1:] in _VAGUE)):
            written = chains.chain(value, self._source)
            return chains.either(written, chain.strip(chains.UNKNOWN))
        return chain

    def _second_result(self, node: Node) -> None:
        """Go's functions give several results, and the second is often an object as well."""
        chain = declared.second(self._text(node))
        if chain not in (chains.NOTHING, chains.UNKNOWN, chains.OUTSIDE):
            mark = Mark(node.start_byte, node.end_byte, 0, "binding", "second", "(1)")
            mark.chain = chain
            self._marks.append(mark)

    def _column(self, node: Node, start: int) -> int:
        """Where a node stands on its line; in languages with blocks, how far that line is indented."""
        column = node.start_point[1]
        return self._indent(start - column) if self._has_blocks else column

    def _indent(self, line: int) -> int:
        indented = _SPACE.match(self._source, line)
        return indented.end() - line if indented else 0

    def _module(self, module: tuple[int, int], name: int) -> str:
        """The text of a module; less what follows when the name is the last part of it."""
        start, end = module
        if not start < name < end:
            return _plain(self._written(start, end))
        before = self._written(start, name)
        return _plain(before.removeprefix("import").split("{")[0]).rstrip(".")

    def _scope(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        mark = self._mark(node, pattern.role, pattern.kind)
        mark.name = self._text(captures["name"][0])
        self._marks.append(mark)

    def _doc(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        mark = self._mark(node, pattern.role)
        mark.name = self._written(mark.start, min(mark.end, mark.start + _DOC_BYTES))
        self._marks.append(mark)

    def _comment(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        self._own_lines(node, self._comments)

    def _attribute(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        self._own_lines(node, self._attributes)
        mark = self._mark(node, pattern.role, pattern.kind)
        inner = node.named_children
        mark.chain, mark.value = (None, inner[0]) if inner else (chains.UNKNOWN, None)
        self._marks.append(mark)

    def _other(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        self._marks.append(self._mark(node, pattern.role, pattern.kind))

    def _mark(self, node: Node, role: str, kind: str = "") -> Mark:
        start, end = node.byte_range
        end, last_row = self._ended(node, start, end)
        return Mark(start, end, node.start_point[0], role, kind, "", "", last_row)

    def _own_lines(self, node: Node, found: list[tuple[int, int]]) -> None:
        row, column = node.start_point
        start, end = node.byte_range
        if not column or self._source[start - column : start].isspace():
            found.append((row, self._ended(node, start, end)[1]))

    def _ended(self, node: Node, start: int, end: int) -> tuple[int, int]:
        """Where a node ends, and on which row, without the space that some grammars swallow."""
        row = node.end_point[0]
        source = self._source
        while end > start and source[end - 1] in b" \t\r\n":
            end -= 1
            row -= source[end] == 10
        return end, row

    def _text(self, node: Node) -> str:
        return self._written(*node.byte_range)

    def _written(self, start: int, end: int) -> str:
        text = self._letters[start:end]
        return text if text.isascii() else self._source[start:end].decode(errors="replace")

    def _qualifier(self, node: Node) -> tuple[str, bool]:
        """What stands before a name, and whether it is a name itself."""
        start, end = node.byte_range
        if end - start > _NAME_LENGTH:
            return "…", False
        text = self._written(start, end)
        if text.isidentifier():
            return text, True
        if text.replace(".", "_").isidentifier():
            return text, not _KEYWORDS.search(text)
        return _plain(text), False


_VAGUE = ("!", "?", "*", "%")  # ends of a declared type that says less than the value does


# Languages in which a variable is declared, and means that as far as its block goes.
BLOCKS = frozenset({"go", "java", "javascript", "rust", "tsx", "typescript"})
_ECMA = frozenset({"javascript", "typescript", "tsx"})
_FUNCTIONS = chains.NAMELESS | {"function_declaration", "method_definition", "generator_function_declaration"}
_NAMING = frozenset(
    {"variable_declarator", "assignment_expression", "pair", "public_field_definition", "field_definition"}
)
_NAMED = {
    "property": "this.{}",
    "default": "default",
    "package": "package",
    "first": "0",
}  # the name that a kind binds
_KEYWORDS = re.compile(r"\.(?:this|await)\b")  # steps that are no members
_CAPITALS = re.compile(r"[A-Z][A-Z0-9_]+")
_SPACE = re.compile(rb"[ \t]*")


def _is_nameless(node: Node) -> bool:
    """Whether what is given back here is given by a callback inside the function that has a name."""
    around = node.parent
    while around is not None and around.type not in _FUNCTIONS:
        around = around.parent
    if around is None or around.type not in chains.NAMELESS or around.parent is None:
        return False
    return around.parent.type not in _NAMING


def _pattern(index: int, captures: Captures) -> Pattern:
    for capture in captures:
        role, kind, how = (*capture.split("."), "", "")[:3]
        if role in _READ_BY:
            read = _READ_BY.get(how or capture, _READ_BY[role])
            return Pattern(index, capture, role, kind, read)
    raise ValueError(f"a pattern has none of the captures that parse.py lists: {sorted(captures)}")


_READ_BY: dict[str, _Read] = {
    "definition": Reader._definition,
    "clause": Reader._definition,
    "capitals": Reader._in_capitals,
    "reference": Reader._use,
    "reference.import": Reader._import,
    "member": Reader._member,
    "binding": Reader._binding,
    "returns": Reader._returns,
    "returned": Reader._returned,
    "scope": Reader._scope,
    "wrapper": Reader._other,
    "ignore": Reader._other,
    "attribute": Reader._attribute,
    "comment": Reader._comment,
    "doc": Reader._doc,
}
_SEPARATORS = re.compile(r"::|->|\?\.|\\")
_NO_NAME = re.compile(r"(?<=[\w.:])<[^()]*>|\s+|\$(?=\w)")


def _plain(text: str) -> str:
    if text.replace(".", "_").isidentifier():
        return text
    return _SEPARATORS.sub(".", _NO_NAME.sub("", text)).rstrip(".") or text


def _last_part(module: str, is_path: bool) -> str:
    """`net/http` -> `http`, `github.com/go-chi/chi/v5` -> `chi`, `a.b` -> `b`, `"uv/unix.h"` -> `unix.h`."""
    last = re.sub(r"[./]v\d+$", "", module).rsplit("/", 1)[-1]
    return last if is_path or "/" in module else last.rsplit(".", 1)[-1]


def leads_line(node: Node, source: bytes) -> bool:
    """Whether a node is the first thing on its line."""
    column = node.start_point[1]
    return not column or not source[node.start_byte - column : node.start_byte].strip()

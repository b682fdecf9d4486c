"""Turn the matches of a query, as parse.py describes its captures, into marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer import chains, declared
from indexer.annotations import held
from indexer.symbols import Above, Mark, name_parts
from indexer.written import Node, Written, last_part, plain

_DOC_BYTES = 4000  # of a docstring; more than heads.DOC_LENGTH keeps of it


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
        self._written = Written(source, language in BLOCKS)
        self._language = language
        self._is_ecma = language in _ECMA
        self._patterns = patterns
        self._definitions: dict[int, tuple[int, Mark]] = {}  # by where the name stands, with the pattern
        self._marks: list[Mark] = []
        self._comments: list[tuple[int, int]] = []
        self._attributes: list[tuple[int, int]] = []

    def read(self, matches: Iterable[tuple[int, Captures]]) -> None:
        patterns = self._patterns
        for index, captures in matches:
            if index not in patterns:
                patterns[index] = _pattern(index, captures)
            pattern = patterns[index]
            pattern.read(self, captures[pattern.capture][0], pattern, captures)

    def above(self) -> Above:
        return Above(self._comments, self._attributes)

    def sound_marks(self) -> list[Mark]:
        """All marks, less the constants that are imports and the calls that are a definition's own head."""
        definitions = self._definitions
        marks = [mark for mark in self._marks if mark.start not in definitions or mark.role != "call"]
        imported = {mark.start for mark in marks if mark.role == "import"}
        kept = [
            mark
            for start, (_, mark) in definitions.items()
            if mark.kind != "constant" or start not in imported
        ]
        return kept + marks

    def _use(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        """A name that is called or inherited from."""
        mark = self._used(node, pattern.kind, captures["qualifier"][0] if "qualifier" in captures else None)
        if mark and "arguments" in captures:
            written = captures["arguments"][0].named_children
            mark.arguments = sum(not child.type.endswith("comment") for child in written)

    def _member(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        """The same of the last name of `a.b.c`; where that is only names, no node in it is looked at."""
        start, end = node.byte_range
        qualifier, name, is_chain = self._written.path(start, end)
        if name:
            start = end - len(name)
            row, column = node.end_point
            mark = Mark(start, end, row, pattern.kind, "", name, qualifier)
            mark.column = self._written.column(start, column - len(name))
            mark.chain = qualifier if is_chain else chains.chain(node.named_children[0], self._written.source)
            self._marks.append(mark)
        elif not qualifier:
            inner = node.named_children
            if len(inner) > 1:
                self._used(inner[-1], pattern.kind, inner[0])

    def _used(self, node: Node, kind: str, before: Node | None) -> Mark | None:
        start, end = node.byte_range
        qualifier = chain = ""
        if before:
            qualifier, is_name = self._written.qualifier(before)
            chain = qualifier if is_name else chains.chain(before, self._written.source)
        name = self._written.text(start, end)
        if not name.isidentifier() and ("." in name or ":" in name):  # C++ and Elixir write paths so
            *path, name = name_parts(name)
            qualifier = ".".join([*([qualifier] if qualifier else []), *path])
        return self._refer(node, start, end, kind, name, qualifier, chain)

    def _import(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        start, end = node.byte_range
        modules = [module.byte_range for module in captures.get("module", ())]
        covers = bool(modules) and start <= modules[0][0] and end >= modules[-1][1]
        original = captures["original"][0] if "original" in captures else None
        named = original.start_byte if original else start
        texts = [self._written.module(module, named) for module in modules]
        qualifier = ".".join(text.strip("\"'`<>") for text in texts)
        if not covers:
            name = plain(self._written.text(start, end))
        elif self._written.source[end - 1 : end] == b"*":
            name = "*"
        else:
            name = last_part(qualifier, is_path=texts[-1][:1] in ('"', "'", "`", "<"))
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
        mark.column = self._written.column(start, column)
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
            mark.name = self._written.text(start, end)
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
        name = self._written.text(start, end)
        mark = Mark(start, end, 0, pattern.role, kind, _NAMED[kind].format(name) if kind in _NAMED else name)
        mark.column = self._written.column(start, node.start_point[1])
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
        mark.column = self._written.column(start, node.start_point[1])
        mark.chain, mark.value, mark.since = None, node, end
        self._marks.append(mark)

    def _returns(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        start, end = node.byte_range
        mark = Mark(start, end, 0, pattern.role, pattern.kind)
        mark.column = self._written.column(start, node.start_point[1])
        mark.chain, mark.since = held(self._written.text(start, end), self._language), start
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
            written = chains.chain(value, self._written.source)
            return chains.either(written, chain.strip(chains.UNKNOWN))
        return chain

    def _second_result(self, node: Node) -> None:
        """Go's functions give several results, and the second is often an object as well."""
        chain = declared.second(self._text(node))
        if chain not in (chains.NOTHING, chains.UNKNOWN, chains.OUTSIDE):
            mark = Mark(node.start_byte, node.end_byte, 0, "binding", "second", "(1)")
            mark.chain = chain
            self._marks.append(mark)

    def _scope(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        mark = self._mark(node, pattern.role, pattern.kind)
        mark.name = self._text(captures["name"][0])
        self._marks.append(mark)

    def _doc(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        mark = self._mark(node, pattern.role)
        mark.name = self._written.text(mark.start, min(mark.end, mark.start + _DOC_BYTES))
        self._marks.append(mark)

    def _comment(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        rows = self._written.own_rows(node)
        if rows:
            self._comments.append(rows)

    def _attribute(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        rows = self._written.own_rows(node)
        if rows:
            self._attributes.append(rows)
        mark = self._mark(node, pattern.role, pattern.kind)
        inner = node.named_children
        mark.chain, mark.value = (None, inner[0]) if inner else (chains.UNKNOWN, None)
        self._marks.append(mark)

    def _other(self, node: Node, pattern: Pattern, captures: Captures) -> None:
        self._marks.append(self._mark(node, pattern.role, pattern.kind))

    def _text(self, node: Node) -> str:
        return self._written.text(*node.byte_range)

    def _mark(self, node: Node, role: str, kind: str = "") -> Mark:
        start, end = node.byte_range
        end, last_row = self._written.end(node, start, end)
        return Mark(start, end, node.start_point[0], role, kind, "", "", last_row)


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
_CAPITALS = re.compile(r"[A-Z][A-Z0-9_]+")


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

"""Turn the matches of a query, as parse.py describes its captures, into marks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from indexer import chains, declared
from indexer.annotations import held
from indexer.symbols import Above, Mark, name_parts

_NAME_LENGTH = 80  # bytes; a longer qualifier is an expression, not a name
_DOC_BYTES = 4000  # of a docstring; more than heads.DOC_LENGTH keeps of it


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


Captures = Mapping[str, Sequence[Node]]
Roles = dict[int, tuple[str, str, str]]  # pattern -> capture, role, kind; filled as patterns match

_ROLES = (
    *("definition.", "clause.", "reference.", "binding", "returns", "returned"),
    *("scope", "wrapper", "attribute", "comment", "doc", "ignore"),
)


class Reader:
    """Reads matches one after the other; `sound_marks` and `above` are what they came to."""

    def __init__(self, source: bytes, roles: Roles, language: str) -> None:
        self._source = source
        self._language = language
        self._roles = roles
        self._definitions: dict[int, tuple[int, Mark]] = {}  # by where the name stands, with the pattern
        self._marks: list[Mark] = []
        self._comments: list[tuple[int, int]] = []
        self._attributes: list[tuple[int, int]] = []

    def read(self, pattern: int, captures: Captures) -> None:
        if pattern not in self._roles:
            self._roles[pattern] = _role(captures)
        capture, role, kind = self._roles[pattern]
        node = captures[capture][0]
        if role == "reference":
            self._reference(node, kind, captures)
        elif role == "definition" or role == "clause":
            self._definition(pattern, node, role, kind, captures)
        elif role == "binding" or role == "returns" or role == "returned":
            self._binding(node, role, kind, captures)
        elif role == "comment":
            self._own_lines(node, self._comments)
        else:
            self._other(node, role, kind, captures)

    def above(self) -> Above:
        return Above(self._comments, self._attributes)

    def sound_marks(self) -> list[Mark]:
        """All marks, less the constants that are imports and the calls that are a definition's own head."""
        marks = []
        for mark in self._marks:
            if mark.start in self._definitions:
                if mark.role == "call":
                    continue
                if mark.role == "import" and self._definitions[mark.start][1].kind == "constant":
                    del self._definitions[mark.start]
            marks.append(mark)
        return [mark for _, mark in self._definitions.values()] + marks

    def _definition(self, pattern: int, node: Node, role: str, kind: str, captures: Captures) -> None:
        for name in captures["name"]:
            earlier = self._definitions.get(name.start_byte)
            if earlier and earlier[0] <= pattern:
                continue
            mark = self._mark(node, role, kind)
            mark.name = self._text(name)
            if not mark.name:
                continue
            mark.owner = self._text(captures["owner"][0]) if "owner" in captures else ""
            body = captures["body"][0] if "body" in captures else node.child_by_field_name("body")
            mark.head_end = body.start_byte if body else 0
            self._definitions[name.start_byte] = (pattern, mark)

    def _reference(self, node: Node, kind: str, captures: Captures) -> None:
        chain = ""
        if kind == "import":
            name, qualifier = self._import(node, captures)
            chain = self._module_bound(node, name, qualifier, captures)
        else:
            name, qualifier = self._text(node), ""
            if "qualifier" in captures:
                before = captures["qualifier"][0]
                qualifier, is_name = self._qualifier(before)
                is_name = is_name and not _KEYWORDS.search(qualifier)
                chain = qualifier if is_name else chains.chain(before, self._source)
            if "." in name or ":" in name:  # C++ and Elixir write a path as one name
                *path, name = name_parts(name)
                qualifier = ".".join([*([qualifier] if qualifier else []), *path])
        if name:  # a node that the grammar only expected has no text
            row = node.start_point[0]
            mark = Mark(node.start_byte, node.end_byte, row, kind, "", name, qualifier)
            mark.column, mark.chain = self._column(node), chain
            if "arguments" in captures:
                written = captures["arguments"][0].named_children
                mark.arguments = sum(not child.type.endswith("comment") for child in written)
            self._marks.append(mark)

    def _binding(self, node: Node, role: str, kind: str, captures: Captures) -> None:
        """What is bound; the value is read when somebody asks what the name stands for."""
        value = captures["value"][0] if "value" in captures else None
        if value and value.type in chains.DEFINING:  # `const f = () => 1` defines f
            return
        mark = Mark(node.start_byte, node.end_byte, 0, role, kind)
        mark.column = self._column(node)
        mark.chain = chains.UNKNOWN
        if role == "returned":
            if self._language in _ECMA and _is_nameless(node):
                return
            mark.chain, mark.value = None, node
        elif role == "returns":
            mark.chain = held(self._text(node), self._language)
            if self._language == "go":
                self._second_result(node)
        else:
            mark.name = _NAMED.get(kind, "{}").format(self._text(node))
            if "type" in captures:
                mark.chain = self._declared(kind, captures["type"][0], value)
            elif value:
                mark.chain, mark.value = None, value
            if kind == "field":  # taken apart: `{ name }`, `{ name: here }`
                mark.member = "." + self._text(captures.get("original", (node,))[0])
                if mark.chain is not None:
                    mark.chain = chains.step(mark.chain, mark.member)
            if "extent" in captures:
                mark.start, mark.end = captures["extent"][0].byte_range
                mark.until = mark.end
        mark.since = mark.start if mark.value is None or mark.until else mark.value.end_byte
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

    def _column(self, node: Node) -> int:
        """Where a node stands on its line; in languages with blocks, how far that line is indented."""
        column = node.start_point[1]
        if self._language not in BLOCKS:
            return column
        line = node.start_byte - column
        indented = _SPACE.match(self._source, line)
        return indented.end() - line if indented else 0

    def _import(self, node: Node, captures: Captures) -> tuple[str, str]:
        modules = captures.get("module", ())
        original = captures["original"][0] if "original" in captures else None
        texts = [self._module(module, original or node) for module in modules]
        module = ".".join(text.strip("\"'`<>") for text in texts)
        if modules and node.start_byte <= modules[0].start_byte and node.end_byte >= modules[-1].end_byte:
            if self._source[node.end_byte - 1 : node.end_byte] == b"*":
                name = "*"
            else:
                name = _last_part(module, is_path=texts[-1][:1] in ('"', "'", "`", "<"))
        else:
            name = _plain(self._text(node))
        if name == "." or (name == "_" and self._language != "go"):  # Go's `_` binds nothing, its `.` all
            name = "*"
        return name, (f"{module}#{self._text(original)}" if original else module)

    def _module_bound(self, node: Node, name: str, qualifier: str, captures: Captures) -> str:
        """The origin of an import that binds a module; "" where it binds what a module holds."""
        modules = captures.get("module", ())
        if "default" in captures:
            return f"<{qualifier}>.default"
        if not modules or name == "*":
            return ""
        start, end = modules[0].start_byte, modules[-1].end_byte
        if "whole" in captures or (node.start_byte <= start and node.end_byte >= end):
            return f"<{qualifier}>"
        return f"<{name}>" if node.start_byte == start and node.end_byte < end else ""  # `import a.b` binds a

    def _module(self, module: Node, name: Node) -> str:
        """The text of a module; less what follows when the name is the last part of it."""
        if not module.start_byte < name.start_byte < module.end_byte:
            return _plain(self._text(module))
        before = self._source[module.start_byte : name.start_byte].decode(errors="replace")
        return _plain(before.removeprefix("import").split("{")[0]).rstrip(".")

    def _other(self, node: Node, role: str, kind: str, captures: Captures) -> None:
        mark = self._mark(node, role, kind)
        if role == "scope":
            mark.name = self._text(captures["name"][0])
        elif role == "doc":
            mark.name = self._source[mark.start : min(mark.end, mark.start + _DOC_BYTES)].decode(
                errors="replace"
            )
        elif role == "attribute":
            self._own_lines(node, self._attributes)
            inner = node.named_children
            mark.chain, mark.value = (None, inner[0]) if inner else (chains.UNKNOWN, None)
        self._marks.append(mark)

    def _mark(self, node: Node, role: str, kind: str = "") -> Mark:
        start, end = node.byte_range
        last_row = node.end_point[0]
        while end > start and self._source[end - 1] in b" \t\r\n":  # some grammars swallow what follows
            end -= 1
            last_row -= self._source[end] == 10
        return Mark(start, end, node.start_point[0], role, kind, last_row=last_row)

    def _own_lines(self, node: Node, found: list[tuple[int, int]]) -> None:
        if leads_line(node, self._source):
            mark = self._mark(node, "")
            found.append((mark.row, mark.last_row))

    def _text(self, node: Node) -> str:
        return self._source[node.start_byte : node.end_byte].decode(errors="replace")

    def _qualifier(self, node: Node) -> tuple[str, bool]:
        """What stands before a name, and whether it is a name itself."""
        start, end = node.byte_range
        if end - start > _NAME_LENGTH:
            return "…", False
        text = self._source[start:end].decode(errors="replace")
        if text.isidentifier() or text.replace(".", "_").isidentifier():
            return text, True
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
_SPACE = re.compile(rb"[ \t]*")


def _is_nameless(node: Node) -> bool:
    """Whether what is given back here is given by a callback inside the function that has a name."""
    around = node.parent
    while around is not None and around.type not in _FUNCTIONS:
        around = around.parent
    if around is None or around.type not in chains.NAMELESS or around.parent is None:
        return False
    return around.parent.type not in _NAMING


def _role(captures: Captures) -> tuple[str, str, str]:
    for capture in captures:
        if capture.startswith(_ROLES):
            role, _, kind = capture.partition(".")
            return capture, role, kind
    raise ValueError(f"a pattern has none of the captures that parse.py lists: {sorted(captures)}")


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

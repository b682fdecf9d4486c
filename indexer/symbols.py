"""Turn marks (places in the text that a query named) into Symbols, and uses and bindings of names.

One walk over the marks in the order of the text, outer before inner, with a stack of the definitions
that are open at that place: the stack gives each symbol its qualified name and each reference its scope.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from indexer.chains import Node
from indexer.heads import BEFORE_HEAD, clean_doc, signature
from indexer.types import Span, Symbol

_TYPES = frozenset({"class", "interface", "struct", "enum", "trait", "scope"})
_FUNCTIONS = frozenset({"function", "method"})
_PLAIN = frozenset({"type"})  # definitions that lend no name to what stands in them: `typedef struct a {} b;`


@dataclass(slots=True)
class Mark:
    """A captured node. Offsets are bytes, rows count from 0.

    `role` is definition, clause, scope, wrapper, attribute, ignore, doc, binding, returns, returned, or a
    ReferenceKind. `head_end`
    is where the body of a definition begins, `owner` the type that it belongs to though it stands elsewhere.
    `chain` is what a binding holds, or what stands before a reference, None where `value` still has to be
    read for it; a binding means something from the byte `since`, and up to `until` if that is not 0.
    """

    start: int
    end: int
    row: int
    role: str
    kind: str = ""
    name: str = ""
    qualifier: str = ""
    last_row: int = 0
    head_end: int = 0
    owner: str = ""
    column: int = 0
    chain: str | None = ""
    value: Node | None = None
    since: int = 0
    until: int = 0
    arguments: int = -1  # of a call, where that tells overloads apart
    member: str = ""  # the step from what is taken apart to what is bound
    scope: str = ""  # the qualname of the definition it stands in


class Above:
    """Comments and attributes that have lines of their own, and the unbroken blocks they form."""

    def __init__(self, comments: Iterable[tuple[int, int]], attributes: Iterable[tuple[int, int]]) -> None:
        """Both are pairs of first and last row."""
        self._attributes = sorted(attributes)
        self._tops: dict[int, int] = {}
        for first, last in sorted([*comments, *self._attributes]):
            self._tops[last] = self._tops.get(first - 1, first)

    def top(self, row: int) -> int:
        """The first row of the block that ends directly above `row`, or `row` itself."""
        return self._tops.get(row - 1, row)

    def attributes(self, top: int, row: int) -> list[tuple[int, int]]:
        """The attributes of the block from `top` to above `row`."""
        if top == row:
            return []
        return self._attributes[
            bisect_left(self._attributes, (top, 0)) : bisect_left(self._attributes, (row, 0))
        ]


@dataclass(slots=True)
class _Open:
    """A definition, a scope or a wrapper that is open at the current place; below them all, the file."""

    mark: Mark
    kind: str
    qualname: str
    lends: str  # the qualname of what stands in it
    binds: str  # the scope of what is bound in it: a constant's own name is none
    local: bool  # whether constants in it are local variables
    row: int
    head: int  # where its signature begins
    docstring: str = ""
    used: bool = False  # a wrapper lends its start to the first definition in it only
    attributes: tuple[Mark, ...] = ()  # what decorates it


@dataclass(frozen=True, slots=True)
class Collected:
    """What the marks of a file came to."""

    symbols: tuple[Symbol, ...]
    uses: list[Mark]
    bounds: list[Mark]


def collect(marks: list[Mark], source: bytes, above: Above) -> Collected:
    """Symbols in order of appearance, outer before inner; uses and bindings in order of appearance."""
    marks.sort(key=attrgetter("end"), reverse=True)
    marks.sort(key=attrgetter("start"))
    definitions: list[_Open] = []
    uses: list[Mark] = []
    bounds: list[Mark] = []
    around = _Open(Mark(0, len(source) + 1, 0, "file"), "file", "", "", "", False, 0, 0)
    stack = [around]
    closes = around.mark.end
    clauses: dict[str, _Open] = {}  # scope -> the definition in clauses that is open for more
    ignored = 0  # references before this byte are none
    for mark in marks:
        while closes <= mark.start:
            stack.pop()
            around = stack[-1]
            closes = around.mark.end
        role = mark.role
        if role == "call" or role == "import" or role == "inherit":
            if mark.start >= ignored:
                mark.scope = around.lends
                uses.append(mark)
            continue
        if role == "binding" or role == "returns" or role == "returned":
            mark.scope = around.binds if mark.kind != "default" else ""
            bounds.append(mark)
            continue
        if role == "definition" or role == "clause":
            if mark.kind == "constant" and around.local:
                continue
            scope = around.lends
            definition = _open_definition(mark, stack, source)
            for decorator in definition.attributes:
                decorator.scope = definition.qualname
                bounds.append(decorator)
            first = clauses.get(scope) if role == "clause" else None
            if first and _continues(first, definition, above):
                first.mark.last_row = mark.last_row
            else:
                definitions.append(definition)
                clauses[scope] = definition
        elif role == "wrapper":
            lent = around.lends
            stack.append(_Open(mark, "wrapper", "", lent, lent, around.local, mark.row, mark.start))
        elif role == "scope":
            lent = _join(around.lends, type_name(mark.name))
            kind = mark.kind or "scope"
            stack.append(_Open(mark, kind, "", lent, lent, around.local, mark.row, mark.start))
        elif role == "ignore":
            ignored = max(ignored, mark.end)
        elif role == "attribute":
            if BEFORE_HEAD.fullmatch(source, around.head, mark.start):
                around.head = mark.end
            if around.kind == "wrapper":
                around.attributes += (mark,)
        elif role == "doc" and not around.docstring:
            around.docstring = mark.name
        around = stack[-1]
        closes = around.mark.end
    return Collected(_symbols(definitions, source, above), uses, bounds)


def name_parts(text: str) -> list[str]:
    """`Foo<T>::bar`, `M.f` and `Foo.prototype.bar` as parts; `operator==`, `<.>` and sentences are one."""
    if text.isidentifier():
        return [text]
    text = " ".join(text.split()).strip("\"'`")
    if _SYMBOL.match(text):
        return [text[1:]]
    if text.startswith("operator "):  # a cast: `operator bool() const`
        return [text.split("(")[0].rstrip()]
    inner = _IN_PARENTHESES.match(text)  # C's `(*name(int))(int)`
    if inner:
        return [inner[1]]
    match = None if " " in text and "operator" not in text else _QUALIFIED.fullmatch(text)
    owners = re.split(r"::|[.:]", _GENERIC.sub("", match[1])) if match else []
    name = _GENERIC.sub("", match[2] if match else text)
    return [*(owner for owner in owners if owner and owner not in _NO_OWNER), name]


def type_name(text: str) -> str:
    """The name in a type as written: `&'a mut Foo<T>` -> `Foo`, `(Maybe a)` -> `Maybe`, `a::b` -> `a.b`."""
    match = _TYPE.search(text)
    return match[1].replace("::", ".") if match else text


_QUALIFIED = re.compile(r"((?:[\w$]+(?:<[^()]*>)?(?:::|\.|:))+)([^.:\s].*)")
_SYMBOL = re.compile(r":[a-zA-Z_]")  # Ruby's :name
_IN_PARENTHESES = re.compile(r"\([*&\s]*(\w+)")
_GENERIC = re.compile(r"(?<!operator)(?<=[\w$])<[^()]*>")
_TYPE = re.compile(r"(?:'\w+\s+|\b(?:mut|dyn|const)\s+|[^\w$'])*([\w$]+(?:(?:::|\.)[\w$]+)*)")
_NO_OWNER = frozenset({"prototype", "exports", "module", "this", "self"})
# `export default async`, `template <typename T>`, and nothing that could be code
_LEADS_IN = re.compile(rb"(?:[\w\s]|<[^{};<>]*(?:<[^{};<>]*>[^{};<>]*)*>){0,200}+")


def _open_definition(mark: Mark, stack: list[_Open], source: bytes) -> _Open:
    if (stack[-1].mark.start, stack[-1].mark.end) == (mark.start, mark.end):
        stack.pop()  # `var a, b = 1, 2`: two names of one node stand side by side
    around = parent = stack[-1]
    row, head = mark.row, mark.start
    attributes: tuple[Mark, ...] = ()
    if around.kind == "wrapper":
        row, head = _beginning(mark, stack, source)
        attributes = around.attributes
        parent = next(opened for opened in reversed(stack) if opened.kind != "wrapper")
    kind = mark.kind
    scope = type_name(mark.owner) if mark.owner else parent.lends
    parts = name_parts(mark.name)
    if kind == "function" and (parent.kind in _TYPES or mark.owner or _METHOD.search(mark.name)):
        kind = "method"
    mark.name = parts[-1]
    qualname = _join(scope, parts[0] if len(parts) == 1 else ".".join(parts))
    lends = scope if kind in _PLAIN and not mark.head_end else qualname
    definition = _Open(
        mark, kind, qualname, lends,
        binds=around.binds if kind == "constant" else lends,
        local=around.local or kind in _FUNCTIONS,
        row=row, head=head, attributes=attributes,
    )  # fmt: skip
    stack.append(definition)
    return definition


_METHOD = re.compile(r"[\w>](?:::?|\.prototype\.)[~\w]")  # C++ and Lua say so in the name


def _continues(first: _Open, clause: _Open, above: Above) -> bool:
    """Whether a clause belongs to the definition before it: the same name, no doc comment of its own."""
    if first.mark.role != "clause" or first.qualname != clause.qualname or first.kind != clause.kind:
        return False
    top = above.top(clause.row)
    return sum(last - row + 1 for row, last in above.attributes(top, clause.row)) == clause.row - top


def _beginning(mark: Mark, stack: list[_Open], source: bytes) -> tuple[int, int]:
    """The row on which a definition begins, and where its signature does: with the wrappers around it."""
    row, head = mark.row, mark.start
    for opened in reversed(stack):
        if (
            opened.kind != "wrapper"
            or opened.used
            or not _LEADS_IN.fullmatch(source, opened.head, mark.start)
        ):
            break
        opened.used = True
        row, head = opened.row, opened.head
    return row, head


def _join(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name


def _symbols(definitions: list[_Open], source: bytes, above: Above) -> tuple[Symbol, ...]:
    lines: list[bytes] = []
    symbols: list[Symbol] = []
    for definition in definitions:
        mark, row = definition.mark, definition.row
        first = top = above.top(row)
        doc = definition.docstring
        if top < row:
            attributes = above.attributes(top, row)
            first = attributes[0][0] if attributes else row
            if not doc:
                lines = lines or source.split(b"\n")
                inside = {inner for start, end in attributes for inner in range(start, end + 1)}
                doc = b"\n".join(lines[line] for line in range(top, row) if line not in inside).decode(
                    errors="replace"
                )
        span = Span(first + 1, mark.last_row + 1)
        if symbols and symbols[-1].qualname == definition.qualname and symbols[-1].span == span:
            continue  # `typedef struct foo {...} foo;` is one thing
        symbols.append(
            Symbol(
                mark.name, definition.qualname, definition.kind, span, top + 1,
                signature(source, definition.head, mark.end, mark.head_end),
                clean_doc(doc) if doc else "",
            )
        )  # fmt: skip
    # A decorator that holds a function comes before the class that it makes begin earlier.
    symbols.sort(key=lambda symbol: (symbol.span.start, -symbol.span.end))
    return tuple(symbols)

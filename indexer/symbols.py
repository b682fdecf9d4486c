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
from indexer.types import Span, Symbol

SIGNATURE_LENGTH = 300  # characters: a long parameter list, not an annotation essay
DOC_LENGTH = 1000  # characters: the summary and the first paragraphs

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
    """A definition, a scope or a wrapper that is open at the current place."""

    mark: Mark
    kind: str
    qualname: str
    lends: str  # the qualname of what stands in it
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
    stack: list[_Open] = []
    clauses: dict[str, _Open] = {}  # scope -> the definition in clauses that is open for more
    ignored = 0  # references before this byte are none
    for mark in marks:
        while stack and stack[-1].mark.end <= mark.start:
            stack.pop()
        scope = stack[-1].lends if stack else ""
        role = mark.role
        if role == "call" or role == "import" or role == "inherit":
            if mark.start >= ignored:
                mark.scope = scope
                uses.append(mark)
        elif role == "binding" or role == "returns" or role == "returned":
            # what a constant is assigned stands in it, its own name does not
            at = len(stack) - 1
            while at >= 0 and stack[at].kind == "constant":
                at -= 1
            mark.scope = stack[at].lends if at >= 0 and mark.kind != "default" else ""
            bounds.append(mark)
        elif role == "definition" or role == "clause":
            if _is_local(mark, stack):
                continue
            definition = _open_definition(mark, stack, source)
            for decorator in definition.attributes:
                decorator.scope = definition.qualname
                bounds.append(decorator)
            first = clauses.get(scope)
            if role == "clause" and first and _continues(first, definition, above):
                first.mark.last_row = mark.last_row
            else:
                definitions.append(definition)
                clauses[scope] = definition
        elif role == "wrapper":
            stack.append(_Open(mark, "wrapper", "", scope, mark.row, mark.start))
        elif role == "scope":
            qualname = _join(scope, type_name(mark.name))
            stack.append(_Open(mark, mark.kind or "scope", "", qualname, mark.row, mark.start))
        elif role == "ignore":
            ignored = max(ignored, mark.end)
        elif role == "attribute":
            if stack and _BEFORE_HEAD.fullmatch(source, stack[-1].head, mark.start):
                stack[-1].head = mark.end
            if stack and stack[-1].kind == "wrapper":
                stack[-1].attributes += (mark,)
        elif role == "doc" and stack and not stack[-1].docstring:
            stack[-1].docstring = mark.name
    return Collected(_symbols(definitions, source, above), uses, bounds)


def name_parts(text: str) -> list[str]:
    """`Foo<T>::bar`, `M.f` and `Foo.prototype.bar` as parts; `operator==`, `<.>` and sentences are one."""
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


def _is_local(mark: Mark, stack: list[_Open]) -> bool:
    """A constant in a function is a local variable."""
    return mark.kind == "constant" and any(opened.kind in _FUNCTIONS for opened in stack)


def _open_definition(mark: Mark, stack: list[_Open], source: bytes) -> _Open:
    if stack and (stack[-1].mark.start, stack[-1].mark.end) == (mark.start, mark.end):
        stack.pop()  # `var a, b = 1, 2`: two names of one node stand side by side
    row, head = _beginning(mark, stack, source)
    parent = next((opened for opened in reversed(stack) if opened.kind != "wrapper"), None)
    kind = mark.kind
    scope = parent.lends if parent else ""
    if mark.owner:
        scope = type_name(mark.owner)
    if kind == "function" and ((parent and parent.kind in _TYPES) or mark.owner or _METHOD.search(mark.name)):
        kind = "method"
    parts = name_parts(mark.name)
    mark.name = parts[-1]
    qualname = _join(scope, ".".join(parts))
    attributes = stack[-1].attributes if stack and stack[-1].kind == "wrapper" else ()
    lends = scope if kind in _PLAIN and not mark.head_end else qualname
    stack.append(_Open(mark, kind, qualname, lends, row, head, attributes=attributes))
    return stack[-1]


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


# Space and comments, which may stand between annotations and the head.
_BEFORE_HEAD = re.compile(rb"(?>\s+|//[^\n]*|/\*.*?\*/|#(?![\w\[])[^\n]*)*+", re.DOTALL)


def _join(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name


def _symbols(definitions: list[_Open], source: bytes, above: Above) -> tuple[Symbol, ...]:
    lines = source.split(b"\n")
    symbols: list[Symbol] = []
    for definition in definitions:
        mark, row = definition.mark, definition.row
        top = above.top(row)
        attributes = above.attributes(top, row)
        first = attributes[0][0] if attributes else row
        doc = definition.docstring
        if not doc and top < row:
            inside = {inner for start, end in attributes for inner in range(start, end + 1)}
            doc = b"\n".join(lines[line] for line in range(top, row) if line not in inside).decode(
                errors="replace"
            )
        symbol = Symbol(
            name=mark.name,
            qualname=definition.qualname,
            kind=definition.kind,
            span=Span(first + 1, mark.last_row + 1),
            doc_start=top + 1,
            signature=_signature(definition, source),
            doc=clean_doc(doc) if doc else "",
        )
        if not (symbols and _same_place(symbols[-1], symbol)):  # `typedef struct foo {...} foo;` is one thing
            symbols.append(symbol)
    # A decorator that holds a function comes before the class that it makes begin earlier.
    symbols.sort(key=lambda symbol: (symbol.span.start, -symbol.span.end))
    return tuple(symbols)


def _same_place(one: Symbol, other: Symbol) -> bool:
    return one.qualname == other.qualname and one.span == other.span


def _signature(definition: _Open, source: bytes) -> str:
    mark, head = definition.mark, definition.head
    end = min(mark.head_end or mark.end, head + 4 * SIGNATURE_LENGTH)
    leading = _BEFORE_HEAD.match(source, head, end)
    if leading and leading.end() < end:  # else the whole head looks like a comment: `# define X`
        head = leading.end()
    text = " ".join(_COMMENT_LINE.sub("", source[head:end].decode(errors="replace")).split())
    return (_OPENING.sub("", text) if mark.head_end else text)[:SIGNATURE_LENGTH]


_COMMENT_LINE = re.compile(r"(?<=\n)[ \t]*(?://|#|--[ \t])[^\n]*")
_OPENING = re.compile(r"\s*(?:=>|[{:=]|\bwhere|\bdo)?$")  # what leads from a head to its body


def clean_doc(text: str) -> str:
    """The words of a comment or docstring, one line per line, without markers and indentation."""
    text = _QUOTES.sub("", text[: 4 * DOC_LENGTH].strip())
    lines = [_MARKERS.sub("", line).strip() for line in text.split("\n")]
    return "\n".join(lines).strip()[:DOC_LENGTH].rstrip()


_QUOTES = re.compile(r"^(?:@\w+\s+)?[~rRuUbB]{0,2}(?:\"{1,3}|'{1,3}|[sS]\"{3})|(?:\"{1,3}|'{3})$")
_MARKERS = re.compile(
    r"^\s*(?:/{2,}[!<]?|/\*+[!<]?|\*+/|\*(?!\w)|#+!?|--\[=*\[|--+\s?[|^]?|\{-\s?[|^]?|;+)"
    r"|(?:\*+/|-\}|\]=*\])\s*$"
)

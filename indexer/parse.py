"""Turn a SourceFile into a ParsedFile: its definitions, its references, and where a long body may be cut.

What a language calls a definition is written in `queries/*.scm`. A pattern there names nodes:

    @definition.KIND   a definition; KIND is one of Symbol's, and a `function` in a type becomes a `method`
        @name          its name; `Foo::bar` and `M.f` are read as qualified
        @owner         the type it belongs to though it stands elsewhere (a Go receiver)
        @body          where its signature ends, if that is not its field `body`
    @clause.KIND       the same for a definition in parts: equations of one name that follow each other
    @scope, @name      qualifies what stands in it and is no symbol itself (a Rust impl)
    @wrapper           lends its beginning to the definition in it (decorators, `export`)
    @attribute         an annotation: belongs to the definition it stands before, not to its signature
    @comment           a doc comment when it stands directly above a definition
    @doc               the docstring of the definition it stands in
    @ignore            references in it are none
    @reference.call    a name that is called, with @qualifier where something stands before it
    @reference.inherit the name of a base, with @qualifier
    @reference.import  the name bound here, with @module (several are joined) and, under another name,
                       @original; where it covers the @module, the module's last part is the name

Where two patterns give one name, the earlier pattern of the file wins, and an import wins over a
constant. A constant in a function is local and left out. In qualifiers and modules
`::`, `->`, `?.` and `\\` are written as dots; `module#original` is an import under another name, and
`…` stands for an expression too long to be a name.
"""

from __future__ import annotations

import importlib
import re
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import tree_sitter

from indexer.embedded import Part, cells_of, script_of
from indexer.headings import sections
from indexer.languages import Language, by_name
from indexer.symbols import Above, Mark, collect, name_parts
from indexer.types import ParsedFile, Reference, SourceFile, Symbol

LONG_NODE = 1500  # bytes; what is shorter fits into one chunk and is never cut
TIME_LIMIT = 5.0  # CPU seconds for one file; an ordinary one takes milliseconds
_DEEPEST = 500  # levels; matching costs the square of the depth, and no hand nests deeper
_WIDEST = 20_000  # unnamed children of one node: matching costs their square, and only errors have so many
_NAME_LENGTH = 80  # bytes; a longer qualifier is an expression, not a name


def parse(file: SourceFile) -> ParsedFile:
    """Definitions, references and borders; just the file where its language has no structure to read.

    Never raises for what a file contains: past the time limit it comes back without symbols, `broken`.
    """
    if file.language in ("markdown", "rst"):
        return ParsedFile(file, *_document(file))
    if file.language == "notebook":
        return _parse_notebook(file)
    if file.language in ("vue", "svelte", "astro"):
        return _parse_part(file, script_of(file.text))
    language = by_name(file.language)
    return _parse_code(file, file.text, language) if language.grammar else ParsedFile(file)


def _document(file: SourceFile) -> tuple[tuple[Symbol, ...], tuple[Reference, ...], dict[int, int]]:
    symbols, borders = sections(file.lines, rst=file.language == "rst")
    return symbols, (), borders


def _parse_notebook(file: SourceFile) -> ParsedFile:
    part = cells_of(file.text)
    if part is None:
        return ParsedFile(file, broken=True)
    parsed = _parse_part(file, part)
    headings, _ = sections(part.prose)
    symbols = sorted([*headings, *parsed.symbols], key=lambda symbol: (symbol.span.start, -symbol.span.end))
    return replace(parsed, symbols=tuple(symbols))


def _parse_part(file: SourceFile, part: Part) -> ParsedFile:
    language = by_name(part.language)
    if not language.grammar:
        return ParsedFile(file, borders=part.borders)
    parsed = _parse_code(file, part.text, language)
    inner = {line: depth + 1 for line, depth in parsed.borders.items()}
    return replace(parsed, borders={**inner, **part.borders})


def _parse_code(file: SourceFile, text: str, language: Language) -> ParsedFile:
    # A NUL ends the text for a grammar; a lone surrogate has no UTF-8. Neither moves a line.
    source = text.replace("\0", " ").encode("utf-8", "replace")
    grammar = _grammar(language)
    deadline = time.thread_time() + TIME_LIMIT
    tree = grammar.tree(source, deadline)
    if tree is None or _tangled(tree.root_node):
        return ParsedFile(file, broken=True)
    root = tree.root_node
    marks, above = _Reader(grammar, source).read(root)
    symbols, references = collect(marks, source, above)
    borders = _borders(root, source, above, deadline)
    return ParsedFile(file, symbols, references, borders, root.has_error)


@dataclass(frozen=True)
class _Grammar:
    language: tree_sitter.Language
    query: tree_sitter.Query
    roles: dict[int, tuple[str, str, str]]  # pattern -> capture, role, kind; filled as patterns match

    def tree(self, source: bytes, deadline: float) -> tree_sitter.Tree | None:
        """The syntax tree, or None when it takes too long."""
        try:
            return tree_sitter.Parser(self.language).parse(
                lambda offset, _: source[offset : offset + 65536],
                progress_callback=lambda _offset, _error: time.thread_time() > deadline,
            )
        except ValueError:  # how the binding says that the callback stopped it
            return None


@cache
def _grammar(language: Language) -> _Grammar:
    assert language.grammar
    module, function = language.grammar.split(":")
    loaded = tree_sitter.Language(getattr(importlib.import_module(module), function)())
    folder = Path(__file__).parent / "queries"
    text = "\n".join((folder / f"{name}.scm").read_text("utf-8") for name in language.queries)
    return _Grammar(loaded, tree_sitter.Query(loaded, text), {})


def _tangled(root: tree_sitter.Node) -> bool:
    """Whether errors left a node with so many loose tokens that matching would take minutes."""
    todo = [root] if root.has_error else []
    while todo:
        node = todo.pop()
        if node.child_count - node.named_child_count > _WIDEST:
            return True
        todo += [child for child in node.named_children if child.has_error]
    return False


_ROLES = ("definition.", "clause.", "reference.", "scope", "wrapper", "attribute", "comment", "doc", "ignore")
Captures = dict[str, list[tree_sitter.Node]]


class _Reader:
    """Reads the matches of a language's query as marks."""

    def __init__(self, grammar: _Grammar, source: bytes) -> None:
        self.grammar = grammar
        self.source = source
        self.definitions: dict[int, tuple[int, Mark]] = {}  # by where the name stands, with the pattern
        self.marks: list[Mark] = []
        self.comments: list[tuple[int, int]] = []
        self.attributes: list[tuple[int, int]] = []

    def read(self, root: tree_sitter.Node) -> tuple[list[Mark], Above]:
        cursor = tree_sitter.QueryCursor(self.grammar.query)
        cursor.set_max_start_depth(_DEEPEST)
        roles = self.grammar.roles
        for pattern, captures in cursor.matches(root):
            if pattern not in roles:
                roles[pattern] = _role(captures)
            capture, role, kind = roles[pattern]
            node = captures[capture][0]
            if role == "reference":
                self._reference(node, kind, captures)
            elif role == "definition" or role == "clause":
                self._definition(pattern, node, role, kind, captures)
            elif role == "comment":
                self._own_lines(node, self.comments)
            else:
                self._other(node, role, captures)
        return self._sound_marks(), Above(self.comments, self.attributes)

    def _sound_marks(self) -> list[Mark]:
        """All marks, less the constants that are imports and the calls that are a definition's own head."""
        marks = []
        for mark in self.marks:
            if mark.start in self.definitions:
                if mark.role == "call":
                    continue
                if mark.role == "import" and self.definitions[mark.start][1].kind == "constant":
                    del self.definitions[mark.start]
            marks.append(mark)
        return [mark for _, mark in self.definitions.values()] + marks

    def _definition(
        self, pattern: int, node: tree_sitter.Node, role: str, kind: str, captures: Captures
    ) -> None:
        for name in captures["name"]:
            earlier = self.definitions.get(name.start_byte)
            if earlier and earlier[0] <= pattern:
                continue
            mark = self._mark(node, role, kind)
            mark.name = self._text(name)
            if not mark.name:
                continue
            mark.owner = self._text(captures["owner"][0]) if "owner" in captures else ""
            body = captures["body"][0] if "body" in captures else node.child_by_field_name("body")
            mark.head_end = body.start_byte if body else 0
            self.definitions[name.start_byte] = (pattern, mark)

    def _reference(self, node: tree_sitter.Node, kind: str, captures: Captures) -> None:
        if kind == "import":
            name, qualifier = self._import(node, captures)
        else:
            name = self._text(node)
            qualifier = self._qualifier(captures["qualifier"][0]) if "qualifier" in captures else ""
            if "." in name or ":" in name:  # C++ and Elixir write a path as one name
                *path, name = name_parts(name)
                qualifier = ".".join([*([qualifier] if qualifier else []), *path])
        self.marks.append(
            Mark(node.start_byte, node.end_byte, node.start_point[0], kind, "", name, qualifier)
        )

    def _import(self, node: tree_sitter.Node, captures: Captures) -> tuple[str, str]:
        modules = captures.get("module", [])
        original = captures["original"][0] if "original" in captures else None
        texts = [self._module(module, original or node) for module in modules]
        module = ".".join(text.strip("\"'`<>") for text in texts)
        if modules and node.start_byte <= modules[0].start_byte and node.end_byte >= modules[-1].end_byte:
            if self.source[node.end_byte - 1 : node.end_byte] == b"*":
                name = "*"
            else:
                name = _last_part(module, is_path=texts[-1][:1] in ('"', "'", "`", "<"))
        else:
            name = _plain(self._text(node))
        return ("*" if name == "_" else name), (f"{module}#{self._text(original)}" if original else module)

    def _module(self, module: tree_sitter.Node, name: tree_sitter.Node) -> str:
        """The text of a module; less what follows when the name is the last part of it."""
        if not module.start_byte < name.start_byte < module.end_byte:
            return _plain(self._text(module))
        before = self.source[module.start_byte : name.start_byte].decode(errors="replace")
        return _plain(before.removeprefix("import").split("{")[0]).rstrip(".")

    def _other(self, node: tree_sitter.Node, role: str, captures: Captures) -> None:
        mark = self._mark(node, role)
        if role == "scope":
            mark.name = self._text(captures["name"][0])
        elif role == "doc":
            mark.name = self.source[mark.start : min(mark.end, mark.start + 4000)].decode(errors="replace")
        elif role == "attribute":
            self._own_lines(node, self.attributes)
        self.marks.append(mark)

    def _mark(self, node: tree_sitter.Node, role: str, kind: str = "") -> Mark:
        start, end = node.byte_range
        last_row = node.end_point[0]
        while end > start and self.source[end - 1] in b" \t\r\n":  # some grammars swallow what follows
            end -= 1
            last_row -= self.source[end] == 10
        return Mark(start, end, node.start_point[0], role, kind, last_row=last_row)

    def _own_lines(self, node: tree_sitter.Node, found: list[tuple[int, int]]) -> None:
        if _leads_line(node, self.source):
            mark = self._mark(node, "")
            found.append((mark.row, mark.last_row))

    def _text(self, node: tree_sitter.Node) -> str:
        return self.source[node.start_byte : node.end_byte].decode(errors="replace")

    def _qualifier(self, node: tree_sitter.Node) -> str:
        start, end = node.byte_range
        if end - start > _NAME_LENGTH:
            return "…"
        return _plain(self.source[start:end].decode(errors="replace"))


def _role(captures: Captures) -> tuple[str, str, str]:
    for capture in captures:
        if capture.startswith(_ROLES):
            role, _, kind = capture.partition(".")
            return capture, role, kind
    raise ValueError(f"a pattern has none of the captures that parse.py lists: {sorted(captures)}")


_SEPARATORS = re.compile(r"::|->|\?\.|\\")
_NO_NAME = re.compile(r"(?<=[\w.:])<[^()]*>|\s+|\$(?=\w)")


def _plain(text: str) -> str:
    if text.isidentifier():
        return text
    return _SEPARATORS.sub(".", _NO_NAME.sub("", text)).rstrip(".") or text


def _last_part(module: str, is_path: bool) -> str:
    """`net/http` -> `http`, `github.com/go-chi/chi/v5` -> `chi`, `a.b` -> `b`, `"uv/unix.h"` -> `unix.h`."""
    last = re.sub(r"[./]v\d+$", "", module).rsplit("/", 1)[-1]
    return last if is_path or "/" in module else last.rsplit(".", 1)[-1]


def _leads_line(node: tree_sitter.Node, source: bytes) -> bool:
    column = node.start_point[1]
    return not column or not source[node.start_byte - column : node.start_byte].strip()


def _borders(root: tree_sitter.Node, source: bytes, above: Above, deadline: float) -> dict[int, int]:
    """Line -> depth of the shallowest node that begins there, inside nodes longer than LONG_NODE.

    A node begins with the comments directly above it, and only where it is the first on its line.
    """
    borders: dict[int, int] = {}
    todo = [(root, 1)] if root.end_byte > LONG_NODE else []
    while todo and time.thread_time() < deadline:
        node, depth = todo.pop()
        for child in node.named_children:
            start, end = child.byte_range
            row, column = child.start_point
            if not column or not source[start - column : start].strip():
                line = above.top(row) + 1
                if borders.get(line, depth + 1) > depth:
                    borders[line] = depth
            if end - start > LONG_NODE and child.end_point[0] > row:
                todo.append((child, depth + 1))
    return borders

"""Turn a SourceFile into a ParsedFile: its definitions, its references, and where a long body may be cut.

What a language calls a definition is written in `queries/*.scm`. A pattern there names nodes:

    @definition.KIND   a definition; KIND is one of Symbol's, and a `function` in a type becomes a `method`
        @name          its name; `Foo::bar` and `M.f` are read as qualified
                       (@definition.KIND.capitals: one only if that is written in capitals)
        @owner         the type it belongs to though it stands elsewhere (a Go receiver)
        @body          where its signature ends, if that is not its field `body`
    @clause.KIND       the same for a definition in parts: equations of one name that follow each other
    @scope, @name      qualifies what stands in it and is no symbol itself (a Rust impl); functions in it
                       become methods, but not in a @scope.module (a C++ namespace)
    @wrapper           lends its beginning to the definition in it (decorators, `export`)
    @attribute         an annotation: belongs to the definition it stands before, not to its signature
    @comment           a doc comment when it stands directly above a definition
    @doc               the docstring of the definition it stands in
    @ignore            references in it are none
    @reference.call    a name that is called, with @qualifier where something stands before it
    @reference.inherit the name of a base, with @qualifier
    @reference.K.member  the same of the last name of the whole `a.b.c`, where the rest is the qualifier
    @reference.import  the name bound here, with @module (several are joined) and, under another name,
                       @original; where it covers the @module, the module's last part is the name;
                       @whole: it binds the module itself, @default: what that exports as its default

    @binding           a name that is given a meaning: the @value it is assigned or the @type it is declared
                       with, or neither where that is not known; @extent is where it means that, if not in
                       the whole definition it stands in. @binding.item: an item of the @value;
                       @binding.entered: what the @value gives a `with`; @binding.parameter: of a function;
                       element: one of the @value by index; each: one of several arguments of the @type;
                       second: the second result; field: taken apart, under @original; property: of this;
                       attribute, first: of the type it stands in; generic: a type parameter and its bound;
                       alias: a type and what it stands for; default, package: what a file says of itself
    @returns           the declared type of what a function gives back
    @returned          what it gives back as it is written

Where two patterns give one name, the earlier pattern of the file wins, and an import wins over a
constant. A constant in a function is local and left out. In qualifiers and modules
`::`, `->`, `?.` and `\\` are written as dots; `module#original` is an import under another name, and
`…` stands for an expression too long to be a name.
"""

from __future__ import annotations

import importlib
import re
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

import tree_sitter

from indexer.blocks import names_in
from indexer.embedded import Part, cells_of, script_of
from indexer.headings import sections
from indexer.languages import Language, by_name
from indexer.marks import Captures, Patterns, Reader
from indexer.origins import bind
from indexer.slices import Slices
from indexer.symbols import Above, collect
from indexer.types import ParsedFile, Reference, SourceFile, Symbol

LONG_NODE = 1500  # bytes; what is shorter fits into one chunk and is never cut
TIME_LIMIT = 5.0  # CPU seconds for one file; an ordinary one takes milliseconds
_DEEPEST = 500  # levels; matching costs the square of the depth, and no hand nests deeper
_MOST_NODES = 2_000_000  # about 5 MB of code; matching costs 0.5 µs a node and cannot be interrupted
_WIDEST = 20_000  # unnamed children of one node: matching costs their square, and only errors have so many
_HASHES = 1000  # in a row; no raw string has so many
_LARGE_ERROR = 30  # lines; an error of this size hides definitions, so what it covers is parsed in pieces


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
    if not source.endswith(b"\n"):
        source += b"\n"  # some scanners never come back from the end of a text without one
    readable = _MACRO.sub(_blank, source) if language.name in ("c", "cpp") else source
    grammar = _grammar(language)
    deadline = time.thread_time() + TIME_LIMIT
    tree = None if _endless(readable, language) else grammar.tree(readable, deadline)
    if tree is None or _too_much(tree.root_node):
        return ParsedFile(file, broken=True)
    root = tree.root_node
    reader = Reader(source, grammar.patterns, language.name)
    pieces = [piece for error in _large_errors(root) for piece in _pieces(error, source)]
    matches = grammar.matches(root)
    reader.read([match for match in matches if not _within(pieces, match[1])] if pieces else matches)
    for piece in pieces:
        tree = grammar.tree(readable, deadline, piece)
        if tree:
            reader.read(grammar.matches(tree.root_node))
    above = reader.above()
    found = collect(reader.sound_marks(), source, above)
    references, bindings = bind(found, names_in(found, source, language.name))
    borders = _borders(root, source, above, deadline)
    return ParsedFile(file, found.symbols, references, borders, root.has_error, bindings)


# Macros of C that say nothing to the reader of a declaration and that its grammar takes for a type or
# a statement: `FMT_API int f()`, `void WINAPI f()`, `int unused UNUSED`, `BEGIN_NAMESPACE` on its own.
_MACRO = re.compile(
    rb"\b(?:WINAPI|CALLBACK|APIENTRY|NTAPI|ZEXPORT|ZLIB_INTERNAL|[A-Z][A-Z0-9_]*_CALL(?:_CONVENTION)?"
    rb"|[A-Z0-9_]*(?:API|EXTERN|EXPORT|INLINE|NORETURN|DEPRECATED|NODISCARD|CONSTEXPR|CONSTINIT|UNUSED|EXP_DEFN)"
    rb"[0-9]*_?)\b(?!\s*[(=;,{+*/|&<>?:.\[-])|^[A-Z][A-Z0-9]*_[A-Z0-9_]+[ \t]*$"
    rb"|(?<=if )[A-Z][A-Z0-9_]*CONSTEXPR[0-9]*(?= ?\()",
    re.MULTILINE,
)


def _blank(macro: re.Match[bytes]) -> bytes:
    line = macro.string.rfind(b"\n", 0, macro.start()) + 1
    in_directive = macro.string[line : macro.start()].lstrip().startswith(b"#")
    return macro[0] if in_directive else b" " * len(macro[0])


@dataclass(frozen=True)
class _Grammar:
    """How a language is read. Its parsers and cursors are used again, by one thread at a time: the memory
    that they have grown is at hand then, which saves a twentieth of their work."""

    language: tree_sitter.Language
    query: tree_sitter.Query
    patterns: Patterns = field(default_factory=dict)
    parsers: list[tree_sitter.Parser] = field(default_factory=list)
    cursors: list[tree_sitter.QueryCursor] = field(default_factory=list)

    def tree(
        self, source: bytes, deadline: float, piece: tree_sitter.Range | None = None
    ) -> tree_sitter.Tree | None:
        """The syntax tree of the source or of a piece of it, or None when it takes too long."""
        parser = None if piece else _waiting(self.parsers)
        parser = parser or tree_sitter.Parser(self.language, included_ranges=[piece] if piece else None)
        latest = time.perf_counter() + deadline - time.thread_time()  # CPU time is not over sooner, and dear

        def too_late(_offset: int, _error: bool) -> bool:
            return time.perf_counter() > latest and time.thread_time() > deadline

        slices = Slices(source)
        try:
            tree = parser.parse(slices, progress_callback=too_late)
        except ValueError:  # how the binding says that the callback stopped it
            return None  # and a parser that was stopped would go on with this text
        finally:
            slices.parsed()
        if not piece:
            self.parsers.append(parser)
        return tree

    def matches(self, root: tree_sitter.Node) -> Sequence[tuple[int, Captures]]:
        # No progress callback here: with one, the binding (0.26.1) crashes the process.
        cursor = _waiting(self.cursors) or tree_sitter.QueryCursor(self.query)
        cursor.set_max_start_depth(_DEEPEST)
        matches = cursor.matches(root)
        self.cursors.append(cursor)
        return matches


def _waiting(tools: list[_Tool]) -> _Tool | None:
    try:
        return tools.pop()
    except IndexError:  # not asked before: another thread may take the last one in between
        return None


_Tool = TypeVar("_Tool", tree_sitter.Parser, tree_sitter.QueryCursor)


@cache
def _grammar(language: Language) -> _Grammar:
    assert language.grammar
    module, function = language.grammar.split(":")
    loaded = tree_sitter.Language(getattr(importlib.import_module(module), function)())
    folder = Path(__file__).parent / "queries"
    text = "\n".join((folder / f"{name}.scm").read_text("utf-8") for name in language.queries)
    return _Grammar(loaded, tree_sitter.Query(loaded, text))


def _endless(source: bytes, language: Language) -> bool:
    """Whether the scanner of Swift's raw strings would square a run of #, where no time limit reaches it."""
    return language.name == "swift" and b"#" * _HASHES in source


def _too_much(root: tree_sitter.Node) -> bool:
    """Whether matching would take too long: too many nodes, or an error with too many loose tokens."""
    if root.descendant_count > _MOST_NODES:
        return True
    todo = [root] if root.has_error else []
    while todo:
        node = todo.pop()
        if node.child_count - node.named_child_count > _WIDEST:
            return True
        todo += [child for child in node.named_children if child.has_error]
    return False


def _large_errors(root: tree_sitter.Node) -> list[tree_sitter.Node]:
    """The outermost errors that cover so many lines that definitions are lost in them."""
    found = []
    todo = [root] if root.has_error else []
    while todo:
        node = todo.pop()
        if node.end_point[0] - node.start_point[0] < _LARGE_ERROR:
            continue
        if node.is_error:
            found.append(node)
        else:
            todo += [child for child in node.named_children if child.has_error]
    return found


_PIECE = re.compile(rb"(?<=\n\n)(?=[A-Za-z@#/\[])")  # a paragraph that begins at the margin


def _pieces(error: tree_sitter.Node, source: bytes) -> list[tree_sitter.Range]:
    """The paragraphs at the margin in what an error covers; each may be sound on its own."""
    start, end = error.start_byte, source.index(b"\n", error.end_byte - 1) + 1
    starts = [match.start() for match in _PIECE.finditer(source, start, end)]
    pieces = []
    row, position = error.start_point[0], start
    for first, after in pairwise([*starts, end]):
        row += source.count(b"\n", position, first)
        position = first
        last_row = row + source.count(b"\n", first, after)
        column = after - (source.rfind(b"\n", 0, after) + 1)
        pieces.append(tree_sitter.Range((row, 0), (last_row, column), first, after))
    return pieces


def _within(pieces: list[tree_sitter.Range], captures: Captures) -> bool:
    node = next(iter(captures.values()))[0]
    index = bisect_right(pieces, node.start_byte, key=attrgetter("start_byte")) - 1
    return index >= 0 and node.start_byte < pieces[index].end_byte


def _borders(root: tree_sitter.Node, source: bytes, above: Above, deadline: float) -> dict[int, int]:
    """Line -> depth of the shallowest node that begins there, inside nodes longer than LONG_NODE.

    A node begins with the comments directly above it, and only where it is the first on its line. A
    sequence, such as the body of a function, begins with its head and not with its first item.
    """
    borders: dict[int, int] = {}
    todo = [(root, 1)] if root.end_byte > LONG_NODE else []
    while todo and time.thread_time() < deadline:
        node, depth = todo.pop()
        for child in node.named_children:
            start, end = child.byte_range
            row, column = child.start_point
            if start == end:  # a token that the grammar only expected
                continue
            if end - start > LONG_NODE and child.end_point[0] > row:
                todo.append((child, depth + 1))
                if _SEQUENCE.search(child.type):
                    continue
            if not column or not source[start - column : start].strip():  # the first on its line
                line = above.top(row) + 1
                if borders.get(line, depth + 1) > depth:
                    borders[line] = depth
    return borders


_SEQUENCE = re.compile(r"(?:body|block|list|statements|declarations|compound_statement)$")

"""The nouns of the write side: what a file becomes on its way into the index."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

FileKind = Literal["code", "docs", "config"]
ReferenceKind = Literal["call", "import", "inherit"]


@dataclass(frozen=True, slots=True)
class Span:
    """Lines `start` to `end`, 1-based, both inclusive."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start + 1

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as the index sees it: decoded, line ends as LF, secrets redacted.

    `path` is relative to the repository's root, with forward slashes. `digest` is the blake2b-128
    of the raw bytes, `size` their number. `language` is a name from `languages.py`, `"text"` where
    none fits.
    """

    path: str
    text: str
    language: str
    kind: FileKind
    digest: str
    size: int
    mtime_ns: int
    redactions: int = 0

    @property
    def lines(self) -> list[str]:
        """The lines without their ends; a trailing newline opens no further line."""
        lines = self.text.split("\n")
        if len(lines) > 1 and not lines[-1]:
            lines.pop()
        return lines

    @property
    def line_count(self) -> int:
        """How many `lines` there are."""
        return self.text.count("\n") + (not self.text.endswith("\n"))


class Symbol(NamedTuple):
    """A definition; a tuple, for a file has dozens.

    `span` holds its decorators; `doc_start` is where a comment above it begins.

    `qualname` is qualified inside the file with dots in every language (`Class.method`), `kind` one
    of function, method, class, interface, struct, enum, trait, type, module, macro, constant,
    field, section. `signature` is the head of the definition on one line, `doc` the doc comment or
    docstring without its markers.
    """

    name: str
    qualname: str
    kind: str
    span: Span
    doc_start: int
    signature: str = ""
    doc: str = ""


class Reference(NamedTuple):
    """A use of a name; a tuple, for a file has hundreds.

    `scope` is the qualname of the definition it stands in, or "".

    `qualifier` is what stands before the name (`self`, `requests`, `a.b`), or "", with `::` and `->`
    written as dots and an expression too long to be a name as "…". For an import, `name` is the name
    bound here and `qualifier` the module; under another name it is `module#original`. `target` is what
    the file itself says the use stands for, as origins.py writes it, or "". `arguments` is how many a call
    hands over in a language that tells overloads apart by that, else -1.
    """

    name: str
    kind: ReferenceKind
    line: int
    scope: str = ""
    qualifier: str = ""
    target: str = ""
    arguments: int = -1


class Binding(NamedTuple):
    """What a name of a file stands for, where other files may ask: see origins.py."""

    owner: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file with its definitions in order of appearance, outer before inner.

    `borders` maps a line on which a syntax node begins to the nesting depth of the shallowest such
    node, recorded inside nodes too long for one chunk: the places where a long body may be cut.
    `broken` says that the syntax tree holds errors.
    """

    file: SourceFile
    symbols: tuple[Symbol, ...] = ()
    references: tuple[Reference, ...] = ()
    borders: dict[int, int] = field(default_factory=dict)
    broken: bool = False
    bindings: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole lines of one file, the unit that is embedded and found.

    `id` is a uuid5 of repository, path, digest of the text and the how-manieth equal text of the
    file, so a chunk that only moves within its file keeps its id. `defines` are the names defined
    in it, `scope` the qualname of the definition that encloses it ("" at file level).
    """

    id: str
    path: str
    language: str
    kind: FileKind
    span: Span
    text: str
    digest: str
    defines: tuple[str, ...] = ()
    scope: str = ""

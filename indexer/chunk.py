"""Turn a ParsedFile into Chunks along symbol borders: no gaps, no overlap, whole lines."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate, pairwise
from uuid import NAMESPACE_URL, UUID, uuid5

from .types import Chunk, ParsedFile, Span, Symbol

CHUNKER_VERSION = "c2"  # part of the fingerprint
CHUNK_CHARS = 1500  # about 400 tokens: a function with its comment, seldom two topics

_HEAD_SHARE = 0.4  # of a chunk: a signature with its comment is shorter
_BLANK_LINE = 1_000_000  # deeper than any syntax: the next best place to cut
_ANY_LINE = 1_000_001


def chunk(parsed: ParsedFile, repo: str, limit: int = CHUNK_CHARS) -> list[Chunk]:
    """Cut a file into chunks of at most `limit` characters, or of one line that is longer.

    A range too long is cut at its shallowest borders, the pieces are merged with their neighbours
    while they fit, and a piece that is still too long is cut again one level deeper (split and
    merge, as in cAST, arXiv 2506.15655). Every line of the file is in exactly one chunk.
    """
    lines = parsed.file.lines
    if not any(line.strip() for line in lines):
        return []
    cuts = _Cuts(lines, _depths(parsed, lines), limit)
    spans = cuts.split(1, len(lines))
    return _chunks(parsed, repo, lines, spans)


def _depths(parsed: ParsedFile, lines: Sequence[str]) -> dict[int, int]:
    """How deep in the structure each possible first line of a chunk lies; lower is better."""
    depths = dict(parsed.borders)
    for symbol, nesting in _nested(parsed.symbols):
        for line in (symbol.doc_start, _next_text(lines, symbol.span.end)):
            depths[line] = min(depths.get(line, nesting), nesting)
        if symbol.doc_start < symbol.span.start:  # the comment stays with its definition
            for line in range(symbol.doc_start + 1, symbol.span.start + 1):
                depths.pop(line, None)
    return depths


def _next_text(lines: Sequence[str], line: int) -> int:
    """The first line after `line` that is not blank: blank lines stay with what they follow."""
    line += 1
    while line <= len(lines) and not lines[line - 1].strip():
        line += 1
    return line


def _nested(symbols: Sequence[Symbol]) -> list[tuple[Symbol, int]]:
    open_ends: list[int] = []
    found = []
    for symbol in symbols:
        while open_ends and open_ends[-1] < symbol.span.start:
            open_ends.pop()
        open_ends.append(symbol.span.end)
        found.append((symbol, len(open_ends)))
    return found


class _Cuts:
    """The borders of one file and the size of any run of its lines."""

    def __init__(self, lines: Sequence[str], depths: Mapping[int, int], limit: int) -> None:
        self.limit = limit
        self.lines = lines
        self.sizes = [0, *accumulate(len(line) + 1 for line in lines)]
        self.depths = depths
        self.borders = sorted(depths)

    def split(self, start: int, end: int) -> list[Span]:
        """Cut one level deeper until every piece fits. No recursion: code can be nested a thousand deep."""
        found: list[Span] = []
        waiting = [(start, end, -1)]
        while waiting:
            start, end, above = waiting.pop()
            if self.size(start, end) <= self.limit or start == end:
                found.append(Span(start, end))
                continue
            depth, firsts = self._cut(start, end, above)
            pieces = self._merge([(a, b - 1) for a, b in pairwise([start, *firsts, end + 1])])
            if depth < _BLANK_LINE:
                pieces = self._keep_head(pieces)
            waiting.extend((a, b, depth) for a, b in reversed(pieces))
        return found

    def size(self, start: int, end: int) -> int:
        return self.sizes[end] - self.sizes[start - 1]

    def _cut(self, start: int, end: int, above: int) -> tuple[int, list[int]]:
        """The lines to cut at, and their depth: the shallowest below `above`, else blank lines, else any."""
        inside = self.borders[bisect_right(self.borders, start) : bisect_right(self.borders, end)]
        depths = [self.depths[line] for line in inside if self.depths[line] > above]
        if depths:
            shallowest = min(depths)
            return shallowest, [line for line in inside if self.depths[line] == shallowest]
        if above < _BLANK_LINE and (firsts := self._after_blank(start, end)):
            return _BLANK_LINE, firsts
        return _ANY_LINE, list(range(start + 1, end + 1))

    def _after_blank(self, start: int, end: int) -> list[int]:
        lines = self.lines
        return [n for n in range(start + 1, end + 1) if lines[n - 1].strip() and not lines[n - 2].strip()]

    def _merge(self, pieces: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        merged = [pieces[0]]
        for start, end in pieces[1:]:
            first, _ = merged[-1]
            if self.size(first, end) <= self.limit:
                merged[-1] = (first, end)
            else:
                merged.append((start, end))
        return merged

    def _keep_head(self, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """A signature stays with the beginning of its body, though the body is too long for one chunk."""
        if len(pieces) < 2:
            return pieces
        (start, head_end), (body, end), *others = pieces
        if self.size(start, head_end) < self.limit * _HEAD_SHARE and self.size(body, end) > self.limit:
            return [(start, end), *others]
        return pieces


def _chunks(parsed: ParsedFile, repo: str, lines: Sequence[str], spans: Sequence[Span]) -> list[Chunk]:
    file = parsed.file
    namespace = uuid5(NAMESPACE_URL, f"cairn:{repo}")
    starts = [symbol.span.start for symbol in parsed.symbols]
    seen: Counter[str] = Counter()
    found = []
    for span in spans:
        text = "\n".join(lines[span.start - 1 : span.end]) + "\n"
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        first, last = bisect_left(starts, span.start), bisect_right(starts, span.end)
        found.append(
            Chunk(
                id=chunk_id(namespace, file.path, digest, seen[digest]),
                path=file.path,
                language=file.language,
                kind=file.kind,
                span=span,
                text=text,
                digest=digest,
                defines=tuple(symbol.qualname for symbol in parsed.symbols[first:last]),
                scope=_scope(parsed.symbols[:first], span.start),
            )
        )
        seen[digest] += 1
    return found


def chunk_id(namespace: UUID, path: str, digest: str, nth: int) -> str:
    """The identity of a chunk: where it is, what it says, and the how-manieth of its like it is."""
    return str(uuid5(namespace, f"{path}\0{digest}\0{nth}"))


def _scope(before: Sequence[Symbol], line: int) -> str:
    for symbol in reversed(before):
        if symbol.span.end >= line:
            return symbol.qualname
    return ""

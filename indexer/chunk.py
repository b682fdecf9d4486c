"""Turn a ParsedFile into Chunks along symbol borders: no gaps, no overlap, whole lines."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b, sha1
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
    if not parsed.file.text.strip():
        return []
    lines = parsed.file.lines
    cuts = _Cuts(lines, _depths(parsed, lines), limit)
    return _chunks(parsed, repo, [(span, cuts.text(span)) for span in cuts.split(1, len(lines))])


def _depths(parsed: ParsedFile, lines: Sequence[str]) -> dict[int, int]:
    """How deep in the structure each possible first line of a chunk lies; lower is better."""
    depths = dict(parsed.borders)
    open_ends: list[int] = []
    for symbol in parsed.symbols:
        start, end = symbol.span.start, symbol.span.end
        while open_ends and open_ends[-1] < start:
            open_ends.pop()
        open_ends.append(end)
        nesting = len(open_ends)
        for line in (symbol.doc_start, _next_text(lines, end)):
            if depths.get(line, nesting) >= nesting:
                depths[line] = nesting
        if symbol.doc_start < start:  # the comment stays with its definition
            for line in range(symbol.doc_start + 1, start + 1):
                depths.pop(line, None)
    return depths


def _next_text(lines: Sequence[str], line: int) -> int:
    """The first line after `line` that is not blank: blank lines stay with what they follow."""
    line += 1
    while line <= len(lines) and not lines[line - 1].strip():
        line += 1
    return line


class _Cuts:
    """The borders of one file and the size of any run of its lines."""

    def __init__(self, lines: Sequence[str], depths: Mapping[int, int], limit: int) -> None:
        self.limit = limit
        self.lines = lines
        self.ends = [0, *accumulate(map(len, lines))]  # in characters, the line ends not counted
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
        return self.ends[end] - self.ends[start - 1] + end - start + 1

    def text(self, span: Span) -> str:
        return "\n".join(self.lines[span.start - 1 : span.end]) + "\n"

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


def _chunks(parsed: ParsedFile, repo: str, texts: Sequence[tuple[Span, str]]) -> list[Chunk]:
    file, symbols = parsed.file, parsed.symbols
    namespace = _namespace(repo)
    starts = [symbol.span.start for symbol in symbols]
    seen: Counter[str] = Counter()
    found = []
    for span, text in texts:
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        first = bisect_left(starts, span.start)
        last = bisect_right(starts, span.end, first)
        found.append(
            Chunk(
                chunk_id(namespace, file.path, digest, seen[digest]),
                file.path,
                file.language,
                file.kind,
                span,
                text,
                digest,
                tuple([symbol.qualname for symbol in symbols[first:last]]),
                _scope(symbols, first, span.start),
            )
        )
        seen[digest] += 1
    return found


@lru_cache(maxsize=8)
def _namespace(repo: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"cairn:{repo}")


def chunk_id(namespace: UUID, path: str, digest: str, nth: int) -> str:
    """The identity of a chunk: where it is, what it says, and the how-manieth of its like it is.

    A UUID of version 5 (RFC 9562), written out here: `uuid5` takes four times as long.
    """
    name = f"{path}\0{digest}\0{nth}".encode()
    bits = int.from_bytes(sha1(namespace.bytes + name, usedforsecurity=False).digest()[:16], "big")
    text = f"{bits & _FREE | _VERSION_5:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


_FREE = ~(0xF << 76 | 0b11 << 62)  # all but the bits of the version and of the variant
_VERSION_5 = 5 << 76 | 0b10 << 62


def _scope(symbols: Sequence[Symbol], before: int, line: int) -> str:
    """The qualname of the innermost of the first `before` symbols that goes on to this line."""
    for number in range(before - 1, -1, -1):
        if symbols[number].span.end >= line:
            return symbols[number].qualname
    return ""

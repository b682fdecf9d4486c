"""Hand a source to the parser piece by piece, so that it can be stopped; without keeping the pieces.

The binding (tree-sitter 0.26.1) never lets go of what its read callback returns: a server that parses edits
for days would keep every version of every file. So while a text is parsed the pieces go through buffers that
are used again, one for each length, and what is never let go of is always the same few. That there are few
lengths, the end of a text is read in a piece or two more.
"""

from __future__ import annotations

_SLICE = 4096  # bytes at once; two of three files are no longer
_GRAIN = 256  # bytes; the rest of a text is cut into multiples of it and what is left
_NAME = 256  # bytes at once for a node its text, which predicates of a query ask for

_Buffers = dict[int, bytearray]
_free: list[_Buffers] = []  # as many as there were parsers at work at the same time; 70 KB each at most


class Slices:
    """A read callback over `source`. Call `parsed` when the parser is done, before a node its text."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._buffers: _Buffers | None
        try:
            self._buffers = _free.pop()
        except IndexError:  # not asked before: another thread may take the last one in between
            self._buffers = {}

    def __call__(self, offset: int, _: object) -> bytes | bytearray:
        if self._buffers is None:
            return self._source[offset : offset + _NAME]
        size = min(len(self._source) - offset, _SLICE)
        size -= size % _GRAIN if size > _GRAIN else 0
        piece = self._source[offset : offset + size]
        buffer = self._buffers.get(size)
        if buffer is None:
            buffer = self._buffers[size] = bytearray(piece)
        else:
            buffer[:] = piece
        return buffer

    def parsed(self) -> None:
        """Give the buffers back. From now on pieces are bytes: on others a node crashes."""
        if self._buffers is not None:
            _free.append(self._buffers)
            self._buffers = None

"""The bytes of a file <-> text that can be matched, with everything outside an edit kept byte by byte.

A model sees and writes LF. The file may have CRLF, a byte order mark, UTF-16 or bytes that are no
UTF-8 at all. So an edit is a splice into the original text: what it does not cover cannot change.
"""

from __future__ import annotations

import codecs
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from indexer.errors import BadInput

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True)
class Document:
    """A decoded file. `original` has the file's own line ends, `text` has LF."""

    original: str
    mark: bytes = b""
    encoding: str = "utf-8"

    @cached_property
    def text(self) -> str:
        return self.original.replace("\r\n", "\n")

    def spliced(self, start: int, end: int, new: str) -> Document:
        """Put `new` in place of `text[start:end]`, with the line ends used there."""
        before, after = self._in_original(start), self._in_original(end)
        new = new.replace("\r\n", "\n")
        if self._crlf_near(start):
            new = new.replace("\n", "\r\n")
        return Document(self.original[:before] + new + self.original[after:], self.mark, self.encoding)

    def encoded(self) -> bytes:
        return self.mark + self.original.encode(self.encoding, "surrogateescape")

    @property
    def readable(self) -> bool:
        """Whether every byte was understood; others are kept, but stand as placeholders in `text`."""
        return not any("\udc80" <= character <= "\udcff" for character in self.original)

    @cached_property
    def _crlf(self) -> list[int]:
        """Where in `text` a line break is CRLF in the original."""
        places, at, removed = [], self.original.find("\r\n"), 0
        while at >= 0:
            places.append(at - removed)
            removed += 1
            at = self.original.find("\r\n", at + 2)
        return places

    def _in_original(self, offset: int) -> int:
        return offset + bisect_left(self._crlf, offset)

    def _crlf_near(self, start: int) -> bool:
        """The line end of the place decides: the next one, or at the end of the file the one before."""
        line_break = self.text.find("\n", start)
        if line_break < 0:
            line_break = self.text.rfind("\n", 0, start)
        at = bisect_left(self._crlf, line_break)
        return self._crlf[at : at + 1] == [line_break]


def decode(data: bytes, path: str) -> Document:
    """Decode the bytes of a text file. Raises BadInput for a binary one."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return Document(data[len(mark) :].decode(encoding), mark, encoding)
            except UnicodeDecodeError as error:
                raise BadInput(f"{path} says it is {encoding} but is not; it is left alone") from error
    if b"\0" in data:
        raise BadInput(f"{path} is a binary file; it can be neither read nor edited as text")
    return Document(data.decode("utf-8", "surrogateescape"))

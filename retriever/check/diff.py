"""A Change -> a diff that holds each of its files whole, as a server reads it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from indexer.languages import language_of

from .change import Change, ChangedFile

_PLAIN = range(32, 127)


def whole_diff(change: Change) -> str:
    """Prose is left out: no rule is checked on it, and it would take the room of code."""
    files = [file for file in change.files if language_of(file.path, file.after or "").kind != "docs"]
    return "".join(line for file in files for line in _file(file))


def _file(file: ChangedFile) -> Iterator[str]:
    before, after = _lines(file.before), _lines(file.after)
    yield f"diff --git {_quoted('a/' + file.old_path)} {_quoted('b/' + file.path)}\n"
    if file.before is None:
        yield "new file mode 100644\n"
    if file.after is None:
        yield "deleted file mode 100644\n"
    if file.old_path != file.path:
        yield f"rename from {_quoted(file.old_path)}\nrename to {_quoted(file.path)}\n"
    yield f"--- {'/dev/null' if file.before is None else _quoted('a/' + file.old_path)}\n"
    yield f"+++ {'/dev/null' if file.after is None else _quoted('b/' + file.path)}\n"
    yield f"@@ -{bool(before):d},{len(before)} +{bool(after):d},{len(after)} @@\n"
    for what, first, last, start, end in SequenceMatcher(None, before, after).get_opcodes():
        if what == "equal":
            yield from (f" {line}\n" for line in before[first:last])
        else:
            yield from (f"-{line}\n" for line in before[first:last])
            yield from (f"+{line}\n" for line in after[start:end])


def _lines(text: str | None) -> list[str]:
    lines = (text or "").split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _quoted(path: str) -> str:
    """As git quotes: bytes that are not plain in octal."""
    raw = path.encode("utf-8", "surrogateescape")
    return '"' + "".join(chr(b) if b in _PLAIN and b not in b'"\\' else f"\\{b:03o}" for b in raw) + '"'

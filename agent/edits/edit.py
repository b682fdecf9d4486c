"""A text to find and a text to put there -> the changed file, or a refusal that helps to mend the edit.

The model's idea of a file is often a little wrong. Nothing is guessed: the old text must be in the
file exactly once. A refusal says what is there instead, so that the next attempt can be right.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agent.beneath import Beneath
from agent.edits.documents import Document, decode
from indexer.errors import BadInput
from indexer.languages import language_of
from indexer.parse import parse
from indexer.types import SourceFile

Code = Literal[
    "NOT_FOUND",
    "AMBIGUOUS",
    "ALREADY_APPLIED",
    "NO_CHANGE",
    "STALE_READ",
    "SYNTAX_ERROR",
    "EXISTS",
    "ENCODING",
]

EDITABLE_BYTES = 4 << 20  # a larger file is data or generated
_NEAREST_LINES = 12  # shown of the place that looks most like the text that was not found
_COMPARED = 5  # places compared letter by letter, after a quick look at all
_ALIKE = 0.5  # below this share of equal letters a place is no hint but a distraction
_LISTED = 10  # places named when a text is ambiguous


class EditRefused(BadInput):
    """The file is unchanged. `code` says why in a word."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Edit:
    """A file as it was and as it becomes. `before` is None when it is new."""

    path: str
    before: bytes | None
    after: bytes

    @property
    def lines(self) -> tuple[int, int]:
        """How many lines were added and removed."""
        old = (self.before or b"").splitlines()
        new = self.after.splitlines()
        added = removed = 0
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                removed += b - a
                added += d - c
        return added, removed


def str_replace(tree: Beneath, path: str, old: str, new: str, seen: Mapping[str, str]) -> Edit:
    """Replace `old`, which must be there exactly once, and write the file.

    `seen` maps paths to the digest of what the model was shown: a file that changed since is refused.
    """
    before = tree.read(path, EDITABLE_BYTES)
    if path in seen and seen[path] != digest(before):
        raise EditRefused(
            "STALE_READ", f"{path} changed since you read it; read it again. Nothing was changed."
        )
    document = decode(before, path)
    start, end = _find(document.text, _lf(old), _lf(new), path)
    if not document.readable and not new.isascii():
        raise EditRefused(
            "ENCODING", f"{path} is not UTF-8, so only ASCII can be written into it. Nothing was changed."
        )
    changed = document.spliced(start, end, new)
    _require_sound(path, document.text, changed.text, _line_of(document.text, start))
    edit = Edit(path, before, changed.encoded())
    tree.write(path, edit.after)
    return edit


def create_file(tree: Beneath, path: str, content: str) -> Edit:
    """Write a new file. Refuses one that exists: a whole file is never overwritten."""
    if tree.exists(path):
        raise EditRefused(
            "EXISTS", f"{path} exists already; change it with str_replace. Nothing was changed."
        )
    document = Document(content)
    _require_sound(path, "", document.text, 1)
    edit = Edit(path, None, document.encoded())
    tree.write(path, edit.after)
    return edit


def digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _find(text: str, old: str, new: str, path: str) -> tuple[int, int]:
    if not old:
        raise EditRefused("NOT_FOUND", "old is empty; give the text to replace, with a line around it.")
    if old == new:
        raise EditRefused("NO_CHANGE", f"old and new are the same; {path} was left as it is.")
    starts = _occurrences(text, old)
    if len(starts) == 1:
        return starts[0], starts[0] + len(old)
    if starts:
        lines = ", ".join(str(_line_of(text, start)) for start in starts[:_LISTED])
        more = f" and {len(starts) - _LISTED} more" if len(starts) > _LISTED else ""
        raise EditRefused(
            "AMBIGUOUS",
            f"old is in {path} {len(starts)} times, at lines {lines}{more}. "
            "Nothing was changed; add lines around it until it is there once.",
        )
    if new.strip() and new in text:
        line = _line_of(text, text.index(new))
        raise EditRefused(
            "ALREADY_APPLIED", f"{path} already holds new, at line {line}. Nothing was changed."
        )
    raise EditRefused("NOT_FOUND", f"old is not in {path}. Nothing was changed. {_nearest(text, old)}")


def _occurrences(text: str, old: str) -> list[int]:
    """Overlapping ones count too: each is a place the model may have meant."""
    starts, at = [], text.find(old)
    while at >= 0:
        starts.append(at)
        at = text.find(old, at + 1)
    return starts


def _nearest(text: str, old: str) -> str:
    """The run of lines most like `old`, numbered, as a hint."""
    lines, wanted = text.split("\n"), old.strip("\n").split("\n")
    known = {line.strip() for line in wanted if line.strip()}
    size = min(len(wanted), _NEAREST_LINES)
    # A line in common is a quick sign; where there is none every place gets a look by its first line.
    marks = [line.strip() in known for line in lines]
    shared = sum(marks[:size])
    scores = [(shared, 0)]
    for start in range(1, max(1, len(lines) - size + 1)):
        shared += marks[start + size - 1] - marks[start - 1]
        scores.append((shared, start))
    if not any(marks):
        close = difflib.get_close_matches(wanted[0], lines, n=1, cutoff=_ALIKE)
        scores = [(0, lines.index(match)) for match in close]
    best, at = _ALIKE, -1
    for _, start in sorted(scores, key=lambda score: -score[0])[:_COMPARED]:
        ratio = difflib.SequenceMatcher(
            None, "\n".join(lines[start : start + size]), "\n".join(wanted[:size]), autojunk=False
        ).ratio()
        if ratio > best:
            best, at = ratio, start
    if at < 0:
        return "No place looks like it; read the file."
    shown = "\n".join(f"{at + i + 1:5d}  {line}" for i, line in enumerate(lines[at : at + size]))
    return f"The nearest lines are:\n{shown}"


def _require_sound(path: str, before: str, after: str, line: int) -> None:
    """Refuse an edit that breaks a sound file; a file that was broken already may stay so."""
    if not _broken(path, after) or _broken(path, before):
        return
    window = after.split("\n")[max(0, line - 3) : line + 9]
    shown = "\n".join(f"{max(0, line - 3) + i + 1:5d}  {text}" for i, text in enumerate(window))
    raise EditRefused(
        "SYNTAX_ERROR",
        f"{path} would no longer parse{_where(path, after)}. Nothing was changed. It would read:\n{shown}",
    )


def _broken(path: str, text: str) -> bool:
    language = language_of(path, text)
    file = SourceFile(path, text, language.name, language.kind, digest="", size=len(text), mtime_ns=0)
    return parse(file).broken


def _where(path: str, text: str) -> str:
    """Python says where and why; the other grammars only say that."""
    if not path.endswith((".py", ".pyi")):
        return ""
    try:
        ast.parse(text, path)
    except (SyntaxError, ValueError) as error:
        return f" ({error})"
    return ""


def _line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n")

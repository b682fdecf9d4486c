"""Changes that a model asks for -> what each would make of its file, or why it is refused.

Nothing is written. A change sees the files as the changes before it leave them, so a file can be edited
twice, or moved and then edited; whether it still parses is asked once, of what comes out in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

from agent.beneath import Beneath, parts_of
from agent.edits.change import (
    EDITABLE_BYTES,
    MOVABLE_BYTES,
    Change,
    Create,
    Delete,
    Drafted,
    Edit,
    EditRefused,
    Move,
    Replace,
)
from agent.edits.documents import Document, decode
from agent.edits.find import find
from agent.edits.guard import (
    require_complete,
    require_no_placeholder,
    require_no_secret,
    require_text,
    require_written_by_hand,
)
from agent.edits.line_ends import line_end
from agent.edits.nearest import numbered
from agent.edits.standing import File, Standing
from agent.edits.syntax import new_problem
from indexer.errors import BadInput, Forbidden
from indexer.secrets import redact

_WINDOW = (3, 9)  # lines shown before and after a syntax error

_LONGEST_NAME = 255  # bytes of a part of a path; no file system here holds more

_NOTHING_DRAFTED: Mapping[str, bytes | None] = MappingProxyType({})


def draft(
    tree: Beneath,
    changes: Sequence[Change],
    seen: Mapping[str, str],
    overlay: Mapping[str, bytes | None] = _NOTHING_DRAFTED,
    protected: Callable[[str], str | None] = lambda path: None,
) -> Drafted:
    """Work out what the changes come to.

    `seen` maps paths to the `digest` of what the model was shown: a file that is different by now is
    refused. `overlay` holds files that were drafted earlier and never written, None for those that
    went. `protected` says why a path must not be touched, or None.
    """
    desk = _Desk(tree, seen, overlay, protected)
    results: list[Edit | EditRefused] = []
    for number, change in enumerate(changes):
        try:
            results.append(desk.edit(number, change))
        except EditRefused as refused:
            desk.refused.add(PurePosixPath(change.path).as_posix())
            results.append(refused)
    for number, problem in desk.syntax_refusals():
        results[number] = problem
    return Drafted(tuple(results))


@dataclass(frozen=True, slots=True)
class _Version:
    """A text that a change made, and the number of that change; the first is what was there."""

    number: int
    text: str


class _Desk:
    """The changes of one draft, as far as they have come."""

    def __init__(
        self,
        tree: Beneath,
        seen: Mapping[str, str],
        overlay: Mapping[str, bytes | None],
        protected: Callable[[str], str | None],
    ) -> None:
        self._tree = tree
        self._protected = protected
        self._files = Standing(tree, overlay, seen)
        self._versions: dict[str, list[_Version]] = {}
        self.refused: set[str] = set()

    def edit(self, number: int, change: Change) -> Edit:
        path = self._path(change.path)
        match change:
            case Replace():
                return self._replace(number, path, change)
            case Create():
                return self._create(number, path, change)
            case Delete():
                return self._delete(path)
            case Move():
                return self._move(path, self._path(change.to))

    def syntax_refusals(self) -> list[tuple[int, EditRefused]]:
        """For each file that no longer parses, the change after which it never did again."""
        found = []
        for path, versions in self._versions.items():
            first = versions[0].text
            if path in self.refused or new_problem(path, first, versions[-1].text) is None:
                continue
            blamed = versions[-1]
            for version in reversed(versions[1:]):
                if new_problem(path, first, version.text) is None:
                    break
                blamed = version
            found.append((blamed.number, _syntax_refusal(path, first, blamed.text)))
        return found

    def _replace(self, number: int, path: str, change: Replace) -> Edit:
        require_written_by_hand(path)
        file, data = self._files.existing(path, EDITABLE_BYTES)
        document = _decoded(data, path)
        new = change.new.replace("\r\n", "\n")
        require_text(path, new)
        shown, _ = redact(document.text, path)
        place = find(shown, change.old.replace("\r\n", "\n"), new, path)
        later = require_no_secret(path, shown, document.text, place.start, place.end)
        require_no_placeholder(path, new, document.text)
        require_written_by_hand(path, document.text)
        require_complete(path, new, document.text)
        if not document.readable and not place.new.isascii():
            raise EditRefused("ENCODING", f"{path} is not UTF-8, so only ASCII can be written into it.")
        changed = document.spliced(place.start + later, place.end + later, place.new)
        after = changed.encoded()
        if len(after) > EDITABLE_BYTES:
            raise EditRefused("TOO_LARGE", f"{path} would have {len(after)} bytes; at most {EDITABLE_BYTES}.")
        self._versions.setdefault(path, [_Version(-1, document.text)]).append(_Version(number, changed.text))
        self._files.put(path, File(after, file.mode))
        return Edit(path, data, after, mode=file.mode, note=place.note)

    def _create(self, number: int, path: str, change: Create) -> Edit:
        there = self._files.file(path, EDITABLE_BYTES)
        content = change.content.replace("\r\n", "\n")
        if there.data == content.encode("utf-8", "replace"):
            raise EditRefused("ALREADY_APPLIED", f"{path} exists already, with just this content.")
        if there.data:  # an empty one, an __init__.py, holds nothing that could be lost
            raise EditRefused(
                "EXISTS",
                f"{path} exists already, and a whole file is never overwritten; replace parts of it.",
            )
        require_written_by_hand(path)
        require_text(path, content)
        require_no_placeholder(path, content, "")
        require_complete(path, content, "")
        end = line_end(self._tree, path)
        after = Document(content.replace("\n", end) if end != "\n" else content).encoded()
        if len(after) > EDITABLE_BYTES:
            raise EditRefused("TOO_LARGE", f"{path} would have {len(after)} bytes; at most {EDITABLE_BYTES}.")
        self._versions[path] = [_Version(-1, ""), _Version(number, content)]
        self._files.put(path, File(after, there.mode))
        return Edit(path, there.data, after, mode=there.mode)

    def _delete(self, path: str) -> Edit:
        file, data = self._files.existing(path, MOVABLE_BYTES)
        self._files.put(path, File(None))
        self._versions.pop(path, None)
        return Edit(path, data, None, mode=file.mode)

    def _move(self, path: str, to: str) -> Edit:
        if path == to:
            raise EditRefused("NO_CHANGE", f"{path} is where it shall go.")
        file, data = self._files.existing(path, MOVABLE_BYTES)
        if self._files.file(to, MOVABLE_BYTES).data is not None:
            raise EditRefused("EXISTS", f"{to} exists already; choose another name, or delete it first.")
        require_written_by_hand(to)
        self._files.put(path, File(None))
        self._files.put(to, file)
        if path in self._versions:
            self._versions[to] = self._versions.pop(path)
        return Edit(path, data, data, moved_to=to, mode=file.mode)

    def _path(self, path: str) -> str:
        """The path as it is filed, if a model may touch what it names."""
        if any(
            character < " " or character == "\x7f" or "\ud800" <= character <= "\udfff" for character in path
        ):
            raise EditRefused("OUTSIDE", f"{path!r} holds signs that no path here has.")
        parts = PurePosixPath(path).parts
        if any(part.lower() == ".git" for part in parts):
            raise EditRefused("PROTECTED", f"{path} belongs to git; no tool changes it.")
        try:
            path = "/".join(parts_of(path))
        except Forbidden as refused:
            raise EditRefused("OUTSIDE", f"{refused}.") from refused
        if any(len(part.encode()) > _LONGEST_NAME for part in parts):
            raise EditRefused("OUTSIDE", f"a part of {path[:80]}… is longer than {_LONGEST_NAME} bytes.")
        reason = self._protected(path)
        if reason:
            raise EditRefused("PROTECTED", f"{path} is protected: {reason}. Leave it, or ask a person.")
        return path


def _decoded(data: bytes, path: str) -> Document:
    try:
        return decode(data, path)
    except BadInput as error:
        raise EditRefused("BINARY" if "binary" in str(error) else "ENCODING", f"{error}.") from error


def _syntax_refusal(path: str, before: str, after: str) -> EditRefused:
    problem = new_problem(path, before, after)
    assert problem is not None
    lines = redact(after, path)[0].split("\n")
    first = max(0, problem.line - 1 - _WINDOW[0])
    window = numbered(lines, first, min(len(lines), problem.line + _WINDOW[1]))
    reason = f" ({problem.reason})" if problem.reason else ""
    return EditRefused(
        "SYNTAX_ERROR",
        f"{path} would no longer parse, at line {problem.line}{reason}. It would read:\n{window}\n",
    )

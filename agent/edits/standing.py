"""A tree and the changes made to it so far -> what stands at a path now, if it may change."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from agent.beneath import Beneath
from agent.edits.change import EditRefused, digest
from indexer.errors import BadInput, CairnError, Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class File:
    """What stands at a path; `data` is None where there is nothing."""

    data: bytes | None
    mode: int | None = None


class Standing:
    """The tree under what was drafted earlier (`overlay`), under what this draft changes."""

    def __init__(self, tree: Beneath, overlay: Mapping[str, bytes | None], seen: Mapping[str, str]) -> None:
        self._tree = tree
        self._overlay = overlay
        self._seen = seen
        self._files: dict[str, File] = {}  # only those that a change has touched

    def put(self, path: str, file: File) -> None:
        self._files[path] = file

    def existing(self, path: str, limit: int) -> tuple[File, bytes]:
        """The file that a change wants to alter, as the model has seen it."""
        file = self.file(path, limit)
        if file.data is None:
            raise EditRefused("NOT_FOUND", f"there is no file {path}.{self._similar(path)}")
        known = self._seen.get(path)
        if path not in self._files and known is not None and known != digest(file.data):
            raise EditRefused("STALE_READ", f"{path} changed since you read it; read it again.")
        return file, file.data

    def file(self, path: str, limit: int) -> File:
        """What stands at a path: after the changes before, in the overlay, or in the tree."""
        for folder in reversed(list(PurePosixPath(path).parents)[:-1]):
            above = folder.as_posix()
            drafted = self._drafted(above)
            if drafted is None and not self._is_folder(above):
                break
            if drafted is not None and drafted.data is not None:
                raise EditRefused("NOT_A_FILE", f"{above} is a file, so there is no {path}.")
        drafted = self._drafted(path)
        if drafted is not None:
            return drafted
        if any(other.startswith(path + "/") and file.data is not None for other, file in self._files.items()):
            raise EditRefused("NOT_A_FILE", f"{path} is a folder; give the path of a file in it.")
        return self._read(path, limit)

    def _drafted(self, path: str) -> File | None:
        if path in self._files:
            return self._files[path]
        return File(self._overlay[path]) if path in self._overlay else None

    def _is_folder(self, path: str) -> bool:
        """False where nothing is yet. Raises where something else is."""
        try:
            entry = self._tree.entry(path)
        except CairnError as error:
            raise EditRefused("LINK", f"{error}.") from error
        if entry is None:
            return False
        if entry.kind == "link":
            raise EditRefused(
                "LINK", f"{path} is a symbolic link; give the path of the file without going through it."
            )
        if entry.kind != "folder":
            raise EditRefused("NOT_A_FILE", f"{path} is a file, so nothing can be in it.")
        return True

    def _read(self, path: str, limit: int) -> File:
        try:
            entry = self._tree.entry(path)
            if entry is None:
                return File(None)
            if entry.kind == "link":
                raise EditRefused("LINK", f"{path} is a symbolic link; change the file it points to.")
            if entry.kind != "file":
                what = "a folder" if entry.kind == "folder" else "no regular file"
                raise EditRefused("NOT_A_FILE", f"{path} is {what}; give the path of a file.")
            if entry.links > 1:
                raise EditRefused(
                    "LINK",
                    f"{path} has another name, maybe outside (a hard link); it cannot be changed here.",
                )
            if entry.size > limit:
                raise EditRefused("TOO_LARGE", f"{path} has {entry.size} bytes; at most {limit}.")
            return File(self._tree.read(path, limit, follow=False), entry.mode)
        except NotFound:
            return File(None)
        except (Forbidden, BadInput) as error:
            raise error if isinstance(error, EditRefused) else EditRefused("LINK", f"{error}.") from error

    def _similar(self, path: str) -> str:
        """Files of the same folder with a name like it."""
        pure = PurePosixPath(path)
        folder = pure.parent.as_posix()
        try:
            names = self._tree.names("" if folder == "." else folder)
        except CairnError:
            return " List the files to find it."
        close = difflib.get_close_matches(pure.name, names, n=3)
        return f" There is {', '.join((pure.parent / name).as_posix() for name in close)}." if close else ""

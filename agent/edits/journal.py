"""Edits -> a changed tree, all of them or none; what it was like before is kept until it is forgotten.

A journal with the files as they were is on the disk before the first of them changes. Whoever finds
one after a crash undoes it: restoring twice is the same as once, so undoing may be interrupted too.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from agent.beneath import Beneath
from agent.edits.change import MOVABLE_BYTES, Edit, EditRefused
from indexer.errors import BadInput, CairnError

_VERSION = 1


def apply(tree: Beneath, edits: Sequence[Edit], journal: Path) -> None:
    """Change the files. The journal stays; `forget` it once the edit is recorded, `undo` it otherwise.

    Raises EditRefused when a file is no longer what the edits were drafted from, and BadInput when the
    system refuses; in both cases the tree is as it was.
    """
    if journal.exists():
        raise BadInput(f"{journal} holds an edit that is not settled; undo it or forget it first")
    steps = _steps(edits)
    images = [_image(tree, path, before) for path, (before, _, _) in steps.items()]
    spare = f".cairn-{secrets.token_hex(8)}"
    _keep(journal, _Journal(spare, images, _missing_folders(tree, steps)))
    try:
        for path, (before, after, _) in steps.items():
            if after is None and before is not None:
                tree.delete(path)
        for path, (_, after, mode) in steps.items():
            if after is not None:
                tree.write(path, after, mode=mode, spare=spare, follow=False)
    except BaseException as error:
        undo(tree, journal)
        if isinstance(error, OSError):
            raise BadInput(f"the edit could not be written ({error}); nothing was changed") from error
        raise


def undo(tree: Beneath, journal: Path) -> list[str]:
    """Restore every file of the journal as it was, remove the journal, return the paths.

    Without a journal there is nothing to do.
    """
    _part(journal).unlink(missing_ok=True)
    kept = _read(journal)
    if kept is None:
        return []
    for folder in {PurePosixPath(image.path).parent for image in kept.images}:
        _remove(tree, (folder / kept.spare).as_posix())
    for image in kept.images:
        if image.data is None:
            _remove(tree, image.path)
    for path in sorted(kept.folders, key=len, reverse=True):
        tree.delete_folder(path)
    for image in kept.images:
        if image.data is not None:
            _restore(tree, image, kept.spare)
    forget(journal)
    return [image.path for image in kept.images]


def forget(journal: Path) -> None:
    """The edit stands; what was before is not needed any more."""
    journal.unlink(missing_ok=True)


_Step = tuple[bytes | None, bytes | None, int | None]  # before, after, the mode to give it


def _steps(edits: Iterable[Edit]) -> dict[str, _Step]:
    """What happens to each path once all edits are made, one after the other."""
    steps: dict[str, _Step] = {}
    for edit in edits:
        before, now, _ = steps.get(edit.path, (edit.before, edit.before, None))
        if now != edit.before:
            raise BadInput(f"the edits of {edit.path} do not follow from each other; draft them again")
        steps[edit.path] = (before, None if edit.moved_to else edit.after, edit.mode)
        if edit.moved_to:
            before = steps.get(edit.moved_to, (None, None, None))[0]
            steps[edit.moved_to] = (before, edit.after, edit.mode)
    return steps


@dataclass(frozen=True, slots=True)
class _Image:
    """A file as it was: its bytes, or None where there was none."""

    path: str
    data: bytes | None
    mode: int = 0


@dataclass(frozen=True, slots=True)
class _Journal:
    """`spare` is the name under which new bytes wait to take their place, `folders` those to be made."""

    spare: str
    images: list[_Image]
    folders: list[str]


def _image(tree: Beneath, path: str, before: bytes | None) -> _Image:
    entry = tree.entry(path)
    if entry is None and before is None:
        return _Image(path, None)
    if entry is not None and entry.kind != "file":
        raise EditRefused("LINK", f"{path} is not a regular file any more. Nothing was changed.")
    if entry is None or before is None or tree.read(path, MOVABLE_BYTES, follow=False) != before:
        raise EditRefused(
            "STALE_READ", f"{path} changed while it was being edited; read it again. Nothing was changed."
        )
    return _Image(path, before, entry.mode)


def _missing_folders(tree: Beneath, steps: dict[str, _Step]) -> list[str]:
    above = {
        folder.as_posix()
        for path, (_, after, _) in steps.items()
        if after is not None
        for folder in list(PurePosixPath(path).parents)[:-1]
    }
    return sorted(path for path in above if (entry := _entry(tree, path)) is None or entry != "folder")


def _entry(tree: Beneath, path: str) -> str | None:
    try:
        entry = tree.entry(path)
    except CairnError:  # below a file that is to become a folder
        return None
    return entry.kind if entry else None


def _keep(journal: Path, kept: _Journal) -> None:
    """Write the journal whole or not at all, and onto the disk."""
    record = {
        "version": _VERSION,
        "spare": kept.spare,
        "folders": kept.folders,
        "files": [
            {
                "path": image.path,
                "data": None if image.data is None else base64.b64encode(image.data).decode(),
                "mode": image.mode,
            }
            for image in kept.images
        ],
    }
    part = _part(journal)
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(json.dumps(record).encode())
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, journal)
    folder = os.open(journal.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _part(journal: Path) -> Path:
    return journal.with_name(journal.name + ".part")


def _read(journal: Path) -> _Journal | None:
    try:
        record = json.loads(journal.read_bytes())
        images = [
            _Image(
                file["path"],
                None if file["data"] is None else base64.b64decode(file["data"]),
                file["mode"],
            )
            for file in record["files"]
        ]
        return _Journal(record["spare"], images, record["folders"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{journal} is no journal of edits ({error}); compare the tree by hand") from error


def _remove(tree: Beneath, path: str) -> None:
    """Remove what stands at the path, unless it is a folder: then it is not ours."""
    with suppress(CairnError):
        entry = tree.entry(path)
        if entry is not None and entry.kind != "folder":
            tree.delete(path)


def _restore(tree: Beneath, image: _Image, spare: str) -> None:
    entry = tree.entry(image.path)
    if entry is not None and entry.kind == "file" and entry.links == 1 and entry.mode == image.mode:
        with suppress(BadInput):  # it grew beyond what is read, so it is not the same
            if tree.read(image.path, MOVABLE_BYTES, follow=False) == image.data:
                return
    if entry is not None and (entry.kind != "file" or entry.links > 1):
        tree.delete(image.path)
    assert image.data is not None
    tree.write(image.path, image.data, mode=image.mode, spare=spare, follow=False)

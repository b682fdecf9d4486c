"""A root folder and a relative path -> a file read, written, listed or removed, with no way out of the root.

Code that ran in the tree may have planted symbolic links or swaps them while we look, so a check of
the real path before opening is a race that gets lost. The kernel resolves instead: openat2(2) with
RESOLVE_BENEATH follows links inside the root and refuses the rest. Where it is missing (before
Linux 5.6, or filtered), the path is walked part by part and no link is followed at all.
"""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from indexer.errors import BadInput, Forbidden, NotFound

_OPENAT2 = 437  # the same number on every architecture
_RESOLVE_NO_MAGICLINKS, _RESOLVE_NO_SYMLINKS, _RESOLVE_BENEATH = 0x02, 0x04, 0x08
_FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC

_libc = ctypes.CDLL(None, use_errno=True)


class _How(ctypes.Structure):
    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at a path, itself and not what it points to. `links` counts the names a file has."""

    kind: Literal["file", "folder", "link", "other"]
    mode: int
    size: int
    links: int


class Beneath:
    """The files under `root`. Paths are relative, with forward slashes; `.git` is out of bounds.

    Links that stay inside are followed, except where `follow=False` asks for the one real path.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, path: str, limit: int, *, follow: bool = True) -> bytes:
        """The bytes of a regular file of at most `limit` bytes."""
        with self._opened(path, os.O_RDONLY | os.O_NONBLOCK, follow) as fd:
            info = os.fstat(fd)
            if not stat.S_ISREG(info.st_mode):
                raise BadInput(f"{path} is not a regular file")
            if info.st_size > limit:
                raise BadInput(f"{path} has {info.st_size} bytes; at most {limit} are read")
            return _read_all(fd, limit, path)

    def exists(self, path: str) -> bool:
        try:
            with self._opened(path, os.O_PATH):
                return True
        except NotFound:
            return False

    def entry(self, path: str) -> Entry | None:
        """What stands at `path`, or None. Raises Forbidden where the way to it leads through a link."""
        parts = parts_of(path)
        try:
            with self._parent(parts) as folder:
                info = os.stat(parts[-1], dir_fd=folder, follow_symlinks=False)
        except (FileNotFoundError, NotFound):
            return None
        except OSError as error:
            raise _refusal(error, path, False) from error
        return Entry(_kind(info.st_mode), stat.S_IMODE(info.st_mode), info.st_size, info.st_nlink)

    def names(self, path: str = "") -> list[str]:
        """The names in a folder, sorted; "" is the root."""
        with self._opened(path or ".", os.O_RDONLY | os.O_DIRECTORY, False, root=not path) as fd:
            return sorted(os.listdir(fd))

    def write(
        self,
        path: str,
        data: bytes,
        *,
        executable: bool = False,
        mode: int | None = None,
        spare: str | None = None,
        follow: bool = True,
    ) -> None:
        """Replace or create a file in one step, so that nobody ever sees half of it. A mode is kept.

        `mode` is set instead where given. `spare` names the file that is written first and then takes
        the place: whoever may be killed in between gives a name, to find and remove what was left.
        """
        parts = parts_of(path)
        with self._folder(parts[:-1], follow) as folder:
            kept = _mode_to_keep(folder, parts[-1], path)
            mode = kept if mode is None else mode
            spare = spare or f".cairn-{secrets.token_hex(8)}"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            made_with = mode if mode is not None else 0o777 if executable else 0o666
            fd = os.open(spare, flags, made_with, dir_fd=folder)
            try:
                with os.fdopen(fd, "wb") as file:
                    file.write(data)
                    if mode is not None:
                        os.fchmod(file.fileno(), mode)
                os.replace(spare, parts[-1], src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                os.unlink(spare, dir_fd=folder)
                raise

    def delete(self, path: str) -> None:
        """Remove a file. Of a link the link itself goes, never what it points to; a folder is refused."""
        parts = parts_of(path)
        with self._parent(parts) as folder:
            try:
                os.unlink(parts[-1], dir_fd=folder)
            except FileNotFoundError as error:
                raise NotFound(f"{path} does not exist") from error
            except OSError as error:
                raise BadInput(f"{path} cannot be deleted: {error.strerror}") from error

    def delete_folder(self, path: str) -> bool:
        """Remove a folder that is empty; False where it is not, or is no folder."""
        parts = parts_of(path)
        try:
            with self._parent(parts) as folder:
                os.rmdir(parts[-1], dir_fd=folder)
        except (OSError, NotFound):
            return False
        return True

    def executable(self, path: str) -> bool:
        with self._opened(path, os.O_PATH) as fd:
            return bool(os.fstat(fd).st_mode & stat.S_IXUSR)

    @contextmanager
    def _opened(self, path: str, flags: int, follow: bool = True, *, root: bool = False) -> Iterator[int]:
        parts = (".",) if root else parts_of(path)
        top = os.open(self.root, _FOLDER)
        try:
            fd = _open_beneath(top, parts, flags | os.O_CLOEXEC, follow)
        except OSError as error:
            raise _refusal(error, path, follow) from error
        finally:
            os.close(top)
        try:
            yield fd
        finally:
            os.close(fd)

    @contextmanager
    def _parent(self, parts: tuple[str, ...]) -> Iterator[int]:
        """The folder that a path names its last part in, reached without any link."""
        above = parts[:-1]
        with self._opened("/".join(above), _FOLDER, False, root=not above) as fd:
            yield fd

    @contextmanager
    def _folder(self, parts: tuple[str, ...], follow: bool) -> Iterator[int]:
        """The folder `parts` under the root, made where it is missing."""
        folder = os.open(self.root, _FOLDER)
        try:
            for depth in range(1, len(parts) + 1):
                inner = self._step(folder, parts[:depth], follow)
                os.close(folder)
                folder = inner
            yield folder
        finally:
            os.close(folder)

    def _step(self, parent: int, parts: tuple[str, ...], follow: bool) -> int:
        """Open the folder named last, from the root so that links are judged against it."""
        root = os.open(self.root, _FOLDER)
        try:
            with suppress(FileExistsError):
                os.mkdir(parts[-1], dir_fd=parent)
            return _open_beneath(root, parts, _FOLDER, follow)
        except OSError as error:
            raise _refusal(error, "/".join(parts), follow) from error
        finally:
            os.close(root)


def parts_of(path: str) -> tuple[str, ...]:
    """Split a relative path; whatever points elsewhere or into git's own files is refused."""
    pure = PurePosixPath(path)
    if not path or "\0" in path or pure.is_absolute() or ".." in pure.parts or not pure.parts:
        raise Forbidden(f"{path!r} is not a path inside the repository; give one relative to its root")
    if any(part.lower() == ".git" for part in pure.parts):
        raise Forbidden(f"{path} belongs to git; the agent neither reads nor writes there")
    return pure.parts


def _kind(mode: int) -> Literal["file", "folder", "link", "other"]:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "other"


def _open_beneath(root: int, parts: tuple[str, ...], flags: int, follow: bool) -> int:
    resolve = _RESOLVE_BENEATH | _RESOLVE_NO_MAGICLINKS | (0 if follow else _RESOLVE_NO_SYMLINKS)
    how = _How(flags, 0, resolve)
    fd: int = _libc.syscall(
        _OPENAT2, root, os.fsencode("/".join(parts)), ctypes.byref(how), ctypes.sizeof(how)
    )
    if fd >= 0:
        return fd
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EPERM):
        return _walk(root, parts, flags)
    raise OSError(number, os.strerror(number))


def _walk(root: int, parts: tuple[str, ...], flags: int) -> int:
    """Open part by part, following no link."""
    folder = os.dup(root)
    try:
        for part in parts[:-1]:
            inner = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        fd = os.open(parts[-1], flags | os.O_NOFOLLOW, dir_fd=folder)
    finally:
        os.close(folder)
    if stat.S_ISLNK(os.fstat(fd).st_mode):  # O_PATH opens the link itself
        os.close(fd)
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return fd


def _mode_to_keep(folder: int, name: str, path: str) -> int | None:
    """The permissions of the file to be replaced, None for a new one."""
    try:
        info = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(info.st_mode):
        raise Forbidden(f"{path} is a symbolic link; edit the file it points to")
    if not stat.S_ISREG(info.st_mode):
        raise Forbidden(f"{path} is not a regular file")
    if info.st_nlink > 1:
        raise Forbidden(f"{path} is a hard link with another name; it may belong to somebody else")
    return stat.S_IMODE(info.st_mode)


def _read_all(fd: int, limit: int, path: str) -> bytes:
    pieces, size = [], 0
    while piece := os.read(fd, 1 << 20):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise BadInput(f"{path} grew beyond {limit} bytes while it was read")
    return b"".join(pieces)


def _refusal(error: OSError, path: str, follow: bool) -> Exception:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return NotFound(f"{path} does not exist")
    if error.errno == errno.ELOOP and not follow:
        return Forbidden(f"{path} is or leads through a symbolic link; name the file it points to")
    if error.errno in (errno.EXDEV, errno.ELOOP):
        return Forbidden(f"{path} leads out of the repository through a link")
    return BadInput(f"{path} cannot be opened: {error.strerror}")

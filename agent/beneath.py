"""A root folder and a relative path -> bytes, with no way out of the root.

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
from pathlib import Path, PurePosixPath

from indexer.errors import BadInput, Forbidden, NotFound

_OPENAT2 = 437  # the same number on every architecture
_RESOLVE_NO_MAGICLINKS, _RESOLVE_BENEATH = 0x02, 0x08
_FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC

_libc = ctypes.CDLL(None, use_errno=True)


class _How(ctypes.Structure):
    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


class Beneath:
    """The files under `root`. Paths are relative, with forward slashes; `.git` is out of bounds."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a regular file of at most `limit` bytes."""
        with self._opened(path, os.O_RDONLY | os.O_NONBLOCK) as fd:
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

    def write(self, path: str, data: bytes, *, executable: bool = False) -> None:
        """Replace or create a file in one step, so that nobody ever sees half of it. A mode is kept."""
        parts = _parts(path)
        with self._folder(parts[:-1]) as folder:
            mode = _mode_to_keep(folder, parts[-1], path)
            spare = f".cairn-{secrets.token_hex(8)}"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            fd = os.open(spare, flags, mode or (0o777 if executable else 0o666), dir_fd=folder)
            try:
                with os.fdopen(fd, "wb") as file:
                    file.write(data)
                    if mode is not None:
                        os.fchmod(file.fileno(), mode)
                os.replace(spare, parts[-1], src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                os.unlink(spare, dir_fd=folder)
                raise

    def executable(self, path: str) -> bool:
        with self._opened(path, os.O_PATH) as fd:
            return bool(os.fstat(fd).st_mode & stat.S_IXUSR)

    @contextmanager
    def _opened(self, path: str, flags: int) -> Iterator[int]:
        parts = _parts(path)
        root = os.open(self.root, _FOLDER)
        try:
            fd = _open_beneath(root, parts, flags | os.O_CLOEXEC)
        except OSError as error:
            raise _refusal(error, path) from error
        finally:
            os.close(root)
        try:
            yield fd
        finally:
            os.close(fd)

    @contextmanager
    def _folder(self, parts: tuple[str, ...]) -> Iterator[int]:
        """The folder `parts` under the root, made where it is missing."""
        folder = os.open(self.root, _FOLDER)
        try:
            for depth in range(1, len(parts) + 1):
                inner = self._step(folder, parts[:depth])
                os.close(folder)
                folder = inner
            yield folder
        finally:
            os.close(folder)

    def _step(self, parent: int, parts: tuple[str, ...]) -> int:
        """Open the folder named last, from the root so that links are judged against it."""
        root = os.open(self.root, _FOLDER)
        try:
            with suppress(FileExistsError):
                os.mkdir(parts[-1], dir_fd=parent)
            return _open_beneath(root, parts, _FOLDER)
        except OSError as error:
            raise _refusal(error, "/".join(parts)) from error
        finally:
            os.close(root)


def _parts(path: str) -> tuple[str, ...]:
    """Split a relative path; whatever points elsewhere or into git's own files is refused."""
    pure = PurePosixPath(path)
    if not path or "\0" in path or pure.is_absolute() or ".." in pure.parts or not pure.parts:
        raise Forbidden(f"{path!r} is not a path inside the repository; give one relative to its root")
    if any(part.lower() == ".git" for part in pure.parts):
        raise Forbidden(f"{path} belongs to git; the agent neither reads nor writes there")
    return pure.parts


def _open_beneath(root: int, parts: tuple[str, ...], flags: int) -> int:
    how = _How(flags, 0, _RESOLVE_BENEATH | _RESOLVE_NO_MAGICLINKS)
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


def _refusal(error: OSError, path: str) -> Exception:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return NotFound(f"{path} does not exist")
    if error.errno in (errno.EXDEV, errno.ELOOP):
        return Forbidden(f"{path} leads out of the repository through a link")
    return BadInput(f"{path} cannot be opened: {error.strerror}")

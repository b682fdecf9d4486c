"""inotify's system calls, through the C library: a queue, and watches that fill it.

The interface: https://man7.org/linux/man-pages/man7/inotify.7.html
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

MODIFY, ATTRIB, CLOSE_WRITE = 0x2, 0x4, 0x8
MOVED_FROM, MOVED_TO, CREATE, DELETE, DELETE_SELF, MOVE_SELF = 0x40, 0x80, 0x100, 0x200, 0x400, 0x800
UNMOUNT, OVERFLOW, IGNORED, IS_FOLDER = 0x2000, 0x4000, 0x8000, 0x40000000
ONLY_FOLDERS, NO_LINKS, NOT_UNLINKED = 0x01000000, 0x02000000, 0x04000000
CONTENT = MODIFY | ATTRIB | CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE
MASK = CONTENT | DELETE_SELF | MOVE_SELF | ONLY_FOLDERS | NO_LINKS | NOT_UNLINKED
COMES = CREATE | MOVED_TO | ATTRIB  # a folder whose mode changed may be readable by now
HEAD = struct.Struct("iIII")  # watch, mask, cookie, length of the name that follows


def open_queue() -> int:
    return _checked(_libc().inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK), "inotify_init1")


def add_watch(queue: int, folder: str) -> int | None:
    """A watch of `folder`, the same one for the same folder; None where there is none to be watched.

    Raises OSError when the system has no room for it.
    """
    watch = int(_libc().inotify_add_watch(queue, os.fsencode(folder), MASK))
    if watch >= 0:
        return watch
    code = ctypes.get_errno()
    if code in (errno.ENOSPC, errno.ENOMEM, errno.EBADF, errno.EINVAL):
        raise OSError(code, os.strerror(code), folder)
    return None


def remove_watch(queue: int, watch: int) -> None:
    _libc().inotify_rm_watch(queue, watch)  # fails where the folder went first, which is as good


def _checked(result: int, call: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), call)
    return result


def _libc() -> ctypes.CDLL:
    global _library
    if _library is None:
        _library = ctypes.CDLL(None, use_errno=True)
    return _library


_library: ctypes.CDLL | None = None

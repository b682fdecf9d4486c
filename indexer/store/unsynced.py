"""A call that waits for the disk again and again -> the same call without the waits, for the caller to sync.

Edge's flush syncs some 60 files one after the other, each a commit of the file system's journal, and holds
the interpreter meanwhile: 0.1 to 0.4 s on a busy disk. Here a thread of its own makes the call, in which a
seccomp filter lets fsync, fdatasync and msync return at once. What was written is then in the files for
every process; whoever needs it on the disk syncs the files, several at a time and without the interpreter.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

# https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUALS, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _DONE = 0x7FFF0000, 0x00050000  # SECCOMP_RET_ERRNO with the number 0: the call succeeded
_CALLS = {  # architecture: its audit number, and the calls fsync, fdatasync and msync
    "x86_64": (0xC000003E, (74, 75, 26)),
    "aarch64": (0xC00000B7, (82, 83, 227)),
}


class Unsynced:
    """The thread. `available` says whether this system has such filters."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="unsynced")
        self.available = self._thread.submit(_stop_syncing).result()

    def run(self, call: Callable[[], object]) -> None:
        self._thread.submit(call).result()


def _stop_syncing() -> bool:
    """Install the filter for the calling thread. False where that is not possible."""
    if sys.platform != "linux" or platform.machine() not in _CALLS:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    program = _program(*_CALLS[platform.machine()])
    instructions = ctypes.create_string_buffer(program, len(program))
    header = _Program(len(program) // 8, ctypes.addressof(instructions))
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(header), 0, 0) == 0)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def _program(architecture: int, calls: tuple[int, ...]) -> bytes:
    steps = [(_LOAD, 0, 0, 4), (_EQUALS, 0, len(calls) + 1, architecture), (_LOAD, 0, 0, 0)]
    # A match jumps to the last step; what is left falls through to the one before it.
    steps += [(_EQUALS, len(calls) - n, 0, call) for n, call in enumerate(calls)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _DONE)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)

"""A list of system calls that no test suite needs -> a BPF program, or a profile, that refuses them.

The program is the classic BPF of seccomp(2): 8-byte `sock_filter` structs (u16 code, u8 jump if
true, u8 jump if false, u32 k). It is a deny list, so that unusual tools keep running: namespaces,
mounts, kernel keys, io_uring, tracing of strangers and everything that configures the machine.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.errors import SandboxUnavailable

_EPERM = 1
_ENOSYS = 38

_ALLOW = 0x7FFF0000
_KILL = 0x80000000
_ERRNO = 0x00050000

_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS: the accumulator = a word of seccomp_data
_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_ANY_BIT = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K

_NUMBER, _ARCH, _FIRST, _SECOND = 0, 4, 16, 24  # offsets in seccomp_data; the low words of arguments

_NAMESPACE_BITS = (0x10000000, 0x00020000)  # CLONE_NEWUSER, CLONE_NEWNS
_NEW_NAMESPACES = _NAMESPACE_BITS[0] | _NAMESPACE_BITS[1]
_TERMINAL_INJECTION = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: typing into the host's terminal

# The numbers of _NEW_INTERFACE_NAMES and of clone3 (432 is fsmount, 433 fspick). Alike on all machines.
_NEW_INTERFACES = (*range(425, 434), 442)
_CLONE3 = 435
_NEW_INTERFACE_NAMES = (
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr"),
)


@dataclass(frozen=True, slots=True)
class _Machine:
    arch: int  # AUDIT_ARCH_*
    clone: int
    ioctl: int
    column: int  # in _REFUSED
    foreign: int | None = None  # numbers from here on belong to another calling convention


# The numbers on x86_64 and on aarch64; None where the call does not exist.
_REFUSED = {
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "setns": (308, 268),
    "unshare": (272, 97),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "open_by_handle_at": (304, 265),
    "lookup_dcookie": (212, 18),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "kcmp": (312, 272),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
}

_MACHINES = {
    "x86_64": _Machine(0xC000003E, clone=56, ioctl=16, column=0, foreign=0x40000000),  # above is the x32 ABI
    "aarch64": _Machine(0xC00000B7, clone=220, ioctl=29, column=1),
}


def program(machine: str) -> bytes:
    """The filter for `machine` (as platform.machine() names it), ready for bwrap's --seccomp."""
    if machine not in _MACHINES:
        raise SandboxUnavailable(
            f"no system call filter for {machine!r} machines; run the agent on {' or '.join(_MACHINES)}"
        )
    table = _MACHINES[machine]
    rows = [
        _row(_LOAD, _ARCH),
        _row(_EQUAL, table.arch, 1, 0),
        _row(_RETURN, _KILL),
        _row(_LOAD, _NUMBER),
    ]
    if table.foreign is not None:
        rows += [_row(_AT_LEAST, table.foreign, 0, 1), _row(_RETURN, _ERRNO | _ENOSYS)]
    # clone3 hides its flags behind a pointer; ENOSYS makes libc fall back to clone.
    rows += _refuse((_CLONE3, *_NEW_INTERFACES), _ENOSYS)
    numbers = (row[table.column] for row in _REFUSED.values())
    rows += _refuse([number for number in numbers if number is not None], _EPERM)
    rows += [
        _row(_EQUAL, table.clone, 0, 4),
        _row(_LOAD, _FIRST),
        _row(_ANY_BIT, _NEW_NAMESPACES, 0, 1),
        _row(_RETURN, _ERRNO | _EPERM),
        _row(_RETURN, _ALLOW),
        _row(_EQUAL, table.ioctl, 0, 4),
        _row(_LOAD, _SECOND),
        _row(_EQUAL, _TERMINAL_INJECTION[0], 1, 0),
        _row(_EQUAL, _TERMINAL_INJECTION[1], 0, 1),
        _row(_RETURN, _ERRNO | _EPERM),
        _row(_RETURN, _ALLOW),
    ]
    return b"".join(rows)


def profile() -> dict[str, object]:
    """The same filter in the format of container engines (`--security-opt seccomp=FILE`)."""
    refused: dict[str, object] = {"action": "SCMP_ACT_ERRNO", "errnoRet": _EPERM}
    missing: dict[str, object] = {"action": "SCMP_ACT_ERRNO", "errnoRet": _ENOSYS}
    rules = [
        {"names": list(_REFUSED), **refused},
        {"names": ["clone3", *_NEW_INTERFACE_NAMES], **missing},
        *({"names": ["clone"], "args": [_masked(0, bit, bit)], **refused} for bit in _NAMESPACE_BITS),
        *(
            {"names": ["ioctl"], "args": [_masked(1, 0xFFFFFFFF, at)], **refused}
            for at in _TERMINAL_INJECTION
        ),
    ]
    return {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": rules}


def _masked(index: int, mask: int, value: int) -> dict[str, object]:
    return {"index": index, "value": mask, "valueTwo": value, "op": "SCMP_CMP_MASKED_EQ"}


def _refuse(numbers: Sequence[int], errno: int) -> list[bytes]:
    """Two instructions a number: a jump of at most 255 never has to reach a common exit."""
    return [row for number in numbers for row in (_row(_EQUAL, number, 0, 1), _row(_RETURN, _ERRNO | errno))]


def _row(code: int, k: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, k)

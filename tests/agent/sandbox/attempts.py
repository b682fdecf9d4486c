"""Run inside a room: try every known way out and print, as JSON, attempt -> what came of it.

"" is a refusal; anything else is the breach. The first argument is JSON with what the host prepared.
"""

import contextlib
import ctypes
import glob
import json
import os
import signal
import socket
import sys
from collections.abc import Callable

HOST = json.loads(sys.argv[1])
LIBC = ctypes.CDLL(None, use_errno=True)
ATTEMPTS: dict[str, Callable[[], str]] = {}


def attempt(call: Callable[[], str]) -> Callable[[], str]:
    ATTEMPTS[call.__name__] = call
    return call


def writable(*paths: str) -> str:
    done = []
    for path in paths:
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK))
            done.append(path)
    return ", ".join(done)


def refused(number: int, *arguments: object) -> str:
    result = LIBC.syscall(number, *arguments)
    return "" if result == -1 else f"system call {number} answered {result}"


@attempt
def write_outside_the_tree() -> str:
    return writable(
        *(HOST["outside"], "/escaped", "/usr/escaped", "/home/escaped", "/root/escaped", "/../escaped"),
        *("/dev/escaped", "/var/escaped", "/run/escaped", "/opt/escaped"),
    )


@attempt
def write_the_configuration_of_the_system() -> str:
    return writable("/etc/passwd", "/etc/escaped", "/etc/ld.so.preload", "/etc/hosts", "/etc/resolv.conf")


@attempt
def configure_the_kernel() -> str:
    found = []
    for folder, folders, files in os.walk("/proc"):
        folders[:] = [name for name in folders if not name.isdigit()]
        for name in files:
            with contextlib.suppress(OSError):
                path = os.path.join(folder, name)
                # docker and podman lay /dev/null over what they hide.
                if os.stat(path).st_rdev != os.stat("/dev/null").st_rdev:
                    os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
                    found.append(path)
    return ", ".join(found)


@attempt
def change_control_groups() -> str:
    return writable("/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/pids/tasks", "/sys/fs/cgroup/memory/tasks")


@attempt
def read_a_secret_of_the_host() -> str:
    paths = (
        HOST["secret"],
        "/etc/shadow",
        os.path.join(HOST["home"], ".bashrc"),
        "/root/.ssh",
        "/proc/kcore",
    )
    found = []
    for path in paths:
        with contextlib.suppress(OSError), open(path, "rb") as file:
            found += [path] if file.read(1) else []
    return ", ".join(found)


@attempt
def read_a_secret_in_an_environment() -> str:
    found = []
    for path in ["/proc/self/environ", *glob.glob("/proc/*/environ")]:
        with contextlib.suppress(OSError), open(path, "rb") as file:
            found += [path] if HOST["token"].encode() in file.read() else []
    return ", ".join(found)


@attempt
def leave_through_the_root_of_another_process() -> str:
    secret = HOST["secret"]
    return ", ".join(path for path in glob.glob("/proc/*/root") if os.path.exists(f"{path}{secret}"))


@attempt
def connect_to_loopback() -> str:
    return connected(socket.AF_INET, ("127.0.0.1", HOST["port"]))


@attempt
def connect_to_another_machine() -> str:
    return connected(socket.AF_INET, ("192.0.2.1", 80))


@attempt
def connect_to_a_socket_in_a_file() -> str:
    return connected(socket.AF_UNIX, HOST["socket"])


@attempt
def connect_to_an_abstract_socket() -> str:
    return connected(socket.AF_UNIX, "\0" + HOST["abstract"])


@attempt
def reach_a_container_engine() -> str:
    paths = ("/run/docker.sock", "/var/run/docker.sock", "/run/podman/podman.sock")
    return ", ".join(path for path in paths if os.path.exists(path))


def connected(family: int, address: tuple[str, int] | str) -> str:
    with socket.socket(family) as client:
        client.settimeout(2)
        try:
            client.connect(address)
        except OSError:
            return ""
        return f"connected to {address!r}"


@attempt
def see_or_signal_a_process_of_the_host() -> str:
    with contextlib.suppress(OSError):
        os.kill(HOST["pid"], signal.SIGTERM)
        return f"signalled {HOST['pid']}"
    return ""


@attempt
def share_a_namespace() -> str:
    return ", ".join(k for k, v in HOST["namespaces"].items() if os.readlink(f"/proc/self/ns/{k}") == v)


@attempt
def have_a_capability() -> str:
    with open("/proc/self/status") as file:
        lines = dict(line.rstrip("\n").split(":\t", 1) for line in file)
    held = [name for name in ("CapEff", "CapPrm", "CapBnd", "CapAmb") if int(lines[name], 16)]
    return ", ".join(held) or ("" if lines["NoNewPrivs"] == "1" else "may gain privileges by a program")


@attempt
def remount_the_root() -> str:
    targets = (b"/", b"/usr", b"/proc", b"/etc")
    done = [t.decode() for t in targets if LIBC.mount(b"none", t, None, 32 | 4096, None) == 0]
    return ", ".join(done)


@attempt
def open_a_user_namespace() -> str:
    return refused(272, 0x10000000)


@attempt
def open_a_mount_namespace() -> str:
    return refused(272, 0x00020000)


@attempt
def clone_into_a_user_namespace() -> str:
    return refused(56, 0x10000011, 0, 0, 0, 0)


@attempt
def enter_another_root() -> str:
    return "chroot worked" if LIBC.chroot(b"/tmp") == 0 else ""


@attempt
def use_the_keys_of_the_kernel() -> str:
    return refused(250, 0, -3, 0)


@attempt
def set_up_io_uring() -> str:
    return refused(425, 8, ctypes.create_string_buffer(120))


@attempt
def load_a_program_into_the_kernel() -> str:
    return refused(321, 0, 0, 0)


@attempt
def open_a_file_by_its_handle() -> str:
    return refused(304, -100, ctypes.create_string_buffer(128), 0)


@attempt
def make_a_device() -> str:
    try:
        os.mknod("/tmp/disk", 0o600 | 0o060000, os.makedev(8, 0))
        with open("/tmp/disk", "rb") as file:
            file.read(1)
    except OSError:
        return ""
    return "read a disk"


@attempt
def plant_a_hook_of_git() -> str:
    """A room shows a tree without its git directory, which lies elsewhere on the host."""
    return writable(HOST["hooks"] + "/pre-commit")


@attempt
def write_what_is_shown_read_only() -> str:
    return writable(*(f"{folder}/escaped" for folder in HOST["read_only"]))


def main() -> None:
    results = {}
    for name, call in ATTEMPTS.items():
        try:
            results[name] = call()
        except OSError as error:
            results[name] = f"the attempt itself broke: {error}"
    print(json.dumps(results))


main()

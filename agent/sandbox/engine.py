"""A container engine's name -> its command line, and the containers that a dead process left."""

from __future__ import annotations

import os
import resource
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from indexer.errors import SandboxUnavailable

_PATH = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin")  # podman calls iptables
# Where the engine is and how it is reached; no other variable of this process goes to it.
_KEPT = (
    "HOME",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "CONTAINER_HOST",
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
)
_LABEL = "cairn.sandbox"
_SECONDS = 60.0  # to start or remove a container; they take half a second
_ULIMIT = 16384  # open files, and processes of a user; what limits a room is the control group

EngineName = Literal["docker", "podman"]


@dataclass(frozen=True, slots=True)
class Engine:
    """The CLI of docker or podman. `runtime` is what runs the containers, "" for the engine's default."""

    name: EngineName
    runtime: str = ""
    env: dict[str, str] = field(default_factory=lambda: _environment())

    @property
    def root(self) -> bool:
        """Whether containers are made by root, which is always so behind docker's daemon."""
        return self.name == "docker" or os.getuid() == 0

    def line(self, *arguments: str) -> tuple[str, ...]:
        """The command line of one of its commands. Raises SandboxUnavailable where it is not installed."""
        found = shutil.which(self.name, path=os.pathsep.join(_PATH))
        if found is None:
            raise SandboxUnavailable(
                f"{self.name} is not installed, so it can confine nothing; install it or set another sandbox"
            )
        runtime = ("--runtime", self.runtime) if self.runtime and self.name == "podman" else ()
        return (found, *runtime, *arguments)

    def call(self, *arguments: str, data: bytes = b"") -> str:
        """What it answers. Raises SandboxUnavailable with its own words when it fails."""
        try:
            done = subprocess.run(
                self.line(*arguments), input=data, env=self.env, capture_output=True, timeout=_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SandboxUnavailable(f"{self.name} {arguments[0]} did not answer: {error}") from error
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            telling = [text for text in said if text and "--help" not in text]
            reason = telling[-1] if telling else f"exit code {done.returncode}"
            raise SandboxUnavailable(f"{self.name} {arguments[0]} failed: {reason}")
        return done.stdout.decode("utf-8", "replace")

    def start(self, name: str, options: Sequence[str], image: Sequence[str], program: Sequence[str]) -> None:
        """Start a container that is known as ours. `name` is one of `new_name`."""
        runtime = ("--runtime", self.runtime) if self.runtime and self.name == "docker" else ()
        own = ("--name", name, "--label", f"{_LABEL}={_here()}", *runtime)
        try:
            self.call("run", "--detach", *own, *options, *image, *program)
        except SandboxUnavailable:
            self.remove(name)  # docker keeps a container that could not start
            raise

    def remove(self, name: str) -> None:
        """Kill what runs in a container and forget it; one that is gone is no error."""
        with suppress(SandboxUnavailable):
            self.call("rm", "--force", name)

    def sweep(self) -> int:
        """Remove the containers, and their folders, of processes that no longer live; how many."""
        listed = self.call("ps", "--all", "--filter", f"label={_LABEL}={_here()}", "--format", "{{.Names}}")
        stale = [name for name in listed.split() if _abandoned(name)]
        for name in stale:
            self.remove(name)
        for folder in Path(tempfile.gettempdir()).glob("cairn-*-*-*"):
            if _abandoned(folder.name):
                shutil.rmtree(folder, ignore_errors=True)
        return len(stale)

    def ulimits(self, file_bytes: int) -> list[str]:
        """podman asks for more than a process without CAP_SYS_RESOURCE may have, unless told."""
        limits = {"fsize": f"{file_bytes}:{file_bytes}", "core": "0:0"}
        for name, which in (("nofile", resource.RLIMIT_NOFILE), ("nproc", resource.RLIMIT_NPROC)):
            _, hard = resource.getrlimit(which)
            value = _ULIMIT if hard == resource.RLIM_INFINITY else min(hard, _ULIMIT)
            limits[name] = f"{value}:{value}"
        return [text for name, value in limits.items() for text in ("--ulimit", f"{name}={value}")]


def new_name() -> str:
    """A name by which a container, or a folder of one, is known as this process's."""
    return f"cairn-{os.getpid()}-{_born(os.getpid())}-{secrets.token_hex(4)}"


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {"PATH": os.pathsep.join(_PATH), "LANG": "C.UTF-8", **kept}


def _here() -> str:
    """This machine since its start and its namespace of pids: elsewhere the same pid is someone else."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{socket.gethostname()}.{boot[:8]}.{os.stat('/proc/self/ns/pid').st_ino}"


def _abandoned(name: str) -> bool:
    parts = name.split("-")
    return len(parts) >= 4 and parts[0] == "cairn" and parts[1].isdigit() and _born(int(parts[1])) != parts[2]


def _born(pid: int) -> str:
    """When a process started, in ticks since the machine did; "" for one that is not there."""
    try:
        # The name of the program, in brackets, may hold spaces and brackets itself.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""

"""A sandbox -> nothing, or a refusal that names the ways out it really found."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from agent.sandbox import Caps, ExecResult, Room, Sandbox
from indexer.errors import SandboxUnavailable

ALL_NAMESPACES = ("ipc", "mnt", "net", "pid", "user", "uts")
_SECONDS = 60.0  # the first container of a day starts slowly

# What a command may find in the environment of the first process; none of it comes from the host's.
_HARMLESS = "PATH|LANG|HOME|TERM|TMPDIR|PWD|HOSTNAME|container"

# Each line tries one way out and names it; $1 is a folder of the host, the rest are its namespaces.
_ESCAPES = f"""
touch /etc/cairn-probe 2>/dev/null && echo 'it writes outside the work tree'
(exec 3>>/proc/sys/kernel/core_pattern) 2>/dev/null && echo 'it can configure the kernel'
[ -e "$1" ] && echo 'it sees files of the host'
tr '\\0' '\\n' </proc/1/environ | grep -qvE '^({_HARMLESS})=' && echo 'it sees the environment of the host'
[ "$(grep -c : /proc/net/dev)" -gt 1 ] && echo 'it sees a network'
unshare --user true 2>/dev/null && echo 'it can open further namespaces'
for socket in /run/docker.sock /var/run/docker.sock /run/podman/podman.sock; do
    [ -e "$socket" ] && echo "it sees $socket, which is the host's root"
done
shift
while [ $# -gt 0 ]; do
    [ "$(readlink /proc/self/ns/$1)" = "$2" ] && echo "it shares the $1 namespace of the host"
    shift 2
done
"""
_LIMITED = """
limit() { cat "$@" 2>/dev/null | head -n 1; }
case "$(limit /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max)" in
    ''|max) echo 'the number of its processes is not limited' ;;
esac
case "$(limit /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes)" in
    ''|max|9223372036854771712) echo 'its memory is not limited' ;;
esac
"""


def try_to_escape(sandbox: Sandbox, namespaces: Sequence[str], cgroup: bool) -> None:
    """Raise SandboxUnavailable when `sandbox` cannot run a command, or runs it unconfined.

    `namespaces` are those it must not share with this process; `cgroup` says that limits are a
    control group's and have to be visible inside.
    """
    with tempfile.TemporaryDirectory(prefix="cairn-probe-") as folder:
        tree = Path(folder, "tree")
        tree.mkdir()
        own = [text for kind in namespaces for text in (kind, os.readlink(f"/proc/self/ns/{kind}"))]
        script = f"{_ESCAPES}{_LIMITED if cgroup else ''}echo checked"
        session = sandbox.open(Room(tree, caps=Caps(seconds=_SECONDS)))
        try:
            result = session.exec(["/bin/sh", "-c", script, "sh", folder, *own])
        finally:
            session.close()
    lines = result.output.strip().splitlines()
    if result.code != 0 or lines[-1:] != ["checked"]:
        raise SandboxUnavailable(f"{sandbox.name} cannot run here: {_why(result)}; no command was run")
    if lines != ["checked"]:
        raise SandboxUnavailable(
            f"the sandbox leaks ({sandbox.name}): {'; '.join(lines[:-1])}; no command was run"
        )


def _why(result: ExecResult) -> str:
    if result.killed_by:
        return f"its first command ran into a limit ({result.killed_by})"
    return result.output.strip().splitlines()[-1] if result.output.strip() else f"exit code {result.code}"

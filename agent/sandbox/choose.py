"""The name of a sandbox in the settings -> the sandbox, proven; and what `doctor` says about each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

from agent.sandbox import Sandbox
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.container import Container
from agent.sandbox.engine import Engine
from agent.sandbox.unconfined import Off, Unconfined
from indexer.errors import BadInput, SandboxUnavailable

SandboxName = Literal["auto", "bwrap", "docker", "podman", "unconfined", "off"]


def choose_sandbox(
    name: str = "auto", *, image: str = "", runtime: str = "", unconfined_accepted: bool = False
) -> Sandbox:
    """A sandbox that holds: the one named, or for `auto` the first of bwrap, podman and docker.

    image: what containers start from; by default the host's own /usr, read-only
    runtime: what runs containers (runc, crun, runsc, ...); by default the engine's choice
    unconfined_accepted: has to be true for `unconfined`, which `auto` never chooses

    A sandbox that is off is returned as well; it refuses its first probe. Raises SandboxUnavailable
    when the sandbox does not hold, BadInput for an unknown name, Forbidden for `unconfined` alone.
    """
    if name not in get_args(SandboxName):
        raise BadInput(f"{name!r} is no sandbox; choose one of {', '.join(get_args(SandboxName))}")
    if name == "off":
        return Off()
    if name == "unconfined":
        return Unconfined(i_accept_the_risk=unconfined_accepted)
    confining = _confining(image, runtime)
    if name != "auto":
        chosen = confining[name]()
        chosen.probe()
        return chosen
    reasons = []
    for make in confining.values():
        sandbox = make()
        try:
            sandbox.probe()
        except SandboxUnavailable as reason:
            reasons.append(str(reason))
        else:
            return sandbox
    raise SandboxUnavailable(
        "no command can be confined on this machine, so none is run. Install bubblewrap "
        f"(apt-get install bubblewrap) or podman. What was tried: {' | '.join(reasons)}"
    )


def sandbox_report(image: str = "", runtime: str = "") -> list[tuple[str, bool, str]]:
    """Each way to confine: its name, whether it holds here, and what was found. Containers take seconds."""
    found = []
    for make in _confining(image, runtime).values():
        sandbox = make()
        try:
            sandbox.probe()
        except SandboxUnavailable as reason:
            found.append((sandbox.name, False, str(reason)))
        else:
            found.append((sandbox.name, True, f"{sandbox.name} confines commands"))
    return found


def _confining(image: str, runtime: str) -> dict[str, Callable[[], Sandbox]]:
    """In the order in which they are preferred: the cheapest first, then the one without a daemon."""
    return {
        "bwrap": Bubblewrap,
        "podman": lambda: Container(Engine("podman", runtime), image),
        "docker": lambda: Container(Engine("docker", runtime), image),
    }

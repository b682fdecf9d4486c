"""The same rooms made by every way to confine that works on this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from agent.sandbox import Sandbox
from agent.sandbox.container import Container
from agent.sandbox.engine import Engine
from agent.sandbox.seccomp import profile
from indexer.errors import SandboxUnavailable

_SERVICE_SECONDS = 20.0
# crun, the default, refuses machines that mix the two versions of control groups.
RUNTIME = "runc" if shutil.which("runc") else ""


@pytest.fixture(scope="session", params=["bwrap", "podman", "docker"])
def backend(request: pytest.FixtureRequest) -> Sandbox:
    """Each confining sandbox; one that is not installed or does not hold here is skipped, with its words."""
    made: Sandbox = request.getfixturevalue("sandbox" if request.param == "bwrap" else request.param)
    return made


@pytest.fixture(scope="session", params=["podman", "docker"])
def container(request: pytest.FixtureRequest) -> Container:
    made: Container = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="session")
def podman() -> Container:
    return _proven(Container(Engine("podman", RUNTIME)))


@pytest.fixture(scope="session")
def docker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """The real CLI, before a real daemon where there is one, else before podman's service.

    That service gets the list of system calls that a docker daemon would bring along.
    """
    if shutil.which("docker") is None:
        pytest.skip("docker is not installed")
    if subprocess.run(["docker", "info"], capture_output=True).returncode == 0:
        yield _proven(Container(Engine("docker")))
        return
    if shutil.which("podman") is None:
        pytest.skip("no docker daemon answers, and podman is not installed to stand in for it")
    folder = tmp_path_factory.mktemp("docker")
    calls, conf, socket = folder / "seccomp.json", folder / "containers.conf", folder / "engine.sock"
    calls.write_text(json.dumps(profile()))
    runtime = f'[engine]\nruntime = "{RUNTIME}"\n' if RUNTIME else ""
    conf.write_text(f'[containers]\nseccomp_profile = "{calls}"\n{runtime}')
    service = subprocess.Popen(
        ["podman", "system", "service", "-t", "0", f"unix://{socket}"],
        env={**os.environ, "CONTAINERS_CONF": str(conf)},
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + _SERVICE_SECONDS
        while not socket.exists() and service.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        engine = Engine("docker")
        yield _proven(Container(replace(engine, env={**engine.env, "DOCKER_HOST": f"unix://{socket}"})))
    finally:
        service.terminate()
        service.wait()


def _proven(made: Container) -> Container:
    try:
        made.probe()
    except SandboxUnavailable as reason:
        pytest.skip(str(reason))
    return made

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from agent.sandbox import Room
from agent.sandbox.container import Container
from agent.sandbox.dependencies import InstallationFailed, prepare
from agent.sandbox.engine import Engine
from agent.sandbox.toolchain import python_toolchain
from indexer.errors import BadInput, SandboxUnavailable
from tests.agent.sandbox.conftest import RUNTIME


@pytest.fixture
def podman_engine(podman: Container) -> Engine:
    return Engine("podman", RUNTIME)


def containers(engine: Engine) -> set[str]:
    """Those of this process."""
    names = engine.call("ps", "--all", "--format", "{{.Names}}").split()
    return {name for name in names if name.startswith(f"cairn-{os.getpid()}-")}


def test_a_room_has_one_container_and_takes_it_along(
    podman: Container, podman_engine: Engine, tree: Path
) -> None:
    before = containers(podman_engine)
    session = podman.open(Room(tree))
    assert containers(podman_engine) == before  # nothing starts before it is needed
    session.exec(["true"])
    session.exec(["true"])
    assert len(containers(podman_engine) - before) == 1
    session.close()
    assert containers(podman_engine) == before
    assert session.exec(["echo", "again"]).output == "again\n"
    del session
    gc.collect()
    assert containers(podman_engine) == before


def test_a_killed_command_takes_the_container_along(
    podman: Container, podman_engine: Engine, tree: Path
) -> None:
    before = containers(podman_engine)
    assert podman.open(Room(tree)).exec(["sleep", "60"], seconds=0.5).killed_by == "timeout"
    assert containers(podman_engine) == before


ORPHAN = """
import sys, time
from pathlib import Path
from agent.sandbox import Room
from agent.sandbox.container import Container
from agent.sandbox.engine import Engine
session = Container(Engine("podman", sys.argv[2])).open(Room(Path(sys.argv[1])))
session.exec(["true"])
print(session._running, flush=True)
time.sleep(60)
"""


def test_what_a_killed_process_left_is_swept_by_the_next(podman_engine: Engine, tree: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(tree), RUNTIME],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as owner:
        assert owner.stdout is not None
        name = owner.stdout.readline().strip()
        podman_engine.sweep()
        listed = podman_engine.call("ps", "--all", "--format", "{{.Names}}").split()
        assert name in listed  # its owner lives
        owner.kill()
        owner.wait()
    podman_engine.sweep()
    assert name not in podman_engine.call("ps", "--all", "--format", "{{.Names}}").split()
    assert not list(Path(tempfile.gettempdir()).glob(f"{name}-*"))


def test_an_image_of_ones_own_is_used(
    podman: Container, podman_engine: Engine, tree: Path, tmp_path: Path
) -> None:
    """A static shell is all that an image needs."""
    busybox = shutil.which("busybox")
    if busybox is None:
        pytest.skip("busybox is not installed, so there is no small image to make")
    root = tmp_path / "image"
    (root / "bin").mkdir(parents=True)
    shutil.copy(busybox, root / "bin" / "busybox")
    for applet in ("sh", "sleep", "cat", "id", "touch", "ls"):
        (root / "bin" / applet).symlink_to("busybox")
    archive = subprocess.run(["tar", "-C", str(root), "-c", "."], capture_output=True, check=True).stdout
    podman_engine.call("import", "-", "localhost/cairn-test:1", data=archive)
    try:
        session = Container(podman_engine, "localhost/cairn-test:1").open(Room(tree))
        done = session.exec(["sh", "-c", "touch x; ls /usr; touch /escaped"])
        assert (tree / "x").exists()
        assert "/usr: No such file" in done.output
        assert "/escaped: Read-only file system" in done.output
        session.close()
    finally:
        podman_engine.call("image", "rm", "--force", "localhost/cairn-test:1")


def test_an_installation_in_a_container_has_a_network(podman: Container, tree: Path, tmp_path: Path) -> None:
    tools = python_toolchain()
    commands = ["python -m venv /deps/venv", "/deps/venv/bin/pip install --quiet iniconfig"]
    try:
        made = prepare(commands, tree, tmp_path / "cache", podman, {}, toolchain=tools, environ=os.environ)
    except (InstallationFailed, SandboxUnavailable) as error:
        pytest.skip(f"no package registry answers in a container here: {str(error)[-300:]}")
    room = Room(tree, toolchains=tools.folders, path=(*made.path, *tools.path), mounts=made.mounts)
    assert podman.open(room).exec(["python", "-c", "import iniconfig"]).code == 0


def test_an_engine_that_is_missing_or_refuses_is_named(tree: Path) -> None:
    nowhere = replace(Engine("docker"), env={"DOCKER_HOST": f"unix://{tree}/none.sock", "PATH": "/usr/bin"})
    if shutil.which("docker") is None:
        pytest.skip("docker is not installed")
    with pytest.raises(SandboxUnavailable, match=r"docker ps failed: .*none\.sock"):
        Container(nowhere).probe()


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ("--pids-limit", "the number of its processes is not limited"),
        ("--memory", "its memory is not limited"),
    ],
)
def test_a_container_without_limits_is_refused(
    podman_engine: Engine, monkeypatch: pytest.MonkeyPatch, option: str, reason: str
) -> None:
    """As engines without control groups start it: they warn, and go on."""

    def unlimited(engine: Engine, *arguments: str, data: bytes = b"") -> str:
        given = list(arguments)
        if option in given:
            given[given.index(option) + 1] = "-1" if option == "--pids-limit" else "0"
            given[given.index("--memory-swap") + 1] = "-1"
        return original(engine, *given, data=data)

    original = Engine.call
    monkeypatch.setattr(Engine, "call", unlimited)
    with pytest.raises(SandboxUnavailable, match=reason):
        Container(podman_engine).probe()


@pytest.mark.parametrize("name", ["a,b", 'a"b'])
def test_a_folder_whose_name_cannot_be_expressed_is_refused(
    podman: Container, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(BadInput, match="comma or a quote"):
        podman.open(Room(tmp_path / name)).exec(["true"])


def test_an_image_that_is_not_there_is_not_fetched(podman_engine: Engine) -> None:
    with pytest.raises(SandboxUnavailable, match=r"podman run failed: .*cairn-no-such-image"):
        Container(podman_engine, "localhost/cairn-no-such-image:1").probe()


def test_an_image_that_is_an_option_is_refused() -> None:
    with pytest.raises(BadInput, match="no name of an image"):
        Container(Engine("podman"), "--privileged")

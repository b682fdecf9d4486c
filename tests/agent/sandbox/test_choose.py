import shutil
import threading
from pathlib import Path

import pytest

from agent.sandbox import Caps, Room
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.choose import choose_sandbox, sandbox_report
from agent.sandbox.toolchain import python_toolchain
from agent.sandbox.unconfined import Off, Unconfined
from indexer.errors import BadInput, Forbidden, SandboxUnavailable

TOOLS = python_toolchain()


@pytest.fixture
def bare() -> Unconfined:
    return Unconfined(i_accept_the_risk=True)


@pytest.fixture
def without_bwrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.sandbox.bwrap._SYSTEM_PATH", ("/nonexistent",))


@pytest.fixture
def without_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.sandbox.engine._PATH", ("/nonexistent",))


def test_auto_takes_bubblewrap_where_it_holds(sandbox: Bubblewrap) -> None:
    assert choose_sandbox().name == "bubblewrap"
    assert choose_sandbox("bwrap").name == "bubblewrap"


@pytest.mark.usefixtures("without_bwrap")
@pytest.mark.skipif(shutil.which("podman") is None, reason="podman is not installed")
def test_auto_takes_a_container_where_bubblewrap_does_not_hold(podman: object) -> None:
    assert choose_sandbox(runtime="runc" if shutil.which("runc") else "").name == "podman"


@pytest.mark.usefixtures("without_bwrap", "without_engines")
def test_where_nothing_confines_nothing_is_chosen_and_the_remedy_named() -> None:
    with pytest.raises(SandboxUnavailable, match=r"apt-get install bubblewrap.*podman is not installed"):
        choose_sandbox()
    assert [(name, holds) for name, holds, _ in sandbox_report()] == [
        ("bubblewrap", False),
        ("podman", False),
        ("docker", False),
    ]


@pytest.mark.usefixtures("without_engines")
def test_a_sandbox_that_was_named_is_never_replaced() -> None:
    with pytest.raises(SandboxUnavailable, match="podman is not installed"):
        choose_sandbox("podman")


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(BadInput, match="'none' is no sandbox; choose one of auto, bwrap, docker"):
        choose_sandbox("none")


def test_the_report_says_what_holds(sandbox: Bubblewrap) -> None:
    assert ("bubblewrap", True, "bubblewrap confines commands") in sandbox_report()


def test_off_refuses_everything_with_a_sentence(tree: Path) -> None:
    off = choose_sandbox("off")
    assert isinstance(off, Off)
    with pytest.raises(SandboxUnavailable, match="switched off here"):
        off.probe()
    with pytest.raises(SandboxUnavailable, match="switched off here"):
        off.open(Room(tree))


def test_unconfined_has_to_be_accepted() -> None:
    with pytest.raises(Forbidden, match="not accepted"):
        choose_sandbox("unconfined")
    assert choose_sandbox("unconfined", unconfined_accepted=True).name == "unconfined"


def test_a_bare_command_sees_its_folders_and_none_of_our_environment(
    bare: Unconfined, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", "s3cret-value")
    (tmp_path / "reports").mkdir()
    session = bare.open(Room(tree, tmp_path / "reports", toolchains=TOOLS.folders, path=TOOLS.path))
    done = session.exec(["sh", "-c", "env; pwd; echo x >$HOME/x; echo y >$TMPDIR/y; touch $0", "/reports/r"])
    assert done.code == 0
    assert "s3cret-value" not in done.output
    assert str(Path.home()) not in [line.partition("=")[2] for line in done.output.splitlines()]
    assert (tmp_path / "reports" / "r").exists()
    session.close()


def test_a_bare_command_ends_with_all_it_started(bare: Unconfined, tree: Path) -> None:
    session = bare.open(Room(tree))
    done = session.exec(["sh", "-c", "(setsid sh -c 'sleep 1; touch late' &) ; exit 4"])
    assert done.code == 4
    done = session.exec(["sh", "-c", "(setsid sh -c 'sleep 1; touch late' &) ; sleep 60"], seconds=0.3)
    assert done.killed_by == "timeout"
    threading.Event().wait(1.2)
    assert not (tree / "late").exists()


@pytest.mark.parametrize(
    ("script", "caps", "killed_by"),
    [
        ("yes", Caps(output_bytes=1 << 20), "output"),
        ("for i in $(seq 60); do sleep 60 & done; wait", Caps(processes=40), "processes"),
        ("head -c 3000000 /dev/zero >x; sleep 60", Caps(tree_bytes=1 << 20), "disk"),
        ("head -c 90000000 /dev/zero | tail -c 80000000 | sleep 60", Caps(memory=40 << 20), "memory"),
    ],
)
def test_a_bare_command_has_limits(
    bare: Unconfined, tree: Path, script: str, caps: Caps, killed_by: str
) -> None:
    assert bare.open(Room(tree, caps=caps)).exec(["sh", "-c", script], seconds=50).killed_by == killed_by


def test_a_bare_room_cannot_be_one_that_nobody_writes_to(bare: Unconfined, tree: Path) -> None:
    with pytest.raises(SandboxUnavailable, match="without confinement"):
        bare.open(Room(tree, writable=False))

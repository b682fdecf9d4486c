"""Every known way out, tried for real in every kind of room that works here."""

import ast
import json
import os
import socket
import subprocess
import textwrap
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from agent.sandbox import Caps, Mount, Room, Sandbox, Session
from agent.sandbox.toolchain import python_toolchain

ATTEMPTS = Path(__file__).with_name("attempts.py")
NAMES = [
    node.name
    for node in ast.parse(ATTEMPTS.read_text()).body
    if isinstance(node, ast.FunctionDef) and node.decorator_list
]
TOOLS = python_toolchain()

# What docker leaves open, and why it is bearable.
BEARABLE = {
    "docker": {
        # unless its daemon is set up with one; the user inside has no capability all the same
        "share_a_namespace": {"user"},
        # /dev and /run are the container's own, in memory that is counted
        "write_outside_the_tree": {"/dev/escaped", "/run/escaped"},
        # asks to be told when tasks wait; it has no option to hide the folder
        "configure_the_kernel": {"/proc/pressure/io", "/proc/pressure/cpu", "/proc/pressure/memory"},
    }
}


@pytest.fixture(scope="module")
def results(backend: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What each attempt said, all in one room."""
    folder = tmp_path_factory.mktemp("host")
    tree, deps, hooks = folder / "tree", folder / "deps", folder / "git" / "hooks"
    for made in (tree, deps, hooks):
        made.mkdir(parents=True)
    (folder / "secret").write_text("s3cret")
    (tree / "attempts.py").write_text(ATTEMPTS.read_text())
    token = "t0ken-that-nobody-may-see"
    room = Room(tree, None, True, TOOLS.folders, TOOLS.path, mounts=(Mount(deps, "/deps"),))
    with (
        pytest.MonkeyPatch.context() as patch,
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as path_server,
        socket.socket(socket.AF_UNIX) as abstract_server,
        subprocess.Popen(["sleep", "120"]) as stranger,
    ):
        patch.setenv("CAIRN_TEST_TOKEN", token)
        path_server.bind(str(folder / "s"))
        path_server.listen()
        abstract_server.bind(f"\0cairn-{os.getpid()}")
        abstract_server.listen()
        kinds = ("ipc", "mnt", "net", "pid", "user", "uts")
        host = {
            "outside": str(folder / "escaped"),
            "secret": str(folder / "secret"),
            "home": str(Path.home()),
            "token": token,
            "port": tcp.getsockname()[1],
            "socket": str(folder / "s"),
            "abstract": f"cairn-{os.getpid()}",
            "pid": stranger.pid,
            "namespaces": {kind: os.readlink(f"/proc/self/ns/{kind}") for kind in kinds},
            "hooks": str(hooks),
            "read_only": ["/deps", *map(str, TOOLS.folders)],
        }
        done = backend.open(room).exec(["python", "attempts.py", json.dumps(host)])
        assert stranger.poll() is None
        stranger.kill()
    assert done.code == 0, done.output
    assert not list(folder.rglob("escaped"))
    found: dict[str, str] = json.loads(done.output.splitlines()[-1])
    return found


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers of system calls are those of x86_64")
@pytest.mark.parametrize("name", NAMES)
def test_there_is_no_way_out(backend: Sandbox, results: Mapping[str, str], name: str) -> None:
    breaches = set(results[name].split(", ")) - {""}
    assert breaches <= BEARABLE.get(backend.name, {}).get(name, set())


@pytest.fixture
def session(backend: Sandbox, tree: Path) -> Session:
    return room_of(backend, tree)


def room_of(backend: Sandbox, tree: Path, caps: Caps | None = None) -> Session:
    return backend.open(Room(tree, toolchains=TOOLS.folders, path=TOOLS.path, caps=caps or Caps()))


def test_a_command_works_in_the_tree_and_reports_its_end(session: Session, tree: Path) -> None:
    (tree / "greeting").write_text("hello")
    done = session.exec(["sh", "-c", "cat greeting; echo ' world' >answer; echo oops >&2; exit 3"])
    assert (done.code, done.killed_by, done.output) == (3, None, "hellooops\n")
    assert (tree / "answer").read_text() == " world\n"
    assert (tree / "answer").stat().st_uid == tree.stat().st_uid
    assert session.exec(["no-such-command"]).code in (1, 127)


def test_a_server_on_localhost_can_be_tested_inside(session: Session) -> None:
    code = (
        "import socket; s = socket.create_server(('localhost', 0)); socket.create_connection(s.getsockname())"
    )
    assert session.exec(["python", "-c", code]).code == 0


def test_a_timeout_ends_everything(session: Session, tree: Path) -> None:
    done = session.exec(
        ["sh", "-c", "echo begun; (setsid sh -c 'sleep 4; touch late' &) ; sleep 60"], seconds=2
    )
    assert (done.killed_by, done.code, done.output) == ("timeout", None, "begun\n")
    threading.Event().wait(2.5)
    assert not (tree / "late").exists()
    assert session.exec(["true"]).code == 0  # the room can be used again


def test_nothing_in_the_background_outlives_its_command(session: Session, tree: Path) -> None:
    script = "for i in 1 2 3; do (setsid sh -c 'sleep 1; touch late' >/dev/null 2>&1 &); done; exit 0"
    assert session.exec(["sh", "-c", script]).code == 0
    threading.Event().wait(1.3)
    assert not (tree / "late").exists()


def test_who_kills_all_around_it_still_leaves_nothing(session: Session, tree: Path) -> None:
    """In a container the shell that starts a command can be killed by it."""
    script = (
        "(setsid sh -c 'trap \"\" TERM; sleep 1; touch late' >/dev/null 2>&1 &); kill -9 $PPID; kill -9 -1"
    )
    session.exec(["sh", "-c", script])
    threading.Event().wait(1.3)
    assert not (tree / "late").exists()


def test_a_flood_of_output_is_stopped(backend: Sandbox, tree: Path) -> None:
    session = room_of(backend, tree, Caps(output_bytes=1 << 20, kept_output=10_000))
    done = session.exec(["sh", "-c", "echo first; yes"])
    assert (done.killed_by, done.output[:6]) == ("output", "first\n")
    assert len(done.output) < 10_200


def test_a_fork_bomb_is_stopped(backend: Sandbox, tree: Path) -> None:
    code = """
    import os, time
    for _ in range(400):
        try:
            if os.fork() == 0: time.sleep(60)
        except BlockingIOError:
            print('refused'); raise SystemExit
    time.sleep(60)
    """
    session = room_of(backend, tree, Caps(processes=100))
    done = session.exec(["python", "-c", textwrap.dedent(code)], seconds=50)
    assert done.killed_by == "processes" or "refused" in done.output
    assert session.exec(["echo", "again"]).output == "again\n"


def test_memory_is_counted_over_all_processes(backend: Sandbox, tree: Path) -> None:
    session = room_of(backend, tree, Caps(memory=200 << 20))
    code = "import os, time; [os.fork() for _ in range(2)]; x = bytearray(90 << 20); time.sleep(40)"
    assert session.exec(["python", "-c", code], seconds=50).killed_by == "memory"


def test_a_full_disk_is_stopped(backend: Sandbox, tree: Path) -> None:
    session = room_of(backend, tree, Caps(tree_bytes=2 << 20, file_bytes=1 << 20))
    assert session.exec(["sh", "-c", "head -c 5000000 /dev/zero >big"]).code != 0
    assert (tree / "big").stat().st_size == 1 << 20
    script = "for i in 1 2 3 4; do head -c 1000000 /dev/zero >$i; done; sleep 60"
    assert session.exec(["sh", "-c", script], seconds=50).killed_by == "disk"


def test_scratch_space_is_limited(backend: Sandbox, tree: Path) -> None:
    session = room_of(backend, tree, Caps(scratch_bytes=1 << 20))
    for folder in ("/tmp", "$HOME"):
        assert "No space left" in session.exec(["sh", "-c", f"head -c 5000000 /dev/zero >{folder}/x"]).output


def test_busy_processes_end_with_the_clock(session: Session) -> None:
    """No share of the processors is promised; the time of a command bounds what it can burn."""
    done = session.exec(["sh", "-c", "for i in 1 2 3 4; do (while :; do :; done) & done; wait"], seconds=2)
    assert done.killed_by == "timeout"
    assert done.seconds < 60  # of a busy machine; without the clock they would go on for ever


def test_a_tree_can_be_shown_without_being_writable(backend: Sandbox, tree: Path) -> None:
    session = backend.open(Room(tree, writable=False))
    assert session.exec(["touch", "x"]).code != 0
    assert list(tree.iterdir()) == []


def test_reports_come_out_even_when_their_folder_is_made_anew(
    backend: Sandbox, tree: Path, tmp_path: Path
) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    session = backend.open(Room(tree, reports))
    assert session.exec(["sh", "-c", "echo 1 >/reports/one"]).code == 0
    reports.rename(tmp_path / "old")
    reports.mkdir()
    assert session.exec(["sh", "-c", "echo 2 >/reports/two"]).code == 0
    assert (reports / "two").read_text() == "2\n"


def test_a_room_for_installations_has_a_network_and_others_have_none(backend: Sandbox, tree: Path) -> None:
    count = ["sh", "-c", "grep -c : /proc/net/dev"]
    assert backend.open(Room(tree)).exec(count).output == "1\n"
    done = backend.open(Room(tree, network=True)).exec(count)
    if done.code != 0:
        pytest.skip(f"{backend.name} makes no network here: {done.output}")
    assert int(done.output) > 1

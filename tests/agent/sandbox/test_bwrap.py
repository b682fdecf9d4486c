import os
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.sandbox import Caps, Room, Session
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.seccomp import program
from agent.sandbox.toolchain import python_toolchain
from indexer.errors import Forbidden, SandboxUnavailable


def in_python(session: Session, code: str) -> str:
    """What a program printed inside, however it ended."""
    return session.exec(["python", "-c", textwrap.dedent(code)], seconds=60).output.strip()


def capped(sandbox: Bubblewrap, tree: Path, caps: Caps) -> Session:
    tools = python_toolchain()
    return sandbox.open(Room(tree, toolchains=tools.folders, path=tools.path, caps=caps))


def test_a_command_works_in_the_tree_and_reports_its_end(inside: Session, tree: Path) -> None:
    (tree / "greeting").write_text("hello")
    done = inside.exec(["sh", "-c", "cat greeting; echo ' world' >answer; echo oops >&2; exit 3"])
    assert (done.code, done.output) == (3, "hellooops\n")
    assert (tree / "answer").read_text() == " world\n"


def test_the_interpreter_of_these_tests_runs_inside(inside: Session) -> None:
    done = inside.exec(["python", "-m", "pytest", "--version"])
    assert (done.code, done.output.split()[0]) == (0, "pytest")


@pytest.mark.parametrize(
    "path", ["/etc/escaped", "/usr/escaped", "/escaped", "/home/escaped", "../escaped", "/dev/escaped"]
)
def test_nothing_outside_the_tree_can_be_written(inside: Session, tree: Path, path: str) -> None:
    said = in_python(inside, f"open({path!r}, 'w').write('x')")
    assert "Read-only file system" in said or "Permission denied" in said
    assert not (tree.parent / "escaped").exists()


def test_the_kernel_cannot_be_configured(inside: Session) -> None:
    """Run by root, these files look at the user and not at capabilities."""
    code = """
    import os
    for folder, folders, files in os.walk('/proc'):
        folders[:] = [name for name in folders if not name.isdigit()]
        for name in files:
            try: os.close(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_NONBLOCK))
            except OSError: continue
            print(os.path.join(folder, name))
    print('checked')
    """
    assert in_python(inside, code) == "checked"


def test_a_link_out_of_the_tree_leads_nowhere(inside: Session, tree: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret")
    (tree / "link").symlink_to(tmp_path / "secret")
    assert "No such file" in in_python(inside, "print(open('link').read())")


def test_secrets_in_files_of_the_host_are_not_visible(inside: Session, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret")
    for path in (tmp_path / "secret", Path.home() / ".bashrc", Path("/etc/shadow"), Path("/root/.ssh")):
        assert "No such file" in in_python(inside, f"import os; os.stat({str(path)!r})")


def test_the_environment_of_the_host_is_not_visible(inside: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "s3cret-value")
    said = in_python(
        inside,
        """
        import glob, os
        print(dict(os.environ))
        for path in glob.glob('/proc/*/environ'):
            try: print(open(path, 'rb').read())
            except OSError: pass
        """,
    )
    assert "PATH" in said
    assert "s3cret-value" not in said
    assert "API_KEY" not in said


@contextmanager
def listening(family: int, address: object) -> Iterator[socket.socket]:
    with socket.socket(family) as server:
        server.bind(address)  # type: ignore[arg-type]
        server.listen()
        yield server


def test_no_socket_of_the_host_can_be_reached(inside: Session, tmp_path: Path) -> None:
    with (
        listening(socket.AF_INET, ("127.0.0.1", 0)) as tcp,
        listening(socket.AF_UNIX, str(tmp_path / "s")),
        listening(socket.AF_UNIX, f"\0cairn-{os.getpid()}"),
    ):
        port = tcp.getsockname()[1]
        said = in_python(
            inside,
            f"""
            import socket
            for family, address in (
                (socket.AF_INET, ('127.0.0.1', {port})), (socket.AF_INET, ('192.0.2.1', 80)),
                (socket.AF_UNIX, {str(tmp_path / "s")!r}), (socket.AF_UNIX, '\\0cairn-{os.getpid()}')):
                try: socket.socket(family).connect(address); print('connected')
                except OSError as error: print(error.strerror)
            """,
        )
    assert len(said.splitlines()) == 4
    assert "connected" not in said


def test_processes_of_the_host_survive_every_signal(inside: Session) -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        inside.exec(["sh", "-c", f"kill -9 {stranger.pid}; kill -9 -1; kill -9 1"])
        assert stranger.poll() is None
        stranger.kill()


SYSTEM_CALLS = {
    "unshare a user namespace": "libc.unshare(0x10000000)",
    "unshare a mount namespace": "libc.unshare(0x00020000)",
    "clone into a user namespace": "libc.syscall(56, 0x10000011, 0, 0, 0, 0)",
    "remount the root writable": "libc.mount(b'none', b'/', None, 32 | 4096, None)",
    "remount /usr writable": "libc.mount(b'none', b'/usr', None, 32 | 4096, None)",
    "use the kernel's key ring": "libc.syscall(250, 0, -3, 0)",
    "set up io_uring": "libc.syscall(425, 8, 0)",
    "load a BPF program": "libc.syscall(321, 0, 0, 0)",
    "enter another root": "libc.chroot(b'/tmp')",
}


@pytest.mark.parametrize("call", SYSTEM_CALLS.values(), ids=SYSTEM_CALLS)
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86_64")
def test_dangerous_system_calls_are_refused(inside: Session, call: str) -> None:
    said = in_python(inside, f"import ctypes; libc = ctypes.CDLL(None, use_errno=True); print({call})")
    assert said == "-1"


def test_threads_and_subprocesses_work_under_the_filter(inside: Session) -> None:
    code = """
    import subprocess, threading
    thread = threading.Thread(target=lambda: print('thread')); thread.start(); thread.join()
    subprocess.run(['echo', 'process'], check=True)
    """
    assert sorted(in_python(inside, code).split()) == ["process", "thread"]


def test_a_command_is_stopped_in_time_with_everything_it_started(inside: Session, tree: Path) -> None:
    done = inside.exec(
        ["sh", "-c", "echo begun; (setsid sh -c 'sleep 1; touch late' &) ; sleep 60"], seconds=0.5
    )
    assert (done.killed_by, done.code, done.output) == ("timeout", None, "begun\n")
    assert not _appears(tree / "late")


def test_nothing_of_a_command_outlives_its_end(inside: Session, tree: Path) -> None:
    done = inside.exec(["sh", "-c", "for i in 1 2 3 4 5; do (sleep 0.3; touch late$i) & done; exit 0"])
    assert done.code == 0
    assert not _appears(tree / "late1")


def _appears(path: Path) -> bool:
    """Wait as long as the command would have, to see whether it still lives."""
    threading.Event().wait(1.2)
    return path.exists()


DOOMED = """
import sys
from pathlib import Path
from agent.sandbox import Room
from agent.sandbox.bwrap import Bubblewrap
Bubblewrap().open(Room(Path(sys.argv[1]))).exec(["sh", "-c", "touch begun; sleep 1.5; touch late"])
"""


def test_a_command_dies_with_the_process_that_watched_it(sandbox: Bubblewrap, tree: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", DOOMED, str(tree)], env=environment) as watcher:
        while not (tree / "begun").exists() and watcher.poll() is None:
            threading.Event().wait(0.02)
        watcher.kill()
    threading.Event().wait(2)
    assert (tree / "begun").exists()
    assert not (tree / "late").exists()


def test_a_flood_of_output_is_stopped_and_cut_in_the_middle(sandbox: Bubblewrap, tree: Path) -> None:
    session = capped(sandbox, tree, Caps(output_bytes=1 << 20, kept_output=10_000))
    done = session.exec(["sh", "-c", "echo first; yes"])
    assert done.killed_by == "output"
    assert done.output.startswith("first\n")
    assert len(done.output) < 10_200
    assert "bytes left out" in done.output
    assert done.cut_bytes > 1_000_000


def test_output_below_the_limit_is_whole(inside: Session) -> None:
    done = inside.exec(["sh", "-c", "seq 1 20000"])
    assert done.output == "".join(f"{number}\n" for number in range(1, 20001))
    assert done.cut_bytes == 0


def test_a_fork_bomb_is_stopped(sandbox: Bubblewrap, tree: Path) -> None:
    session = capped(sandbox, tree, Caps(processes=100))
    code = """
    import os, time
    for _ in range(400):
        try:
            if os.fork() == 0: time.sleep(60)
        except BlockingIOError:
            print('refused'); raise SystemExit
    time.sleep(60)
    """
    done = session.exec(["python", "-c", textwrap.dedent(code)], seconds=50)
    assert done.killed_by == "processes" or "refused" in done.output  # an rlimit for users, a count for root


def test_memory_is_counted_over_all_processes(sandbox: Bubblewrap, tree: Path) -> None:
    session = capped(sandbox, tree, Caps(memory=200 << 20))
    code = "import os, time; [os.fork() for _ in range(2)]; x = bytearray(90 << 20); time.sleep(60)"
    assert session.exec(["python", "-c", code], seconds=50).killed_by == "memory"


def test_one_file_cannot_fill_the_disk(sandbox: Bubblewrap, tree: Path) -> None:
    session = capped(sandbox, tree, Caps(file_bytes=1 << 20))
    session.exec(["sh", "-c", "head -c 5000000 /dev/zero >big"])
    assert (tree / "big").stat().st_size == 1 << 20


def test_scratch_space_is_limited(sandbox: Bubblewrap, tree: Path) -> None:
    session = capped(sandbox, tree, Caps(scratch_bytes=1 << 20))
    assert "No space left" in session.exec(["sh", "-c", "head -c 5000000 /dev/zero >/tmp/big"]).output


def test_a_tree_can_be_shown_without_being_writable(sandbox: Bubblewrap, tree: Path) -> None:
    done = sandbox.open(Room(tree, writable=False)).exec(["touch", "x"])
    assert done.code != 0
    assert list(tree.iterdir()) == []


def test_a_sandbox_opened_in_a_thread_works(inside: Session) -> None:
    codes: list[int | None] = []
    thread = threading.Thread(target=lambda: codes.append(inside.exec(["true"]).code))
    thread.start()
    thread.join()
    assert codes == [0]


def test_no_descriptor_is_lost(inside: Session) -> None:
    inside.exec(["true"])
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        inside.exec(["true"])
    assert len(os.listdir("/proc/self/fd")) == before


def test_without_bubblewrap_nothing_runs_and_the_package_is_named(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.sandbox.bwrap._SYSTEM_PATH", (str(tree),))
    with pytest.raises(SandboxUnavailable, match="apt-get install bubblewrap"):
        Bubblewrap().probe()


def test_a_sandbox_that_leaks_is_refused(
    sandbox: Bubblewrap, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaky = tree / "bwrap"
    leaky.write_text('#!/bin/sh\nwhile [ "$1" != /bin/sh ]; do shift; done\nexec "$@"\n')
    leaky.chmod(0o755)
    monkeypatch.setattr("agent.sandbox.bwrap._SYSTEM_PATH", (str(tree), "/usr/bin", "/bin"))
    with pytest.raises(SandboxUnavailable, match=r"the sandbox leaks .*it sees files of the host"):
        Bubblewrap().probe()


@pytest.mark.parametrize("folder", [Path("/"), Path("/home"), Path.home(), Path("relative")])
def test_a_toolchain_that_shows_too_much_is_refused(sandbox: Bubblewrap, tree: Path, folder: Path) -> None:
    with pytest.raises(Forbidden, match="toolchain"):
        sandbox.open(Room(tree, toolchains=(folder,)))


def test_an_unknown_machine_has_no_filter_and_no_sandbox() -> None:
    with pytest.raises(SandboxUnavailable, match="riscv64"):
        program("riscv64")
    assert len(program("x86_64")) % 8 == len(program("aarch64")) % 8 == 0

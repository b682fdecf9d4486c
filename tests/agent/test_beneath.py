import os
import stat
import threading
from pathlib import Path

import pytest

from agent import beneath
from agent.beneath import Beneath
from indexer.errors import BadInput, Forbidden, NotFound


@pytest.fixture(params=["openat2", "walk"])
def files(request: pytest.FixtureRequest, tree: Path, monkeypatch: pytest.MonkeyPatch) -> Beneath:
    """Both ways to open: by the kernel's openat2, and by walking where that is missing."""
    if request.param == "walk":
        monkeypatch.setattr(beneath, "_OPENAT2", 0xFFFF)
    return Beneath(tree)


def test_what_is_written_can_be_read(files: Beneath, tree: Path) -> None:
    files.write("a/b/c.txt", b"one\n")
    assert files.read("a/b/c.txt", 100) == b"one\n"
    assert (tree / "a/b/c.txt").read_bytes() == b"one\n"
    assert os.listdir(tree / "a/b") == ["c.txt"]


def test_a_replaced_file_keeps_its_mode(files: Beneath, tree: Path) -> None:
    (tree / "tool.sh").write_text("old")
    (tree / "tool.sh").chmod(0o750)
    files.write("tool.sh", b"new")
    assert stat.S_IMODE((tree / "tool.sh").stat().st_mode) == 0o750
    assert files.executable("tool.sh")


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "/etc/passwd",
        "../outside",
        "a/../../outside",
        "a/..",
        "x\0y",
        ".git/config",
        "sub/.GIT/hooks",
    ],
)
def test_paths_that_point_elsewhere_are_refused(files: Beneath, tree: Path, path: str) -> None:
    (tree.parent / "outside").write_text("secret")
    with pytest.raises(Forbidden):
        files.read(path, 100)
    with pytest.raises(Forbidden):
        files.write(path, b"x")
    assert (tree.parent / "outside").read_text() == "secret"


def test_a_link_to_a_file_outside_is_neither_read_nor_written(files: Beneath, tree: Path) -> None:
    outside = tree.parent / "outside"
    outside.write_text("secret")
    (tree / "absolute").symlink_to(outside)
    (tree / "relative").symlink_to("../outside")
    for name in ("absolute", "relative"):
        with pytest.raises(Forbidden, match="link"):
            files.read(name, 100)
        with pytest.raises(Forbidden, match="link"):
            files.write(name, b"x")
    assert outside.read_text() == "secret"


def test_a_link_to_a_folder_outside_is_not_entered(files: Beneath, tree: Path) -> None:
    outside = tree.parent / "elsewhere"
    outside.mkdir()
    (tree / "folder").symlink_to(outside)
    with pytest.raises((Forbidden, NotFound)):
        files.write("folder/new", b"x")
    with pytest.raises((Forbidden, NotFound)):
        files.write("folder/deeper/new", b"x")
    assert list(outside.iterdir()) == []


def test_a_link_inside_can_be_read_where_the_kernel_resolves(tree: Path) -> None:
    (tree / "real.txt").write_text("text")
    (tree / "alias.txt").symlink_to("real.txt")
    assert Beneath(tree).read("alias.txt", 100) == b"text"


def test_a_link_is_not_replaced_by_a_file(files: Beneath, tree: Path) -> None:
    (tree / "real.txt").write_text("text")
    (tree / "alias.txt").symlink_to("real.txt")
    with pytest.raises(Forbidden, match="symbolic link"):
        files.write("alias.txt", b"x")
    assert (tree / "real.txt").read_text() == "text"


def test_a_hard_link_is_not_written(files: Beneath, tree: Path) -> None:
    (tree.parent / "mine").write_text("mine")
    os.link(tree.parent / "mine", tree / "yours")
    with pytest.raises(Forbidden, match="hard link"):
        files.write("yours", b"x")


def test_a_pipe_does_not_hang_the_reader(files: Beneath, tree: Path) -> None:
    os.mkfifo(tree / "pipe")
    with pytest.raises(BadInput, match="not a regular file"):
        files.read("pipe", 100)


def test_magic_links_of_proc_lead_nowhere(files: Beneath, tree: Path) -> None:
    (tree / "root").symlink_to("/proc/self/root")
    with pytest.raises((Forbidden, NotFound)):
        files.read("root/etc/passwd", 100)


def test_a_large_file_is_refused_with_its_size(files: Beneath, tree: Path) -> None:
    (tree / "big").write_bytes(b"x" * 200)
    with pytest.raises(BadInput, match="200 bytes; at most 100"):
        files.read("big", 100)


def test_a_missing_file_is_not_found(files: Beneath) -> None:
    assert not files.exists("missing")
    with pytest.raises(NotFound, match="missing does not exist"):
        files.read("missing", 100)


def test_a_link_swapped_while_writing_never_leads_out(files: Beneath, tree: Path) -> None:
    """What a check of the real path loses: somebody exchanges the folder between check and use."""
    outside = tree.parent / "elsewhere"
    outside.mkdir()
    (tree / "real").mkdir()
    (tree / "swap").symlink_to("real")
    done = threading.Event()

    def swap() -> None:
        while not done.is_set():
            for target in ("real", str(outside)):
                os.symlink(target, tree / "spare")
                os.replace(tree / "spare", tree / "swap")

    swapper = threading.Thread(target=swap)
    swapper.start()
    refused = 0
    try:
        for number in range(1500):
            try:
                files.write(f"swap/file{number % 50}", b"x")
            except (Forbidden, NotFound, BadInput):
                refused += 1
    finally:
        done.set()
        swapper.join()
    assert list(outside.iterdir()) == []
    assert refused > 0

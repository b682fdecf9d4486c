import os
import stat
import threading
import time
from pathlib import Path

import pytest

from agent import beneath
from agent.beneath import Beneath, Entry
from indexer.errors import BadInput, Forbidden, NotFound
from tests.agent.swap import swapping


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


def test_an_entry_is_what_stands_there_itself(files: Beneath, tree: Path) -> None:
    (tree / "f").write_text("abc")
    (tree / "f").chmod(0o640)
    os.link(tree / "f", tree / "g")
    (tree / "link").symlink_to("nowhere")
    (tree / "d").mkdir()
    os.mkfifo(tree / "pipe")
    assert files.entry("f") == Entry("file", 0o640, 3, 2)
    kinds = {name: entry.kind for name in ("link", "d", "pipe") if (entry := files.entry(name))}
    assert kinds == {"link": "link", "d": "folder", "pipe": "other"}
    assert files.entry("missing") is None
    assert files.entry("f/below") is None
    assert files.entry("missing/below") is None


def test_a_path_without_end_is_refused_not_crashed_on(files: Beneath) -> None:
    with pytest.raises(BadInput, match="cannot be opened"):
        files.entry("a" * 300)


def test_nothing_is_read_or_changed_through_a_link_on_the_way(files: Beneath, tree: Path) -> None:
    (tree / "real").mkdir()
    (tree / "real/a").write_text("a")
    (tree / "alias").symlink_to("real")
    attempts = (
        lambda: files.read("alias/a", 10, follow=False),
        lambda: files.write("alias/b", b"", follow=False),
        lambda: files.delete("alias/a"),
        lambda: files.names("alias"),
    )
    for attempt in attempts:
        with pytest.raises((Forbidden, NotFound)):
            attempt()
    assert not files.delete_folder("alias")
    assert os.listdir(tree / "real") == ["a"]


def test_the_kernel_says_that_a_link_is_on_the_way(tree: Path) -> None:
    (tree / "real").mkdir()
    (tree / "alias").symlink_to("real")
    with pytest.raises(Forbidden, match="leads through a symbolic link"):
        Beneath(tree).entry("alias/a")


def test_a_deleted_link_leaves_what_it_points_to(files: Beneath, tree: Path) -> None:
    (tree.parent / "mine").write_text("mine")
    (tree / "link").symlink_to(tree.parent / "mine")
    files.delete("link")
    assert os.listdir(tree) == []
    assert (tree.parent / "mine").read_text() == "mine"


def test_folders_and_missing_files_are_not_deleted(files: Beneath, tree: Path) -> None:
    (tree / "d").mkdir()
    with pytest.raises(BadInput, match="d cannot be deleted"):
        files.delete("d")
    with pytest.raises(NotFound, match="no does not exist"):
        files.delete("no")
    with pytest.raises(Forbidden):
        files.delete(".git/config")


def test_a_folder_goes_only_when_it_is_empty(files: Beneath, tree: Path) -> None:
    files.write("d/e/f", b"")
    assert not files.delete_folder("d/e")
    files.delete("d/e/f")
    assert files.delete_folder("d/e")
    assert not files.delete_folder("d/e")
    assert files.names() == ["d"]
    assert files.names("d") == []


def test_a_given_mode_and_spare_name_are_used(files: Beneath, tree: Path) -> None:
    files.write("a", b"x", mode=0o400, spare=".waiting")
    assert stat.S_IMODE((tree / "a").stat().st_mode) == 0o400
    (tree / ".waiting").write_text("left by somebody who was killed")
    with pytest.raises(FileExistsError):
        files.write("a", b"y", spare=".waiting")
    assert (tree / "a").read_bytes() == b"x"


def test_a_folder_swapped_while_deleting_never_leads_out(tree: Path) -> None:
    outside = tree.parent / "elsewhere"
    outside.mkdir()
    (tree / "real").mkdir()
    (tree / "other").symlink_to(outside)
    names = [f"file{number}" for number in range(300)]
    for name in names:
        (outside / name).write_text("")
        (tree / "real" / name).write_text("")
    deleted = refused = 0
    with swapping(tree / "real", tree / "other"):
        for _ in range(20):  # one round may fall between two turns of the other thread
            for name in names:
                try:
                    Beneath(tree).delete(f"real/{name}")
                    deleted += 1
                except (Forbidden, NotFound, BadInput):
                    refused += 1
                time.sleep(0)  # lets the other thread go on
    assert sorted(os.listdir(outside)) == sorted(names)
    assert deleted > 0
    assert refused > 0

import subprocess
import textwrap
from pathlib import Path

from agent.sandbox import Caps, Room
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.disk import disk_bytes
from agent.sandbox.toolchain import python_toolchain


def test_a_tree_that_grows_too_much_ends_the_command(sandbox: Bubblewrap, tree: Path) -> None:
    (tree / "old").write_bytes(bytes(3 << 20))
    session = sandbox.open(Room(tree, caps=Caps(tree_bytes=2 << 20)))
    assert session.exec(["sh", "-c", "head -c 1000000 /dev/zero >fits; sleep 0.3"]).killed_by is None
    done = session.exec(["sh", "-c", "for i in 1 2 3; do head -c 1000000 /dev/zero >$i; done; sleep 60"])
    assert (done.killed_by, done.code) == ("disk", None)


def test_reports_count_as_well(sandbox: Bubblewrap, tree: Path, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    session = sandbox.open(Room(tree, reports, caps=Caps(tree_bytes=1 << 20)))
    assert session.exec(["sh", "-c", "head -c 2000000 /dev/zero >/reports/x; sleep 60"]).killed_by == "disk"


def test_empty_files_fill_a_disk_too(sandbox: Bubblewrap, tree: Path) -> None:
    session = sandbox.open(Room(tree, caps=Caps(tree_bytes=1 << 20)))
    assert session.exec(["sh", "-c", "seq 400 | xargs touch; sleep 60"]).killed_by == "disk"


def test_what_earlier_rooms_wrote_counts_when_the_start_is_given(sandbox: Bubblewrap, tree: Path) -> None:
    start = disk_bytes([tree])
    (tree / "written").write_bytes(bytes(2 << 20))
    session = sandbox.open(Room(tree, caps=Caps(tree_bytes=1 << 20), start_bytes=start))
    assert session.exec(["sleep", "60"]).killed_by == "disk"


def test_links_are_counted_and_not_followed(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(bytes(1 << 20))
    (tree / "link").symlink_to(tmp_path)
    assert disk_bytes([tree]) < 10_000


def test_what_lies_too_deep_to_be_counted_is_told_by_the_free_space(sandbox: Bubblewrap, tree: Path) -> None:
    code = """
    import os, time
    for _ in range(30):
        os.mkdir('d' * 200)
        os.chdir('d' * 200)
    for name in 'abcde':
        with open(name, 'wb') as file:
            file.write(bytes(20 << 20))
            os.fsync(file)
    time.sleep(60)
    """
    tools = python_toolchain()
    caps = Caps(tree_bytes=20 << 20)
    session = sandbox.open(Room(tree, toolchains=tools.folders, path=tools.path, caps=caps))
    try:
        assert session.exec(["python", "-c", textwrap.dedent(code)], seconds=50).killed_by == "disk"
    finally:
        subprocess.run(["rm", "-rf", str(tree)], check=True)  # shutil cannot either

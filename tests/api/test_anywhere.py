"""The command and the server work in any folder, whatever packages it holds."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from .make import CAIRN, SHOP, environment, run_cairn, serving, write_tree

TRAP = "raise SystemExit('the repository got itself imported')\n"
# Our own names, libraries we use, an optional one, and what Python itself needs in a new process.
NAMES = ("api", "agent", "indexer", "retriever")
OTHERS = ("click", "numpy", "rich", "orjson", "uvloop", "usercustomize")
PYTHONS = ("pickle", "struct", "socket")


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """A repository with packages and modules of many names, each of which ends whoever imports it."""
    files = {f"{name}/__init__.py": TRAP for name in NAMES}
    files |= {f"src/{name}/__init__.py": TRAP for name in NAMES}
    files |= {f"{name}.py": TRAP for name in (*OTHERS, *PYTHONS)}
    # enough files that worker processes are started
    files |= {f"m{n}.py": f"def function_{n}():\n    return {n}\n" for n in range(60)}
    return write_tree(tmp_path / "trapped", {**SHOP, **files})


# `.` on PYTHONPATH shadows the standard library in every Python program, ours included, before it
# can do anything about it: so there only names that are not Python's own are tried.
@pytest.mark.parametrize("pythonpath", [None, "src", ".", os.pathsep.join(["", "src"])])
def test_every_process_of_a_command_is_ours(trapped: Path, data: Path, pythonpath: str | None) -> None:
    more = {"CAIRN_WORKERS": "2"} if pythonpath is None else {"CAIRN_WORKERS": "2", "PYTHONPATH": pythonpath}
    if pythonpath not in (None, "src"):
        for name in PYTHONS:
            (trapped / f"{name}.py").unlink()

    report = run_cairn("index", ".", "--json", data=data, cwd=trapped, **more)
    assert report.code == 0, report.err
    assert report.json["failed"] == []
    assert report.json["files"] == sum(len(files) for _, _, files in os.walk(trapped))
    found = run_cairn("search", "retry_with_backoff", "--json", data=data, cwd=trapped, **more)
    assert found.json["hits"][0]["path"] == "shop/retry.py"


@pytest.mark.parametrize("pythonpath", ["", ".:src"])
def test_the_server_is_ours(trapped: Path, data: Path, pythonpath: str) -> None:
    for name in PYTHONS:
        (trapped / f"{name}.py").unlink()
    more = {"PYTHONPATH": pythonpath} if pythonpath else {}
    run_cairn("index", ".", data=data, cwd=trapped, **more)

    with serving("--port", 0, data=data, cwd=trapped, **more):
        found = run_cairn("search", "retry_with_backoff", "--json", data=data, cwd=trapped, **more)
    assert found.json["hits"][0]["symbol"] == "retry_with_backoff"


def test_a_folder_that_is_gone_is_no_obstacle(data: Path, shop: Path, tmp_path: Path) -> None:
    run_cairn("index", shop, data=data)
    line = f"mkdir gone && cd gone && rmdir ../gone && '{CAIRN}' search retry_with_backoff --repo shop"
    done = subprocess.run(
        ["bash", "-c", line], cwd=tmp_path, env=environment(data), capture_output=True, text=True, check=False
    )
    assert (done.returncode, "shop/retry.py" in done.stdout) == (0, True), done.stderr

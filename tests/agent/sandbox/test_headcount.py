"""A bomb is held by the kernel where a group can be made, and counted where none can."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from agent.sandbox import headcount as module
from agent.sandbox.headcount import headcount


def _run(before: tuple[str, ...], script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, "/bin/sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,
    )


def test_a_group_refuses_more_processes_than_it_holds() -> None:
    with headcount(4) as before:
        if not before:
            pytest.skip("this user may make no control group")
        script = "for n in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 30 & done; echo started"
        done = _run(before, f"({script}) 2>&1; kill 0")
        group = Path(before[-1]).parent
        assert (group / "pids.max").read_text().strip() == "8"
    assert "started" not in done.stdout
    assert not group.exists()


def test_without_a_group_the_command_is_what_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "_places", lambda: iter([tmp_path / "none"]))
    with headcount(4) as before:
        assert before == ()


def test_a_group_that_counts_nothing_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    monkeypatch.setattr(module, "_places", lambda: iter([tmp_path / "one"]))
    monkeypatch.setattr(Path, "write_text", _refused)
    with headcount(4) as before:
        assert before == ()
    assert list((tmp_path / "one").iterdir()) == []


def test_groups_of_processes_that_were_killed_are_swept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    (tmp_path / f"cairn-{ended.pid}-aa").mkdir()
    (tmp_path / f"cairn-{os.getpid()}-bb").mkdir()
    monkeypatch.setattr(module, "_places", lambda: iter([tmp_path]))
    with headcount(4):
        pass
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith("-aa")] == []
    assert (tmp_path / f"cairn-{os.getpid()}-bb").exists()


def _refused(*_: object) -> int:
    raise PermissionError("no")

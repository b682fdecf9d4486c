"""What happens on disk arrives, in few calls, whatever goes wrong in between."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.inotify import Inotify
from indexer.watch import Backlog, Watcher, WatchOptions

LONG = 120.0  # seconds that nothing here takes; a wait ends when what is awaited has come
QUICK = WatchOptions(debounce_s=0.05, patience_s=0.5)
POLLED = WatchOptions(debounce_s=0.05, patience_s=0.5, source="poll")
OBSERVED = WatchOptions(debounce_s=0.05, patience_s=0.5, source="watchdog")
TOLD = [QUICK, POLLED, OBSERVED]


def wait_until(true: Callable[[], object]) -> None:
    until = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


class Calls:
    """Collects the calls of a watcher and waits for what is to come."""

    def __init__(self) -> None:
        self.made: list[set[str] | None] = []
        self.fail = 0
        self._changed = threading.Condition()

    def __call__(self, paths: set[str] | None) -> None:
        with self._changed:
            self.made.append(paths)
            self._changed.notify_all()
            if self.fail:
                self.fail -= 1
                raise RuntimeError("the index is busy")

    def paths(self) -> set[str]:
        return {path for call in self.made if call is not None for path in call}

    def wait(self, until: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(until, LONG), self.made

    def wait_for(self, *paths: str) -> None:
        """Until each of `paths` was told, by itself or through a new folder around it."""
        self.wait(lambda: all(self.covers(path) for path in paths))

    def covers(self, path: str) -> bool:
        told = self.paths()
        return any(path == one or path.startswith(one + "/") for one in told)

    def wait_for_everything(self) -> None:
        self.wait(lambda: None in self.made)


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def watch(tmp_path: Path, calls: Calls) -> Iterator[Callable[..., Watcher]]:
    started: list[Watcher] = []

    def start(options: WatchOptions = QUICK, root: Path = tmp_path) -> Watcher:
        watcher = Watcher(root, calls, options)
        watcher.start()
        started.append(watcher)
        return watcher

    yield start
    for watcher in started:
        watcher.stop()


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@t")
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True)


@pytest.mark.parametrize("options", TOLD)
def test_a_file_that_comes_changes_and_goes_is_told(
    tmp_path: Path, calls: Calls, watch: Callable[..., Watcher], options: WatchOptions
) -> None:
    (tmp_path / "old.py").write_text("x = 1\n")
    (tmp_path / "gone.py").write_text("x = 1\n")
    watcher = watch(options)
    (tmp_path / "pkg" / "deep").mkdir(parents=True)
    (tmp_path / "pkg" / "deep" / "new.py").write_text("x = 1\n")
    (tmp_path / "old.py").write_text("x = 22\n")
    (tmp_path / "gone.py").unlink()
    calls.wait_for("pkg/deep/new.py", "old.py", "gone.py")
    assert watcher.alive
    assert watcher.note == ""


def test_both_ends_of_a_move_are_told(tmp_path: Path, calls: Calls, watch: Callable[..., Watcher]) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / "a.py").write_text("")
    watch()
    (tmp_path / "before").rename(tmp_path / "after")
    calls.wait_for("before", "after")


def test_a_folder_that_leaves_the_root_is_told(
    tmp_path: Path, calls: Calls, watch: Callable[..., Watcher]
) -> None:
    (tmp_path / "root" / "pkg").mkdir(parents=True)
    watch(root=tmp_path / "root")
    (tmp_path / "root" / "pkg").rename(tmp_path / "elsewhere")
    calls.wait_for("pkg")


def test_a_burst_is_one_call(tmp_path: Path, calls: Calls, watch: Callable[..., Watcher]) -> None:
    watch(WatchOptions(debounce_s=2.0, patience_s=LONG))
    for number in range(50):
        (tmp_path / f"{number}.py").write_text("")
    names = {f"{number}.py" for number in range(50)}
    calls.wait_for(*names)
    assert calls.made == [names]


def test_a_stream_that_never_pauses_is_served(
    tmp_path: Path, calls: Calls, watch: Callable[..., Watcher]
) -> None:
    watch(WatchOptions(debounce_s=LONG, patience_s=0.3))
    (tmp_path / "a.py").write_text("")
    calls.wait_for("a.py")
    assert len(calls.made) == 1


@pytest.mark.parametrize("name", [".gitignore", "pkg/.gitignore", ".cairnignore"])
def test_new_ignore_rules_ask_for_everything(
    tmp_path: Path, calls: Calls, watch: Callable[..., Watcher], name: str
) -> None:
    (tmp_path / "pkg").mkdir()
    watch()
    (tmp_path / name).write_text("*.log\n")
    calls.wait_for_everything()


class TestGit:
    @pytest.fixture
    def repository(self, tmp_path: Path) -> Path:
        root = tmp_path / "repository"
        (root / "pkg").mkdir(parents=True)
        (root / "pkg" / "a.py").write_text("")
        git(root, "init", "-q")
        git(root, "add", ".")
        git(root, "commit", "-qm", "one")
        return root

    @pytest.mark.parametrize("options", TOLD)
    def test_a_commit_asks_for_everything(
        self, repository: Path, calls: Calls, watch: Callable[..., Watcher], options: WatchOptions
    ) -> None:
        watch(options, root=repository)
        git(repository, "commit", "-qm", "two", "--allow-empty")
        calls.wait_for_everything()

    def test_a_checkout_asks_for_everything(
        self, repository: Path, calls: Calls, watch: Callable[..., Watcher]
    ) -> None:
        watch(root=repository)
        git(repository, "checkout", "-q", "-b", "other")
        calls.wait_for_everything()

    def test_a_checkout_is_seen_from_a_folder_of_the_repository(
        self, repository: Path, calls: Calls, watch: Callable[..., Watcher]
    ) -> None:
        watch(root=repository / "pkg")
        git(repository, "checkout", "-q", "-b", "other")
        calls.wait_for_everything()

    def test_a_checkout_is_seen_in_a_linked_worktree(
        self, repository: Path, tmp_path: Path, calls: Calls, watch: Callable[..., Watcher]
    ) -> None:
        git(repository, "worktree", "add", "-q", "-b", "linked", str(tmp_path / "linked"))
        watch(root=tmp_path / "linked")
        git(tmp_path / "linked", "checkout", "-q", "-b", "other")
        calls.wait_for_everything()

    def test_what_git_does_for_itself_is_no_change(
        self, repository: Path, calls: Calls, watch: Callable[..., Watcher]
    ) -> None:
        watch(root=repository)
        (repository / ".git" / "objects" / "ab").mkdir()
        (repository / ".git" / "objects" / "ab" / "cdef").write_text("x")
        (repository / ".git" / "FETCH_HEAD").write_text("x")
        git(repository, "add", ".")
        (repository / "end.py").write_text("")
        calls.wait_for("end.py")
        assert calls.made == [{"end.py"}]

    def test_gits_own_list_of_what_is_ignored_asks_for_everything(
        self, repository: Path, calls: Calls, watch: Callable[..., Watcher]
    ) -> None:
        watch(root=repository)
        (repository / ".git" / "info" / "exclude").write_text("*.log\n")
        calls.wait_for_everything()

    def test_the_users_list_of_what_is_ignored_asks_for_everything(
        self,
        repository: Path,
        tmp_path: Path,
        calls: Calls,
        watch: Callable[..., Watcher],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        (tmp_path / "config" / "git").mkdir(parents=True)
        watch(root=repository)
        (tmp_path / "config" / "git" / "other").write_text("x")
        (tmp_path / "config" / "git" / "ignore").write_text("*.log\n")
        calls.wait_for_everything()

    def test_the_rules_of_a_folder_above_ask_for_everything(
        self, repository: Path, calls: Calls, watch: Callable[..., Watcher]
    ) -> None:
        watch(root=repository / "pkg")
        (repository / ".gitignore").write_text("*.log\n")
        calls.wait_for_everything()

    def test_a_repository_that_begins_here_asks_for_everything_and_is_followed(
        self, tmp_path: Path, calls: Calls, watch: Callable[..., Watcher]
    ) -> None:
        (tmp_path / "plain").mkdir()
        watch(root=tmp_path / "plain")
        git(tmp_path / "plain", "init", "-q", "inner")
        calls.wait_for_everything()
        before = len(calls.made)
        git(tmp_path / "plain" / "inner", "commit", "-qm", "one", "--allow-empty")
        calls.wait(lambda: None in calls.made[before:])

    def test_a_repository_that_comes_whole_asks_for_everything(
        self, tmp_path: Path, calls: Calls, watch: Callable[..., Watcher]
    ) -> None:
        (tmp_path / "plain").mkdir()
        git(tmp_path, "init", "-q", "made")
        watch(root=tmp_path / "plain")
        (tmp_path / "made").rename(tmp_path / "plain" / "inner")
        calls.wait_for_everything()

    def test_what_git_holds_its_lock_over_is_one_call(
        self, repository: Path, calls: Calls, watch: Callable[..., Watcher]
    ) -> None:
        watch(WatchOptions(debounce_s=0.02, patience_s=0.05, git_s=LONG), root=repository)
        (repository / ".git" / "index.lock").write_text("")
        (repository / "one.py").write_text("")
        time.sleep(0.3)  # many times what would be waited without the lock
        (repository / "two.py").write_text("")
        assert calls.made == []
        (repository / ".git" / "index.lock").unlink()
        calls.wait_for("one.py", "two.py")
        assert len(calls.made) == 1


def test_packages_are_no_change(tmp_path: Path, calls: Calls, watch: Callable[..., Watcher]) -> None:
    watch()
    (tmp_path / "web" / "node_modules" / "x").mkdir(parents=True)
    (tmp_path / "web" / "node_modules" / "x" / "index.js").write_text("")
    (tmp_path / "end.py").write_text("")
    calls.wait_for("end.py")
    assert calls.paths() == {"web", "end.py"}


def test_packages_use_no_watches(tmp_path: Path, watch: Callable[..., Watcher]) -> None:
    for number in range(20):
        (tmp_path / "node_modules" / f"p{number}").mkdir(parents=True)
    (tmp_path / "src" / "inner").mkdir(parents=True)
    (tmp_path / "env" / "lib" / "deep").mkdir(parents=True)
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    watcher = watch()
    own = {tmp_path, tmp_path / "src", tmp_path / "src" / "inner", tmp_path / "env"}
    assert watcher.watches <= len(own) + 1  # and the folder of the user's ignore file, where there is one


def test_what_is_written_at_once_into_new_folders_is_told(
    tmp_path: Path, calls: Calls, watch: Callable[..., Watcher]
) -> None:
    watch(WatchOptions(debounce_s=0.01, patience_s=0.01))
    names = []
    for number in range(100):
        folder = tmp_path / f"n{number}" / "a" / "b"
        folder.mkdir(parents=True)
        (folder / "c.py").write_text("")
        os.rename(tmp_path / f"n{number}" / "a", tmp_path / f"n{number}" / "moved")
        (tmp_path / f"n{number}" / "moved" / "late.py").write_text("")
        names += [f"n{number}/a", f"n{number}/moved/b/c.py", f"n{number}/moved/late.py"]
    calls.wait_for(*names)
    before = len(calls.made)
    (tmp_path / "n7" / "moved" / "b" / "again.py").write_text("")  # the new name of an old folder
    # Events of the last folders may still be on their way, and come in one call with it.
    calls.wait(lambda: any("n7/moved/b/again.py" in (call or ()) for call in calls.made[before:]))
    assert "n7/a/b/again.py" not in calls.paths()


@pytest.mark.skipif(sys.platform != "linux", reason="the queue is Linux's")
def test_a_queue_that_ran_over_asks_for_everything_and_new_folders_are_followed(
    tmp_path: Path, calls: Calls, watch: Callable[..., Watcher]
) -> None:
    watcher = watch()
    source = watcher._source
    assert isinstance(source, Inotify)
    size = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    with source._turn:  # nobody reads, so the kernel's queue runs over
        (tmp_path / "unseen").touch()
        for number in range(size // 2 + 200):
            os.rename(tmp_path / "unseen", tmp_path / "unseen2")
            os.rename(tmp_path / "unseen2", tmp_path / "unseen")
            if number == size // 2:
                (tmp_path / "pkg").mkdir()
    calls.wait_for_everything()
    assert watcher.overflows == 1
    (tmp_path / "pkg" / "a.py").write_text("")
    calls.wait_for("pkg/a.py")
    assert watcher.alive


def test_a_network_share_is_polled_and_says_why(
    tmp_path: Path, calls: Calls, watch: Callable[..., Watcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.watch.shared_kind", lambda root: "nfs4")
    watcher = watch()
    assert "nfs4 does not tell" in watcher.note
    assert watcher.watches == 0
    (tmp_path / "a.py").write_text("")
    calls.wait_for("a.py")


def test_catching_up_does_not_wait_for_quiet(
    tmp_path: Path, calls: Calls, watch: Callable[..., Watcher]
) -> None:
    watcher = watch(WatchOptions(debounce_s=LONG, patience_s=LONG))
    (tmp_path / "a.py").write_text("")
    assert watcher.backlog().waiting == 1  # what was written is known at once
    number = watcher.catch_up()
    calls.wait_for("a.py")
    wait_until(lambda: watcher.caught_up(number))
    assert watcher.backlog() == Backlog()


@pytest.mark.parametrize("options", [POLLED, OBSERVED])
def test_catching_up_without_certainty_looks_at_everything(
    tmp_path: Path, calls: Calls, watch: Callable[..., Watcher], options: WatchOptions
) -> None:
    watcher = watch(options)
    number = watcher.catch_up()
    calls.wait_for_everything()
    wait_until(lambda: watcher.caught_up(number))


def test_the_time_until_a_change_is_searchable_is_told(tmp_path: Path, calls: Calls) -> None:
    heard: list[float] = []
    watcher = Watcher(tmp_path, calls, QUICK, heard.append)
    watcher.start()
    (tmp_path / "a.py").write_text("")
    wait_until(lambda: heard)
    watcher.stop()
    assert heard[0] >= QUICK.debounce_s


@pytest.mark.skipif(sys.platform != "linux", reason="the thread reads Linux's queue")
def test_a_watcher_whose_events_are_not_read_any_more_says_so(
    tmp_path: Path, watch: Callable[..., Watcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = watch()
    source = watcher._source
    assert isinstance(source, Inotify)
    monkeypatch.setattr(source, "_read", lambda: 1 / 0)
    (tmp_path / "a.py").write_text("")
    wait_until(lambda: not watcher.alive)
    assert "ZeroDivisionError" in str(watcher.trouble)


def test_a_root_that_was_replaced_is_another_one(tmp_path: Path, watch: Callable[..., Watcher]) -> None:
    (tmp_path / "root").mkdir()
    watcher = watch(root=tmp_path / "root")
    (tmp_path / "root").rename(tmp_path / "before")
    (tmp_path / "root").mkdir()
    assert not watcher.alive
    assert str(tmp_path / "root") in str(watcher.trouble)


def test_a_failure_is_kept_and_the_changes_come_again(
    tmp_path: Path, calls: Calls, watch: Callable[..., Watcher], caplog: pytest.LogCaptureFixture
) -> None:
    calls.fail = 1
    watcher = watch()
    with caplog.at_level(logging.ERROR, "indexer.watch"):
        (tmp_path / "a.py").write_text("")
        calls.wait(lambda: len(calls.made) >= 1)
        deadline = time.monotonic() + LONG
        while watcher.last_error is None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert str(watcher.last_error) == "the index is busy"
        (tmp_path / "b.py").write_text("")
        calls.wait(
            lambda: len(calls.made) >= 2 and {"a.py", "b.py"} <= {p for c in calls.made[1:] for p in c or ()}
        )
    assert "were not taken" in caplog.text
    assert watcher.alive


def test_from_time_to_time_everything_is_looked_at(calls: Calls, watch: Callable[..., Watcher]) -> None:
    watch(WatchOptions(debounce_s=0.05, rescan_s=0.1))
    calls.wait(lambda: calls.made.count(None) >= 2)


def test_a_stopped_watcher_is_not_alive_and_calls_nobody(
    tmp_path: Path, calls: Calls, watch: Callable[..., Watcher]
) -> None:
    watcher = watch()
    assert watcher.alive
    assert watcher.seconds_since_beat < LONG
    watcher.stop()
    assert not watcher.alive
    (tmp_path / "a.py").write_text("")
    time.sleep(0.3)
    assert calls.made == []
    watcher.stop()


def test_a_watcher_whose_root_is_gone_is_not_alive(tmp_path: Path, watch: Callable[..., Watcher]) -> None:
    (tmp_path / "root").mkdir()
    watcher = watch(root=tmp_path / "root")
    assert watcher.alive
    (tmp_path / "root").rmdir()
    assert not watcher.alive


_NO_ROOM = """
import sys, threading
from pathlib import Path
from indexer.inotify import Inotify
from indexer.watch import Backlog, Watcher, WatchOptions

seen = threading.Event()
watcher = Watcher(Path(sys.argv[1]), lambda paths: seen.set() if paths == {"d7/a.py"} else None)
watcher.start()
print(watcher.note)
Path(sys.argv[1], "d7", "a.py").write_text("")
print(seen.wait(30), watcher.alive)
watcher.stop()
"""


def test_without_room_for_watches_files_are_polled_and_the_setting_is_named(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"d{number}").mkdir()
    limit = 'echo 4 > /proc/sys/user/max_inotify_watches && exec "$@"'
    command = ["unshare", "--user", "--map-root-user", "sh", "-c", limit, "-"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("the limit cannot be lowered without user namespaces")
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [*command, sys.executable, "-c", _NO_ROOM, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert "fs.inotify.max_user_watches" in done.stdout
    assert done.stdout.endswith("True True\n"), done.stdout

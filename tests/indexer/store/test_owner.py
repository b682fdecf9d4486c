"""Who may talk to the keeper, how it is found, and what it starts with."""

from __future__ import annotations

import json
import pickle
import socket
import stat
import threading
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from indexer.errors import StoreUnreachable
from indexer.store import starting
from indexer.store.embedded import _dial, connect
from indexer.store.owner import LOCK_FILE, OWNER_FILE, Owner, read_owner, write_owner

from .make import TREE, make_points, pid_of, stop_keeper, vectors_in


def _nobody(data: Path) -> Owner:
    return Owner(pid=2**22 - 1, address=str(data / "keeper.sock"), token="0" * 64)


def test_an_owner_that_is_long_gone_is_replaced(data: Path) -> None:
    write_owner(data, _nobody(data))
    assert vectors_in(data).count("shop") == 0
    assert pid_of(data) != 2**22 - 1


def test_a_keeper_that_was_woken_takes_the_first_call(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starting.wake(data)
    monkeypatch.setattr(starting, "_boot", None)  # another start would raise
    starting.wake(data)
    assert vectors_in(data).count("shop") == 0
    starting.wake(data)


def test_a_keeper_that_left_is_woken_again(data: Path) -> None:
    starting.wake(data)
    vectors_in(data).count("shop")
    first = pid_of(data)
    stop_keeper(data)
    starting.wake(data)
    assert vectors_in(data).count("shop") == 0
    assert pid_of(data) != first


def test_what_kept_a_woken_keeper_from_starting_is_told_by_the_first_call(data: Path) -> None:
    (data / LOCK_FILE).mkdir()
    starting.wake(data)
    with pytest.raises(StoreUnreachable, match="did not start: IsADirectoryError"):
        vectors_in(data).count("shop")
    (data / LOCK_FILE).rmdir()


def test_a_torn_owner_file_is_replaced(data: Path) -> None:
    (data / OWNER_FILE).write_text('{"pid": 12, "addr')
    assert vectors_in(data).count("shop") == 0


def test_a_stranger_at_the_owners_old_port_is_not_believed(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:

        def greet() -> None:
            caller, _ = stranger.accept()
            with caller:
                caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        answering = threading.Thread(target=greet)
        answering.start()
        port: int = stranger.getsockname()[1]
        write_owner(data, replace(_nobody(data), address=("127.0.0.1", port)))
        assert vectors_in(data).count("shop") == 0
        answering.join()


def test_a_keeper_of_another_version_is_replaced(data: Path) -> None:
    vectors = vectors_in(data)
    vectors.upsert(make_points("shop", TREE))
    owner = read_owner(data)
    assert owner is not None
    write_owner(data, replace(owner, protocol=owner.protocol + 1))
    vectors.close()
    assert vectors.count("shop") == 2
    assert pid_of(data) != owner.pid


def test_owner_file_and_socket_are_for_this_user_alone(data: Path) -> None:
    vectors_in(data).count("shop")
    assert stat.S_IMODE((data / OWNER_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((data / "keeper.sock").stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE((data / "vectors").stat().st_mode) & 0o077 == 0


def test_a_wrong_token_is_refused_and_the_keeper_stays(data: Path) -> None:
    vectors_in(data).count("shop")
    owner = read_owner(data)
    assert owner is not None
    assert _dial(replace(owner, token="0" * 64)) is None
    assert vectors_in(data).count("shop") == 0
    assert pid_of(data) == owner.pid


def test_nothing_is_unpickled_before_the_token_is_proven(data: Path) -> None:
    vectors_in(data).count("shop")
    owner = read_owner(data)
    assert owner is not None
    caller = socket.socket(socket.AF_UNIX)
    caller.connect(str(owner.address))
    with Connection(caller.detach()) as line:
        line.recv_bytes()
        line.send_bytes(pickle.dumps(_Trap(str(data / "sprung"))))
        with pytest.raises((EOFError, OSError)):
            line.recv_bytes()
    assert vectors_in(data).count("shop") == 0
    assert not (data / "sprung").exists()


class _Trap:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (self.path, "w")


def test_a_caller_that_never_proves_itself_holds_nobody_up(data: Path) -> None:
    vectors = vectors_in(data)
    vectors.count("shop")
    owner = read_owner(data)
    assert owner is not None
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(owner.address))
        fresh = vectors_in(data)
        assert fresh.count("shop") == 0
        fresh.close()


def test_a_path_too_long_for_a_socket_is_served_on_loopback(data: Path) -> None:
    deep = data / ("d" * 60) / ("e" * 60)
    vectors = vectors_in(deep)
    vectors.upsert(make_points("shop", TREE))
    owner = read_owner(deep)
    assert owner is not None
    assert owner.address[0] == "127.0.0.1"
    assert vectors.count("shop") == 2
    stop_keeper(deep)


def test_packages_of_our_names_where_one_stands_are_not_imported(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w').close(); raise ImportError('the wrong package')\n"
    for name in ("indexer", "api", "agent", "retriever"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(trap)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    assert vectors_in(data).count("shop") == 0
    assert not (tmp_path / "sprung").exists()


def test_the_keeper_inherits_no_keys_and_has_one_thread_for_products(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    vectors_in(data).count("shop")
    environment = Path(f"/proc/{pid_of(data)}/environ")
    if not environment.exists():
        pytest.skip("this system shows no process environments")
    assert b"sk-very-secret" not in environment.read_bytes()
    assert b"OPENBLAS_NUM_THREADS=1" in environment.read_bytes().split(b"\0")


def test_a_keeper_that_cannot_start_says_why(data: Path) -> None:
    (data / LOCK_FILE).mkdir()
    with pytest.raises(StoreUnreachable, match=r"did not start: IsADirectoryError.*owner\.lock"):
        vectors_in(data).count("shop")
    (data / LOCK_FILE).rmdir()


def test_the_published_owner_is_plain_json(data: Path) -> None:
    connect(data).close()
    published = json.loads((data / OWNER_FILE).read_text())
    assert set(published) == {"pid", "address", "token", "protocol"}
    assert len(bytes.fromhex(published["token"])) == 32

"""`cairn serve` as a process: its address, its announcement, its end, and who finds it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from retriever.client import SERVER_FILE, Client, running_server
from retriever.types import Query

from .make import BIG, big_tree, eventually, run_cairn, serving


def told(url: str, path: str) -> str:
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    line.request("GET", path)
    text = line.getresponse().read().decode()
    line.close()
    return text


def test_commands_ask_the_server_and_get_the_same_answer(data: Path, shop: Path) -> None:
    run_cairn("index", shop, data=data)
    asked = ("search", "where do we retry failed payments?", "--repo", "shop", "--json")
    alone = run_cairn(*asked, data=data).json

    with serving("--port", 0, data=data) as server:
        said = run_cairn(*asked, data=data).json
        counted = told(server.url, "/metrics")
    assert said["hits"] == alone["hits"]
    assert "cairn_search_seconds_count 1\n" in counted


def test_a_dead_server_is_not_waited_for(data: Path, shop: Path) -> None:
    run_cairn("index", shop, data=data)
    with serving("--port", 0, data=data) as server:
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
    assert (data / SERVER_FILE).exists()

    assert run_cairn("search", "retry", "--repo", "shop", data=data).code == 0


def test_a_port_that_somebody_else_got_since_is_not_taken_for_the_server(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        url = f"http://127.0.0.1:{stranger.getsockname()[1]}"
        said = {"pid": os.getpid(), "url": url, "token": "t"}
        (data / SERVER_FILE).write_text(json.dumps(said))
        thread = threading.Thread(target=_answer_once, args=(stranger,))
        thread.start()

        assert running_server(data) is None
        thread.join()


def _answer_once(listener: socket.socket) -> None:
    caller, _ = listener.accept()
    with caller:
        caller.recv(4096)
        caller.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"pid": 0}  ')


def test_a_command_that_names_another_model_asks_the_server_all_the_same(data: Path, shop: Path) -> None:
    run_cairn("index", shop, data=data)
    asked = ("search", "retry", "--repo", "shop", "--json")
    with serving("--port", 0, data=data) as server:
        said = run_cairn(*asked, data=data, CAIRN_EMBEDDER="static")
        counted = told(server.url, "/metrics")

    assert said.json["hits"]
    assert "cairn_search_seconds_count 1\n" in counted


def test_sigterm_ends_it_well(data: Path, shop: Path) -> None:
    run_cairn("index", shop, data=data)
    with serving("--port", 0, data=data) as server:
        assert server.end() == 0
    assert server.errors.startswith("Cairn serves")
    assert "Traceback" not in server.errors
    assert not (data / SERVER_FILE).exists()


def test_a_running_sync_commits_what_it_has_when_the_server_stops(data: Path, tmp_path: Path) -> None:
    root = big_tree(tmp_path / "big")
    with serving("--port", 0, data=data) as server:
        with closing(Client(server.url)) as client:
            job = client.post("/v1/repos", {"path": str(root)})["job"]
            eventually(lambda: client.get(f"/v1/jobs/{job}")["progress"])
        assert server.end() == 0
        assert "Traceback" not in server.errors

    rest = run_cairn("index", root, "--json", data=data).json
    assert rest["files"] == BIG
    assert run_cairn("verify", data=data).code == 0


def test_a_stream_ends_with_the_server(data: Path, tmp_path: Path) -> None:
    root = big_tree(tmp_path / "big")
    with serving("--port", 0, data=data) as server:
        with closing(Client(server.url)) as client:
            job = client.post("/v1/repos", {"path": str(root)})["job"]
        line = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
        line.request("GET", f"/v1/jobs/{job}/events")
        stream = line.getresponse()
        assert stream.readline() == b"id: 1\n"
        assert server.end() == 0
        rest = stream.read()  # returns because the stream has ended
        line.close()
    assert rest.startswith(b"event: running\n")


def test_a_busy_port_is_stepped_over_unless_it_was_chosen(
    data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with socket.socket(socket.AF_INET) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.1", 8000))
            other.listen()
        except OSError:
            pass  # whoever has it makes the same point
        with serving(data=data) as server:
            assert not server.url.endswith(":8000")
        assert "port 8000 is in use" in server.errors

        chosen = run_cairn("serve", "--port", 8000, data=data)
        assert chosen.code == 2
        assert "port 8000 of 127.0.0.1 is in use" in chosen.err


def test_a_line_longer_than_a_chunk_is_shortened_once_and_marked(data: Path, shop: Path) -> None:
    (shop / "table.py").write_text(f'TABLE_OF_FACTORS = "{"7 " * 50_000}"\nOTHER = 1\n')
    run_cairn("index", shop, data=data)
    asked = ("search", "TABLE_OF_FACTORS", "--repo", "shop", "--json")
    alone = run_cairn(*asked, data=data).json["hits"]
    with serving("--port", 0, data=data):
        through = run_cairn(*asked, data=data).json["hits"]
    long = next(hit for hit in alone if (hit["path"], hit["start_line"]) == ("table.py", 1))
    assert (len(long["text"]), long["cut"]) == (1500 + len("… and 98521 characters more\n"), True)
    assert not any(hit["cut"] for hit in alone if hit is not long)
    assert through == alone


def test_one_data_directory_has_one_server(data: Path) -> None:
    with serving("--port", 0, data=data) as server:
        second = run_cairn("serve", "--port", 0, data=data)
    assert second.code == 1
    assert f"is served already at {server.url} by process {server.process.pid}" in second.err


def test_a_data_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = run_cairn("serve", "--json", data=tmp_path / "file" / "data")
    assert (said.code, said.json["type"]) == (1, "urn:cairn:not-writable")
    assert "file/data cannot be written (Not a directory)" in said.json["detail"]


def test_beyond_loopback_a_key_is_demanded_and_this_user_needs_none(data: Path, shop: Path) -> None:
    run_cairn("index", shop, data=data)
    refused = run_cairn("serve", "--host", "0.0.0.0", "--port", 0, data=data)
    assert (refused.code, "CAIRN_API_KEY" in refused.err) == (1, True)

    with serving("--host", "0.0.0.0", "--port", 0, data=data, CAIRN_API_KEY="s3cret") as server:
        assert server.url.startswith("http://127.0.0.1:")
        own = run_cairn("search", "retry", "--repo", "shop", "--json", data=data)
        stranger = run_cairn("search", "retry", data=data, CAIRN_URL=server.url)
        guest = run_cairn("search", "retry", data=data, CAIRN_URL=server.url, CAIRN_API_KEY="s3cret")
    assert (own.code, guest.code) == (0, 0)
    assert (stranger.code, "send the key" in stranger.err) == (1, True)
    assert "s3cret" not in server.errors


def test_the_announcement_is_for_this_user_alone(data: Path) -> None:
    with serving("--port", 0, data=data):
        assert (data / SERVER_FILE).stat().st_mode & 0o077 == 0


def test_a_server_starts_without_its_vector_store_and_says_what_it_waits_for(data: Path) -> None:
    with serving("--port", 0, data=data, CAIRN_QDRANT_URL="http://127.0.0.1:9") as server:
        problem = json.loads(told(server.url, "/ready"))
    assert (problem["status"], problem["type"]) == (503, "urn:cairn:store-unreachable")
    assert "127.0.0.1:9" in problem["detail"]


def test_remove_goes_through_the_server_that_follows_the_files(data: Path, shop: Path) -> None:
    run_cairn("index", shop, data=data)
    with serving("--port", 0, data=data) as server:
        assert run_cairn("remove", "shop", data=data).code == 0
        assert json.loads(told(server.url, "/v1/repos")) == {"repos": []}


def test_a_saved_file_changes_what_the_command_line_finds(data: Path, shop: Path) -> None:
    run_cairn("index", shop, data=data)
    with serving("--port", 0, data=data) as server:
        client = Client(server.url)
        eventually(lambda: client.get("/v1/repos/shop")["watching"])
        (shop / "shop" / "refund.py").write_text("def refund_everything():\n    return 0\n")
        wait = {"generation": 2, "timeout": 20}
        client.post("/v1/search", {"query": "refund", "repos": ["shop"], "wait_for": wait})
        hits = client.search(Query("refund_everything", ("shop",))).hits
        client.close()
    assert hits[0].path == "shop/refund.py"

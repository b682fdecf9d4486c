"""Commands: what they print, where, and how they end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from api.cli import COMMANDS
from api.cli import cairn as group
from api.commands.page import page

from .make import BIG, CAIRN, SHOP, Cairn, big_tree, environment, eventually, run_cairn, serving, write_tree

REPORT = {"repo", "files", "chunks", "symbols", "seconds", "skipped", "generation", "commit"}
HIT = {
    *("repo", "path", "start_line", "end_line", "score", "symbol", "kind", "language", "text", "reasons"),
    "also",
}


@pytest.fixture
def indexed_shop(cairn: Cairn, shop: Path) -> Path:
    assert cairn("index", shop).code == 0
    return shop


# The contract


def test_index_reports_as_promised(cairn: Cairn, shop: Path) -> None:
    said = cairn("index", shop, "--json")

    assert said.code == 0
    assert set(said.json) >= REPORT
    assert (said.json["repo"], said.json["files"], said.json["changed"]) == ("shop", len(SHOP), len(SHOP))


def test_indexing_again_does_only_what_changed(cairn: Cairn, indexed_shop: Path) -> None:
    (indexed_shop / "shop" / "retry.py").write_text("def retry():\n    return 1\n")
    (indexed_shop / "README.md").unlink()

    report = cairn("index", indexed_shop, "--json").json
    assert (report["changed"], report["removed"], report["generation"]) == (1, 1, 2)


def test_search_answers_as_promised(cairn: Cairn, indexed_shop: Path) -> None:
    said = cairn("search", "retry_with_backoff", "--repo", "shop", "--limit", 2, "--json").json

    assert {"query", "hits", "index"} <= set(said)
    assert set(said["hits"][0]) >= HIT
    assert said["hits"][0]["symbol"] == "retry_with_backoff"
    assert said["index"].pop("edition")
    index = {"repo": "shop", "generation": 1, "commit": None, "pending": 0}
    assert said["index"] == {**index, "lag_seconds": 0.0, "partial": False, "watching": False}
    assert len(said["hits"]) == 2


def test_search_without_json_is_made_for_reading(cairn: Cairn, indexed_shop: Path) -> None:
    said = cairn("search", "retry_with_backoff", "--repo", indexed_shop)

    first = said.out.split("\n\n")[0].split("\n")
    assert first[0].startswith("  1  shop/retry.py:4-10  retry_with_backoff  function")
    assert first[1].strip() == "def retry_with_backoff(operation, attempts=3):"
    assert any(line.startswith("     why: ") for line in first)


def test_context_prints_a_text_for_a_prompt(cairn: Cairn, indexed_shop: Path) -> None:
    asked = ("context", "add a payment retry mechanism", "--repo", "shop", "--budget", 1000)

    as_json, plain = cairn(*asked, "--json").json, cairn(*asked)
    assert {"task", "text", "tokens", "items", "left_out", "conventions", "index"} <= set(as_json)
    assert plain.out == as_json["text"] + "\n"
    assert "of 1000 tokens" in plain.err


def test_map_prints_a_text_for_a_prompt(cairn: Cairn, indexed_shop: Path) -> None:
    asked = ("map", "--repo", "shop", "--budget", 300, "--focus", "failed payments")

    as_json, plain = cairn(*asked, "--json").json, cairn(*asked)
    assert {"text", "tokens", "budget", "files", "left_out", "notes", "index"} == set(as_json)
    assert plain.out == as_json["text"]
    assert "shop/retry.py\n" in plain.out
    assert "of 300 tokens" in plain.err


def test_map_says_what_of_a_focus_it_did_not_find(cairn: Cairn, indexed_shop: Path) -> None:
    said = cairn("map", "--repo", "shop", "--focus", "shop/nowhere.py")

    assert "no file and no definition is called shop/nowhere.py; it was searched for in words" in said.err


def test_names_are_found_with_who_uses_them(cairn: Cairn, indexed_shop: Path) -> None:
    symbols = cairn("symbols", "retry_with_backoff", "--repo", "shop", "--json").json["symbols"]
    callers = cairn("callers", "retry_with_backoff", "--repo", "shop", "--json").json["callers"]
    callees = cairn("callees", "retry_with_backoff", "--repo", "shop", "--json").json["callees"]

    tests = cairn("callers", "retry_with_backoff", "--tests", "--repo", "shop", "--json").json["tests"]
    (hierarchy,) = cairn("hierarchy", "PaymentClient", "--repo", "shop", "--json").json["hierarchy"]

    assert [test["path"] for test in tests] == ["tests/test_retry.py"]
    assert (hierarchy["of"]["symbol"], hierarchy["ancestors"]) == ("PaymentClient", [])
    assert [symbol["path"] for symbol in symbols] == ["shop/retry.py"]
    assert {caller["path"] for caller in callers} == {"shop/client.py", "tests/test_retry.py"}
    assert [callee["symbol"] for callee in callees] == ["pause"]


def test_status_tells_what_is_left_out_and_why(cairn: Cairn, shop: Path) -> None:
    (shop / "logo.png").write_bytes(b"\x89PNG\0\0\0")
    cairn("index", shop)

    repo = cairn("status", "--skipped", "--json").json["repos"][0]
    assert repo["skipped"] == {"binary": 1}
    assert repo["skipped_paths"] == [{"path": "logo.png", "reason": "binary", "detail": ""}]
    assert "logo.png" in cairn("status", "--skipped").out


def test_remove_forgets_the_index_and_leaves_the_files(cairn: Cairn, indexed_shop: Path) -> None:
    assert cairn("remove", "shop", "--json").json == {"removed": "shop", "root": str(indexed_shop)}
    assert cairn("status", "--json").json["repos"] == []
    assert (indexed_shop / "README.md").exists()


def test_conventions_are_listed(cairn: Cairn, shop: Path) -> None:
    for number in range(12):
        text = "".join(f"def handle_{number}_{n}(value):\n    return value\n\n\n" for n in range(4))
        (shop / "shop" / f"handlers_{number}.py").write_text(text)
    cairn("index", shop)

    rules = cairn("conventions", "--repo", "shop", "--all", "--json").json["conventions"]
    assert any("snake_case" in rule["statement"] for rule in rules)
    assert all(rule["support"] <= rule["total"] for rule in rules)


def test_a_repository_without_a_file_is_indexed(cairn: Cairn, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert cairn("index", tmp_path / "empty").code == 0
    said = cairn("search", "anything", "--repo", "empty")
    assert (said.code, said.err) == (0, "")


def test_a_home_of_nobody_is_a_folder_that_is_not_there(cairn: Cairn) -> None:
    said = cairn("index", "~nobody-of-this-name")
    assert (said.code, "there is no folder" in said.err) == (1, True)


# Which repository


@pytest.mark.parametrize("slip", ["shopp", "", "shop/missing", "~nobody-of-this-name"])
def test_a_slip_of_a_name_is_not_the_repository_around(
    cairn: Cairn, indexed_shop: Path, monkeypatch: pytest.MonkeyPatch, slip: str
) -> None:
    monkeypatch.chdir(indexed_shop)
    for command in (("remove", slip), ("search", "retry", "--repo", slip)):
        said = cairn(*command)
        assert (said.code, f"no repository {slip!r} is indexed" in said.err) == (1, True), command
    assert [repo["name"] for repo in cairn("status", "--json").json["repos"]] == ["shop"]


def test_a_part_of_a_repository_does_not_remove_all_of_it(
    cairn: Cairn, indexed_shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(indexed_shop)
    said = cairn("remove", "tests")
    assert (said.code, said.err) == (
        2, f"cairn: tests lies in shop ({indexed_shop}); to forget all of it: cairn remove shop\n",
    )  # fmt: skip
    assert cairn("remove", ".").code == 0


def test_a_repository_whose_folder_is_gone_is_removed_by_its_path(
    cairn: Cairn, indexed_shop: Path, tmp_path: Path
) -> None:
    indexed_shop.rename(tmp_path / "elsewhere")
    assert cairn("remove", indexed_shop).code == 0


def test_the_repository_around_the_working_directory_is_meant(
    cairn: Cairn, indexed_shop: Path, copy_of_shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cairn("index", copy_of_shop)
    monkeypatch.chdir(copy_of_shop / "shop")

    assert cairn("search", "retry", "--json").json["index"]["repo"] == "copy"


def test_of_two_nested_repositories_the_inner_one_is_meant(
    cairn: Cairn, indexed_shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cairn("index", indexed_shop / "shop", "--name", "inner")
    monkeypatch.chdir(indexed_shop / "shop")

    assert cairn("search", "retry", "--json").json["index"]["repo"] == "inner"
    assert cairn("search", "retry", "--repo", indexed_shop, "--json").json["index"]["repo"] == "shop"


def test_elsewhere_the_only_repository_is_meant_and_of_several_none(
    cairn: Cairn, indexed_shop: Path, copy_of_shop: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cairn("search", "retry", "--json").json["index"]["repo"] == "shop"

    cairn("index", copy_of_shop)
    said = cairn("search", "retry")
    assert said.code == 2
    assert "known: copy, shop" in said.err
    everywhere = cairn("search", "retry", "--all", "--json").json
    assert {index["repo"] for index in everywhere["indexes"]} == {"copy", "shop"}


# How commands end


@pytest.mark.parametrize(
    ("args", "code", "type_", "says"),
    [
        (["search", "x"], 1, "not-found", "cairn index PATH"),
        (["search", "x", "--repo", "nowhere"], 1, "not-found", "nowhere"),
        (["search"], 2, "bad-input", "QUERY"),
        (["search", "x", "--limit", "0"], 2, "bad-input", "limit"),
        (["serach"], 2, "bad-input", "serach"),
        (["index", "/does/not/exist"], 1, "not-found", "/does/not/exist"),
        (["index", "/"], 2, "bad-input", "whole disk"),
        (["index", "/proc/self"], 2, "bad-input", "no files of yours"),
        (["index", "/dev"], 2, "bad-input", "no files of yours"),
        (["index", ".", "--name", "a/b"], 2, "bad-input", "a/b"),
        (["runs", "nothing"], 1, "not-found", "nothing"),
        (["serve", "--host", "0.0.0.0"], 1, "forbidden", "CAIRN_API_KEY"),
    ],
)
def test_an_error_is_one_sentence_and_with_json_one_document(
    cairn: Cairn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: list[str],
    code: int,
    type_: str,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    plain, as_json = cairn(*args), cairn(*args, "--json")
    assert (plain.code, as_json.code) == (code, code)
    assert plain.out == ""
    assert plain.err.startswith("cairn: ")
    assert says in plain.err
    assert as_json.json["type"] == f"urn:cairn:{type_}"
    assert says in as_json.json["detail"]


def test_a_word_after_two_dashes_is_no_option(cairn: Cairn, indexed_shop: Path) -> None:
    said = cairn("search", "--repo", "shop", "--", "--json")

    assert said.code == 0
    with pytest.raises(json.JSONDecodeError):
        json.loads(said.out)


def test_a_setting_that_makes_no_sense_is_a_usage_error(
    cairn: Cairn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAIRN_PORT", "eighty")

    assert (cairn("status").code, "CAIRN_PORT" in cairn("status").err) == (2, True)


def test_commands_that_work_on_files_refuse_a_server_elsewhere(
    cairn: Cairn, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAIRN_URL", "http://127.0.0.1:9")

    assert "CAIRN_URL" in cairn("index", shop).err
    searched = cairn("search", "x")
    assert (searched.code, "does not answer" in searched.err) == (1, True)


# doctor


def test_doctor_tries_each_thing_for_real(cairn: Cairn, indexed_shop: Path) -> None:
    said = cairn("doctor", "--json").json

    found = {finding["what"]: finding for finding in said["findings"]}
    assert said["ok"]
    assert found["repositories"]["said"] == "1, all there and complete"
    assert found["embedding model"]["said"].startswith("hashed")
    assert found["vector store"]["state"] == "ok"


def test_doctor_says_what_is_broken_and_fails(cairn: Cairn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAIRN_QDRANT_URL", "http://127.0.0.1:9")

    said = cairn("doctor")
    assert said.code == 1
    assert "bad  vector store: " in said.out


# The process


def test_help_names_every_command_and_loads_none() -> None:
    code = (
        "import sys; from api.cli import main; main(['--help']);"
        "print('loaded', sorted(m for m in sys.modules if m.split('.')[0] in"
        " {'numpy', 'rich', 'fastapi', 'pydantic', 'qdrant_edge', 'tree_sitter', 'agent', 'sqlite3'}"
        " or m.startswith('api.commands')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.endswith("loaded []\n")
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


def test_a_search_loads_neither_server_nor_parsers(data: Path, shop: Path) -> None:
    run_cairn("index", shop, data=data)
    code = (
        "import sys; from api.cli import main; main(['search', 'retry', '--repo', 'shop']);"
        "print('loaded', sorted({m.split('.')[0] for m in sys.modules} &"
        " {'rich', 'fastapi', 'pydantic', 'uvicorn', 'qdrant_edge', 'qdrant_client', 'openai', 'agent'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(data), capture_output=True, text=True, check=True
    )

    assert done.stdout.endswith("loaded []\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_takes_json_and_data_and_says_the_same_of_itself(name: str) -> None:
    command = group.get_command(click.Context(group), name)

    assert command is not None
    options = {option for parameter in command.params for option in parameter.opts}
    assert {"--json", "--data"} <= options
    assert command.get_short_help_str(200) == COMMANDS[name]


def test_the_help_in_the_docs_is_the_help_of_the_commands() -> None:
    written = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()

    assert written == page(), "run: python -m api.commands.page > docs/cli.md"


def test_progress_is_plain_lines_on_stderr_when_piped(data: Path, tmp_path: Path) -> None:
    root = write_tree(tmp_path / "big", {f"m{n}.py": f"def f{n}():\n    return {n}\n" for n in range(60)})
    said = run_cairn("index", root, "--json", data=data)

    assert said.json["files"] == 60
    assert "\x1b" not in said.out + said.err


def test_output_that_nobody_reads_to_its_end_is_no_error(data: Path, shop: Path) -> None:
    run_cairn("index", shop, data=data)
    line = f"'{CAIRN}' search retry --limit 50 --repo shop --json | head -c 10"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], env=environment(data), capture_output=True)

    assert (done.returncode, done.stderr) == (0, b"")


def interrupted(data: Path, root: Path) -> subprocess.CompletedProcess[str]:
    """`cairn index`, and Ctrl-C once it has told of progress."""
    process = subprocess.Popen(
        [CAIRN, "index", root, "--json"],
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    first = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=180)
    return subprocess.CompletedProcess(process.args, process.returncode, out, first + err)


def test_ctrl_c_leaves_an_index_that_the_next_run_completes(data: Path, tmp_path: Path) -> None:
    root = big_tree(tmp_path / "big")

    stopped = interrupted(data, root)
    problem: dict[str, Any] = json.loads(stopped.stdout)
    assert (stopped.returncode, problem["type"]) == (1, "urn:cairn:cancelled")
    assert f"of {BIG} changed files of big are indexed and kept; run the same command again" in stopped.stderr
    assert "Traceback" not in stopped.stderr

    rest = run_cairn("index", root, "--json", data=data).json
    assert rest["files"] == BIG
    assert 0 < rest["changed"] < BIG
    assert run_cairn("verify", data=data).code == 0


def test_watch_follows_changes_until_it_is_told_to_stop(data: Path, shop: Path) -> None:
    process = subprocess.Popen(
        [CAIRN, "watch", shop, "--json"],
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["files"] == len(SHOP)
    process.stderr.readline()  # it follows
    (shop / "new.py").write_text("def new():\n    return 1\n")

    assert json.loads(process.stdout.readline())["changed"] == 1
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=180)
    assert process.returncode == 0
    assert "stopped" in err


def test_index_waits_for_a_writer_that_is_about_to_finish(data: Path, shop: Path) -> None:
    from indexer.lock import writing_lock
    from indexer.store.schema import DataDir

    run_cairn("index", shop, data=data)
    with writing_lock(DataDir(data), "shop"):
        process = subprocess.Popen(
            [CAIRN, "index", shop, "--json"], env=environment(data), stdout=subprocess.PIPE, text=True
        )
        eventually(lambda: process.poll() is None)
    out, _ = process.communicate(timeout=180)
    assert json.loads(out)["files"] == len(SHOP)


def test_search_with_wait_knows_what_was_just_written(cairn: Cairn, indexed_shop: Path) -> None:
    (indexed_shop / "shop" / "refund.py").write_text("def refund_everything():\n    return 0\n")

    said = cairn("search", "refund_everything", "--repo", "shop", "--wait", "--json").json
    assert said["hits"][0]["path"] == "shop/refund.py"
    assert said["index"]["generation"] == 2
    assert cairn("symbols", "refund_everything", "--repo", "shop", "--json").json["index"] == said["index"]


def test_status_tells_how_a_server_follows(data: Path, shop: Path) -> None:
    run_cairn("index", shop, data=data)
    with serving("--port", 0, data=data):
        repo = eventually(
            lambda: next(
                (r for r in run_cairn("status", "--json", data=data).json["repos"] if r["watching"]), None
            )
        )
        assert (repo["problem"], repo["lag_seconds"]) == (None, 0.0)
        assert "followed" in run_cairn("status", data=data).out
    assert not run_cairn("status", "--json", data=data).json["repos"][0]["watching"]

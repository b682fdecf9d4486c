"""`cairn check` and its route: what they say, in which forms, and how they end."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import schemas
from api.house import House
from api.http import create_app
from api.service import Service
from api.settings import Settings

from ..indexer.store.make import stop_keeper
from .conftest import HERE
from .make import Cairn, run_cairn, serving, write_tree

_KEEPS = """\
def load(source):
    try:
        return source.read()
    except OSError as error:
        raise Broken(source) from error
"""
_LOSES = _KEEPS.replace(" from error", "")
_KEY = "python/raise.from=yes"
_SHOP = {f"shop/part_{n}.py": _KEEPS for n in range(20)}
_DIFF = (
    "diff --git a/shop/new.py b/shop/new.py\nnew file mode 100644\n--- /dev/null\n+++ b/shop/new.py\n"
    "@@ -0,0 +1,5 @@\n" + "".join(f"+{line}\n" for line in _LOSES.splitlines())
)
_NOWHERE = "--- a/shop/part_1.py\n+++ b/shop/part_1.py\n@@ -1 +1 @@\n-x\n+y\n"


def _git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", "-C", str(root), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def shop(cairn: Cairn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An indexed repository in which errors keep their cause, with nothing changed; we stand in it."""
    root = write_tree(tmp_path / "shop", _SHOP)
    _git(root, "init", "--quiet")
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message", "one")
    assert cairn("index", root).code == 0
    monkeypatch.chdir(root)
    return root


def test_a_clean_tree_has_no_findings(cairn: Cairn, shop: Path) -> None:
    said = cairn("check")
    assert (said.code, said.out) == (0, "")
    assert said.err == "nothing found in 0 new lines in 0 files\n"


def test_a_finding_is_one_line_and_how_it_is_done_here(cairn: Cairn, shop: Path) -> None:
    (shop / "shop/new.py").write_text(_LOSES)

    said = cairn("check")
    first, second = said.out.splitlines()
    assert first.startswith("shop/new.py:5: ")
    assert first.endswith(f" 20 of 20 places do. [{_KEY}]")
    assert second == "    as in shop/part_0.py:5   raise Broken(source) from error"
    assert said.err == "1 finding in 5 new lines in 1 file\n"
    assert said.code == 1
    assert cairn("check", "--warn").code == 0


def test_what_is_checked_can_be_chosen(cairn: Cairn, shop: Path) -> None:
    (shop / "shop/new.py").write_text(_LOSES)
    assert cairn("check", "shop/part_1.py").code == 0
    assert cairn("check", "shop").code == 1
    assert cairn("check", "--staged").code == 0
    _git(shop, "add", "--all")
    assert cairn("check", "--staged").code == 1
    assert cairn("check", "--staged", "shop/part_1.py").code == 0
    _git(shop, "commit", "--quiet", "--message", "two")
    assert cairn("check").code == 0
    assert cairn("check", "HEAD").code == 1
    assert cairn("check", "HEAD~1..HEAD").code == 1
    assert cairn("check", "HEAD~1...", "shop/part_1.py").code == 0
    assert cairn("check", "HEAD", "--only", "twins,names").code == 0


def test_a_diff_is_checked_from_a_file_and_from_stdin(
    cairn: Cairn, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.diff").write_text(_DIFF)
    assert cairn("check", "--diff", tmp_path / "x.diff").out.startswith("shop/new.py:5: ")

    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(_DIFF.encode())))
    assert cairn("check", "--diff", "-").code == 1


def test_a_judged_line_is_counted_and_an_idle_comment_told(cairn: Cairn, shop: Path) -> None:
    judged = _LOSES.replace("(source)\n", "(source)  # cairn: ignore[raise.from] the cause is secret\n")
    (shop / "shop/new.py").write_text("# cairn: ignore[twins]\n" + judged)

    said = cairn("check")
    assert (said.code, said.out) == (0, "")
    assert said.err.splitlines() == [
        "shop/new.py:1: this `cairn: ignore` answers no finding; take it out",
        "nothing found in 6 new lines in 1 file, 1 ignored by comments",
    ]


def test_json_has_the_findings_and_what_they_were_taken_from(cairn: Cairn, shop: Path) -> None:
    (shop / "shop/new.py").write_text(_LOSES)
    said = cairn("check", "--json")
    document = said.json
    assert said.code == 1
    assert schemas.CheckAnswer.model_validate(
        {**document, "index": {**document["index"], "name": "shop", "root": str(shop)}}
    )
    (finding,) = document["findings"]
    assert finding["example"] == {
        "path": "shop/part_0.py",
        "line": 5,
        "code": "raise Broken(source) from error",
    }
    assert (finding["line"], finding["also"], finding["kind"]) == (5, [], "style")
    assert (document["files"], document["lines"], document["left_out"]) == (1, 5, [])


def test_sarif_holds_results_rules_and_suppressions(cairn: Cairn, shop: Path) -> None:
    hidden = _LOSES.replace("(source)\n", "(source)  # cairn: ignore[style]\n")
    (shop / "shop/new file.py").write_text(_LOSES + "\n\n" + _LOSES + "\n\n" + hidden)

    document = json.loads(cairn("check", "--sarif").out)
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == _KEY
    assert rule["defaultConfiguration"] == {"level": "warning"}
    results: list[dict[str, Any]] = run["results"]
    assert [_place(one["locations"][0]) for one in results] == [
        ("shop/new%20file.py", 5),
        ("shop/new%20file.py", 12),
        ("shop/new%20file.py", 19),
    ]
    assert ["suppressions" in one for one in results] == [False, False, True]
    assert all(one["ruleId"] == run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] for one in results)
    assert _place(results[0]["relatedLocations"][0]) == ("shop/part_0.py", 5)
    assert len({one["partialFingerprints"]["cairnCheck/v1"] for one in results}) == 3


def test_a_fingerprint_outlives_the_lines_above(cairn: Cairn, shop: Path) -> None:
    def fingerprints() -> list[str]:
        run = json.loads(cairn("check", "--sarif").out)["runs"][0]
        return [one["partialFingerprints"]["cairnCheck/v1"] for one in run["results"]]

    (shop / "shop/new.py").write_text(_LOSES)
    first = fingerprints()
    (shop / "shop/new.py").write_text('"""Load."""\n\n' + _LOSES)
    assert fingerprints() == first


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--only", "tone"), "there is no kind 'tone' of finding; --only takes style, twins,"),
        (("nowhere",), "'nowhere' is neither a path nor a commit here"),
        (("nowhere", "shop"), "nowhere is no file here, nor a commit"),
        (("..",), ".. is outside of shop"),
        (("--diff", "gone.diff"), "gone.diff cannot be read: No such file"),
        (("--diff", "x", "shop"), "give one change: paths, --staged, commits or --diff"),
        (("--staged", "HEAD~1..HEAD"), "give one change"),
        (("--repo", "/elsewhere"), "no repository '/elsewhere' is indexed"),
    ],
)
def test_a_check_that_cannot_be_made_ends_with_two(
    cairn: Cairn, shop: Path, arguments: tuple[str, ...], told: str
) -> None:
    said = cairn("check", *arguments)
    assert said.code == 2
    assert told in said.err
    assert cairn("check", *arguments, "--warn", "--json").json["type"].startswith("urn:cairn:")


def test_a_mistake_of_ours_does_not_look_like_a_finding(
    cairn: Cairn, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("retriever.check.style.finds", fail)
    (shop / "shop/new.py").write_text(_LOSES)
    said = cairn("check")
    assert (said.code, said.out) == (2, "")
    assert "ZeroDivisionError" in said.err


def test_a_diff_that_fits_nowhere_is_told_with_its_file_and_hunk(
    cairn: Cairn, shop: Path, tmp_path: Path
) -> None:
    (tmp_path / "x.diff").write_text(_NOWHERE)
    said = cairn("check", "--diff", tmp_path / "x.diff")
    assert said.code == 2
    assert "hunk 1 of shop/part_1.py (line 1 of the diff)" in said.err


# Over HTTP


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data, root = tmp_path_factory.mktemp("d"), tmp_path_factory.mktemp("s") / "shop"
    service = Service(Settings(data=data, embedder="hashed", workers=1))
    repo, _ = service.add_repo(write_tree(root, _SHOP))
    service.sync(repo)
    with TestClient(create_app(House(service)), HERE) as made:
        yield made
    stop_keeper(data)


def _post(server: TestClient, **body: object) -> Any:
    return server.post("/v1/repos/shop/conventions/check", json=body)


def test_a_server_checks_a_diff(server: TestClient) -> None:
    answer = _post(server, diff=_DIFF)
    assert answer.status_code == 200
    assert schemas.CheckAnswer.model_validate(answer.json())
    assert set(answer.json()) == set(schemas.CheckAnswer.model_fields)
    (finding,) = answer.json()["findings"]
    assert set(finding) == set(schemas.Finding.model_fields)
    assert (finding["path"], finding["line"], finding["key"]) == ("shop/new.py", 5, _KEY)
    assert _post(server, diff=_DIFF, kinds=["twins"]).json()["findings"] == []


def test_a_server_takes_a_change_back_that_it_holds_already(server: TestClient) -> None:
    diff = (
        "--- a/shop/part_1.py\n+++ b/shop/part_1.py\n@@ -4,2 +4,2 @@\n     except OSError as error:\n"
        "-        raise Broken(source)\n+        raise Broken(source) from error\n"
    )
    answer = _post(server, diff=diff).json()
    assert (answer["findings"], answer["lines"]) == ([], 1)

    back = diff.replace("-        raise Broken(source)\n", "").replace(
        "+        raise Broken(source) from error",
        "-        raise Broken(source) from error\n+        raise Broken(source)",
    )
    assert _post(server, diff=back).json()["findings"][0]["line"] == 5


def test_a_whole_diff_need_not_fit_what_is_indexed(server: TestClient) -> None:
    diff = "--- a/shop/part_1.py\n+++ b/shop/part_1.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n"
    assert _post(server, diff=diff).status_code == 422
    assert _post(server, diff=diff, entire=True).json()["lines"] == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"diff": _NOWHERE}, "hunk 1 of shop/part_1.py (line 1 of the diff)"),
        ({"diff": "hello\n"}, "line 1 of the diff: no file follows"),
        ({"diff": "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n?b\n"}, "line 5 of the diff is no line of a hunk"),
        ({"diff": "", "kinds": ["tone"]}, "kinds.0"),
        ({}, "diff"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(server: TestClient, body: dict[str, Any], told: str) -> None:
    answer = _post(server, **body)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]


def test_a_command_asks_the_server_that_runs_and_gets_the_same(shop: Path, data: Path, cairn: Cairn) -> None:
    (shop / "shop/new.py").write_text(_LOSES + "# cairn: ignore[twins]\n")
    (shop / "logo.png").write_bytes(b"\0\1")
    alone = cairn("check", "--json")
    with serving("--port", 0, data=data):
        served = run_cairn("check", "--json", data=data, cwd=shop)
        assert run_cairn("check", "--diff", "nowhere.diff", data=data, cwd=shop).code == 2
    assert (served.code, alone.code) == (1, 1)
    assert {**served.json, "index": None} == {**alone.json, "index": None}


def test_an_unknown_repository_is_not_found(server: TestClient) -> None:
    assert server.post("/v1/repos/nowhere/conventions/check", json={"diff": ""}).status_code == 404


def _place(location: dict[str, Any]) -> tuple[str, int]:
    physical = location["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"]

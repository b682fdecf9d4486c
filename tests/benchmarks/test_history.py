"""Fixes of a small repository with real git, mined, checked out and replayed in the real sandbox."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.model import Message, Reply, ToolSchema
from agent.run import RunOptions, run_task
from agent.sandbox.bwrap import Bubblewrap
from agent.workspace import RepoHandle
from benchmarks.history.change import Fix, git, read_fix
from benchmarks.history.checkout import CheckoutFailed, checkout, environment, history_of
from benchmarks.history.commits import Repository, repositories, repository, write
from benchmarks.history.mine import candidates, mine
from benchmarks.history.moves import moves
from benchmarks.history.replay import Replay
from indexer.errors import BadInput, NotFound
from tests.agent.plain import PlainCodebase

ENTRY = Repository("somebody/shop", "3.11", (), (), ())

PRICE = "def gross(net):\n    return net * 1.2\n\n\ndef rounded(price):\n    return int(price)\n"
TEST = "from shop.price import gross, rounded\n\n\ndef test_gross():\n    assert gross(10) == 12\n"
NEW_TEST = TEST + "\n\ndef test_rounded_to_the_nearest():\n    assert rounded(1.9) == 2\n"


class Shop:
    """A repository as a clone of somebody has it, under the name mirrors have."""

    def __init__(self, mirrors: Path) -> None:
        self.mirrors = mirrors
        self.root = mirrors / ENTRY.folder
        self.root.mkdir(parents=True)
        self._git("init", "--quiet", "--initial-branch=main")
        self.commit("Start", {"shop/__init__.py": "", "shop/price.py": PRICE, "tests/test_price.py": TEST})

    def commit(self, message: str, files: dict[str, str | None]) -> str:
        for path, text in files.items():
            place = self.root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                place.unlink()
            else:
                place.write_text(text)
        self._git("add", "--all")
        self._git("commit", "--quiet", "-m", message)
        return self._git("rev-parse", "HEAD").strip()

    @property
    def gitdir(self) -> Path:
        return history_of(ENTRY, self.mirrors)

    def _git(self, *arguments: str) -> str:
        who = ["-c", "user.name=S", "-c", "user.email=s@example.org", "-c", "commit.gpgSign=false"]
        command = ["git", "-C", str(self.root), *who, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "mirrors")


@pytest.fixture
def fixed(shop: Shop) -> str:
    """The commit that mends the rounding, with a later one on top."""
    mended = PRICE.replace("int(price)", "round(price)")
    changes = {"shop/price.py": mended, "tests/test_price.py": NEW_TEST, "CHANGES": "Rounding is right.\n"}
    fix = shop.commit("Fix rounding", changes)
    shop.commit("A secret of the future", {"later.txt": "x\n"})
    return fix


class Afresh:
    """Each answer comes from another bot, as after a crash, and old results are gone."""

    name, scripted = "afresh", True

    def __init__(self, fix: Fix) -> None:
        self._fix = fix

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        old = [
            {**m, "content": "[left out to save space]"} if m["role"] == "tool" else m for m in messages[:-1]
        ]
        return Replay(self._fix).reply([*old, *messages[-1:]], tools)


def test_a_fix_is_made_again_and_proven_by_its_tests(
    shop: Shop, fixed: str, tmp_path: Path, sandbox: Bubblewrap
) -> None:
    made = checkout(ENTRY, fixed, shop.gitdir, tmp_path / "trees")
    codebase = PlainCodebase(made.root)
    outcome = run_task(
        made.fix.message,
        RepoHandle("shop", made.root),
        codebase,
        Afresh(made.fix),
        RunOptions(tmp_path / "data", sandbox=sandbox),
        follow=codebase.follow,
    )
    assert outcome.status == "finished", outcome.summary
    assert outcome.proof == ("tests/test_price.py::test_rounded_to_the_nearest",)
    assert outcome.gitdir is not None
    tree = git(outcome.gitdir, "rev-parse", f"{outcome.commit}^{{tree}}")
    assert tree == git(shop.gitdir, "rev-parse", f"{fixed}^{{tree}}")


def test_a_checkout_knows_nothing_of_the_fix_or_of_later(shop: Shop, fixed: str, tmp_path: Path) -> None:
    made = checkout(ENTRY, fixed, shop.gitdir, tmp_path / "trees")
    told = git(made.root / ".git", "log", "--all", "--format=%s")
    assert told == "Start\n"
    assert (made.root / "shop" / "price.py").read_text() == PRICE
    with pytest.raises(BadInput, match="git cat-file"):
        git(made.root / ".git", "cat-file", "-e", fixed)
    assert not any(str(shop.root) in path.read_text("utf-8", "replace") for path in small_files(made.root))


def small_files(root: Path) -> list[Path]:
    return [path for path in (root / ".git").rglob("*") if path.is_file() and "objects" not in path.parts]


def test_mining_keeps_fixes_that_their_tests_prove(
    shop: Shop, fixed: str, tmp_path: Path, sandbox: Bubblewrap
) -> None:
    shop.commit("Fix a comment", {"shop/price.py": "# Prices\n" + PRICE, "tests/test_price.py": TEST})
    shop.commit("Fix the manual", {"MANUAL": "how\n"})
    found = mine(ENTRY, shop.gitdir, Path(sys.executable), tmp_path / "work", wanted=5)
    said = {fix.subject: verdict for fix, verdict in found}
    assert said.keys() == {"Fix a comment", "Fix rounding"}
    assert said["Fix rounding"].proof == {"tests/test_price.py::test_rounded_to_the_nearest"}
    assert "already green" in said["Fix a comment"].reason


def test_a_test_that_is_only_missing_from_the_old_run_proves_nothing(
    shop: Shop, tmp_path: Path, sandbox: Bubblewrap
) -> None:
    clock = "import time\n\nimport pytest\n\n\n@pytest.mark.parametrize('now', [time.time_ns()])\n"
    test = clock + "def test_now(now):\n    assert now\n"
    shop.commit("Fix a comment", {"shop/price.py": "# Prices\n" + PRICE, "tests/test_now.py": test})
    ((_, verdict),) = mine(ENTRY, shop.gitdir, Path(sys.executable), tmp_path / "work", wanted=5)
    assert "already green" in verdict.reason


@pytest.mark.parametrize(
    ("message", "files"),
    [
        ("Improve", {"shop/price.py": "x = 1\n", "tests/test_price.py": NEW_TEST}),
        ("Fix no test", {"shop/price.py": "x = 1\n"}),
        ("Fix only tests", {"tests/test_price.py": TEST}),
        ("Fix too much", {"shop/price.py": "x = 1\n" * 200, "tests/test_price.py": NEW_TEST}),
        ("Fix by removing", {"shop/price.py": "x = 1\n", "tests/test_price.py": NEW_TEST, "later.txt": None}),
    ],
)
def test_other_commits_are_no_candidates(
    shop: Shop, fixed: str, message: str, files: dict[str, str | None]
) -> None:
    shop.commit(message, files)
    assert [fix.subject for fix in candidates(shop.gitdir)] == ["Fix rounding"]


def test_tests_come_first_and_must_fail(shop: Shop, fixed: str) -> None:
    made = moves(read_fix(shop.gitdir, fixed))
    edited = [(move.tool, move.forms[0].get("path", "")) for move in made if move.expected]
    assert edited == [
        ("str_replace", "tests/test_price.py"),
        ("run_tests", ""),
        ("create_file", "CHANGES"),
        ("str_replace", "shop/price.py"),
        ("run_tests", ""),
    ]
    assert [move.expected for move in made if move.tool == "run_tests"] == ["red", "green"]
    assert made[0].forms == ({"query": "rounded"},)


@pytest.fixture
def fix(shop: Shop, fixed: str) -> Fix:
    return read_fix(shop.gitdir, fixed)


def conversation(fix: Fix, *said: str) -> tuple[str, dict[str, Any]]:
    """What the bot does after these answers to its calls, the first ones being as they should be."""
    messages: list[Message] = [{"role": "system", "content": "s"}, {"role": "user", "content": "t"}]
    for number, answer in enumerate(said):
        (call,) = Replay(fix).reply(messages, []).calls
        written = {"id": f"c{number}", "type": "function"}
        function = {"name": call.name, "arguments": json.dumps(json.loads(call.arguments), sort_keys=True)}
        messages.append(
            {"role": "assistant", "content": None, "tool_calls": [{**written, "function": function}]}
        )
        messages.append({"role": "tool", "tool_call_id": f"c{number}", "content": answer})
    (call,) = Replay(fix).reply(messages, []).calls
    return call.name, json.loads(call.arguments)


FOUND = ("1. shop/price.py", "tests/test_price.py, lines 1-5")  # answers to the search and the first read


def test_an_ambiguous_edit_is_tried_with_more_lines_around_it(fix: Fix) -> None:
    _, first = conversation(fix, *FOUND)
    tool, second = conversation(fix, *FOUND, "AMBIGUOUS: old is there twice.")
    assert tool == "str_replace"
    assert len(second["old"]) >= len(first["old"])


def test_a_stale_file_is_read_again_and_the_edit_repeated(fix: Fix) -> None:
    stale = "STALE_READ: tests/test_price.py changed since you read it."
    assert conversation(fix, *FOUND, stale)[0] == "read_file"
    assert conversation(fix, *FOUND, stale, FOUND[1]) == conversation(fix, *FOUND)


def test_an_interrupted_call_is_made_again_and_may_find_its_own_work(fix: Fix) -> None:
    interrupted = "This call was interrupted before it gave a result."
    assert conversation(fix, *FOUND, interrupted) == conversation(fix, *FOUND)
    done = "ALREADY_APPLIED: tests/test_price.py already holds new."
    assert conversation(fix, *FOUND, interrupted, done)[0] == "run_tests"


@pytest.mark.parametrize(
    "said", ["SYNTAX_ERROR: it would no longer parse.", "NOT_FOUND: no.", "there is no tool 'str_replace'"]
)
def test_a_refused_edit_ends_the_replay_with_what_was_said(fix: Fix, said: str) -> None:
    tool, arguments = conversation(fix, *FOUND, said)
    assert tool == "escalate"
    assert said in arguments["reason"]


@pytest.mark.parametrize(
    "said", ["green: 2 passed", "no test ran (exit code 4)", "red: the tests were stopped (timeout)"]
)
def test_tests_that_do_not_fail_on_the_old_code_end_the_replay(fix: Fix, said: str) -> None:
    edited = "tests/test_price.py changed: +5 -1 lines."
    assert conversation(fix, *FOUND, edited, "red: 1 failed")[0] == "create_file"
    assert conversation(fix, *FOUND, edited, said)[0] == "escalate"


def test_links_and_binaries_are_not_replayed(shop: Shop) -> None:
    (shop.root / "image").write_bytes(b"\0\xff")
    with pytest.raises(BadInput, match="image is no text"):
        read_fix(shop.gitdir, shop.commit("Fix", {}))
    (shop.root / "link").symlink_to("image")
    with pytest.raises(BadInput, match="link is a link"):
        read_fix(shop.gitdir, shop.commit("Fix", {}))


def test_a_missing_mirror_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"somebody\+shop is no git repository.*--clone"):
        history_of(ENTRY, tmp_path)


def test_an_environment_puts_the_code_under_test_first_and_is_made_once(tmp_path: Path) -> None:
    entry = replace(ENTRY, source=("src",), python=f"{sys.version_info.major}.{sys.version_info.minor}")
    python = environment(entry, tmp_path)
    told = subprocess.run(
        [python, "-c", "import sys; print(sys.path)"], capture_output=True, text=True
    ).stdout
    assert "'/workspace/src'" in told
    stamp = python.parent.stat().st_mtime_ns
    assert environment(entry, tmp_path) == python
    assert python.parent.stat().st_mtime_ns == stamp


def test_an_interpreter_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckoutFailed, match=r"python2\.99 is not on PATH"):
        environment(replace(ENTRY, python="2.99"), tmp_path)


def test_the_list_is_what_was_written_and_its_commits_are_whole(tmp_path: Path) -> None:
    listed = repositories()
    write(listed, tmp_path / "commits.json")
    assert repositories(tmp_path / "commits.json") == listed
    assert all(len(commit) == 40 for entry in listed for commit in entry.commits)
    assert all("==" in package for entry in listed for package in entry.setup)
    with pytest.raises(NotFound, match="somebody/shop is not in"):
        repository("somebody/shop")

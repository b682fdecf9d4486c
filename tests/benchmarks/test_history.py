"""Fixes of a small repository with real git, mined and checked out in the real sandbox."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from agent.sandbox.bwrap import Bubblewrap
from benchmarks.history.change import git, read_fix
from benchmarks.history.checkout import CheckoutFailed, checkout, environment, history_of
from benchmarks.history.commits import repositories, repository, write
from benchmarks.history.mine import candidates, mine
from indexer.errors import BadInput, NotFound
from tests.benchmarks.shop import ENTRY, NEW_TEST, PRICE, TEST, Shop


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


def test_links_and_binaries_are_not_replayed(shop: Shop) -> None:
    (shop.root / "image").write_bytes(b"\0\xff")
    with pytest.raises(BadInput, match="image is no text"):
        read_fix(shop.gitdir, shop.commit("Fix", {}))
    (shop.root / "link").symlink_to("image")
    with pytest.raises(BadInput, match="link is a link"):
        read_fix(shop.gitdir, shop.commit("Fix", {}))


def test_a_missing_mirror_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"somebody\+shop is no git repository.*--clone"):
        history_of(ENTRY.repository, tmp_path)


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

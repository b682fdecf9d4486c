"""A history replayed: the index of each parent, and what is left of the evaluation afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest

from api.evaluate.arms import Arm, Private, arms_of, private
from api.evaluate.history import Sampling, measure
from api.evaluate.past import NoHistory, Past, open_past
from api.evaluate.results import Run
from api.settings import Settings
from indexer.errors import BadInput, Cancelled
from indexer.sync import Hooks
from retriever.evaluate.commits import qualify

from ...conftest import git, write
from .world import ASKED, state


@pytest.fixture
def scratches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def arms(tmp_path: Path) -> list[Arm]:
    return arms_of(Settings(data=tmp_path / "data", embedder="hashed", workers=1), [])


def run(root: Path, arms: list[Arm], sampling: Sampling | None = None, tell: Any = lambda *_: None) -> Run:
    return measure(root, root.name, arms, sampling or Sampling(), tell, lambda _: None)


def content(index: Private) -> dict[str, object]:
    """Everything an index says of the repository, without row numbers and times."""
    catalog, row = index.catalog, index.row
    files = catalog.files(row)
    ids = sorted(index.vectors.ids(row.name))
    return {
        "files": [(f.path, f.language, f.kind, f.lines, f.size) for f in files],
        "texts": [catalog.text_of(f.id) for f in files],
        "chunks": [(c.id, c.start, c.end) for f in files for c in catalog.chunks_of(f.id)],
        "points": [(id_, one.dense.tobytes(), one.values.tobytes()) for id_, one in _points(index, ids)],
        "skipped": catalog.skipped(row),
        "sample": catalog.sample(row),
        "commit": row.commit,
    }


def _points(index: Private, ids: list[str]) -> list[tuple[str, Any]]:
    return sorted(index.vectors.stored(ids).items())


def test_what_commits_changed_is_asked_and_only_that(shop: Path, arms: list[Arm], scratches: Path) -> None:
    found = run(shop, arms)
    assert {one.query: list(one.wanted) for one in found.answered} == ASKED
    assert [one.query for one in found.answered] == list(ASKED)  # oldest first
    assert found.arms == ("cairn", "bm25", "bm25-sources")
    assert all(one.ranks["bm25-sources"][0] is not None for one in found.answered)
    assert [one.query for one in found.answered if one.names_file] == list(ASKED)[-1:]
    assert found.source["qualified"] == len(ASKED) + 1  # the one that only changed the layout
    assert any("5 commits were asked, not 100" in note for note in found.notes)


def test_the_index_of_a_parent_is_that_of_a_clean_rebuild(
    shop: Path, arms: list[Arm], tmp_path: Path
) -> None:
    walked = tmp_path / "walked"
    walked.mkdir()
    past = open_past(shop, walked)
    asked = qualify(past.commits(100, None, "")).asked
    assert len(asked) == len(ASKED) + 1
    with private(arms, walked) as (walking,):
        for nr, one in enumerate([*asked[1::2], asked[0]]):  # and back, over everything at once
            past.go(one.parent)
            walking.bring_up_to_date(past.tree, Hooks())
            anew = tmp_path / f"anew-{nr}"
            anew.mkdir()
            fresh = open_past(shop, anew)
            fresh.go(one.parent)
            with private(arms, anew) as (rebuilt,):
                rebuilt.bring_up_to_date(fresh.tree, Hooks())
                assert content(walking) == content(rebuilt)
            for path in one.wanted:
                assert (past.tree / path).read_text() == git(shop, "show", f"{one.parent}:{path}")


def test_nothing_in_the_tree_knows_what_came_later(shop: Path, tmp_path: Path) -> None:
    past: Past = open_past(shop, tmp_path)
    parent = qualify(past.commits(100, None, "")).asked[1].parent
    past.go(parent)
    seen = git(past.tree, "log", "--all", "--reflog", "--format=%H").split()
    assert seen == git(shop, "log", "--format=%H", parent).split()


def test_the_repository_and_the_data_directory_stay_as_they_were(
    shop: Path, arms: list[Arm], scratches: Path, tmp_path: Path
) -> None:
    write(shop / "shop/retry.py", "unsaved = True\n")
    write(shop / "untracked.py", "mine = True\n")
    before = state(shop)
    run(shop, arms)
    assert state(shop) == before
    assert not (tmp_path / "data").exists()
    assert list(scratches.iterdir()) == []


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_it_leaves_nothing_behind(
    shop: Path, arms: list[Arm], scratches: Path, stop: signal.Signals
) -> None:
    before = state(shop)

    def tell(done: int, total: int) -> None:
        if done == 2:
            os.kill(os.getpid(), stop)

    with pytest.raises(Cancelled, match="stopped after 2 of 5 commits"):
        run(shop, arms, tell=tell)
    assert list(scratches.iterdir()) == []
    assert state(shop) == before


def test_what_a_killed_one_left_goes_with_the_next(shop: Path, arms: list[Arm], scratches: Path) -> None:
    write(scratches / "cairn-eval-dead" / "lock", "")
    write(scratches / "cairn-eval-dead" / "tree" / "a.py", "x = 1\n")
    write(scratches / "another" / "lock", "")
    write(scratches / "cairn-eval-new" / "lock", "")
    for old in ("cairn-eval-dead", "another"):
        os.utime(scratches / old, (1, 1))
    run(shop, arms, Sampling(commits=1))
    assert {path.name for path in scratches.iterdir()} == {"another", "cairn-eval-new"}


def test_a_folder_is_measured_alone(shop: Path, arms: list[Arm], scratches: Path) -> None:
    write(shop / "bank/ledger.py", "def book(amount):\n    return amount\n")
    git(shop, "add", ".")
    git(shop, "commit", "-qm", "Book amounts in a ledger")
    write(shop / "bank/ledger.py", "def book(amount, day):\n    return amount\n")
    git(shop, "commit", "-qam", "Remember the day a ledger entry was booked")
    found = run(shop, arms, Sampling(path="bank"))
    assert [(one.wanted, one.ranks["cairn"]) for one in found.answered] == [(("ledger.py",), (1,))]
    assert run(shop / "bank", arms).answered == found.answered
    with pytest.raises(BadInput, match="leads out of"):
        run(shop, arms, Sampling(path="../elsewhere"))


def test_nothing_that_the_repository_configures_is_run(
    shop: Path, arms: list[Arm], scratches: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "was-run"
    write(shop / ".gitattributes", "*.py filter=planted\n")
    git(shop, "add", ".")
    git(shop, "commit", "-qm", "Attributes for every module")
    git(shop, "config", "filter.planted.smudge", f"touch {marker}")
    git(shop, "config", "core.fsmonitor", f"touch {marker}")
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        write(shop / ".git/hooks" / hook, f"#!/bin/sh\ntouch {marker}\n")
        (shop / ".git/hooks" / hook).chmod(0o755)
    assert len(run(shop, arms).answered) == len(ASKED)
    assert not marker.exists()


def test_links_and_submodules_are_told_and_not_followed(
    shop: Path, arms: list[Arm], scratches: Path, tmp_path: Path
) -> None:
    outside = shutil.copytree(shop, tmp_path / "outside")
    (shop / "link.py").symlink_to(outside / "shop/retry.py")
    git(shop, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(outside), "lib")
    git(shop, "commit", "-qm", "A library and a link")
    write(shop / "shop/stock.py", "def reserve(article):\n    return article\n")
    git(shop, "commit", "-qam", "Keep single articles reserved overnight")
    found = run(shop, arms)
    assert any("1 submodules are not part of this" in note for note in found.notes)
    assert not any(path.startswith(("lib/", "link")) for one in found.answered for path in one.found)


def test_a_shallow_clone_says_what_to_fetch(
    shop: Path, arms: list[Arm], scratches: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", "--depth=3", f"file://{shop}", "shallow")
    found = run(tmp_path / "shallow", arms)
    assert [one.query for one in found.answered] == list(ASKED)[-1:]
    assert any("shallow clone: fetch more with git fetch --unshallow" in note for note in found.notes)
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{shop}", "one")
    with pytest.raises(NoHistory, match=r"1: without a parent here.*shallow clone"):
        run(tmp_path / "one", arms)


def test_a_partial_clone_says_what_to_fetch(
    shop: Path, arms: list[Arm], scratches: Path, tmp_path: Path
) -> None:
    git(shop, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{shop}", "partial")
    with pytest.raises(NoHistory, match=r"cannot be had from .*of a partial clone, fetch the whole one"):
        run(tmp_path / "partial", arms)


def test_what_the_index_leaves_out_does_not_count(shop: Path, arms: list[Arm], scratches: Path) -> None:
    write(shop / ".cairnignore", "shop/voucher.py\n")  # not committed: it holds all the same
    found = run(shop, arms)
    assert "Stop redeeming legacy vouchers at checkout" not in {one.query for one in found.answered}
    assert "1 changed files are left out by the index and do not count" in found.notes


def test_without_a_history_it_says_what_to_do(tmp_path: Path, arms: list[Arm], scratches: Path) -> None:
    write(tmp_path / "plain/a.py", "x = 1\n")
    with pytest.raises(BadInput, match="is not in a git repository with a commit"):
        run(tmp_path / "plain", arms)


def test_a_worktree_and_a_sha256_repository_are_read_too(
    shop: Path, arms: list[Arm], scratches: Path, tmp_path: Path
) -> None:
    git(shop, "worktree", "add", "-q", str(tmp_path / "beside"), "HEAD")
    assert len(run(tmp_path / "beside", arms).answered) == len(ASKED)
    other = tmp_path / "other"
    write(other / "a.py", "def pay():\n    return 1\n")
    git(other, "init", "-q", "--object-format=sha256")
    git(other, "add", ".")
    git(other, "commit", "-qm", "Pay bills")
    write(other / "a.py", "def pay(day):\n    return 1\n")
    git(other, "commit", "-qam", "Pay bills on their due day")
    assert [one.ranks["cairn"] for one in run(other, arms).answered] == [(1,)]

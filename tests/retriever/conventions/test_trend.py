"""What a rule's share did within a year is read from what the changed files were."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from indexer.conventions import FileFacts, Rule, read_facts
from indexer.conventions.facts import facts_of
from indexer.files import Skipped, read, walk
from indexer.parse import parse
from retriever.conventions import book_of
from retriever.conventions.commits import commits_of, repository_of
from retriever.conventions.past import forget, past_of
from retriever.conventions.trend import with_trends

LONG_AGO, THEN, NOW = "2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "2025-06-01T00:00:00Z"


def git(root: Path, *arguments: str, when: str = NOW) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(root),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_DATE": when for who in ("AUTHOR", "COMMITTER")},
    }
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def commit(root: Path, files: Mapping[str, str | None], when: str) -> None:
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            target.unlink()
        else:
            target.write_text(text)
    git(root, "add", "-A", when=when)
    git(root, "commit", "-qm", "change", "--allow-empty", when=when)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def item(name: str, frozen: bool) -> str:
    options = "(frozen=True)" if frozen else ""
    return f"from dataclasses import dataclass\n\n\n@dataclass{options}\nclass {name}:\n    size: int\n"


def items(folder: str, numbers: range, frozen: bool) -> dict[str, str | None]:
    return {f"{folder}/item{n}.py": item(f"Item{n}", frozen) for n in numbers}


def files_of(root: Path) -> tuple[list[FileFacts], tuple[Rule, ...]]:
    rows = []
    for candidate in walk(root).files:
        file = read(root, candidate.path)
        assert not isinstance(file, Skipped)
        rows.append((file.path, file.language, json.dumps(facts_of(parse(file)))))
    return read_facts(rows), book_of(rows).rules


def trend_of(root: Path, question: str = "dataclass.frozen") -> str | None:
    files, rules = files_of(root)
    told = with_trends(rules, files, past_of(root))
    return next(rule.trend for rule in told if rule.question == question and not rule.scope)


def test_a_habit_that_files_were_changed_to_rises(root: Path) -> None:
    commit(root, items("shop", range(10), frozen=False) | items("bank", range(20), frozen=True), THEN)
    commit(root, items("shop", range(10), frozen=True), NOW)
    assert trend_of(root) == "rising"


def test_a_habit_that_new_files_do_not_share_fades(root: Path) -> None:
    commit(root, items("shop", range(60), frozen=True), THEN)
    commit(root, items("new", range(8), frozen=False), NOW)
    assert trend_of(root) == "fading"


def test_a_habit_that_new_files_share_is_stable(root: Path) -> None:
    commit(root, items("shop", range(20), frozen=True), THEN)
    commit(root, items("new", range(20), frozen=True), NOW)
    assert trend_of(root) == "stable"


def test_removed_files_count_as_they_were(root: Path) -> None:
    commit(root, items("shop", range(30), frozen=True) | items("old", range(12), frozen=False), THEN)
    commit(root, dict.fromkeys(items("old", range(6), frozen=False)), NOW)
    commit(root, items("shop", range(30, 42), frozen=True), NOW)
    assert trend_of(root) == "rising"


def test_a_file_that_only_moved_changes_nothing(root: Path) -> None:
    commit(root, items("shop", range(20), frozen=True) | items("old", range(4), frozen=False), THEN)
    moved: dict[str, str | None] = dict.fromkeys(items("old", range(4), frozen=False))
    commit(root, moved | items("new", range(4), frozen=False), NOW)
    past = past_of(root)
    assert past is not None
    assert past.changes == ()
    assert trend_of(root) == "stable"


def test_without_a_year_of_history_nothing_is_known(root: Path) -> None:
    commit(root, items("shop", range(10), frozen=True), NOW)
    assert trend_of(root) is None
    assert past_of(root.parent) is None


def test_what_hardly_was_there_has_no_trend(root: Path) -> None:
    commit(root, {"shop/cart.py": "total = 1\n"}, THEN)
    commit(root, items("shop", range(10), frozen=True), NOW)
    assert trend_of(root) is None


def test_the_past_of_a_folder_is_that_of_its_files(root: Path) -> None:
    commit(root, items("api/shop", range(3), frozen=True) | items("web", range(3), frozen=True), THEN)
    commit(root, items("api/shop", range(3), frozen=False) | items("web", range(3), frozen=False), NOW)
    past = past_of(root / "api")
    assert past is not None
    assert [file.path for file in past.files] == ["shop/item0.py", "shop/item1.py", "shop/item2.py"]


def test_the_counts_of_then_are_those_of_the_tree_of_then(root: Path) -> None:
    """Now, less what changed, plus what it was, is what a look at the old commit counts."""
    commit(root, items("shop", range(9), frozen=True) | items("bank", range(4), frozen=False), THEN)
    old_files, _ = files_of(root)
    commit(root, items("bank", range(1, 3), frozen=True) | {"shop/item1.py": None}, NOW)
    files, _ = files_of(root)
    past = past_of(root)
    assert past is not None
    gone = {change.after for change in past.changes} | {file.path for file in past.files}
    rebuilt = [file for file in files if file.path not in gone] + list(past.files)
    assert sorted(rebuilt, key=lambda file: file.path) == old_files


def test_what_was_read_is_kept_for_the_same_commit(root: Path, tmp_path: Path) -> None:
    keep = tmp_path / "kept"
    keep.mkdir()
    commit(root, items("shop", range(5), frozen=True), THEN)
    commit(root, items("shop", range(5), frozen=False), NOW)
    first = past_of(root, keep)
    (kept,) = keep.iterdir()
    kept.write_text(kept.read_text().replace('"scale": 1.0', '"scale": 3.0'))
    again = past_of(root, keep)
    assert first is not None
    assert again is not None
    assert (first.scale, again.scale, first.files) == (1.0, 3.0, again.files)
    commit(root, {"shop/more.py": "a = 1\n"}, NOW)
    assert past_of(root, keep) is not None
    assert len(list(keep.iterdir())) == 1
    kept = next(keep.iterdir())
    kept.write_text("{ broken")
    later = past_of(root, keep)
    assert later is not None
    assert later.scale == 1.0


def test_what_was_kept_of_a_root_goes_with_it(root: Path, tmp_path: Path) -> None:
    commit(root, items("shop", range(20), frozen=True), THEN)
    commit(root, items("new", range(3), frozen=True), NOW)
    keep = tmp_path / "keep"
    keep.mkdir()
    for folder in (root, root / "new"):
        assert past_of(folder, keep) is not None
    forget(keep, str(root))
    assert len(list(keep.iterdir())) == 1


def test_a_program_of_the_repository_is_not_run(root: Path, tmp_path: Path) -> None:
    """Its configuration names one that checks signatures, which plain `git log` would start."""
    commit(root, items("shop", range(5), frozen=True), THEN)
    commit(root, items("shop", range(5), frozen=False), NOW)
    told, _, message = git(root, "cat-file", "commit", "HEAD").partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----"
    signed = tmp_path / "signed"
    signed.write_text(f"{told}\n{signature}\n\n{message}\n")
    git(root, "update-ref", "HEAD", git(root, "hash-object", "-t", "commit", "-w", str(signed)))
    trap, ran = tmp_path / "trap", tmp_path / "ran"
    trap.write_text(f"#!/bin/sh\ntouch {ran}\nexit 1\n")
    trap.chmod(0o700)
    for name in ("gpg.program", "diff.external", "core.pager"):
        git(root, "config", name, str(trap))
    git(root, "config", "log.showSignature", "true")
    git(root, "log", "-1")
    assert ran.exists()
    ran.unlink()
    past = past_of(root)
    assert past is not None
    assert len(past.files) == 5
    repository = repository_of(root)
    assert repository is not None
    assert [made.subject for made in commits_of(repository)] == ["change", "change"]
    assert not ran.exists()


def test_of_very_many_changed_files_always_the_same_are_read(root: Path) -> None:
    commit(root, items("shop", range(420), frozen=False), THEN)
    commit(root, items("shop", range(420), frozen=True), NOW)
    first, again = past_of(root), past_of(root)
    assert first is not None
    assert (len(first.files), first.scale) == (400, 1.05)
    assert first == again
    assert trend_of(root) == "rising"

"""The book of an indexed repository follows its files, its `.cairn.toml` and its commits."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.store.catalog import Catalog
from retriever.search import Retriever
from tests.conftest import Index, git, write

from .made import items

FROZEN = "python/dataclass.frozen=yes"


@pytest.fixture
def shop(tmp_path: Path, index: Index) -> Path:
    root = tmp_path / "shop"
    for path, text in items(12, 12).items():
        write(root / path, text)
    index.sync(root)
    return root


def keys(retriever: Retriever) -> set[str]:
    return {rule.key for rule in retriever.book("shop").rules}


def test_what_people_decide_holds_at_once(index: Index, shop: Path) -> None:
    retriever = index.retriever
    assert FROZEN in keys(retriever)
    (shop / ".cairn.toml").write_text(f'[conventions.reject]\n"{FROZEN}" = "we do not care"\n')
    assert FROZEN not in keys(retriever)
    assert [rule.reason for rule in retriever.conventions("shop").rejected] == ["we do not care"]
    (shop / ".cairn.toml").unlink()
    assert FROZEN in keys(retriever)


def test_an_edit_changes_what_it_touches_and_no_other_facts_are_read(
    index: Index, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    retriever = index.retriever
    assert FROZEN in keys(retriever)
    asked: list[object] = []
    facts = Catalog.facts

    def watched(self, repo, paths=None):  # type: ignore[no-untyped-def]
        asked.append(paths)
        return facts(self, repo, paths)

    monkeypatch.setattr(Catalog, "facts", watched)
    write(shop / "shop" / "item03.py", "X = 1\n")
    index.sync(shop)

    (rule,) = (rule for rule in retriever.book("shop").rules if rule.key == FROZEN)
    assert (rule.support, rule.total) == (11, 11)
    assert asked == [["shop/item03.py"]]


def test_a_book_is_made_once_a_generation(index: Index, shop: Path) -> None:
    retriever = index.retriever
    assert retriever.book("shop") is retriever.book("shop")


def test_habits_of_commits_are_told_to_those_who_ask_for_history(index: Index, shop: Path) -> None:
    git(shop, "init", "-q")
    for number in range(40):
        write(shop / "notes.txt", f"{number}\n")
        git(shop, "add", ".")
        git(shop, "commit", "-qm", f"fix: Mend number {number}")
    index.sync(shop)
    retriever = index.retriever
    assert not [rule for rule in retriever.conventions("shop") if rule.family == "history"]
    (form,) = (r for r in retriever.conventions("shop", history=True) if r.question == "commit.form")
    assert form.answer == "conventional"

    (shop / ".cairn.toml").write_text('[conventions.reject]\n"git/*" = "write as you like"\n')
    found = retriever.conventions("shop", history=True)
    assert not [rule for rule in found if rule.family == "history"]
    assert form.key in [rule.key for rule in found.rejected]

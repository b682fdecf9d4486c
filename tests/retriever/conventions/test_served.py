"""Which conventions are told of a path, a language and a family, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.errors import BadInput
from retriever.conventions import Asked, Book, served

from .made import book, items, rule

FILES = items(12, 12) | {f"web/cart{n}.ts": "export const takeIt = () => 1\n" for n in range(8)}
GUIDE = "# Contributing\n\n## Code\n\n" + "".join(f"- You must keep rule number {n}.\n" for n in range(20))


@pytest.fixture
def shop() -> Book:
    return book(FILES | {"CONTRIBUTING.md": GUIDE})


def languages(found: Book, asked: Asked) -> set[str]:
    return {rule.language for rule in served(found, asked)}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("shop/item00.py", {"python"}),
        ("shop/new.py", {"python"}),  # before it is written one wants to know most
        ("shop", {"python"}),
        ("web/", {"typescript"}),
        (".", {"python", "typescript"}),
    ],
)
def test_a_path_is_a_file_or_a_folder(shop: Book, path: str, expected: set[str]) -> None:
    assert languages(shop, Asked(path=path)) == expected


@pytest.mark.parametrize("name", ["typescript", "ts", ".ts", "tsx", "TypeScript"])
def test_a_language_is_meant_by_its_name_or_a_suffix(shop: Book, name: str) -> None:
    assert languages(shop, Asked(language=name)) == {"typescript"}


def test_an_unknown_language_and_family_are_refused_with_what_there_is(shop: Book) -> None:
    with pytest.raises(BadInput, match="no language 'klingon'; here there are git, python, typescript"):
        served(shop, Asked(language="klingon"))
    with pytest.raises(BadInput, match="no family 'styles'; it is one of naming, errors"):
        Asked(family="styles")


def test_a_language_without_rules_here_is_no_mistake(shop: Book) -> None:
    assert not list(served(shop, Asked(language="kotlin")))


def test_ordinary_rules_are_left_out_unless_everything_is_asked_for_or_people_asked_for_them(
    shop: Book,
) -> None:
    plain = rule("python/plain=yes", usual=0.95)
    marked = [
        rule("python/a=yes", usual=0.95, written=("A.md:1",)),
        rule("python/b=yes", usual=0.95, standing="pinned"),
    ]
    found = replace(shop, rules=(plain, *marked))
    assert {one.key for one in served(found, Asked(everything=False))} == {"python/a=yes", "python/b=yes"}
    assert len(served(found, Asked())) == 3


def test_pinned_rules_come_first_then_what_is_written_then_the_surprising(shop: Book) -> None:
    rules = (
        rule("python/dull=yes", usual=0.8),
        rule("python/odd=yes", usual=0.1),
        rule("python/written=yes", usual=0.9, written=("A.md:1",)),
        rule("python/pinned=yes", usual=0.9, standing="pinned"),
    )
    told = served(replace(shop, rules=rules), Asked())
    assert [one.question for one in told] == ["pinned", "written", "odd", "dull"]


def test_few_sentences_of_guides_are_told_unless_everything_is_asked_for(shop: Book) -> None:
    assert len(served(shop, Asked(everything=False)).sayings) == 8
    assert len(served(shop, Asked(everything=True)).sayings) == 20
    assert served(shop, Asked(family="naming")).sayings == ()

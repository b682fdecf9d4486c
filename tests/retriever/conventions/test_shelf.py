"""A book after edits is the book from scratch, and costs what the edit touches."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from indexer.conventions import FileFacts, Known, resolved
from indexer.conventions import rules as counting
from retriever.conventions import shelf as shelves
from retriever.conventions.book import book_from, book_of
from retriever.conventions.shelf import Row, Shelf
from tests.indexer.conventions.facts import rows

TEXTS = {
    "py": (
        "class ShopError(Exception):\n    pass\n",
        "class CartError(ShopError):\n    pass\n\n\ndef get_cart(x):\n    raise CartError(x)\n",
        "from dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass A:\n    x: int\n",
        "import logging\n\nlog = logging.getLogger(__name__)\n\n\ndef isReady() -> bool:\n    return True\n",
        "def test_it_works() -> None:\n    assert get_cart(1)\n",
    ),
    "ts": (
        "export const takeIt = () => 1\n",
        "export interface Cart {\n  x: number\n}\n",
        "export default 3\n",
    ),
    "md": ("# Style\n\n- Data classes should be frozen.\n", "# Style\n\n- Never use default exports.\n", ""),
    "toml": ('[tool.ruff.lint]\nselect = ["B904"]\n', "[tool.ruff]\nline-length = 90\n"),
}
PATHS = (
    *(f"shop/part_{n}.py" for n in range(12)),
    *(f"tests/test_part_{n}.py" for n in range(6)),
    *(f"web/cart{n}.ts" for n in range(6)),
    "STYLE.md",
    "web/AGENTS.md",
    "pyproject.toml",
)


class Catalog:
    """Files as an index holds them, which counts how many it was asked for."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.asked = 0

    def digests(self) -> dict[str, str]:
        return dict(self.files)

    def read(self, paths: Sequence[str] | None) -> list[Row]:
        found = [path for path in (self.files if paths is None else paths) if path in self.files]
        self.asked += len(found)
        return rows({path: self.files[path] for path in found})


@pytest.mark.parametrize("seed", range(6))
def test_after_any_edits_the_book_is_the_one_from_scratch(seed: int) -> None:
    chance = random.Random(seed)
    catalog, shelf = Catalog(), Shelf()
    for _ in range(25):
        for path in chance.sample(PATHS, chance.randint(1, 8)):
            if path in catalog.files and chance.random() < 0.3:
                del catalog.files[path]
            else:
                catalog.files[path] = chance.choice(TEXTS[path.rpartition(".")[2]])
        shelf.catch_up(catalog.digests(), catalog.read)
        assert book_from(shelf) == book_of(rows(catalog.files))


def test_the_order_of_the_files_does_not_matter() -> None:
    files = {path: TEXTS[path.rpartition(".")[2]][n % 2] for n, path in enumerate(PATHS)}
    turned = dict(sorted(files.items(), reverse=True))
    assert book_of(rows(files)) == book_of(rows(turned))


def test_only_what_changed_is_read_and_only_its_questions_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catalog, shelf = Catalog(), Shelf()
    catalog.files = {path: TEXTS[path.rpartition(".")[2]][0] for path in PATHS}
    shelf.catch_up(catalog.digests(), catalog.read)
    catalog.asked = 0
    counted: list[str] = []
    count = counting.rules_on

    def watched(members, language, question):  # type: ignore[no-untyped-def]
        counted.append(f"{language}/{question}")
        return count(members, language, question)

    monkeypatch.setattr("retriever.conventions.shelf.rules_on", watched)
    catalog.files["web/cart0.ts"] += "\n// one more line\n"
    catalog.files["shop/part_3.py"] = TEXTS["py"][2]

    shelf.catch_up(catalog.digests(), catalog.read)

    assert catalog.asked == 2
    assert counted
    assert all(at.startswith("python/") for at in counted)  # a comment answers nothing


def test_nothing_is_read_where_nothing_changed() -> None:
    catalog, shelf = Catalog(), Shelf()
    catalog.files = {path: TEXTS[path.rpartition(".")[2]][0] for path in PATHS}
    shelf.catch_up(catalog.digests(), catalog.read)
    catalog.asked = 0
    shelf.catch_up(catalog.digests(), catalog.read)
    assert catalog.asked == 0


def test_what_all_files_tell_is_asked_anew_only_of_the_files_it_concerns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catalog, shelf = Catalog(), Shelf()
    catalog.files = {f"shop/part_{n}.py": TEXTS["py"][n % 3] for n in range(9)}
    catalog.files |= {
        f"shop/client_{n}.py": "import httpx\n\n\ndef get_it() -> None: ...\n" for n in range(3)
    }
    shelf.catch_up(catalog.digests(), catalog.read)
    asked: list[str] = []
    resolve = resolved

    def watched(file: FileFacts, known: Known) -> FileFacts:
        asked.append(file.path)
        return resolve(file, known)

    monkeypatch.setattr(shelves, "resolved", watched)
    catalog.files["httpx/one.py"] = "x = 1\n"  # now it is a package of one's own, and no choice

    shelf.catch_up(catalog.digests(), catalog.read)

    assert sorted(asked) == ["httpx/one.py", *(f"shop/client_{n}.py" for n in range(3))]
    assert book_from(shelf) == book_of(rows(catalog.files))

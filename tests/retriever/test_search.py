import subprocess
import sys
from pathlib import Path

import pytest

from indexer.errors import BadInput, IndexDamaged, NotFound
from retriever.types import Filters, Query
from tests.conftest import Index, write


@pytest.fixture
def shop(index: Index, project: Path) -> Index:
    index.sync(project)
    return index


def test_a_question_finds_the_helper_and_says_why(shop: Index) -> None:
    hit = shop.retriever.search(Query("where do we retry failed payments?")).hits[0]
    assert (hit.path, hit.symbol, hit.symbol_kind) == ("shop/retry.py", "retry_with_backoff", "function")
    assert (hit.start_line, hit.end_line) == (6, 13)
    assert "name says retry" in hit.reasons


def test_a_path_says_nothing_by_the_name_of_its_repository(shop: Index) -> None:
    hit = shop.retriever.search(Query("how the shop does a retry")).hits[0]
    assert hit.path == "shop/retry.py"
    assert "path says retry" in hit.reasons


def test_a_path_says_words_by_their_initials_and_nothing_by_its_suffix(index: Index, tmp_path: Path) -> None:
    write(tmp_path / "unix/fs.py", "def stat(path):\n    return open_system(path)\n")
    write(tmp_path / "unix/tty.py", "def reset(path):\n    return mode(path)\n")
    index.sync(tmp_path)
    hit = index.retriever.search(Query("file system calls of py programs")).hits[0]
    assert hit.path == "unix/fs.py"
    assert "path says file, system" in hit.reasons


def test_the_definition_outranks_its_callers_and_tests(shop: Index) -> None:
    hits = shop.retriever.search(Query("retry_with_backoff")).hits
    assert hits[0].symbol == "retry_with_backoff"
    assert hits[0].reasons[0] == "defines retry_with_backoff"
    assert [hit.path for hit in hits][:2] == ["shop/retry.py", "shop/client.py"]


@pytest.mark.parametrize("query", ["PaymentClient.charge", "PaymentClient::charge", "charge", "charge()"])
def test_a_symbol_query_goes_to_the_definition(shop: Index, query: str) -> None:
    hit = shop.retriever.search(Query(query)).hits[0]
    assert (hit.symbol, hit.start_line) == ("PaymentClient.charge", 7)


def test_an_empty_query_is_refused_with_what_to_do(shop: Index) -> None:
    with pytest.raises(BadInput, match="say what you look for"):
        shop.retriever.search(Query("  "))


def test_an_unknown_repository_is_named_with_the_known_ones(shop: Index) -> None:
    with pytest.raises(NotFound, match=r"no repository 'barn'.*known: shop"):
        shop.retriever.search(Query("x", repos=("barn",)))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(paths=("tests",)), {"tests/test_client.py"}),
        (Filters(paths=("tests/",)), {"tests/test_client.py"}),
        (Filters(paths=("shop/client.py", "README.md")), {"shop/client.py", "README.md"}),
        (Filters(paths=("**/test_*.py",)), {"tests/test_client.py"}),
        (Filters(paths=("nothing/*.go",)), set()),
        (Filters(languages=("markdown",)), {"README.md"}),
        (Filters(kinds=("docs",)), {"README.md"}),
        (Filters(kinds=("code",), paths=("shop",)), {"shop/retry.py", "shop/client.py"}),
    ],
)
def test_filters_decide_what_may_answer(shop: Index, filters: Filters, expected: set[str]) -> None:
    hits = shop.retriever.search(Query("payment client retry", filters=filters)).hits
    assert {hit.path for hit in hits} == expected


def test_a_kind_that_does_not_exist_is_refused(shop: Index) -> None:
    with pytest.raises(BadInput, match="no kind 'tests'; kinds are code, docs, config"):
        shop.retriever.search(Query("x", filters=Filters(kinds=("tests",))))


def test_several_repositories_answer_together(shop: Index, tmp_path: Path) -> None:
    other = tmp_path / "barn"
    write(other / "hay.py", "def retry_harvest():\n    pass\n")
    shop.sync(other)
    result = shop.retriever.search(Query("retry"))
    assert {hit.repo for hit in result.hits} == {"shop", "barn"}
    assert [index.repo for index in result.index] == ["barn", "shop"]


def test_equal_questions_have_equal_answers(shop: Index) -> None:
    assert shop.retriever.search(Query("payment")) == shop.retriever.search(Query("payment"))


def test_the_answer_names_what_it_was_served_from(shop: Index, project: Path) -> None:
    (served,) = shop.retriever.search(Query("payment")).index
    assert (served.generation, served.pending) == (1, 0)
    write(project / "shop" / "new.py", "x = 1\n")
    shop.sync(project)
    assert shop.retriever.search(Query("payment")).index[0].generation == 2


def test_symbols_are_found_in_their_scope(shop: Index) -> None:
    retriever = shop.retriever
    (place,) = retriever.symbols("shop", "PaymentClient.charge")
    assert (place.path, place.start_line, place.signature) == (
        "shop/client.py", 7, "def charge(self, amount)",
    )  # fmt: skip
    assert retriever.symbol("shop", place.id) == place
    assert retriever.symbols("shop", "Other.charge") == []
    assert retriever.symbols("shop", "charge", kind="class") == []


def test_callers_are_lines_in_definitions(shop: Index) -> None:
    (caller,) = [c for c in shop.retriever.callers("shop", "retry_with_backoff") if c.symbol]
    assert (caller.path, caller.line, caller.symbol, caller.resolved) == (
        "shop/client.py", 9, "PaymentClient.charge", True,
    )  # fmt: skip
    with pytest.raises(NotFound, match="nothing called hay"):
        shop.retriever.callers("shop", "hay")


@pytest.mark.parametrize("path", ["shop/retri.py", "shops", "shop/retry.py/x"])
def test_a_path_that_is_nowhere_is_told(shop: Index, path: str) -> None:
    said = f"{path} is neither a file nor a folder of shop; `cairn status --skipped` says what is left out"
    found = shop.retriever.search(Query("payment", filters=Filters(paths=("shop", path))))
    assert (bool(found.hits), found.notes) == (True, (said,))
    assert shop.retriever.context("try payments again", "shop", paths=[path]).notes == (said,)


def test_a_path_that_is_there_is_no_news(shop: Index) -> None:
    paths = ("shop", "shop/", "README.md", "**/nothing*", ".")
    assert shop.retriever.search(Query("payment", filters=Filters(paths=paths))).notes == ()


def test_vectors_that_are_gone_are_a_loss_and_not_an_empty_answer(shop: Index) -> None:
    shop.vectors.delete_repo("shop")
    with pytest.raises(IndexDamaged, match=r"the vectors of shop are gone.*index it anew"):
        shop.retriever.search(Query("payment"))


def test_a_repository_without_files_answers_nothing(index: Index, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    index.sync(tmp_path / "empty")
    assert index.retriever.search(Query("payment")).hits == ()


def test_a_file_is_given_as_it_is_indexed(shop: Index, project: Path) -> None:
    assert shop.retriever.file("shop", "shop/client.py") == (project / "shop/client.py").read_text()
    with pytest.raises(NotFound, match="not in the index"):
        shop.retriever.file("shop", "nothing.py")


def test_a_name_from_elsewhere_is_found_where_the_others_get_it(index: Index, tmp_path: Path) -> None:
    root = tmp_path / "web"
    write(root / "src/extract/mod.rs", "mod form;\npub use web_core::extract::FromRequest;\n")
    for name in ("form", "json", "path"):
        used = f"impl FromRequest for {name.title()} {{}}\n// FromRequest, FromRequest\n"
        write(
            root / f"src/{name}.rs", f"use crate::extract::FromRequest;\npub struct {name.title()};\n{used}"
        )
    index.sync(root)
    hit = index.retriever.search(Query("FromRequest")).hits[0]
    assert hit.path == "src/extract/mod.rs"
    assert not any(reason.startswith("defines") for reason in hit.reasons)


def test_a_reason_names_what_ranks_a_file_lower(index: Index, tmp_path: Path) -> None:
    root = tmp_path / "poll"
    for folder in ("unix", "win", "legacy", "tests"):
        write(root / folder / "poll.c", f"int wait_for_events_{folder}(int fd) {{\n  return fd;\n}}\n")
    index.sync(root)

    def against(question: str) -> dict[str, list[str]]:
        hits = index.retriever.search(Query(question)).hits
        return {hit.path: [why for why in hit.reasons if why.startswith("ranked lower")] for hit in hits}

    assert against("how are events waited for") == {
        "unix/poll.c": [],
        "win/poll.c": ["ranked lower: for win"],
        "legacy/poll.c": ["ranked lower: legacy"],
        "tests/poll.c": ["ranked lower: not production code"],
    }
    assert against("unit tests of waiting for events in the legacy windows code") == {
        path: [] for path in ("unix/poll.c", "win/poll.c", "legacy/poll.c", "tests/poll.c")
    }


def test_a_search_loads_nothing_that_only_other_questions_need() -> None:
    code = (
        "import sys, retriever.search\n"
        "print(*(name for name in sys.modules if name.split('.')[1:2] in (['context'], ['graph'], ['map'], "
        "['conventions'], ['rerank']) or name == 'pathspec'))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []

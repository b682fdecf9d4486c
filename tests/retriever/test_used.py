from pathlib import Path

import pytest

from retriever.types import Query
from retriever.used import LOOKED_AT, Names, NamesInFiles, hashed, users
from tests.conftest import Index, write


def _names(defined: str, mentioned: str) -> Names:
    return Names(hashed(defined.split()), hashed(mentioned.split()))


def _lists(names: Names) -> tuple[list[int], list[int]]:
    return names.defined.tolist(), names.mentioned.tolist()


def test_a_file_counts_those_that_use_what_only_it_defines() -> None:
    store, api, jobs = _names("Store open", "open"), _names("serve", "Store open"), _names("run", "Store")
    assert users([store, api, jobs]).tolist() == [2 / LOOKED_AT, 0, 0]


def test_a_name_that_two_files_define_leads_to_neither() -> None:
    assert users([_names("parse", ""), _names("parse", ""), _names("", "parse")]).tolist() == [0, 0, 0]


def test_names_are_read_again_when_a_file_changes(index: Index, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    write(root / "pay.py", "def charge():\n    return refund()\n")
    index.sync(root)
    names_of = NamesInFiles(index.catalog)

    def read() -> Names:
        (file,) = index.catalog.files(index.catalog.repo("shop"))
        return names_of([file.id])[file.id]

    assert _lists(read()) == _lists(_names("charge", "refund"))
    assert read() is read()
    write(root / "pay.py", "def charge():\n    return retry()\n")
    index.sync(root)
    assert _lists(read()) == _lists(_names("charge", "retry"))
    assert names_of([]) == names_of([10_000]) == {}


@pytest.fixture
def web(index: Index, tmp_path: Path) -> Index:
    """Two files say as much of sessions; the others use one of them."""
    root = tmp_path / "web"
    for name in ("alpha", "omega"):
        write(root / f"{name}.py", f"def {name}_store():\n    '''Keeps the session of a visitor.'''\n")
    for name in ("cart", "login", "mail", "search", "stock", "tax"):
        text = f"from omega import omega_store\n\ndef {name}():\n    '''A visitor's session.'''\n"
        write(root / f"{name}.py", text + "    return omega_store()\n")
    index.sync(root)
    return index


def test_of_two_like_files_the_one_that_others_use_comes_first(web: Index) -> None:
    paths = [hit.path for hit in web.retriever.search(Query("who keeps the session of a visitor")).hits]
    assert paths.index("omega.py") < paths.index("alpha.py")

"""Who calls what: proven where the text proves it, by name only where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.store.catalog import RepoRow
from retriever.expand import callees, callers, covering
from retriever.graph import Graph
from retriever.graph.modules import means
from retriever.outline import outline
from retriever.types import Caller
from tests.conftest import Index, write

CLIENT = """from shop.retry import retry


class Client:
    def charge(self):
        return retry(self.post)

    def post(self):
        return self.charge()


class Other:
    def charge(self):
        return self.post()
"""
RETRY = """def retry(call):
    return pause(call)


def pause(call):
    return retry(call) if call else pause(1)
"""
PYTHON = {
    "shop/__init__.py": "from .retry import retry\n",
    "shop/retry.py": RETRY,
    "shop/client.py": CLIENT,
    "shop/through_package.py": "from shop import retry\n\n\ndef work():\n    return retry(1)\n",
    "shop/through_module.py": "import shop.retry as waiting\n\n\ndef work():\n    return waiting.retry(1)\n",
    "shop/relative.py": "from .retry import pause\n\n\ndef work():\n    return pause(1)\n",
    "shop/foreign.py": "from tenacity import retry\n\n\ndef work():\n    return retry(1)\n",
    "shop/namesake.py": "def retry():\n    return 1\n\n\ndef work():\n    return retry()\n",
    "shop/by_name.py": "def work(thing):\n    return thing.retry(1)\n",
    "tests/test_retry.py": "from shop.retry import retry\n\n\ndef test_retry():\n    assert retry(0)\n",
    "tests/fakes.py": "class Fake:\n    def post(self):\n        return 1\n",
}


@pytest.fixture
def repo(index: Index, tmp_path: Path) -> RepoRow:
    for path, text in PYTHON.items():
        write(tmp_path / "repo" / path, text)
    index.sync(tmp_path / "repo")
    return index.catalog.repo("repo")


def _of(index: Index, repo: RepoRow, path: str, qualname: str) -> list[Caller]:
    graph = Graph(index.catalog, repo)
    return graph.callers([d for d in graph.definitions(qualname) if d.path == path])


def test_uses_are_proven_by_import_package_module_and_file(index: Index, repo: RepoRow) -> None:
    found = {use.path: use for use in _of(index, repo, "shop/retry.py", "retry")}
    proven = {path for path, use in found.items() if use.resolved}
    assert proven == {
        "shop/retry.py",
        "shop/client.py",
        "shop/through_package.py",
        "shop/through_module.py",
        "tests/test_retry.py",
    }
    assert found["shop/client.py"].symbol == "Client.charge"
    assert found["shop/client.py"].line == 6


def test_a_name_that_only_agrees_says_so(index: Index, repo: RepoRow) -> None:
    found = {use.path: use for use in _of(index, repo, "shop/retry.py", "retry")}
    assert found["shop/by_name.py"].resolved is False


def test_uses_of_something_else_are_left_out(index: Index, repo: RepoRow) -> None:
    found = {use.path for use in _of(index, repo, "shop/retry.py", "retry")}
    assert not found & {"shop/foreign.py", "shop/namesake.py"}


def test_self_means_the_class_it_is_said_in(index: Index, repo: RepoRow) -> None:
    uses = callers(Graph(index.catalog, repo), "Client.charge")
    assert [(use.symbol, use.resolved) for use in uses] == [("Client.post", True)]
    uses = _of(index, repo, "shop/client.py", "Client.post")
    assert [(use.symbol, use.resolved) for use in uses] == [("Other.charge", False)]


def test_a_recursive_call_is_no_caller(index: Index, repo: RepoRow) -> None:
    uses = callers(Graph(index.catalog, repo), "pause")
    assert [(use.path, use.symbol) for use in uses] == [
        ("shop/relative.py", "work"),
        ("shop/retry.py", "retry"),
    ]


def test_proven_uses_come_first_and_code_before_tests(index: Index, repo: RepoRow) -> None:
    uses = _of(index, repo, "shop/retry.py", "retry")
    order = [(not use.resolved, use.path.startswith("tests/")) for use in uses]
    assert order == sorted(order)


def test_the_tests_of_a_definition_are_its_uses_in_test_files(index: Index, repo: RepoRow) -> None:
    assert [use.symbol for use in covering(Graph(index.catalog, repo), "shop.retry.retry")] == ["test_retry"]


def test_callees_are_where_they_are_defined(index: Index, repo: RepoRow) -> None:
    found = callees(Graph(index.catalog, repo), "Client.charge")
    assert [(c.path, c.line, c.symbol, c.resolved) for c in found] == [("shop/retry.py", 1, "retry", True)]


def test_code_does_not_call_its_tests(index: Index, repo: RepoRow) -> None:
    assert [c.path for c in callees(Graph(index.catalog, repo), "Other.charge")] == ["shop/client.py"]


def test_an_outline_shows_signatures_with_their_lines(index: Index, repo: RepoRow) -> None:
    file = index.catalog.file(repo, "shop/client.py")
    assert file is not None
    assert outline(index.catalog, file).split("\n") == [
        " 4  class Client",
        " 5      def charge(self)",
        " 8      def post(self)",
        "12  class Other",
        "13      def charge(self)",
    ]


@pytest.mark.parametrize(
    ("module", "importer", "path", "same"),
    [
        ("shop.retry", "tests/test_retry.py", "shop/retry.py", True),
        ("shop.retry", "app.py", "src/shop/retry.py", True),
        ("shop", "app.py", "shop/__init__.py", True),
        ("retry", "app.py", "shop/retry.py", False),
        ("retry", "shop/client.py", "shop/retry.py", True),
        (".retry", "shop/client.py", "shop/retry.py", True),
        ("..retry", "shop/deep/client.py", "shop/retry.py", True),
        (".", "shop/client.py", "shop/__init__.py", True),
        ("./retry", "src/client.ts", "src/retry.ts", True),
        ("./retry.js", "src/client.ts", "src/retry.ts", True),
        ("../retry", "src/deep/client.ts", "src/retry/index.ts", True),
        ("retry", "src/client.ts", "src/retry.ts", False),
        ("@/lib/retry", "src/pages/a.tsx", "src/lib/retry.ts", True),
        ("github.com/me/shop/retry", "main.go", "retry/retry.go", True),
        ("github.com/me/shop/retry", "main.go", "other/retry.go", False),
        ("com.shop.Retry", "src/main/java/com/shop/App.java", "src/main/java/com/shop/Retry.java", True),
        ("crate.retry", "src/main.rs", "src/retry.rs", True),
        ("crate.retry", "src/main.rs", "src/retry/mod.rs", True),
    ],
)
def test_a_module_means_a_file_only_where_that_is_certain(
    module: str, importer: str, path: str, same: bool
) -> None:
    assert means(module, importer, path) is same


def test_typescript_and_go_are_proven_as_well(index: Index, tmp_path: Path) -> None:
    for path, text in {
        "src/retry.ts": "export function retry() {}\n",
        "src/index.ts": "export { retry } from './retry';\n",
        "src/a.ts": "import { retry } from './retry.js';\nexport function a() { retry(); }\n",
        "src/b.ts": "import * as r from './retry';\nexport function b() { r.retry(); }\n",
        "src/c.ts": "import { retry } from 'p-retry';\nexport function c() { retry(); }\n",
        "pay/retry.go": "package pay\n\nfunc Again() {}\n",
        "pay/client.go": "package pay\n\nfunc Charge() { Again() }\n",
        "main.go": 'package main\n\nimport "example.org/shop/pay"\n\nfunc main() { pay.Again() }\n',
    }.items():
        write(tmp_path / "mixed" / path, text)
    index.sync(tmp_path / "mixed")
    repo = index.catalog.repo("mixed")
    assert {u.path: u.resolved for u in callers(Graph(index.catalog, repo), "retry")} == {
        "src/a.ts": True,
        "src/b.ts": True,
    }
    assert {u.path: u.resolved for u in callers(Graph(index.catalog, repo), "Again")} == {
        "main.go": True,
        "pay/client.go": True,
    }

"""A map shows what is central, within its budget, and the same for equal files."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.embed.hashed import HashedEmbedder
from indexer.errors import BadInput, NotFound
from indexer.store.catalog import Catalog
from retriever.map import Focus, Network, network_of, repository_map
from retriever.map.focus import begin
from retriever.search import Retriever
from retriever.tokens import count_tokens
from retriever.types import RepositoryMap
from tests.conftest import Index, make_index, write
from tests.retriever.graphs import graph_of

PAYMENTS = Path(__file__).parents[2] / "examples" / "payments"
CORE = '''"""The heart of it."""


class Engine:
    def run(self, job):
        return self._step(job)

    def _step(self, job):
        return job

    def stop(self):
        def local():
            return 1

        return local()


def helper(value):
    return value


def unused(value):
    return helper(value)
'''
FILES = {
    "app/__init__.py": "",
    "app/core.py": CORE,
    **{
        f"app/part_{n}.py": "from app.core import Engine, helper\n\n\n"
        f"def work_{n}():\n    engine = Engine()\n    engine.run(helper({n}))\n    engine.run({n})\n"
        for n in range(4)
    },
    "app/lonely.py": "def lonely():\n    return 1\n",
    "tests/test_core.py": "from app.core import Engine\n\n\ndef test_run():\n    assert Engine().run(1)\n",
}


def _map(
    folder: Path, files: Mapping[str, str], budget: int = 400, focus: Focus | None = None, within: str = ""
) -> RepositoryMap:
    """The map of a few files, without vectors."""
    graph = graph_of(folder, files)
    network = network_of(graph.catalog, graph.repo)
    return repository_map(network, graph.catalog, graph.repo, focus or Focus(), budget, count_tokens, within)


def _symbols(found: RepositoryMap) -> list[str]:
    return [one.symbol for file in found.files for one in file.definitions]


def test_what_others_rest_on_comes_first(tmp_path: Path) -> None:
    found = _map(tmp_path, FILES)

    assert found.files[0].path == "app/core.py"
    scores = {one.symbol: one.score for file in found.files for one in file.definitions}
    assert min(scores["Engine"], scores["helper"]) > scores["unused"]
    assert scores["Engine.run"] > scores["Engine.stop"]
    assert scores["Engine.run"] > scores["lonely"]


def test_the_text_shows_lines_nesting_and_gaps(tmp_path: Path) -> None:
    found = _map(tmp_path, FILES, budget=100)

    assert found.text == (
        "app/core.py\n"
        " 4  class Engine\n"
        " 5      def run(self, job)\n"
        "...\n"
        "18  def helper(value)\n"
        "22  def unused(value)\n"
        "\n"
        "app/lonely.py\n"
        "1  def lonely()\n"
        "\n"
        "app/part_0.py\n"
        "4  def work_0()\n"
    )
    assert (found.files[0].left_out, found.left_out) == (2, 6)


def test_what_is_local_to_a_function_is_never_shown(tmp_path: Path) -> None:
    assert "Engine.stop.local" not in _symbols(_map(tmp_path, FILES, budget=5000))


def test_tests_stand_behind_unless_they_are_asked_for(tmp_path: Path) -> None:
    paths = [file.path for file in _map(tmp_path / "a", FILES, budget=5000).files]
    asked = _map(tmp_path / "b", FILES, budget=150, focus=Focus({("tests/test_core.py", 0): 1.0}))

    assert paths[-1] == "tests/test_core.py"
    assert "tests/test_core.py" in [file.path for file in asked.files]
    assert "Engine" in _symbols(asked)  # what the test is about stands near it


def test_focus_brings_a_place_and_what_is_near_it(tmp_path: Path) -> None:
    far = _map(tmp_path / "a", FILES, budget=100)
    near = _map(tmp_path / "b", FILES, budget=100, focus=Focus({("app/part_2.py", 4): 1.0}))

    assert "work_2" not in _symbols(far)
    assert {"work_2", "Engine"} <= set(_symbols(near))


@pytest.mark.parametrize("budget", [100, 101, 137, 250, 600, 1024, 4000])
def test_the_budget_is_never_exceeded_and_well_used(index: Index, budget: int) -> None:
    index.sync(PAYMENTS)

    found = index.retriever.map("payments", budget)
    assert found.tokens == count_tokens(found.text) <= budget
    if found.left_out:
        assert found.tokens > 0.8 * budget - 40  # what is left is less than one more line


@pytest.mark.parametrize(
    "count",
    [
        len,
        lambda text: len(text) // 3 + 1,
        lambda text: 3 * text.count("\n") + 7,
        lambda text: len(text.split()),
    ],
    ids=["letters", "thirds", "lines", "words"],
)
def test_any_tokenizer_is_obeyed(tmp_path: Path, count: object) -> None:
    graph = graph_of(tmp_path, FILES)
    network = network_of(graph.catalog, graph.repo)

    for budget in (100, 150, 333):
        found = repository_map(network, graph.catalog, graph.repo, Focus(), budget, count)  # type: ignore[arg-type]
        assert found.tokens == count(found.text) <= budget  # type: ignore[operator]
        assert found.files


def test_deep_nesting_and_endless_signatures_fit(tmp_path: Path) -> None:
    deep = "".join(f"{'    ' * n}class C{n}:\n" for n in range(40)) + "    " * 40 + "def f(self): pass\n"
    wide = f"def wide({', '.join(f'parameter_number_{n}: dict[str, int]' for n in range(900))}):\n    pass\n"
    files = {"deep.py": deep, "wide.py": wide, f"{'folder/' * 30}far.py": "def far():\n    return 1\n"}

    for budget in (100, 500, 3000):
        found = _map(tmp_path / str(budget), files, budget)
        assert found.tokens == count_tokens(found.text) <= budget
        assert all(len(line) < 400 for line in found.text.split("\n"))
    assert "C39.f" in ".".join(_symbols(found))


def test_every_class_around_a_definition_is_shown(tmp_path: Path) -> None:
    found = _map(
        tmp_path, {"a.py": "class A:\n    class B:\n        def f(self):\n            return 1\n"}, 100
    )

    assert _symbols(found) == ["A", "A.B", "A.B.f"]
    assert "\n1  class A\n2      class B\n3          def f(self)\n" in found.text


def test_an_empty_repository_has_an_empty_map(index: Index, tmp_path: Path) -> None:
    (tmp_path / "void").mkdir()
    index.sync(tmp_path / "void")

    found = index.retriever.map("void", 200, ("anything at all",))
    assert (found.text, found.files, found.left_out) == ("", (), 0)


def test_files_without_definitions_make_no_trouble(tmp_path: Path) -> None:
    found = _map(tmp_path, {"a.py": "print(1)\n", "b.py": "import a\n"})

    assert (found.text, found.tokens) == ("", 0)


def test_a_focus_is_a_path_a_name_or_words(index: Index) -> None:
    index.sync(PAYMENTS)
    retriever = index.retriever

    for focus in ("payments/ledger.py", "payments/ledger.py:20", "Ledger", "payments/"):
        found = retriever.map("payments", 300, (focus,))
        assert "payments/ledger.py" in [file.path for file in found.files], focus
        assert found.notes == ()
    by_words = retriever.map("payments", 200, ("verify the signature of a webhook",))
    assert "payments/webhooks.py" in [file.path for file in by_words.files]


def test_what_of_a_focus_was_not_found_is_said(index: Index) -> None:
    index.sync(PAYMENTS)

    found = index.retriever.map("payments", 300, ("payments/nowhere.py",))
    assert found.notes == (
        "no file and no definition is called payments/nowhere.py; it was searched for in words",
    )
    assert found.text


def test_a_path_keeps_to_a_folder_or_a_file(index: Index) -> None:
    index.sync(PAYMENTS)
    retriever = index.retriever

    assert {file.path for file in retriever.map("payments", 900, path="tests/").files} <= {
        f"tests/{path.name}" for path in (PAYMENTS / "tests").iterdir()
    }
    assert [file.path for file in retriever.map("payments", 900, path="./payments/money.py").files] == [
        "payments/money.py"
    ]
    with pytest.raises(NotFound, match="nowhere is neither a file nor a folder of payments"):
        retriever.map("payments", path="nowhere")


def test_a_budget_that_holds_nothing_is_refused(index: Index) -> None:
    index.sync(PAYMENTS)

    with pytest.raises(BadInput, match="a budget of 99 tokens holds no map; ask for 100 or more"):
        index.retriever.map("payments", 99)
    with pytest.raises(BadInput, match="a focus is 5000 characters long"):
        index.retriever.map("payments", focus=("x" * 5000,))


def test_a_map_after_edits_is_that_of_a_fresh_index(index: Index, tmp_path: Path) -> None:
    """Row numbers, the order of syncs and the hash seed leave no trace."""
    root = tmp_path / "payments"
    shutil.copytree(PAYMENTS, root, ignore=shutil.ignore_patterns("__pycache__"))
    index.sync(root)
    before = index.retriever.map("payments", 500)
    # A file that everything rests on comes, one changes its place in the order of rows, one goes.
    write(root / "payments" / "aaa.py", "def checked(value):\n    return value\n")
    for path in sorted((root / "payments").glob("*r*.py")):
        text = path.read_text()
        path.write_text(f"from payments.aaa import checked\n{text}\n\nLAST = checked(1)\n")
        index.sync(root, [f"payments/{path.name}"])
    (root / "payments" / "money.py").unlink()
    index.sync(root)
    fresh = make_index(tmp_path / "fresh")
    fresh.sync(root)

    wanted: Sequence[tuple[int, tuple[str, ...]]] = (
        (500, ()),
        (900, ("Ledger",)),
        (300, ("a failed payment",)),
    )
    for budget, focus in wanted:
        edited, rebuilt = (made.retriever.map("payments", budget, focus) for made in (index, fresh))
        assert (edited.text, edited.files) == (rebuilt.text, rebuilt.files)
    assert index.retriever.map("payments", 500).text != before.text
    fresh.vectors.close()
    fresh.catalog.close()


def test_a_network_is_made_once_for_a_generation(index: Index, tmp_path: Path) -> None:
    root = tmp_path / "small"
    write(root / "a.py", "def a():\n    return 1\n")
    index.sync(root)
    retriever = index.retriever
    first = retriever.network(index.catalog.repo("small"))

    assert retriever.network(index.catalog.repo("small")) is first
    write(root / "b.py", "from a import a\n\n\ndef b():\n    return a()\n")
    index.sync(root)
    second = retriever.network(index.catalog.repo("small"))
    assert [file.path for file in second.files] == ["a.py", "b.py"]
    assert "b.py\n4  def b()\n" in retriever.map("small", 200).text


def test_an_index_made_again_has_a_network_and_edges_of_its_own(index: Index, tmp_path: Path) -> None:
    root = tmp_path / "small"
    write(root / "a.py", "def a():\n    return 1\n")
    index.sync(root)
    retriever, before = index.retriever, index.catalog.repo("small")
    retriever.network(before)
    assert retriever.callees("small", "a") == []

    index.indexer.remove(before)
    write(root / "a.py", "def b():\n    return 2\n\n\ndef a():\n    return b()\n")
    index.sync(root)
    after = index.catalog.repo("small")
    assert (after.id, after.generation) == (before.id, before.generation)
    assert len(retriever.network(after).ids) == 3
    assert [one.symbol for one in retriever.callees("small", "a")] == ["b"]


def test_only_a_few_networks_are_kept(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.db")
    retriever = Retriever(catalog, None, HashedEmbedder())  # type: ignore[arg-type]
    repos = [catalog.add_repo(f"r{n}", f"/r{n}") for n in range(12)]
    made = [retriever.network(repo) for repo in repos]

    assert retriever.network(repos[-1]) is made[-1]
    assert retriever.network(repos[0]) is not made[0]
    catalog.close()


def attention(network: Network) -> dict[str, float]:
    """The share of all attention that falls on each file and its definitions, whatever is asked."""
    sums = np.bincount(network.file, network.rank(begin(network, Focus())), len(network.files))
    return {file.path: float(share) for file, share in zip(network.files, sums, strict=True)}


def test_attention_is_shared_out_and_nothing_is_lost(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, FILES)
    network = network_of(graph.catalog, graph.repo)
    given = np.bincount(network.source, network.weight, len(network.ids))
    shares = attention(network)

    assert np.allclose(given[given > 0], 1.0, atol=1e-5)
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-5)
    assert max(shares, key=lambda path: shares[path]) == "app/core.py"


_OTHERS = {
    "c": {
        "core.h": "int shared(int a);\n",
        "core.c": '#include "core.h"\n\nint shared(int a) {\n    return a;\n}\n',
        "one.c": '#include "core.h"\n\nint one(void) {\n    return shared(1);\n}\n',
        "two.c": '#include "core.h"\n\nint two(void) {\n    return shared(2);\n}\n',
    },
    "ruby": {
        "lib/core.rb": "class Core\n  def shared(a)\n    a\n  end\nend\n",
        "lib/one.rb": "require_relative 'core'\n\ndef one\n  Core.new.shared(1)\nend\n",
        "lib/two.rb": "require_relative 'core'\n\ndef two\n  Core.new.shared(2)\nend\n",
    },
    "go": {
        "go.mod": "module example.com/shop\n",
        "core/core.go": "package core\n\nfunc Shared(a int) int {\n\treturn a\n}\n",
        "one/one.go": 'package one\n\nimport "example.com/shop/core"\n\nvar One = core.Shared(1)\n',
        "two/two.go": 'package two\n\nimport "example.com/shop/core"\n\nvar Two = core.Shared(2)\n',
    },
    "typescript": {
        "src/core.ts": "export function shared(a: number): number {\n  return a;\n}\n",
        "src/one.ts": 'import { shared } from "./core";\n\nexport function one() {\n  return shared(1);\n}\n',
        "src/two.ts": 'import { shared } from "./core";\n\nexport function two() {\n  return shared(2);\n}\n',
    },
    "rust": {
        "Cargo.toml": '[package]\nname = "shop"\n',
        "src/lib.rs": "pub mod core;\npub mod one;\npub mod two;\n",
        "src/core.rs": "pub fn shared(a: i32) -> i32 {\n    a\n}\n",
        "src/one.rs": "use crate::core::shared;\n\npub fn one() -> i32 {\n    shared(1)\n}\n",
        "src/two.rs": "use crate::core::shared;\n\npub fn two() -> i32 {\n    shared(2)\n}\n",
    },
    "java": {
        "shop/Core.java": "class Core {\n    static int shared(int a) {\n        return a;\n    }\n}\n",
        "shop/One.java": "class One {\n    int one() {\n        return Core.shared(1);\n    }\n}\n",
        "shop/Two.java": "class Two {\n    int two() {\n        return Core.shared(2);\n    }\n}\n",
    },
}


@pytest.mark.parametrize("files", _OTHERS.values(), ids=_OTHERS)
def test_what_is_used_is_central_in_every_language(tmp_path: Path, files: Mapping[str, str]) -> None:
    graph = graph_of(tmp_path, files)
    shares = attention(network_of(graph.catalog, graph.repo))

    first = max(shares, key=lambda path: shares[path])
    assert "core" in first.lower(), shares

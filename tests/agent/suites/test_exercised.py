from pathlib import Path

import pytest

from agent.suites.changes import changes_between
from agent.suites.exercised import exercised_by
from agent.suites.mutants import LANGUAGES
from agent.workspace import RepoHandle, make_workspace
from tests.conftest import git, write

CODE = {
    "shop/__init__.py": "",
    "shop/cart.py": "def total(prices):\n    return sum(prices)\n\n\ndef other():\n    return 1\n",
    "shop/tax.py": "def total(net):\n    return 2\n\n\nclass Rate:\n    def of(self):\n        return 2\n",
    "web/cart.js": "export function total(prices) {\n  return prices.length;\n}\n",
    "web/tax.js": "export function total(net) {\n  return net;\n}\n",
    "money/money.go": "package money\n\nfunc Add(a int) int {\n\treturn a + 1\n}\n",
    "other/other.go": "package other\n\nfunc Add(a int) int {\n\treturn a + 2\n}\n",
    "src/Cart.java": "class Cart {\n  int total(int a) {\n    return a + 1;\n  }\n}\n",
    **{f"many/m{n}.py": f"def total{n}():\n    return {n}\n" for n in range(50)},
}


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        (
            "tests/test_cart.py",
            "from shop.cart import total\n\n\ndef test_total():\n    assert total([1]) == 1\n",
            [("shop/cart.py", [(1, 2)])],
        ),
        (
            "tests/test_it.py",
            "import shop.tax as t\n\n\ndef test_total():\n    assert t.total(1) == 2\n",
            [("shop/tax.py", [(1, 2)])],
        ),
        (
            "tests/test_it.py",
            "from shop.cart import total as plus\n\n\ndef test_total():\n    assert plus([1]) == 1\n",
            [("shop/cart.py", [(1, 2)])],
        ),
        (
            "tests/test_it.py",
            "from shop.tax import Rate\n\n\ndef test_rate():\n    assert Rate()\n",
            [("shop/tax.py", [(6, 7)])],
        ),
        (
            "web/cart.test.js",
            'import { total } from "./cart.js";\n\ntest("total", () => {\n  expect(total([])).toBe();\n});\n',
            [("web/cart.js", [(1, 3)])],
        ),
        (
            "money/money_test.go",
            'package money\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1) != 2 {\n\t\tt.Fatal("no")\n\t}\n}\n',
            [("money/money.go", [(3, 5)])],
        ),
        (
            "src/test/CartTest.java",
            "class CartTest {\n  @Test\n  void adds() {\n    assertEquals(2, new Cart().total(1));\n  }\n}\n",
            [("src/Cart.java", [(2, 4)])],
        ),
        ("tests/test_it.py", "def test_nothing():\n    assert nothing_of_this_name()\n", []),
    ],
)
def test_new_tests_name_the_functions_they_exercise(
    tmp_path: Path, path: str, text: str, found: list[tuple[str, list[tuple[int, int]]]]
) -> None:
    root = tmp_path / "shop"
    for name, code in CODE.items():
        write(root / name, code)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "A shop")
    workspace = make_workspace(RepoHandle("shop", root), tmp_path / "run", "agent/x")
    write(workspace.tree / path, text)
    tree = workspace.stage([path])
    changes = changes_between(workspace.git, workspace.base, tree)
    exercised = exercised_by(workspace, tree, changes, LANGUAGES)
    assert [(one.path, [(span.start, span.end) for span in one.spans]) for one in exercised] == found

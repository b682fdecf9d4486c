"""Edits as models get them wrong, and what becomes of each."""

from pathlib import Path
from typing import NamedTuple

import pytest

from agent.edits import EditRefused, Replace
from tests.agent.edits.conftest import Bench

PY = '''import os
from typing import Any


class Cart:
    """What somebody wants to buy."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    def total(self) -> float:
        result = 0.0
        for item in self.items:
            result += item.price * item.count
        return result

    def clear(self) -> None:
        self.items = []


def load(path: str) -> str:
    with open(path) as file:
        return file.read()


def greet(name: str) -> str:
    return "Hello, \\"" + name + "\\"!\\n"
'''
GO = """package shop

func Total(items []Item) float64 {
\tsum := 0.0
\tfor _, item := range items {
\t\tsum += item.Price
\t}
\treturn sum
}
"""
JS = """export function total(items) {
  let sum = 0;
  for (const item of items) {
    sum += item.price;\x20\x20\x20
  }
  return sum;
}

export const label = 'it\u2019s \u201cnew\u201d';
"""


class Case(NamedTuple):
    file: str
    old: str
    new: str
    outcome: str  # a code, or "applied"
    says: str  # in the note or the refusal
    holds: str = ""  # in the file afterwards


TOTAL = "        return result\n"
CORPUS = {
    # put right
    "exact": Case("cart.py", "result = 0.0", "result = 1.0", "applied", "", "        result = 1.0\n"),
    "without indentation, several lines": Case(
        "cart.py",
        "for item in self.items:\n    result += item.price * item.count\n",
        "for item in self.items:\n    if item.count:\n        result += item.price * item.count\n",
        "applied",
        "8 blanks more",
        "            if item.count:\n                result += item.price * item.count\n",
    ),
    "one level too deep": Case(
        "cart.py",
        "    def load(path: str) -> str:\n        with open(path) as file:\n",
        "    def load(path: str) -> str:\n        with open(path, 'rb') as file:\n",
        "applied",
        "4 blanks less",
        "def load(path: str) -> str:\n    with open(path, 'rb') as file:\n",
    ),
    "one level too shallow": Case(
        "cart.py",
        "def clear(self) -> None:\n    self.items = []\n",
        "def clear(self) -> None:\n    self.items.clear()\n",
        "applied",
        "4 blanks more",
        "    def clear(self) -> None:\n        self.items.clear()\n",
    ),
    "blanks after the lines": Case(
        "cart.py",
        "    def clear(self) -> None:  \n        self.items = [] \n",
        "    def clear(self) -> None:  \n        del self.items[:]\n",
        "applied",
        "blanks at the ends",
        "    def clear(self) -> None:\n        del self.items[:]\n",
    ),
    "blanks on an empty line": Case(
        "cart.py",
        "import os\nfrom typing import Any\n    \n",
        "import os\n    \n",
        "applied",
        "blanks",
        "import os\n",
    ),
    "blanks of the file left out": Case(
        "cart.js",
        "    sum += item.price;\n  }\n",
        "    sum -= item.price;\n  }\n",
        "applied",
        "blanks",
        "-= item",
    ),
    "blanks for tabs": Case(
        "cart.go",
        "    for _, item := range items {\n        sum += item.Price\n",
        "    for _, item := range items {\n        sum += item.Price * 2\n",
        "applied",
        "tabs where old had 4 blanks",
        "\tfor _, item := range items {\n\t\tsum += item.Price * 2\n",
    ),
    "tabs for blanks": Case(
        "cart.py",
        "\tdef clear(self) -> None:\n\t\tself.items = []\n",
        "\tdef clear(self) -> None:\n\t\tself.items = list()\n",
        "applied",
        "4 blanks where old had tabs",
        "    def clear(self) -> None:\n        self.items = list()\n",
    ),
    "quotes made typographic": Case(
        "cart.py",
        "\u201c\u201d\u201cWhat somebody",
        "\u201c\u201d\u201cAll that somebody",
        "applied",
        "typographic",
        '"""All',
    ),
    "typographic quotes made plain": Case(
        "cart.js", "label = 'it's \"new\"'", "label = 'new'", "applied", "typographic", "label = 'new'"
    ),
    "blanks that do not break": Case(
        "cart.py",
        "result\u00a0=\u00a00.0",
        "result\u00a0=\u00a01.0",
        "applied",
        "typographic",
        "result = 1.0",
    ),
    "a dash for a minus": Case(
        "cart.py", "def load(path: str) \u2013> str", "def load(path) -> str", "applied", "typographic"
    ),
    "CRLF sent for LF": Case(
        "cart.py", "import os\r\nfrom", "import sys\r\nfrom", "applied", "", "import sys\nfrom"
    ),
    "the end of the file with a line break too many": Case(
        "end.txt", "last line\n", "new last line\n", "applied", "blanks", "new last line"
    ),
    "a deletion": Case("cart.py", "import os\n", "", "applied", "", "from typing import Any"),
    # sent back
    "line numbers copied": Case(
        "cart.py",
        "   12          result = 0.0\n   13          for item in self.items:",
        "x",
        "NOT_FOUND",
        "begin with numbers",
    ),
    "line numbers with a bar": Case("cart.py", "12 | result = 0.0", "x", "NOT_FOUND", "begin with numbers"),
    "line breaks escaped": Case(
        "cart.py", "result = 0.0\\n        for item in self.items:", "x", "NOT_FOUND", "two characters"
    ),
    "quotes escaped": Case("cart.py", '\\"\\"\\"What somebody', "x", "NOT_FOUND", "nearest lines"),
    "lines left out of old": Case(
        "cart.py",
        "    def total(self) -> float:\n        # ...\n        return result\n",
        "x",
        "NOT_FOUND",
        "leaves lines out",
    ),
    "lines left out with three dots": Case(
        "cart.py",
        "    def total(self) -> float:\n        ...\n        return result\n",
        "x",
        "NOT_FOUND",
        "leaves lines out",
    ),
    "lines left out of new": Case(
        "cart.py", TOTAL, "        # ... existing code ...\n" + TOTAL, "ELIDED", "left out"
    ),
    "rest left out of new": Case(
        "cart.js", "  let sum = 0;\n", "  // rest of the function unchanged\n", "ELIDED", "lost"
    ),
    "a diff as old": Case(
        "cart.py", "-        result = 0.0\n+        result = 1.0\n", "x", "NOT_FOUND", "like a diff"
    ),
    "there twice": Case("cart.py", "self.items", "self.goods", "AMBIGUOUS", "3 times, at lines 9, 13, 18"),
    "one line that is common": Case("cart.go", "}\n", "}\n\n", "AMBIGUOUS", "at lines"),
    "twice once shifted": Case(
        "twice.py", "        x = 1\n", "        x = 2\n", "AMBIGUOUS", "2 blanks less"
    ),
    "made already": Case("cart.py", "result = 1.0\n", "result = 0.0\n", "ALREADY_APPLIED", "line 12"),
    "inserted already": Case(
        "cart.py", "import os\n", "import os\nfrom typing import Any\n", "ALREADY_APPLIED", "line 1"
    ),
    "nothing new": Case("cart.py", TOTAL, TOTAL, "NO_CHANGE", "same"),
    "nothing new but blanks": Case(
        "cart.js", "  let sum = 0;  \n", "  let sum = 0;  \n", "NO_CHANGE", "same"
    ),
    "nothing old": Case("cart.py", "", "import sys\n", "NOT_FOUND", "old is empty"),
    "a name that was never there": Case(
        "cart.py", "    def sum_total(self) -> float:\n", "x", "NOT_FOUND", "def total(self) -> float"
    ),
    "an older version": Case(
        "cart.py",
        "        result = 0\n        for item in self.items:\n            result += item.price\n",
        "x",
        "NOT_FOUND",
        "   12          result = 0.0\n   13          for item",
    ),
    "a made-up function": Case("cart.py", "def checkout(cart):\n    pay(cart)\n", "x", "NOT_FOUND", ""),
    "wrong file name": Case("card.py", "result", "x", "NOT_FOUND", "There is cart.py"),
    "a fence around the code": Case("cart.py", "```python\nresult = 0.0\n```", "x", "NOT_FOUND", "a fence"),
    "case changed": Case("cart.py", "Class Cart:", "class Basket:", "NOT_FOUND", "class Cart:"),
    "comment invented": Case("cart.py", "import os  # system", "import sys", "NOT_FOUND", "import os"),
    "too shallow in new": Case(
        "cart.py", "        result = 0.0\n", "    result = 0.0\n", "SYNTAX_ERROR", "indented block"
    ),
    "bracket forgotten": Case("cart.py", "open(path)", "open(path", "SYNTAX_ERROR", "line 22"),
    "body forgotten": Case(
        "cart.py", "        self.items = []\n\n\ndef", "\n\ndef", "SYNTAX_ERROR", "indented block"
    ),
    "a brace too many": Case("cart.go", "\treturn sum\n", "\treturn sum\n}\n", "SYNTAX_ERROR", "line"),
    "shifted by different amounts": Case(
        "cart.py",
        "for item in self.items:\n        result += item.price * item.count\n",
        "x\n",
        "NOT_FOUND",
        "nearest",
    ),
    "tabs for blanks that do not divide": Case(
        "cart.go",
        "   sum := 0.0\n      for _, item := range items {\n",
        "  sum := 1\n",
        "NOT_FOUND",
        "nearest",
    ),
    "half of a secret": Case("cart.py", TOTAL, 'token = "[redacted:secret]"\n', "SECRET_LINE", "not shown"),
}


@pytest.fixture
def shop(bench: Bench, tree: Path) -> Bench:
    (tree / "cart.py").write_text(PY)
    (tree / "cart.go").write_text(GO)
    (tree / "cart.js").write_text(JS)
    (tree / "end.txt").write_text("first line\nlast line")
    (tree / "twice.py").write_text("if a:\n      x = 1\nif b:\n      x = 1\n")
    return bench


@pytest.mark.parametrize("case", CORPUS)
def test_an_edit_as_a_model_gets_it_wrong(shop: Bench, case: str) -> None:
    file, old, new, outcome, says, holds = CORPUS[case]
    if outcome != "applied":
        refused = shop.refusal(Replace(file, old, new))
        assert (refused.code, says in str(refused)) == (outcome, True), str(refused)
        return
    try:
        edit = shop.replace(file, old, new)
    except EditRefused as refused:
        pytest.fail(str(refused))
    assert says in edit.note
    assert bool(says) == bool(edit.note)
    assert holds in (shop.tree / file).read_text()

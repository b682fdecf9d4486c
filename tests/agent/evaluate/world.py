"""Three small repositories with a history, the instances taken from them, and a bot that knows the fixes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.agent.endpoint import Call, Said

OFF = "None was found for this task. Look for yourself."


@dataclass(frozen=True)
class Case:
    """What a repository was, what people made of it, and which tests show it."""

    id: str
    statement: str
    files: Mapping[str, str]
    fix: Mapping[str, str]
    fail_to_pass: tuple[str, ...]
    pass_to_pass: tuple[str, ...]

    @property
    def repo(self) -> str:
        return self.id.rpartition("-")[0].replace("__", "/")

    @property
    def code(self) -> str:
        """The one file that is no test."""
        return next(path for path in self.fix if not path.startswith("tests/"))

    @property
    def test(self) -> str:
        return next(path for path in self.fix if path.startswith("tests/"))


PRICE = Case(
    "shop__price-1",
    "`total` adds the discount to the sum. It should take it off.",
    {
        "price.py": "def total(prices, discount=0):\n    return sum(prices) + discount\n",
        "tests/test_price.py": "from price import total\n\n\n"
        "def test_nothing():\n    assert total([]) == 0\n",
    },
    {
        "price.py": "def total(prices, discount=0):\n    return sum(prices) - discount\n",
        "tests/test_price.py": "from price import total\n\n\ndef test_nothing():\n    assert total([]) == 0\n"
        "\n\ndef test_discount():\n    assert total([5, 7], 2) == 10\n",
    },
    ("tests/test_price.py::test_discount",),
    ("tests/test_price.py::test_nothing",),
)
SLUG = Case(
    "shop__slug-2",
    "There should be a module `slug` with a function `slug_of` that makes `a-b` of `A b`.",
    {
        "names.py": "def short(name):\n    return name[:3]\n",
        "tests/test_names.py": "from names import short\n\n\n"
        "def test_short():\n    assert short('abcd') == 'abc'\n",
    },
    {
        "slug.py": "def slug_of(title):\n    return '-'.join(title.lower().split())\n",
        "tests/test_slug.py": "from slug import slug_of\n\n\n"
        "def test_slug():\n    assert slug_of('A b') == 'a-b'\n",
    },
    ("tests/test_slug.py::test_slug",),
    ("tests/test_names.py::test_short",),
)
WORDS = Case(
    "shop__words-3",
    "`count` counts the blanks of a text and not its words.",
    {
        "words.py": "def count(text):\n    return text.count(' ')\n",
        "tests/test_words.py": "import pytest\n\nfrom words import count\n\n\n"
        "@pytest.mark.parametrize('text', [''])\ndef test_empty(text):\n    assert count(text) == 0\n",
    },
    {
        "words.py": "def count(text):\n    return len(text.split())\n",
        "tests/test_words.py": "import pytest\n\nfrom words import count\n\n\n"
        "@pytest.mark.parametrize('text', [''])\ndef test_empty(text):\n    assert count(text) == 0\n\n\n"
        "@pytest.mark.parametrize('text', ['a b', 'a  b'])\n"
        "def test_two(text):\n    assert count(text) == 2\n",
    },
    ("tests/test_words.py::test_two[a",),  # as SWE-bench cuts it
    ("tests/test_words.py::test_empty[]",),
)
CASES = (PRICE, SLUG, WORDS)


@dataclass(frozen=True)
class Made:
    """A repository on disk: its `base`, and the `future` that a run must not see."""

    case: Case
    root: Path
    base: str
    future: str

    def row(self, **more: Any) -> dict[str, Any]:
        """The instance as a line of SWE-bench; the tests once as a list, once as a text with one."""
        return {
            "instance_id": self.case.id,
            "repo": self.case.repo,
            "base_commit": self.base,
            "problem_statement": self.case.statement,
            "hints_text": f"see {self.future}",
            "patch": git(self.root, "diff", self.base, self.future, "--", self.case.code),
            "test_patch": git(self.root, "diff", self.base, self.future, "--", "tests"),
            "FAIL_TO_PASS": json.dumps(self.case.fail_to_pass),
            "PASS_TO_PASS": list(self.case.pass_to_pass),
            "version": "1.0",
            "environment_setup_commit": self.future,
            "path": str(self.root),
            **more,
        }


def make(folder: Path, case: Case) -> Made:
    """Base and fix on main, the fix also under a tag and on a branch."""
    root = folder / case.id
    root.mkdir(parents=True)
    git(root, "init", "--quiet", "--initial-branch=main")
    _write(root, {"README.md": f"# {case.repo}\n"})
    _commit(root, "Begin")
    _write(root, case.files)
    base = _commit(root, "Add the code")
    _write(root, case.fix)
    future = _commit(root, "Mend it")
    git(root, "tag", "v2")
    git(root, "branch", "mended")
    return Made(case, root, base, future)


def write_instances(file: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def git(root: Path, *arguments: str) -> str:
    identity = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    settings = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", "-C", str(root), *arguments],
        env={"PATH": os.environ["PATH"], **identity, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


class Solver:
    """A bot behind the endpoint. It mends what it was asked to where it was shown the code base's context;
    without, it changes the price wrongly and gives up on the rest."""

    def __init__(self) -> None:
        self.prompts: list[str] = []

    def __call__(self, messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> Said:
        prompt = str(messages[1]["content"])
        said = sum(message["role"] == "assistant" for message in messages)
        case = next(case for case in CASES if case.statement in prompt)
        if not said:
            self.prompts.append(prompt)
        if any(tool["function"]["name"] == "propose_plan" for tool in tools):
            return Said("", [Call("propose_plan", {"plan": _plan(case)})])
        if OFF not in prompt:
            return _step(said, _edits(case), case)
        if case is not PRICE:
            return Said("", [Call("escalate", {"reason": "I do not know this code."})])
        wrong = dict(case.fix) | {case.code: case.fix[case.code].replace("- discount", "* (1 - discount)")}
        wrong[case.test] = case.fix[case.test].replace("total([5, 7], 2) == 10", "total([5, 7], 1) == 0")
        return _step(said, _edits(case, wrong), case)


def _step(said: int, edits: list[Call], case: Case) -> Said:
    if said == 0:
        return Said("", edits)
    if said > 3:
        return Said("", [Call("escalate", {"reason": "It is not accepted."})])
    return Said("", [Call("finish", {"subject": "It is mended", "summary": case.statement})])


def _plan(case: Case) -> dict[str, Any]:
    files = [{"path": path, "action": "change" if path in case.files else "create"} for path in case.fix]
    return {
        "summary": "Mend it and test it.",
        "kind": "fix",
        "steps": [{"text": "Mend it"}],
        "files": files,
        "tests": [{"path": case.test, "what": "that it is mended"}],
    }


def _edits(case: Case, fix: Mapping[str, str] | None = None) -> list[Call]:
    calls = []
    for path, text in (fix or case.fix).items():
        if path in case.files:
            calls.append(Call("str_replace", {"path": path, "old": case.files[path], "new": text}))
        else:
            calls.append(Call("create_file", {"path": path, "content": text}))
    return calls


def _write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def _commit(root: Path, message: str) -> str:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", message)
    return git(root, "rev-parse", "HEAD").strip()

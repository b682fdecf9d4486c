"""Every format is read into the same settings, each with its line."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.conventions.tooling.from_build import settings_of_checkstyle, settings_of_make
from indexer.conventions.tooling.from_ini import settings_of_ini
from indexer.conventions.tooling.from_json import settings_of_json
from indexer.conventions.tooling.from_script import settings_of_eslint, settings_of_prettier
from indexer.conventions.tooling.from_toml import settings_of_toml
from indexer.conventions.tooling.from_yaml import settings_of_yaml
from indexer.conventions.tooling.setting import Setting


def said(settings: list[Setting]) -> list[tuple[str, str, int]]:
    return [(".".join(setting.keys), setting.value, setting.line) for setting in settings]


def test_an_item_of_a_list_of_toml_stands_on_its_own_line() -> None:
    text = """\
[project]
requires-python = ">=3.10"

[tool.ruff]
line-length = 88
lint.extend-select = [
    "B",   # bugbear
    "D",
]

[tool.ruff.lint.per-file-ignores]
"tests/**" = ["S101"]
"""
    assert said(settings_of_toml(text)) == [
        ("project.requires-python", ">=3.10", 2),
        ("tool.ruff.line-length", "88", 5),
        ("tool.ruff.lint.extend-select", "B", 7),
        ("tool.ruff.lint.extend-select", "D", 8),
        ("tool.ruff.lint.per-file-ignores.tests/**", "S101", 12),
    ]


def test_json_may_hold_comments_and_trailing_commas() -> None:
    text = (
        '{\n  // strict\n  "compilerOptions": {\n    "strict": true, /* so */\n    "lib": ["a//b",],\n  },\n}'
    )
    assert said(settings_of_json(text)) == [
        ("compilerOptions.strict", "true", 4),
        ("compilerOptions.lib", "a//b", 5),
    ]


def test_a_value_of_ini_goes_on_in_indented_lines() -> None:
    text = "[testenv]\ncommands =\n    coverage erase\n    pytest {posargs}  # all\n[flake8]\nselect = B,E\n"
    assert said(settings_of_ini(text)) == [
        ("testenv.commands", "coverage erase", 3),
        ("testenv.commands", "pytest {posargs}", 4),
        ("flake8.select", "B,E", 6),
    ]


def test_yaml_is_read_in_lists_mappings_brackets_and_blocks() -> None:
    text = """\
repos:
- repo: https://example.org/ruff
  hooks:
    - id: ruff-check
      args: [ --fix, "--show" ]
    - id: ruff-format  # the formatter
jobs:
  test:
    steps:
      - name: Test
        run: |
          pip install .
          pytest -q

      - run: make lint
"""
    assert said(settings_of_yaml(text)) == [
        ("repos.repo", "https://example.org/ruff", 2),
        ("repos.hooks.id", "ruff-check", 4),
        ("repos.hooks.args", "--fix", 5),
        ("repos.hooks.args", "--show", 5),
        ("repos.hooks.id", "ruff-format", 6),
        ("jobs.test.steps.name", "Test", 10),
        ("jobs.test.steps.run", "pip install .", 12),
        ("jobs.test.steps.run", "pytest -q", 13),
        ("jobs.test.steps.run", "make lint", 15),
    ]


def test_a_script_that_configures_eslint_is_read_and_not_run() -> None:
    text = """\
import ts from "typescript-eslint"
// "no-console": "error"
export default [
    ...ts.configs.strictTypeChecked,
    { rules: { eqeqeq: 2, "no-empty": ["error", { allowEmptyCatch: true }],
        "@typescript-eslint/consistent-type-definitions": ["error", "type"] } },
]
"""
    assert said(settings_of_eslint(text)) == [
        ("rules.eqeqeq", "error", 5),
        ("rules.no-empty", "error allowEmptyCatch", 5),
        ("rules.@typescript-eslint/consistent-type-definitions", "error type", 6),
        ("extends", "ts/strictTypeChecked", 4),
    ]


def test_prettier_is_read_from_a_script() -> None:
    assert said(settings_of_prettier("module.exports = {\n  semi: false,\n  printWidth: 100 }\n")) == [
        ("semi", "false", 2),
        ("printWidth", "100", 3),
    ]


def test_a_target_of_make_is_no_variable_and_no_condition() -> None:
    text = "CC := gcc\nifeq (a,b)\nX=1\nendif\n.PHONY: test\ntest: build ## run\n\tpytest: no\nlint check:\n"
    assert [setting.value for setting in settings_of_make(text)] == ["test", "lint"]


def test_a_module_of_checkstyle_that_is_commented_out_is_off() -> None:
    text = '<module name="Checker">\n<!-- <module name="TodoComment"/> -->\n<module name="MethodName"/>\n'
    assert said(settings_of_checkstyle(text)) == [("module", "Checker", 1), ("module", "MethodName", 3)]


@pytest.mark.parametrize("read", [settings_of_toml, settings_of_json])
def test_a_broken_file_sets_nothing(read: object) -> None:
    assert callable(read)
    assert read("{ [ = nonsense") == []


_READERS = (
    settings_of_toml,
    settings_of_json,
    settings_of_ini,
    settings_of_yaml,
    settings_of_eslint,
    settings_of_prettier,
    settings_of_make,
    settings_of_checkstyle,
)
_PIECES = (
    "a",
    "b.c",
    ":",
    "=",
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    "`",
    "#",
    "//",
    "/*",
    "*/",
    "- ",
    " ",
    "\n",
    "|",
    ",",
)


@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join))
def test_whatever_stands_in_a_file_is_read_without_an_error(text: str) -> None:
    for read in _READERS:
        for setting in read(text):
            assert 1 <= setting.line <= text.count("\n") + 1


@pytest.mark.parametrize("piece", ["/*", "a ", "extends: [", "- ", "a: ", '"a', "<!--", "\\", "[a.", "x\t"])
def test_a_long_file_of_one_piece_is_read_in_no_time(piece: str) -> None:
    """A pattern that looks back over and over would take minutes."""
    text = "k" + piece * (60_000 // len(piece))
    started = time.process_time()
    for read in _READERS:
        read(text)
        read(text + "\nb")
        read("k" + " " * 60_000 + piece)
    assert time.process_time() - started < 5

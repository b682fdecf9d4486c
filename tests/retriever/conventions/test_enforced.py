"""A rule is marked where a tool insists on it, and only there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from indexer.conventions import Rule, Tools, known_of, read_facts
from indexer.conventions.tooling.enforcers import TABLES
from retriever.conventions import book_of
from retriever.conventions.enforced import marked
from tests.indexer.conventions.facts import rows

RULE = Rule(
    "python/raise.from=yes", "raise.from", "yes", "Causes are named.", "errors", "", "python", 20, 20,
    (0.84, 1.0), ("a.py:1",), (), 0.3,
)  # fmt: skip


def by(files: Mapping[str, str], rule: Rule = RULE) -> str:
    return marked([rule], tools(files))[0].enforced_by


def tools(files: Mapping[str, str]) -> Tools:
    return known_of(read_facts(rows(files))).tools


def ruff(lint: str) -> dict[str, str]:
    return {"pyproject.toml": f"[tool.ruff.lint]\n{lint}\n"}


def asked(language: str, question: str, answer: str) -> Rule:
    return replace(RULE, language=language, question=question, answer=answer)


def test_the_tool_its_check_and_the_line_are_named() -> None:
    assert by(ruff('select = ["E", "B"]')) == "ruff B904, pyproject.toml:2"


@pytest.mark.parametrize(
    "lint",
    [
        'select = ["E", "F"]',
        'select = ["B"]\nignore = ["B904"]',
        'select = ["B"]\nignore = ["B9"]',
        'select = ["ALL"]\nextend-ignore = ["B904"]',
        'select = ["BLE", "B0"]',
    ],
)
def test_what_is_not_selected_or_ignored_is_left_to_people(lint: str) -> None:
    assert by(ruff(lint)) == ""


@pytest.mark.parametrize("lint", ['select = ["ALL"]', 'extend-select = ["B904"]\nignore = ["B9"]'])
def test_the_longer_prefix_wins(lint: str) -> None:
    assert by(ruff(lint)).startswith("ruff B904")


def test_a_check_may_need_a_setting() -> None:
    rule = asked("python", "import.form", "absolute")
    assert by(ruff('select = ["TID"]'), rule) == ""
    lint = 'select = ["TID"]\n[tool.ruff.lint.flake8-tidy-imports]\nban-relative-imports = "all"'
    assert by(ruff(lint), rule) == "ruff TID252 ban-relative-imports=all, pyproject.toml:4"
    assert by(ruff(lint), asked("python", "import.form", "relative")) == ""


def test_a_convention_of_docstrings_switches_its_own_rules_off() -> None:
    rule = asked("python", "doc.style", "google")
    lint = 'select = ["D"]\npydocstyle.convention = "{}"'
    assert by(ruff(lint.format("google")), rule).startswith("ruff D417")
    assert by(ruff(lint.format("numpy")), rule) == ""


def test_pylint_checks_what_is_not_disabled() -> None:
    assert by({".pylintrc": "[FORMAT]\nmax-line-length=99\n"}) == "pylint raise-missing-from, .pylintrc:2"
    assert by({".pylintrc": "[MAIN]\ndisable=fixme,\n  raise-missing-from\n"}) == ""


def test_flake8_checks_a_plugin_that_is_asked_for_by_name() -> None:
    assert by({".flake8": "[flake8]\nmax-line-length = 99\n"}) == ""
    assert by({".flake8": "[flake8]\nextend-select = B9, B950\n"}) == "flake8 B904, .flake8:2"


def test_a_check_of_strict_types_enforces_annotations() -> None:
    rule = asked("python", "types.return", "yes")
    assert by({"mypy.ini": "[mypy]\nstrict = True\n"}, rule) == "mypy strict, mypy.ini:2"
    assert by({"mypy.ini": "[mypy]\nstrict = False\n"}, rule) == ""


def test_eslint_has_to_make_it_an_error_with_this_option() -> None:
    rule = asked("typescript", "object.type", "type")
    name = "@typescript-eslint/consistent-type-definitions"

    def config(level: str) -> dict[str, str]:
        return {"eslint.config.mjs": f'export default [{{ rules: {{ "{name}": {level} }} }}]\n'}

    assert by(config('["error", "type"]'), rule) == f"eslint {name} type, eslint.config.mjs:1"
    assert by(config('["error", "interface"]'), rule) == ""
    assert by(config('["warn", "type"]'), rule) == ""
    assert by(config('"error"'), rule) == ""
    assert by(config('"error"'), replace(rule, answer="interface")) != ""


def test_a_set_of_eslint_brings_its_rules_unless_one_is_off() -> None:
    rule = asked("typescript", "catch.empty", "no")
    extends = 'import js from "@eslint/js"\nexport default [js.configs.recommended, { rules: {%s} }]\n'
    assert by({"eslint.config.js": extends % ""}, rule) == "eslint no-empty, eslint.config.js:2"
    assert by({"eslint.config.js": extends % ' "no-empty": "off" '}, rule) == ""
    lenient = ' "no-empty": ["error", { allowEmptyCatch: true }] '
    assert by({"eslint.config.js": extends % lenient}, rule) == ""
    old = '{"extends": "eslint:recommended", "rules": {"no-empty": ["error", {"allowEmptyCatch": %s}]}}'
    assert by({".eslintrc.json": old % "true"}, rule) == ""
    assert by({".eslintrc.json": '{"extends": ["eslint:recommended"]}'}, rule) != ""


def test_prettier_writes_semicolons_unless_told_otherwise() -> None:
    yes, no = asked("typescript", "semicolons", "yes"), asked("typescript", "semicolons", "no")
    plain, without = {".prettierrc": '{"tabWidth": 4}'}, {".prettierrc": '{"semi": false}'}
    assert (by(plain, yes) != "", by(plain, no)) == (True, "")
    assert (by(without, yes), by(without, no) != "") == ("", True)


def test_lints_of_cargo_and_modules_of_checkstyle_enforce() -> None:
    cargo = {"Cargo.toml": '[lints.rust]\nmissing_docs = "warn"\n'}
    assert by(cargo, asked("rust", "doc.type", "yes")) == "rustc missing_docs, Cargo.toml:2"
    assert (
        by({"Cargo.toml": '[lints.rust]\nmissing_docs = "allow"\n'}, asked("rust", "doc.type", "yes")) == ""
    )
    style = {"config/checkstyle/checkstyle.xml": '<module name="MethodName"/>\n'}
    assert by(style, asked("java", "name.method", "camel")).startswith("checkstyle MethodName")


def test_a_linter_of_commits_enforces_their_form() -> None:
    rule = asked("git", "commit.form", "conventional")
    config = {".commitlintrc.json": '{"extends": ["@commitlint/config-conventional"]}'}
    assert by(config, rule) == "commit linter conventional, .commitlintrc.json:1"


def test_what_is_enforced_already_stays_as_it_is() -> None:
    assert by({}, replace(RULE, enforced_by="black, pyproject.toml:3")) == "black, pyproject.toml:3"


def test_a_linter_of_go_makes_its_default_rules_or_those_it_is_told() -> None:
    rule, word = asked("go", "receiver.same", "yes"), asked("go", "any.word", "any")
    on = "linters:\n  enable:\n    - revive\n"
    assert by({".golangci.yml": on}, rule) == "golangci-lint revive receiver-naming, .golangci.yml:3"
    assert by({".golangci.yml": on}, word) == ""
    told = on + "  settings:\n    revive:\n      rules:\n        - name: use-any\n"
    assert by({".golangci.yml": told}, rule) == ""
    assert by({".golangci.yml": told}, word) == "golangci-lint revive use-any, .golangci.yml:7"
    assert by({".golangci.yml": "linters:\n  default: all\n  disable: [revive]\n"}, rule) == (
        "golangci-lint stylecheck, .golangci.yml:2"
    )


def test_a_group_of_ruff_is_its_letters_and_not_all_that_begins_so() -> None:
    assert by(ruff('select = ["F"]'), asked("python", "flags.keyword", "yes")) == ""
    assert by(ruff("preview = true"), asked("python", "flags.keyword", "yes")) == ""
    assert by(ruff("preview = true"), asked("python", "except.bare", "no")) == "ruff E722, pyproject.toml:2"


def test_a_check_that_tests_are_spared_enforces_nothing_of_them() -> None:
    rule = replace(asked("python", "test.types", "yes"), family="tests")
    assert by(ruff('select = ["ANN"]'), rule) != ""
    spared = 'select = ["ANN"]\n[tool.ruff.lint.per-file-ignores]\n"tests/**" = ["ANN"]'
    assert by(ruff(spared), rule) == ""


def test_a_formatter_decides_on_quotes() -> None:
    double, single = asked("python", "quotes", "double"), asked("python", "quotes", "single")
    hooks = {".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks:\n  - id: ruff-format\n"}
    assert by(hooks, double) == "formatter, quotes double, .pre-commit-config.yaml:4"
    assert by(hooks, single) == ""
    told = {**hooks, "ruff.toml": '[format]\nquote-style = "single"\n'}
    assert by(told, single) == "formatter, quotes single, ruff.toml:2"
    assert by({"pyproject.toml": "[tool.black]\nskip-string-normalization = true\n"}, double) == ""


def test_prettier_indents_as_the_editor_does() -> None:
    four = asked("typescript", "indent", "4")
    editor = {".editorconfig": "[*]\nindent_size = 4\n"}
    assert by({".prettierrc": '{"semi": false}'}, four) == ""
    assert by({".prettierrc": '{"semi": false}', **editor}, four) == "prettier tabWidth=4, .editorconfig:2"
    assert by(editor, four) == ""


def test_every_check_of_the_tables_is_one_that_can_be_asked() -> None:
    for language, table in TABLES.items():
        for question, answer in table:
            assert by({}, asked(language, question, answer)) in ("", *_WITHOUT_A_SETTING)


_WITHOUT_A_SETTING = {
    f"rustc {lint}" for lint in ("non_snake_case", "non_camel_case_types", "non_upper_case_globals")
}


def test_of_several_codes_that_mypy_adds_each_counts() -> None:
    text = '[tool.mypy]\nenable_error_code = ["ignore-without-code", "truthy-bool"]\n'
    assert by({"pyproject.toml": text}, asked("python", "excuse.types", "coded")) == (
        "mypy enable_error_code=ignore-without-code, pyproject.toml:2"
    )


def test_a_book_marks_what_it_counts() -> None:
    tried = (
        "    try:\n        return cart.sum\n    except KeyError as lost:\n        raise Lost() from lost\n"
    )
    code = f"def total(cart):\n{tried}"
    files = {f"shop/part{n}.py": code for n in range(12)} | ruff('select = ["B"]')
    rule = next(rule for rule in book_of(rows(files)).rules if rule.question == "raise.from")
    assert rule.enforced_by == "ruff B904, pyproject.toml:2"


def test_a_lint_is_named_by_the_tool_that_makes_it() -> None:
    cargo = {
        "Cargo.toml": '[lints.clippy]\nuse_self = "warn"\n[lints.rust]\nunsafe_code = { level = "forbid" }\n'
    }
    assert by(cargo, asked("rust", "self.type", "Self")) == "clippy use_self, Cargo.toml:2"
    assert by(cargo, asked("rust", "unsafe.used", "no")) == "rustc unsafe_code, Cargo.toml:4"

"""How languages without a counter of their own are written, indented and tested."""

from __future__ import annotations

import pytest

from .facts import facts


@pytest.mark.parametrize(
    ("path", "text", "question", "answers"),
    [
        ("A.cs", "namespace A.B;\npublic class A {}\n", "namespace.form", {"file": [1, 1]}),
        (
            "A.cs",
            "class A {\n  private readonly string _name;\n  private int count;\n}\n",
            "field.private",
            {"_x": [1, 2], "x": [1, 3]},
        ),
        ("A.kt", "import a.b.*\nimport a.c.D\n", "import.wildcard", {"yes": [1, 1], "no": [1, 2]}),
        ("a.php", "<?php\ndeclare(strict_types=1);\n\nclass A {}\n", "strict.types", {"yes": [1, 2]}),
        ("a.php", "<?php\nfinal class A {}\nclass B {}\n", "class.sealed", {"final": [1, 2], "open": [1, 3]}),
        ("a.rb", "require 'a'\nrequire_relative 'b'\n", "require.form", {"path": [1, 1], "relative": [1, 2]}),
        ("a.sh", "set -eu\nif [ -f a ]; then b; fi\n", "test.bracket", {"single": [1, 2]}),
        ("a.sh", "set -eu\nf() {\n  g\n}\n", "script.strict", {"yes": [1, 1]}),
        ("a.hpp", "#pragma once\nclass A { A* a = nullptr; };\n", "header.guard", {"pragma": [1, 1]}),
        ("a.lua", "local function f() end\n", "function.form", {"local": [1, 1]}),
        ("a.ex", "defmodule A do\n  alias B.{C, D}\nend\n", "alias.form", {"braces": [1, 2]}),
        ("A.hs", "import qualified Data.Map as M\n", "import.qualified", {"before": [1, 1]}),
        ("A.swift", "final class A {}\nclass B {}\n", "class.sealed", {"sealed": [1, 1], "open": [1, 2]}),
    ],
)  # fmt: skip
def test_other_languages_have_alternatives(
    path: str, text: str, question: str, answers: dict[str, list[int]]
) -> None:
    assert facts(path, text)[question] == answers


@pytest.mark.parametrize(
    ("path", "text", "form"),
    [
        ("src/test/ATest.kt", "class ATest {\n  @Test\n  fun `adds one`() {}\n}\n", "backticks"),
        ("tests/ATests.cs", "class ATests {\n  [Fact]\n  public void Adds_one() {}\n}\n", "words"),
        ("tests/ATest.php", "<?php\nclass ATest {\n  public function testAdds() {}\n}\n", "test"),
    ],
)
def test_tests_of_other_languages_have_names(path: str, text: str, form: str) -> None:
    assert list(facts(path, text)["test.name"]) == [form]


@pytest.mark.parametrize(
    ("path", "text", "width"),
    [
        ("A.java", "public class A {\n\n    void f() {\n        g();\n    }\n}\n", "4"),
        ("A.java", "/* {\n  a */\nclass A {\n\tvoid f() {\n\t\tg();\n\t}\n}\n", "tab"),
        ("a.c", "int f(void) {\n  return 1;\n}\n", "2"),
        ("a.sh", "if a; then\n    b\nfi\n", "4"),
    ],
)
def test_indentation_is_that_of_the_first_block(path: str, text: str, width: str) -> None:
    assert list(facts(path, text)["indent"]) == [width]


def test_scripts_below_tests_are_data_and_indented_as_they_come() -> None:
    assert "indent" not in facts("tests/snapshots/a.sh", "f() {\n    g\n}\n")


def test_todos_have_an_owner_a_colon_or_neither() -> None:
    text = "package a\n\n// TODO(ann): x\n// TODO: y\n// TODO z\nvar TODO = 1\n"
    assert facts("a.go", text)["todo"] == {"owner": [1, 3], "colon": [1, 4], "bare": [1, 5]}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("A.cs", "class A { void F() {\n  try { G(); }\n  catch (E e) {\n  }\n  catch { H(); }\n} }\n"),
        ("A.kt", "fun f() {\n  try { g() }\n  catch (e: E) {\n  }\n  catch (e: F) { /* fine */ }\n}\n"),
        ("a.cpp", "void f() {\n  try { g(); }\n  catch (...) {\n  }\n  catch (E& e) { h(); }\n}\n"),
    ],
)
def test_an_empty_handler_says_at_least_why(path: str, text: str) -> None:
    assert facts(path, text)["catch.empty"] == {"yes": [1, 3], "no": [1, 5]}


def test_a_variable_of_a_shell_is_upper_or_lower_in_one_word_too() -> None:
    found = facts("a.sh", "OWNER=a\nowner=b\nhome_dir=c\n")
    assert found["name.constant"] == {"upper": [1, 1], "snake": [2, 2, 3]}

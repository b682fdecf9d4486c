import pytest

from agent.edits.syntax import new_problem
from indexer.languages import LANGUAGES

# of every grammar: a file that is sound, and what breaks it
SOUND = {
    "a.py": ("def f():\n    return 1\n", "return 1", "return (1"),
    "a.js": ("function f() { return 1 }\n", "{ return 1 }", "{ return 1 "),
    "a.ts": ("const a: number = 1;\n", "number = 1", "number = = 1"),
    "a.tsx": ("const a = <b>1</b>;\n", "</b>", "</b"),
    "a.go": ("package a\n\nfunc F() int { return 1 }\n", "{ return 1 }", "{ return 1 "),
    "a.rs": ("fn f() -> i32 { 1 }\n", "{ 1 }", "{ 1 "),
    "A.java": ("class A { int f() { return 1; } }\n", "return 1; }", "return 1; "),
    "a.c": ("int f(void) { return 1; }\n", "{ return 1; }", "{ return 1; "),
    "a.cpp": ("class A { int f() { return 1; } };\n", "return 1; }", "return 1; "),
    "a.cs": ("class A { int F() { return 1; } }\n", "return 1; }", "return 1; "),
    "a.kt": ("fun f(): Int { return 1 }\n", "{ return 1 }", "{ return 1 "),
    "a.swift": ("func f() -> Int { return 1 }\n", "{ return 1 }", "{ return 1 "),
    "a.scala": ("object A { def f = 1 }\n", "{ def f = 1 }", "{ def f = = 1"),
    "a.rb": ("def f\n  1\nend\n", "end", ""),
    "a.php": ("<?php\nfunction f() { return 1; }\n", "{ return 1; }", "{ return 1; "),
    "a.ex": ("defmodule A do\n  def f, do: 1\nend\n", "end", ""),
    "a.hs": ("f :: Int\nf = 1\n", "f = 1", "f = (1"),
    "a.lua": ("function f() return 1 end\n", "end", ""),
    "a.sh": ("f() { echo 1; }\n", "{ echo 1; }", "{ echo 1; "),
    "a.zig": ("fn f() i32 { return 1; }\n", "{ return 1; }", "{ return 1; "),
}


def test_every_grammar_has_a_case() -> None:
    suffixes = {name.partition(".")[2] for name in SOUND}
    assert [
        language.name for language in LANGUAGES if language.grammar and not suffixes & {*language.suffixes}
    ] == []


@pytest.mark.parametrize("name", SOUND)
def test_a_new_error_is_found_in_every_language(name: str) -> None:
    text, old, new = SOUND[name]
    assert new_problem(name, "", text) is None
    assert new_problem(name, text, text.replace("1", "2")) is None
    problem = new_problem(name, text, text.replace(old, new))
    assert problem is not None
    assert 1 <= problem.line <= text.count("\n") + 1


@pytest.mark.parametrize("name", SOUND)
def test_a_broken_file_may_stay_broken_but_not_get_worse(name: str) -> None:
    text, old, new = SOUND[name]
    broken = text.replace(old, new)
    assert new_problem(name, broken, broken + "\n") is None
    assert new_problem(name, broken, text) is None


def test_a_file_with_two_errors_can_be_mended_one_by_one() -> None:
    text = "def f(:\n    pass\n\ndef g(:\n    pass\n"
    half = text.replace("f(:", "f():")
    assert new_problem("a.py", text, half) is None
    assert new_problem("a.py", half, half.replace("g(:", "g():")) is None


def test_another_error_in_a_broken_file_is_still_new() -> None:
    text = "def f(:\n    pass\n\n\ndef g():\n    return 1\n"
    problem = new_problem("a.py", text, text.replace("return 1", "return = 1"))
    assert problem is not None
    assert problem.line == 6


INDENTED = {
    "x = 1\n    y = 2\n": (2, "unexpected indentation"),
    "def f():\nreturn 1\n": (2, "expected an indented block"),
    "def f():\n    a\n      b\n": (3, "unexpected indentation"),
    "class A:\n    def f(self):\n        a\n      b\n": (4, "unindent does not match"),
    "if a:\n    # only a comment\nb\n": (3, "expected an indented block"),
    "class A:\n    x = '''\nfree\n  text\n'''\n     y = 1\n": (6, "unexpected indentation"),
}


@pytest.mark.parametrize("text", INDENTED)
def test_the_indentation_of_python_is_part_of_its_syntax(text: str) -> None:
    problem = new_problem("a.py", "z = 1\n", "z = 1\n" + text)
    assert problem is not None
    line, reason = INDENTED[text]
    assert problem.line == line + 1
    assert reason in problem.reason


UNUSUAL = [
    "if a: b\nelse:\n    c\n",
    "x = {\n'a':\n      1,\n  'b': 2}\n",
    "f = lambda a: a\nx: int = 1\ny = z[1:]\n",
    "def f(\n  a,\n      b):\n  # comment\n\n  '''\ndoc\n'''\n",
    "match a:\n    case 1: pass\n    case _:\n        pass\n",
    "class A: ...\n",
    "type X = int\ndef f[T](a: T) -> T:\n    return a\n",
    "if a:\n\tb\n\tif c:\n\t\td\n",
    "x = 1 + \\\n        2\n",
    "async def f():\n    async with a as b, c:\n        await d\n",
    "r = f'{a!r:>{width}}'\n",
]


@pytest.mark.parametrize("text", UNUSUAL)
def test_unusual_python_is_sound(text: str) -> None:
    assert new_problem("a.py", "z = 1\n", "z = 1\n" + text) is None


def test_indentation_that_was_wrong_before_may_stay() -> None:
    text = "def f():\n    a\n      b\n"
    assert new_problem("a.py", text, text.replace("a", "c")) is None


def test_macros_that_confuse_the_grammar_are_no_error() -> None:
    before = "int f(void);\n"
    assert new_problem("a.h", before, before + "FOO_API int g(void);\nEND_NAMESPACE_FOO\n") is None


def test_the_code_in_components_and_notebooks_is_judged() -> None:
    vue = "<template>{{ a }}</template>\n<script>\nconst a = 1;\n</script>\n"
    problem = new_problem("a.vue", vue, vue.replace("= 1", "= = 1"))
    assert problem is not None
    assert problem.line == 3
    notebook = '{"cells": [], "nbformat": 4}'
    assert new_problem("a.ipynb", notebook, notebook[:-1]) is not None
    assert new_problem("a.ipynb", notebook, notebook.replace("4", "5")) is None


def test_data_with_one_exact_reading_must_stay_readable() -> None:
    problem = new_problem("package.json", '{"a": 1}\n', '{"a": 1,}\n')
    assert problem is not None
    assert new_problem("tsconfig.json", '{"a": 1, // why\n}\n', '{"a": 2, // why\n}\n') is None
    assert new_problem("tsconfig.json", "", '{"a": 1, // why\n}\n') is None
    assert new_problem("pyproject.toml", "[a]\nb = 1\n", "[a]\nb = \n") is not None


def test_text_without_a_grammar_is_not_judged() -> None:
    assert new_problem("notes.txt", "one (two\n", "one ((three\n") is None
    assert new_problem("a.css", "a {}\n", "a {\n") is None


@pytest.mark.parametrize("text", ["(" * 100_000, "#" * 50_000 + '"', "[[" * 50_000, "a:\n " * 20_000])
@pytest.mark.parametrize("name", ["a.py", "a.swift", "a.json", "a.toml", "a.cpp"])
def test_hostile_text_neither_crashes_nor_hangs_the_gate(name: str, text: str) -> None:
    new_problem(name, "x\n", text)
    new_problem(name, text, text + "\nx")

"""Which language a file is in."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

import pytest

from indexer.languages import LANGUAGES, by_name, language_of


@pytest.mark.parametrize(
    ("path", "name", "kind"),
    [
        ("src/app.py", "python", "code"),
        ("stubs/app.pyi", "python", "code"),
        ("web/App.TSX", "tsx", "code"),
        ("web/types.d.ts", "typescript", "code"),
        ("web/index.mjs", "javascript", "code"),
        ("include/uv.h", "c", "code"),
        ("include/fmt.hpp", "cpp", "code"),
        ("build.gradle.kts", "kotlin", "code"),
        ("build.gradle", "groovy", "code"),
        ("Gemfile", "ruby", "code"),
        ("analysis.ipynb", "notebook", "code"),
        ("App.vue", "vue", "code"),
        ("query.sql", "sql", "code"),
        ("README", "text", "docs"),
        ("README.md", "markdown", "docs"),
        ("docs/index.rst", "rst", "docs"),
        ("LICENSE.txt", "text", "docs"),
        ("Dockerfile", "dockerfile", "config"),
        ("Dockerfile.dev", "dockerfile", "config"),
        ("deploy/api.dockerfile", "dockerfile", "config"),
        ("Makefile", "make", "config"),
        (".env.local", "env", "config"),
        (".github/workflows/ci.yml", "yaml", "config"),
        ("CMakeLists.txt", "cmake", "config"),
        ("data.unknown", "text", "docs"),
        ("no_suffix", "text", "docs"),
        (".hidden", "text", "docs"),
        ("trailing.", "text", "docs"),
    ],
)
def test_a_name_tells_the_language(path: str, name: str, kind: str) -> None:
    language = language_of(path)
    assert (language.name, language.kind) == (name, kind)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("#!/bin/sh\n", "bash"),
        ("#!/usr/bin/env python3.11", "python"),
        ("#!/usr/bin/env -S uv run --script\n# x", "python"),
        ("#! /usr/bin/env PATH=/x node", "javascript"),
        ("#!/usr/bin/perl -w", "perl"),
        ("#!", "text"),
        ("#!/usr/bin/env", "text"),
        ("plain words", "text"),
    ],
)
def test_without_a_suffix_the_interpreter_tells_it(head: str, name: str) -> None:
    assert language_of("bin/tool", head).name == name


def test_a_suffix_outweighs_the_interpreter() -> None:
    assert language_of("tool.rb", "#!/bin/sh").name == "ruby"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("#ifndef A_H\n#ifdef __cplusplus\nextern \"C\" {\n#endif\nint f(void);\n", "c"),
        ("struct a { int class; };\nint public;\n", "c"),
        ("/* a class of: things */\n", "c"),
        ("#pragma once\nnamespace a {\n", "cpp"),
        ("template <typename T>\nT f();\n", "cpp"),
        ("class A : public B {\n", "cpp"),
        ("#include <vector>\n", "cpp"),
        ("using std::string;\n", "cpp"),
        ("// -*- C++ -*-\nint f();\n", "cpp"),
    ],
)  # fmt: skip
def test_a_header_is_cpp_where_it_says_what_c_cannot(text: str, name: str) -> None:
    assert language_of("a.h", text).name == name


def test_no_suffix_and_no_name_belongs_to_two_languages() -> None:
    for keys in ("suffixes", "filenames", "shebangs"):
        every = [key for language in LANGUAGES for key in getattr(language, keys)]
        assert sorted(every) == sorted(set(every))
        assert every == [key.lower() for key in every]


def test_every_query_of_the_table_is_there_and_none_is_left_over() -> None:
    folder = Path(__file__).parents[2] / "indexer" / "queries"
    named = {query for language in LANGUAGES for query in language.queries}
    assert named == {path.stem for path in folder.glob("*.scm")}


def test_an_unknown_name_is_text() -> None:
    assert by_name("klingon").name == "text"


def test_the_table_loads_no_grammar() -> None:
    code = "import sys, indexer.languages; print(any('tree_sitter' in name for name in sys.modules))"
    assert run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"

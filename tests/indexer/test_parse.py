"""A file's definitions, references and borders, in every language and for what nobody wrote on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import parse as parsing
from indexer.languages import LANGUAGES
from indexer.parse import LONG_NODE, parse
from indexer.types import ParsedFile, Symbol
from tests.make import make_file

SAMPLES = Path(__file__).parents[1] / "projects" / "languages"
GOLDEN = Path(__file__).parents[1] / "golden" / "languages.txt"
NAMES = sorted(path.name for path in SAMPLES.iterdir())


def sample(name: str) -> ParsedFile:
    return parse(make_file(name, (SAMPLES / name).read_text("utf-8")))


def listing(name: str, parsed: ParsedFile) -> str:
    """The golden form: every symbol with its lines, every reference with its scope."""
    rows = [f"== {name} {parsed.file.language}{' broken' if parsed.broken else ''}"]
    for symbol in parsed.symbols:
        above = f" from {symbol.doc_start}" if symbol.doc_start < symbol.span.start else ""
        rows.append(f"{symbol.kind} {symbol.qualname} {symbol.span.start}-{symbol.span.end}{above}")
    for use in parsed.references:
        before = f" ({use.qualifier})" if use.qualifier else ""
        scope = f" in {use.scope}" if use.scope else ""
        rows.append(f"    {use.line}: {use.kind} {use.name}{before}{scope}")
    return "\n".join(rows)


def symbols_of(path: str, text: str) -> dict[str, Symbol]:
    return {symbol.qualname: symbol for symbol in parse(make_file(path, text)).symbols}


def assert_sound(parsed: ParsedFile) -> None:
    """What every ParsedFile promises, whatever the file holds."""
    last = len(parsed.file.lines)
    order = [(symbol.span.start, -symbol.span.end) for symbol in parsed.symbols]
    assert order == sorted(order)
    for symbol in parsed.symbols:
        assert 1 <= symbol.doc_start <= symbol.span.start <= symbol.span.end <= last
        assert symbol.name
        assert symbol.qualname.endswith(symbol.name)
        assert "\n" not in symbol.signature
        assert len(symbol.signature) <= 300
        assert len(symbol.doc) <= 1000
    assert all(1 <= line <= last and depth >= 1 for line, depth in parsed.borders.items())
    assert all(1 <= use.line <= last and use.name for use in parsed.references)


@pytest.mark.parametrize("name", NAMES)
def test_each_language_yields_its_definitions_and_references(name: str) -> None:
    blocks = GOLDEN.read_text("utf-8").rstrip().split("\n\n")
    expected = {block.split()[1]: block for block in blocks}
    assert listing(name, sample(name)) == expected[name]


@pytest.mark.parametrize("name", NAMES)
def test_symbols_of_a_sample_are_inside_the_file_and_outer_before_inner(name: str) -> None:
    parsed = sample(name)
    assert_sound(parsed)
    assert parsed.symbols


def test_every_language_with_a_grammar_has_a_sample() -> None:
    seen = {sample(name).file.language for name in NAMES}
    with_structure = {language.name for language in LANGUAGES if language.grammar}
    assert seen >= with_structure | {"notebook", "vue", "svelte", "astro", "markdown", "rst"}


def test_a_decorated_method_begins_at_its_decorator_and_is_named_by_its_class() -> None:
    text = """\
class Cart:
    '''A cart.'''

    # The sum.
    @property
    def total(self) -> int:
        return 1
"""
    cart, total = parse(make_file("cart.py", text)).symbols
    assert (cart.kind, cart.qualname, cart.span.start, cart.span.end, cart.doc) == (
        "class",
        "Cart",
        1,
        7,
        "A cart.",
    )
    assert (total.kind, total.qualname, total.doc_start, total.span.start) == ("method", "Cart.total", 4, 5)
    assert (total.signature, total.doc) == ("def total(self) -> int", "The sum.")


def test_a_call_knows_what_it_stands_in_and_what_stands_before_it() -> None:
    parsed = parse(make_file("a.py", "import requests\n\ndef load(url):\n    return requests.get(url)\n"))
    imported, call = parsed.references
    assert (imported.kind, imported.name, imported.qualifier) == ("import", "requests", "requests")
    assert (call.kind, call.name, call.qualifier, call.scope, call.line) == (
        "call",
        "get",
        "requests",
        "load",
        4,
    )


def test_an_expression_too_long_to_be_a_name_is_not_taken_for_a_bare_call() -> None:
    text = "def f(q):\n    return q.filter(" + "x" * 100 + ").all()\n"
    calls = {use.name: use.qualifier for use in parse(make_file("a.py", text)).references}
    assert calls == {"filter": "q", "all": "…"}


@pytest.mark.parametrize(
    ("path", "text", "signature", "doc"),
    [
        (
            "a.go",
            "// F does.\nfunc (c *C) F(\n\ta int,\n) error {\n}\n",
            "func (c *C) F( a int, ) error",
            "F does.",
        ),
        (
            "a.rs",
            "/// One.\n/// Two.\nfn f() -> V<T>\nwhere T: X,\n{}\n",
            "fn f() -> V<T> where T: X,",
            "One.\nTwo.",
        ),
        ("A.java", "/**\n * One.\n * @return x\n */\n@A\nclass C<T> {}\n", "class C<T>", "One.\n@return x"),
        ("a.ts", "/** One. */\nexport const f = async (a) => {\n}\n", "export const f = async (a)", "One."),
        ("a.c", "/* One\n * two. */\nstatic int\nf(int a)\n{\n}\n", "static int f(int a)", "One\ntwo."),
        ("a.rb", "# One.\ndef f(a)\n  1\nend\n", "def f(a)", "One."),
        ("a.lua", "--- One.\nlocal function f(a) return 1 end\n", "local function f(a)", "One."),
        ("A.hs", "-- | One.\nf :: Int -> Int\nf x = x\n", "f :: Int -> Int", "One."),
        ("a.ex", 'defmodule M do\n  @moduledoc "One."\nend\n', "defmodule M", "One."),
        ("a.go", "type T struct {\n\tA int\n}\n", "type T struct", ""),
        ("a.c", "# define X 1\n", "# define X 1", ""),
        ("b.rb", "class A\n  # Inner.\n  def f; end\nend\n", "class A", ""),
        ("A.kt", "@A // why\n@B\nfun f(a: Int): Int = 1\n", "fun f(a: Int): Int", ""),
    ],
)
def test_a_signature_is_the_head_and_a_doc_has_no_markers(
    path: str, text: str, signature: str, doc: str
) -> None:
    symbol = parse(make_file(path, text)).symbols[0]
    assert (symbol.signature, symbol.doc) == (signature, doc)


def test_a_comment_after_a_blank_line_or_on_a_line_of_code_is_no_doc() -> None:
    found = symbols_of("a.py", "# Elsewhere.\n\ndef one(): pass\nx = 1  # of x\ndef two(): pass\n")
    assert [(found[name].doc_start, found[name].doc) for name in ("one", "two")] == [(3, ""), (5, "")]


def test_a_constant_in_a_function_is_a_local_variable() -> None:
    assert list(
        symbols_of("a.c", "int f(void) {\n#ifdef A\n  int a = 1;\n#endif\n  enum { X };\n}\nint b = 1;\n")
    ) == ["f", "b"]


def test_an_alias_names_what_it_stands_for() -> None:
    uses = parse(make_file("a.py", "from a.b import c as d\nimport e.f as g\n")).references
    assert [(use.name, use.qualifier) for use in uses] == [("d", "a.b#c"), ("g", "e.f")]


# Borders


def test_a_long_body_may_be_cut_where_its_statements_begin_and_their_comments_stay_with_them() -> None:
    steps = "".join(f"    # Step {n}.\n    step_{n}({'x' * 60})\n" for n in range(20))
    text = f"def run():\n    first()\n{steps}    while True:\n        again()\n"
    borders = parse(make_file("a.py", text)).borders
    assert borders[1] < borders[2] == borders[3] == borders[5]
    assert 4 not in borders  # the statement under its comment
    assert 44 not in borders  # what stands in a statement that is short


def test_a_short_file_has_no_borders() -> None:
    assert parse(make_file("a.py", "def f():\n    return 1\n")).borders == {}


def test_borders_stand_only_where_something_is_first_on_its_line() -> None:
    text = "call(" + "\n     1, {'a': 2}," * (LONG_NODE // 15) + ")\n"
    parsed = parse(make_file("a.py", text))
    assert parsed.borders[1] == 1
    assert set(parsed.borders.values()) == {1, 4}


# Errors and what nobody wrote on purpose


def test_a_file_with_errors_keeps_its_sound_definitions() -> None:
    parsed = parse(
        make_file("a.py", "def good():\n    pass\n\ndef bad(:\n    pass\n\ndef fine():\n    pass\n")
    )
    assert parsed.broken
    assert {"good", "fine"} <= {symbol.qualname for symbol in parsed.symbols}


def test_conflict_markers_do_not_hide_the_definitions_around_them() -> None:
    text = "def a():\n    pass\n\n<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> topic\n\ndef b():\n    pass\n"
    parsed = parse(make_file("a.py", text))
    assert parsed.broken
    assert {"a", "b"} <= {symbol.name for symbol in parsed.symbols}


def test_what_a_large_error_covers_is_parsed_piece_by_piece() -> None:
    functions = "".join(f"func f{n}() int {{\n\treturn {n}\n}}\n\n" for n in range(20))
    text = "package a\n\nvar x = map[string]{{{((\n\n" + functions
    found = symbols_of("a.go", text)
    assert {f"f{n}" for n in range(20)} <= found.keys()
    assert found["f7"].span.start == 5 + 7 * 4


def test_macros_do_not_spoil_a_declaration_in_c() -> None:
    text = (
        "BEGIN_DECLS\n\nSHOP_API int WINAPI buy(void *cart UNUSED)\n{\n\treturn 1;\n}\n\n#define SHOP_API\n"
    )
    parsed = parse(make_file("a.c", text))
    assert not parsed.broken
    assert [symbol.qualname for symbol in parsed.symbols] == ["buy"]


def test_no_definition_is_an_answer_too() -> None:
    for text in ("", "\n", "   \n\n", "# only a comment"):
        assert parse(make_file("a.py", text)).symbols == ()


@pytest.mark.parametrize(
    "path", ["a.py", "a.js", "a.ts", "a.go", "a.c", "a.cpp", "A.java", "a.rs", "a.rb", "a.hs", "a.ex"]
)
@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + ")" * 3000,
        "[" * 30_000,
        "{" * 30_000,
        "f(function(){" * 3000,
        "a+" * 10_000 + "b",
        "<div>" * 5000,
        "`${" * 10_000,
        '"' * 20_001,
        "\n".join(" " * depth + "if x:" for depth in range(1000)),
        "def f():\0\n    pass\n\0\0",
        "def f(): return '\ud800'\n",
        "\ufeffdef f():\r\n    pass\rx = 1\n",
        "x = '" + "a" * 200_000 + "'\n",
    ],
    ids=lambda text: repr(text[:8]),
)  # fmt: skip
def test_no_input_crashes_or_hangs(path: str, text: str) -> None:
    assert_sound(parse(make_file(path, text)))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.kt", "val x = 1\n@"),  # a scanner that never comes back without a last newline
        ("a.swift", "#" * 70_000 + '"'),  # a scanner that squares a run of #
        ("a.swift", "/*" * 2000),
        ("a.kt", "fun f() = " + "-" * 400),
        ("a.vue", "<script>" * 20_000),
        ("a.vue", "<script" * 20_000),
        ("a.ipynb", "[" * 100_000),
        ("a.ipynb", '"\\' * 100_000),
        ("a.md", "[a](" * 20_000 + "\n# x"),
        ("a.rst", "=\n" * 20_000),
    ],
)
def test_what_once_took_forever_takes_no_longer_than_the_limit(
    monkeypatch: pytest.MonkeyPatch, path: str, text: str
) -> None:
    monkeypatch.setattr(parsing, "TIME_LIMIT", 0.5)
    assert_sound(parse(make_file(path, text)))


def test_a_line_of_five_megabytes_is_parsed_or_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    one_string = parse(make_file("a.js", "let x = '" + "a" * 5_000_000 + "'\nfunction f() {}\n"))
    assert [symbol.qualname for symbol in one_string.symbols] == ["x", "f"]
    monkeypatch.setattr(parsing, "TIME_LIMIT", 1.0)  # it would be given up after parsing, too
    many_nodes = parse(make_file("a.js", "let x = [" + "f(1)," * 1_000_000 + "]\nfunction f() {}\n"))
    assert (many_nodes.symbols, many_nodes.broken) == ((), True)


def test_past_the_time_limit_the_file_comes_back_without_symbols(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "TIME_LIMIT", -1.0)
    parsed = parse(make_file("a.py", "def f():\n    return 1\n" * 500))
    assert (parsed.symbols, parsed.references, parsed.borders, parsed.broken) == ((), (), {}, True)


def test_what_was_given_up_is_not_gone_on_with_in_the_next_file(monkeypatch: pytest.MonkeyPatch) -> None:
    parse(make_file("a.py", "def before(): ...\n"))
    with monkeypatch.context() as no_time:
        no_time.setattr(parsing, "TIME_LIMIT", -1.0)
        assert parse(make_file("b.py", "def given_up():\n    return 1\n" * 500)).broken
    after = parse(make_file("c.py", "def after(): ...\n"))
    assert [symbol.qualname for symbol in after.symbols] == ["after"]


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    cuts=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 60)), min_size=1, max_size=4),
    junk=st.text("(){}[]<>\"'`\n\t =:;#/*@é\0", max_size=12),
)
def test_a_file_that_is_torn_apart_still_keeps_every_promise(
    name: str, cuts: list[tuple[int, int]], junk: str
) -> None:
    text = (SAMPLES / name).read_text("utf-8")
    for start, length in cuts:
        text = text[:start] + junk + text[start + length :]
    assert_sound(parse(make_file(name, text)))


# Documents, notebooks and components


def test_a_section_reaches_to_the_next_heading_of_its_level() -> None:
    found = symbols_of("a.md", "# One\n\ntext\n\n## Two\n```\n# no\n```\n### Three\n\n## Four\n# Five\n")
    assert {name: (found[name].span.start, found[name].span.end) for name in found} == {
        "One": (1, 11),
        "One / Two": (5, 10),
        "One / Two / Three": (9, 10),
        "One / Four": (11, 11),
        "Five": (12, 12),
    }


def test_a_notebook_that_is_no_json_is_broken_and_not_an_error() -> None:
    for text in ('{"cells": [', "]", "", '{"cells": [{"source": ["\\x"]}]}'):
        parsed = parse(make_file("a.ipynb", text))
        assert parsed.symbols == ()


def test_a_notebook_in_another_language_is_parsed_as_that_language() -> None:
    text = """{
 "cells": [
  {"cell_type": "code",
   "source": [
    "fn side() {\\n",
    "}"
   ]}
 ],
 "metadata": {"kernelspec": {"language": "rust"}}
}
"""
    assert symbols_of("a.ipynb", text)["side"].span.start == 5


def test_a_notebook_on_one_line_has_no_lines_to_point_at() -> None:
    text = '{"cells": [{"cell_type": "code", "source": ["def f():\\n", "    pass"]}], "metadata": {}}'
    assert_sound(parse(make_file("a.ipynb", text)))


def test_the_script_of_a_component_keeps_its_lines() -> None:
    text = """\
<template>
  <p>{{ x }}</p>
</template>

<script lang='ts'>
export default {
  methods: {
    add(n: number) {},
  },
}
</script>
"""
    parsed = parse(make_file("A.vue", text))
    assert [(symbol.qualname, symbol.span.start) for symbol in parsed.symbols] == [("add", 8)]
    assert parsed.borders[1] == parsed.borders[5] == 1

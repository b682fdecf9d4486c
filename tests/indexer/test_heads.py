"""What is kept of the head of a definition and of what is written about it."""

from __future__ import annotations

import pytest

from indexer.heads import DOC_LENGTH, SIGNATURE_LENGTH, clean_doc, signature


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"def f(\n    a,  # the first\n    b,\n) -> int:", "def f( a, # the first b, ) -> int"),
        (b"fn f(\n    // the first\n    a: A,\n) {", "fn f( a: A, )"),
        (b"/* old */ int f() {", "int f()"),
        (b"fn f<T>(a: T) where", "fn f<T>(a: T)"),
        (b"def redo", "def redo"),
        (b"def go do", "def go"),
        (b"operator== {", "operator=="),
        (b"const f = () =>", "const f = ()"),
    ],
)
def test_a_signature_is_one_line_without_comments_and_without_what_opens_the_body(
    head: bytes, said: str
) -> None:
    source = b"x\n" + head + b" BODY"
    assert signature(source, 2, len(source), 2 + len(head)) == said


def test_a_definition_without_a_body_is_its_own_signature_and_a_long_one_is_cut() -> None:
    assert signature(b"type A = B | {", 0, 14, 0) == "type A = B | {"
    assert len(signature(b"f(" + b"a, " * 1000, 0, 3002, 0)) == SIGNATURE_LENGTH


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"""Say "go"."""', 'Say "go".'),
        ('r"""A raw one\n\n    indented \'a\'\n    """', "A raw one\n\nindented 'a'"),
        ("'It is.'''", "It is."),
        ('@doc """\nElixir\n"""', "Elixir"),
        ("/**\n * Go *on*.\n * @x {y}\n */", "Go *on*.\n@x {y}"),
        ("// one\n/// two\n//! three", "one\ntwo\nthree"),
        ("# a-b/\n# [c]", "a-b/\n[c]"),
        ("--[[ lua ]]", "lua"),
        ("{- | haskell -}", "haskell"),
        (";; lisp", "lisp"),
        ("", ""),
        ('""""""', ""),
    ],
)
def test_a_doc_is_the_words_without_quotes_and_markers(text: str, said: str) -> None:
    assert clean_doc(text) == said


def test_a_doc_is_cut_where_an_essay_begins() -> None:
    assert len(clean_doc("word " * 1000)) == DOC_LENGTH - 1  # the space before the cut is no word

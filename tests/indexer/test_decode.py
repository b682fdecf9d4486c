"""Bytes in any encoding become text that can be stored, split and shown."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.decode import decode


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        ("größe 日本\n".encode(), "größe 日本\n"),
        (codecs.BOM_UTF8 + b"a\n", "a\n"),
        ("aß\n".encode("utf-16"), "aß\n"),
        (codecs.BOM_UTF16_BE + "aß\n".encode("utf-16-be"), "aß\n"),
        ("aß😀\n".encode("utf-32"), "aß😀\n"),
        ("# größe\n".encode("latin-1"), "# größe\n"),
        ("# – “quoted”\n".encode("cp1252"), "# – “quoted”\n"),
        (
            "# -*- coding: shift_jis -*-\nx = '日本'\n".encode("shift_jis"),
            "# -*- coding: shift_jis -*-\nx = '日本'\n",
        ),
        (
            '<?xml encoding="windows-1251"?>\nПривет\n'.encode("cp1251"),
            '<?xml encoding="windows-1251"?>\nПривет\n',
        ),
        ("日本語の文章\n".encode() + b"\xff\n", "日本語の文章\n\ufffd\n"),
    ],
)
def test_text_is_read_in_the_encoding_it_has(raw: bytes, text: str) -> None:
    assert decode(raw) == text


@pytest.mark.parametrize(
    "cookie", [b"unicode_escape", b"utf-7", b"rot13", b"zlib", b"idna", b"no-such", b"utf-16"]
)
def test_an_encoding_that_is_none_of_a_text_is_not_obeyed(cookie: bytes) -> None:
    raw = b"# coding: " + cookie + b"\nx = '\\x41\xe9'\n"
    assert decode(raw) == f"# coding: {cookie.decode()}\nx = '\\x41é'\n"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"a\r\nb\r\n", "a\nb\n"),
        (b"a\rb\r", "a\nb\n"),
        (b"a\r\nb\nc\rd\n", "a\nb\nc\rd\n"),
        (b"a\x0cb\x85\xe2\x80\xa8c\n", None),
    ],
)
def test_lines_end_in_one_way(raw: bytes, text: str | None) -> None:
    decoded = decode(raw)
    assert decoded is not None
    assert decoded == text or (text is None and decoded.count("\n") == 1)


def test_a_nul_near_the_beginning_is_binary_and_one_far_behind_is_not() -> None:
    assert decode(b"a\0b") is None
    assert decode(b"a" * 9000 + b"\0\n") == "a" * 9000 + "\ufffd\n"


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_the_text_can_be_stored(raw: bytes) -> None:
    text = decode(raw)
    if text is None:
        assert b"\0" in raw
    else:
        assert "\0" not in text
        assert text.encode("utf-8").decode("utf-8") == text

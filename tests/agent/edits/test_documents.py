import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.edits.documents import Document, decode
from indexer.errors import BadInput

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0\ufeff"))
LINES = st.lists(st.tuples(TEXT, st.sampled_from(["\n", "\r\n"])))


@given(LINES, st.data())
def test_a_splice_changes_nothing_outside_itself(lines: list[tuple[str, str]], data: st.DataObject) -> None:
    original = "".join(text + end for text, end in lines).encode()
    document = decode(original, "a.txt")
    start = data.draw(st.integers(0, len(document.text)))
    end = data.draw(st.integers(start, len(document.text)))
    changed = document.spliced(start, end, "NEW").encoded()
    before = document.spliced(start, len(document.text), "").encoded()
    after = document.spliced(0, end, "").encoded()
    assert changed == before + b"NEW" + after


@given(LINES, st.data())
def test_a_splice_can_be_undone(lines: list[tuple[str, str]], data: st.DataObject) -> None:
    document = decode("".join(text + "\n" for text, _ in lines).encode(), "a.txt")
    start = data.draw(st.integers(0, len(document.text)))
    end = data.draw(st.integers(start, len(document.text)))
    old = document.text[start:end]
    changed = document.spliced(start, end, "one\ntwo\n")
    assert changed.spliced(start, start + len("one\ntwo\n"), old).encoded() == document.encoded()


@given(st.binary())
def test_every_text_file_survives_reading_and_writing(data: bytes) -> None:
    try:
        document = decode(data, "a")
    except BadInput:
        return
    assert document.encoded() == data


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_byte_order_mark_stays(mark: bytes) -> None:
    encoding = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le"}.get(mark, "utf-16-be")
    document = decode(mark + "größe = 1\r\n".encode(encoding), "a.py")
    assert document.text == "größe = 1\n"
    changed = document.spliced(8, 9, "22").encoded()
    assert changed == mark + "größe = 22\r\n".encode(encoding)


def test_new_lines_take_the_line_end_of_their_place() -> None:
    mixed = decode(b"unix\nmore\nwindows\r\nmore\r\n", "a")
    assert mixed.spliced(0, 5, "a\nb\n").encoded() == b"a\nb\nmore\nwindows\r\nmore\r\n"
    assert mixed.spliced(10, 18, "a\nb\n").encoded() == b"unix\nmore\na\r\nb\r\nmore\r\n"


def test_a_line_added_inside_one_takes_the_line_end_of_the_file() -> None:
    assert decode(b"a b\r\nc\r\n", "x").spliced(1, 2, "\n").encoded() == b"a\r\nb\r\nc\r\n"


def test_a_line_added_inside_one_takes_the_line_end_of_its_neighbours() -> None:
    mixed = decode(b"a\nb\nc\nd e\r\nf", "x")
    assert mixed.spliced(7, 8, "\n").encoded() == b"a\nb\nc\nd\r\ne\r\nf"
    assert mixed.spliced(11, 11, "\n").encoded() == b"a\nb\nc\nd e\r\nf\r\n"


def test_a_binary_file_is_no_text() -> None:
    with pytest.raises(BadInput, match=r"logo\.png is a binary file"):
        decode(b"\x89PNG\0\0", "logo.png")


def test_bytes_that_are_no_utf8_are_kept_and_reported() -> None:
    document = decode(b"caf\xe9 = 1\n", "a.py")
    assert not document.readable
    assert document.spliced(7, 8, "2").encoded() == b"caf\xe9 = 2\n"
    assert Document("plain").readable

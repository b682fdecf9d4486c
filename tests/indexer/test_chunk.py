from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.chunk import CHUNK_CHARS, chunk
from indexer.parse import parse
from indexer.types import Chunk, SourceFile
from tests.make import make_file

SAMPLES = sorted(p for p in (Path(__file__).parents[1] / "projects" / "languages").iterdir() if p.is_file())


def chunks_of(file: SourceFile, limit: int = CHUNK_CHARS) -> list[Chunk]:
    return chunk(parse(file), "repo", limit)


def assert_covers(file: SourceFile, chunks: list[Chunk], limit: int) -> None:
    """Every line is in exactly one chunk, in order, and the chunks say what the file says."""
    expected = 1
    for c in chunks:
        assert c.span.start == expected
        assert c.span.end >= c.span.start
        assert c.text == "\n".join(file.lines[c.span.start - 1 : c.span.end]) + "\n"
        assert len(c.text) <= limit or len(c.span) == 1
        expected = c.span.end + 1
    assert expected == len(file.lines) + 1
    assert len({c.id for c in chunks}) == len(chunks)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.name)
@pytest.mark.parametrize("limit", [80, 400, CHUNK_CHARS])
def test_every_line_of_every_language_is_in_exactly_one_chunk(sample: Path, limit: int) -> None:
    file = make_file(sample.name, sample.read_text())
    assert_covers(file, chunks_of(file, limit), limit)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.name)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_mutilated_file_is_still_covered_line_by_line(sample: Path, data: st.DataObject) -> None:
    lines = sample.read_text().split("\n")
    start = data.draw(st.integers(0, len(lines)))
    end = data.draw(st.integers(start, len(lines)))
    garbage = data.draw(st.text(alphabet="(){}[]\"'`\n\t #/*é\0=<>ab1", max_size=200))
    text = "\n".join([*lines[:start], garbage, *lines[end:]])
    file = make_file(sample.name, text)
    chunks = chunks_of(file, 300)
    if any(line.strip() for line in file.lines):
        assert_covers(file, chunks, 300)
    else:
        assert chunks == []


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab \n\t", max_size=600), st.integers(1, 50))
def test_plain_text_of_any_shape_is_covered(text: str, limit: int) -> None:
    file = make_file("notes.txt", text)
    chunks = chunks_of(file, limit)
    if text.strip():
        assert_covers(file, chunks, limit)


def test_functions_are_not_cut_where_they_fit() -> None:
    body = "".join(f"    total += {n}\n" for n in range(30))
    text = "\n".join(f"def function_{n}(total):\n{body}    return total\n\n" for n in range(8))
    for c in chunks_of(make_file("sums.py", text)):
        assert c.text.startswith("def function_")
        assert c.text.rstrip().endswith("return total")


def test_a_comment_stays_with_its_definition() -> None:
    filler = "x = [\n" + "    1,\n" * 250 + "]\n\n"
    text = f"{filler}# Says how a payment is tried again.\ndef retry():\n" + "    call()\n" * 100
    first = next(c for c in chunks_of(make_file("retry.py", text)) if "retry" in c.defines)
    assert first.text.startswith("# Says how")


def test_a_long_class_is_cut_between_its_methods_and_each_piece_knows_its_class() -> None:
    method = "    def method_{}(self):\n" + "        self.total += 1\n" * 40 + "\n"
    text = "class Ledger:\n" + "".join(method.format(n) for n in range(6))
    chunks = chunks_of(make_file("ledger.py", text))
    assert len(chunks) == 6
    assert [c.scope for c in chunks[1:]] == ["Ledger"] * 5
    assert chunks[3].defines == ("Ledger.method_3",)


def test_a_signature_stays_with_the_beginning_of_its_long_body() -> None:
    text = "import os\n\n\n" + "x = 1\n" * 200 + "def settle(orders):\n    for order in orders:\n"
    text += "        order.pay()\n" * 150
    first = next(c for c in chunks_of(make_file("settle.py", text)) if "settle" in c.defines)
    assert first.text.startswith("def settle(orders):\n    for order in orders:\n        order.pay()\n")


def test_a_chunk_that_only_moves_keeps_its_id() -> None:
    body = "def charge():\n" + "    pay()\n" * 150 + "\n"
    other = "def refund():\n" + "    give_back()\n" * 80 + "\n"
    before = {c.text: c.id for c in chunks_of(make_file("pay.py", body + other))}
    after = {c.text: c.id for c in chunks_of(make_file("pay.py", "import os\n" * 200 + body + other))}
    assert before[other] == after[other]


def test_equal_texts_in_one_file_have_ids_of_their_own() -> None:
    block = "value = 1\n" * 140 + "\n"
    chunks = chunks_of(make_file("same.txt", block * 3))
    assert len({c.id for c in chunks}) == len(chunks) > 1
    assert len({c.digest for c in chunks}) < len(chunks)


def test_code_nested_deeper_than_any_stack_is_cut() -> None:
    text = "x = (\n" + "".join(f"{'a' * 40} + (\n" for _ in range(2000)) + "1\n" + ")" * 2001 + "\n"
    file = make_file("deep.py", text)
    assert_covers(file, chunks_of(file), 2002)


def test_a_line_longer_than_a_chunk_is_one_chunk() -> None:
    file = make_file("data.txt", "short\n" + "x" * 5000 + "\nshort\n")
    assert [len(c.span) for c in chunks_of(file)] == [1, 1, 1]


def test_an_empty_file_has_no_chunks() -> None:
    assert chunks_of(make_file("empty.py", "\n\n  \n")) == []

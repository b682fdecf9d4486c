"""What a parser reads is let go of."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator

import pytest

from indexer.parse import parse
from indexer.slices import Slices
from tests.make import make_file


def test_a_text_that_was_parsed_takes_no_memory_any_more() -> None:
    def edit(number: int) -> None:
        parse(make_file("a.py", f"def f():\n    return {number:06}\n" * 2000))

    for number in range(5):
        edit(number)
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(5, 15):
            edit(number)
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 100_000  # of 560,000 bytes that were read


@pytest.mark.parametrize("length", [0, 1, 255, 256, 257, 4095, 4096, 4097, 9000])
def test_pieces_one_after_the_other_are_the_source_and_bytes_once_it_is_parsed(length: int) -> None:
    source = (bytes(range(256)) * 40)[:length]
    slices = Slices(source)
    assert b"".join(map(bytes, _pieces(slices))) == source
    slices.parsed()
    assert {type(piece) for piece in _pieces(slices)} <= {bytes}
    assert b"".join(_pieces(slices)) == source


def test_texts_of_all_lengths_go_through_few_buffers() -> None:
    lengths = {len(piece) for length in range(9000) for piece in _pieces(Slices(bytes(length)))}
    assert sum(lengths) < 80_000


def _pieces(slices: Slices) -> Iterator[bytes | bytearray]:
    at = 0
    while piece := slices(at, None):
        yield piece
        at += len(piece)

"""What a parser reads is let go of."""

from __future__ import annotations

import gc
import tracemalloc

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


def test_pieces_are_those_of_the_source_and_bytes_once_it_is_parsed() -> None:
    source = bytes(range(256)) * 9
    slices = Slices(source)
    pieces = [bytes(slices(at, None)) for at in range(0, len(source), 1024)]
    assert b"".join(pieces) == source
    assert bytes(slices(5, None)) == source[5:1029]
    slices.parsed()
    assert type(slices(5, None)) is bytes
    assert slices(5, None) == source[5:1029]

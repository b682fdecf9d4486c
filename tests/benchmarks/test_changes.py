"""What of a change counts as a place."""

from __future__ import annotations

import pytest

from benchmarks.changes import imported


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('package log\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nvar out = os.Stdout', {1, 3, 4, 5, 6}),
        ("import {\n  Hono,\n  type Context\n} from './hono'\n\nuse(Hono)", {1, 2, 3, 4}),
        ("from shop import (\n    Cart,\n)\nimport os\n\ncart = Cart()", {1, 2, 3, 4}),
        ("use std::{\n    fmt,\n};\n\nstruct Cart;", {1, 2, 3}),
    ],
)
def test_an_import_ends_where_its_list_is_closed(text: str, lines: set[int]) -> None:
    assert imported(text.split("\n")) == lines

"""How guides ask for what is counted in Go, Java and Rust."""

from __future__ import annotations

from .rows import rows

ROWS = rows(
    ("go",),
    ("test.framework", "testify", "", r"\b(?:use|with|prefer) testify\b"),
) + rows(
    ("java",),
    ("test.framework", "junit5", "", r"\bjunit ?(?:5|jupiter)\b"),
    ("test.framework", "junit4", "", r"\bjunit ?4\b"),
)

"""How a Rust file is written: what it counts for, and its tests, which often end the file they test."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..lines import Lines
from ..tally import Tally
from .definitions import count_definitions
from .errors import count_errors
from .structure import count_structure
from .tests import count_rust_tests

__all__ = ["count_rust", "count_rust_test_file"]

_TEST_MODULE = re.compile(r"#\[cfg\((?:all\()?test\b[^\n]*\]\s*(?:pub )?mod (\w+) \{")


def count_rust(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """A file of code; what follows its module of tests is counted as tests."""
    module = _TEST_MODULE.search(lines.code) if "#[cfg(" in lines.text else None
    end = module.start() if module else len(lines.code)
    if module:
        tally.add("test.mod", module[1], lines.line(module.start(1)))
    count_errors(parsed, lines, end, tally)
    count_definitions(parsed, lines, end, tally)
    count_structure(parsed, lines, end, tally)
    count_rust_tests(parsed, lines, "inside", tally)


def count_rust_test_file(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    count_rust_tests(parsed, lines, "apart", tally)

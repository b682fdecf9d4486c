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

__all__ = ["count_rust", "count_rust_tests"]

_TEST_MODULE = re.compile(
    r"#\[cfg\((?:all\()?test\b[^\n]{0,200}\]\s*+(?:#\[[^\n]{0,300}\]\s*+){0,8}(?:pub )?mod (\w+)( \{|;)"
)


def count_rust(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """A file of code; what follows its module of tests is counted as tests."""
    module = _TEST_MODULE.search(lines.code) if "#[cfg(" in lines.text else None
    inside = module is not None and module[2] != ";"
    end = module.start() if module and inside else len(lines.code)
    if module:
        line = lines.line(module.start(1))
        tally.add("test.mod", module[1], line)
        tally.add("test.module", "inside" if inside else "beside", line)
    count_errors(parsed, lines, end, tally)
    count_definitions(parsed, lines, end, tally)
    count_structure(parsed, lines, end, tally)
    count_rust_tests(parsed, lines, tally)

"""How a Java file is written: what it counts for, and its tests."""

from __future__ import annotations

from ...types import ParsedFile
from ..lines import Lines
from ..tally import Tally
from .definitions import count_definitions
from .errors import count_errors
from .structure import count_structure
from .tests import count_java_tests

__all__ = ["count_java", "count_java_tests"]


def count_java(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Errors, definitions and structure of a file that is no test."""
    count_errors(parsed, lines, tally)
    count_definitions(parsed, tally)
    count_structure(parsed, lines, tally)

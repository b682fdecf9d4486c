"""How a Go file is written: what it counts for, and its tests."""

from __future__ import annotations

from ...types import ParsedFile
from ..lines import Lines
from ..tally import Tally
from .errors import count_errors
from .names import count_names
from .structure import count_structure
from .tests import count_go_tests

__all__ = ["count_go", "count_go_tests"]


def count_go(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Errors, names, docs and structure of a file that is no test."""
    count_errors(parsed, lines, tally)
    count_names(parsed, lines, tally)
    count_structure(parsed, lines, tally)

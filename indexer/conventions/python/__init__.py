"""How a Python file is written: what it counts for, and its tests."""

from __future__ import annotations

from ...types import ParsedFile
from ..choices import count_choices
from ..lines import Lines
from ..tally import Tally
from .annotations import count_annotations, count_signatures
from .docs import count_docs
from .errors import count_errors
from .fixtures import count_fixtures
from .imports import count_exports, count_imports, count_own_imports
from .layout import count_layout, count_size
from .libraries import PYTHON_CHOICES, TEST_CHOICES
from .logs import count_logs, count_strings
from .modelling import count_modelling
from .source import Source
from .standard import count_names, count_standard
from .tests import count_tests
from .web import count_web

__all__ = ["PYTHON_CHOICES", "TEST_CHOICES", "count_python", "count_python_tests"]


def count_python(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """A file that is no test."""
    source = Source(parsed, lines)
    _count_everywhere(source, tally)
    count_signatures(source, tally)
    count_errors(source, tally)
    count_docs(source, tally)
    count_own_imports(source, tally)
    count_exports(source, tally)
    count_modelling(source, tally)
    count_logs(source, tally)
    count_standard(source, tally)
    count_names(source, tally)
    count_size(source, tally)
    count_web(source, tally)
    count_choices(source.imports, PYTHON_CHOICES, tally)


def count_python_tests(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """A file of tests, or of what helps them."""
    source = Source(parsed, lines)
    _count_everywhere(source, tally)
    count_tests(source, tally)
    count_fixtures(source, tally)
    count_choices(source.imports, TEST_CHOICES, tally)


def _count_everywhere(source: Source, tally: Tally) -> None:
    """What code and tests have in common."""
    count_annotations(source, tally)
    count_imports(source, tally)
    count_layout(source, tally)
    count_strings(source, tally)

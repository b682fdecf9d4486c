"""How a JavaScript or TypeScript file is written: what it counts for, and its tests."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..choices import count_choices
from ..lines import Lines
from ..tally import Tally
from .assertions import count_assertions
from .calls import count_calls
from .classes import count_classes
from .components import count_parts, script_of
from .docs import count_docs
from .errors import count_errors
from .expressions import count_expressions
from .libraries import ECMA_CHOICES, TEST_CHOICES
from .modules import count_imports, count_modules
from .naming import count_naming
from .react import count_react
from .tests import count_package_json, count_tests
from .types import count_types

__all__ = ["count_components", "count_ecma", "count_ecma_tests", "count_package_json"]

_TYPED = frozenset({"typescript", "tsx"})
_DATA = re.compile(r"(?:^|/)_*(?:fixtures?|snapshots|testdata)_*/|\.d\.[cm]?ts$")
_MARKUP = frozenset({"tsx", "jsx", "javascript"})


def count_ecma(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Every family for a file that is no test; declarations and samples have no code to tell of."""
    if _DATA.search(parsed.file.path):
        return
    count_errors(parsed, lines, tally)
    count_modules(parsed, lines, tally)
    count_naming(parsed, tally)
    count_docs(parsed, lines, tally)
    count_classes(parsed, lines, tally)
    count_calls(parsed, tally)
    count_expressions(parsed, lines, tally)
    if parsed.file.language in _TYPED:
        count_types(parsed, lines, tally)
    if parsed.file.language in _MARKUP:
        count_react(parsed, lines, tally)
    count_choices(parsed.references, ECMA_CHOICES, tally)


def count_components(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """A file of Vue, Svelte or Astro: its script, and what only such a file can be asked."""
    script = script_of(parsed)
    code = Lines(script.file.text, script.file.language)
    count_ecma(script, code, tally)
    count_parts(parsed, code, tally)


def count_ecma_tests(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """The tests of a file, what they check with, and how it imports."""
    if _DATA.search(parsed.file.path):
        return
    first = count_tests(parsed, lines, tally)
    if first:
        count_imports(parsed, lines, tally)
        count_assertions(parsed, lines, first, tally)
        count_choices(parsed.references, TEST_CHOICES, tally)

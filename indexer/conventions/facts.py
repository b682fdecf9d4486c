"""Turn a ParsedFile into its facts. Runs for every file that is indexed, so it is cheap."""

from __future__ import annotations

from collections.abc import Callable

from ..types import ParsedFile
from .ecma import count_components, count_ecma, count_ecma_tests, count_package_json
from .lines import Lines
from .naming import count_file, count_names
from .other_tests import count_other_tests
from .places import is_test
from .python import count_python, count_python_tests
from .tally import LINES, Facts, Tally

ECMA = frozenset({"javascript", "jsx", "typescript", "tsx"})


Counter = Callable[[ParsedFile, Lines, Tally], None]

# language -> what counts its code, and what counts its tests
_COUNTERS: dict[str, tuple[Counter, Counter]] = {
    "python": (count_python, count_python_tests),
    **dict.fromkeys(ECMA, (count_ecma, count_ecma_tests)),
    **dict.fromkeys(("vue", "svelte", "astro"), (count_components, count_ecma_tests)),
}


def facts_of(parsed: ParsedFile, lines: int = LINES) -> Facts:
    """What this file does, question by question, with up to `lines` lines of each answer.

    The same text at the same path has the same facts.
    """
    tally = Tally(lines)
    file = parsed.file
    if file.path.endswith("package.json"):
        count_package_json(parsed, tally)
    if file.kind != "code":
        return tally.facts
    test = is_test(file.path)
    count_file(parsed, tally)
    if not test:
        count_names(parsed, tally)
    counters = _COUNTERS.get(file.language)
    if counters:
        counters[test](parsed, Lines(file.text, file.language), tally)
    elif test:
        count_other_tests(parsed, tally)
    return tally.facts

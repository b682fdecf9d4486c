"""Turn a ParsedFile into its facts. Runs for every file that is indexed, so it is cheap."""

from __future__ import annotations

from collections.abc import Callable

from ..types import ParsedFile
from .bases import count_bases
from .catches import count_catches
from .ecma import count_components, count_ecma, count_ecma_tests, count_package_json
from .go import count_go, count_go_tests
from .java import count_java, count_java_tests
from .lines import Lines
from .naming import count_file, count_names
from .other_code import count_other_code
from .other_tests import count_other_tests, count_test_names
from .packages import count_package
from .places import is_test
from .python import count_python, count_python_tests
from .remarks import count_remarks
from .rust import count_rust, count_rust_tests
from .tally import LINES, Facts, Tally
from .tooling import count_tooling
from .written import count_written, is_guide

ECMA = frozenset({"javascript", "jsx", "typescript", "tsx"})


Counter = Callable[[ParsedFile, Lines, Tally], None]

# language -> what counts its code, and what counts its tests
_COUNTERS: dict[str, tuple[Counter, Counter]] = {
    "python": (count_python, count_python_tests),
    **dict.fromkeys(ECMA, (count_ecma, count_ecma_tests)),
    "go": (count_go, count_go_tests),
    "java": (count_java, count_java_tests),
    "rust": (count_rust, count_rust_tests),
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
    count_tooling(parsed, tally)
    count_package(parsed, tally)
    if file.kind != "code":
        if file.kind == "docs" and is_guide(file.path):
            count_written(parsed, tally)
        return tally.facts
    test = is_test(file.path)
    count_file(parsed, tally)
    if not test:
        count_names(parsed, tally)
        count_bases(parsed, tally)
    text = Lines(file.text, file.language)
    count_remarks(parsed, text, tally)
    counters = _COUNTERS.get(file.language)
    if counters:
        counters[test](parsed, text, tally)
    elif test:
        count_other_tests(parsed, tally)
        count_test_names(parsed, tally)
    else:
        count_other_code(parsed, text, tally)
        count_catches(parsed, text, tally)
    return tally.facts

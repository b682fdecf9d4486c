"""Turn a ParsedFile into its facts. Runs for every file that is indexed, so it is cheap."""

from __future__ import annotations

from ..types import ParsedFile
from .ecma import count_ecma, count_ecma_tests, count_package_json
from .naming import count_file, count_names
from .other_tests import count_other_tests
from .places import is_test
from .python import count_python
from .python_tests import count_python_tests
from .tally import Facts, Tally

ECMA = frozenset({"javascript", "jsx", "typescript", "tsx"})


def facts_of(parsed: ParsedFile) -> Facts:
    """What this file does, question by question. The same text at the same path has the same facts."""
    tally = Tally()
    file = parsed.file
    if file.path.endswith("package.json"):
        count_package_json(parsed, tally)
    if file.kind != "code":
        return tally.facts
    test = is_test(file.path)
    count_file(parsed, tally)
    if not test:
        count_names(parsed, tally)
    if file.language == "python":
        (count_python_tests if test else count_python)(parsed, tally)
    elif file.language in ECMA:
        (count_ecma_tests if test else count_ecma)(parsed, tally)
    elif test:
        count_other_tests(parsed, tally)
    return tally.facts

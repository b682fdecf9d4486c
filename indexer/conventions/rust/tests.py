"""Count how the tests of a Rust file are named and what they keep snapshots with."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..lines import Lines
from ..tally import Tally

_TEST = re.compile(
    r"#\[(?:tokio::|async_std::|rstest::)?(?:test|rstest|test_case)\b[^\n]{0,300}\]\s*+(?:#\[[^\n]{0,300}\]\s*+){0,8}"
)
_FUNCTION = re.compile(r"(?:pub )?(async )?fn (\w+)\(")
_SNAPSHOTS = {"insta": "insta", "snapbox": "snapbox", "expect_test": "expect-test", "goldie": "goldie"}


def count_rust_tests(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    if "#[" not in lines.text or "test" not in lines.text:
        return
    code, found = lines.code, False
    for match in _TEST.finditer(code):
        function = _FUNCTION.match(code, match.end())
        if not function:
            continue
        found, line = True, lines.line(match.end())
        tally.add("test.prefix", "yes" if function[2].startswith("test_") else "no", line)
    if not found:
        return
    seen: set[str] = set()
    for reference in parsed.references:
        root = (reference.qualifier or reference.name).partition(".")[0]
        if root in _SNAPSHOTS and root not in seen:
            seen.add(root)
            tally.add("uses.snapshots", _SNAPSHOTS[root], reference.line)

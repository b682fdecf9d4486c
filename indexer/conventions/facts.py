"""Turn a ParsedFile into its facts. Runs for every file that is indexed, so it is cheap."""

from __future__ import annotations

from ..types import ParsedFile
from .naming import count_file, count_names
from .places import is_test
from .tally import Facts, Tally


def facts_of(parsed: ParsedFile) -> Facts:
    """What this file does, question by question; empty for what is not code."""
    tally = Tally()
    file = parsed.file
    if file.kind != "code":
        return tally.facts
    count_file(parsed, tally)
    if not is_test(file.path):
        count_names(parsed, tally)
    return tally.facts

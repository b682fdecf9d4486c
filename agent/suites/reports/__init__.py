"""What a test runner left behind -> which tests passed, failed and were skipped.

Reports come out of the sandbox, so they are written by code nobody trusts: an XML document with a
document type is refused (entities can expand without end), sizes are limited by the reader of the
file, and nothing here is believed without the exit code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal
from xml.parsers import expat

from agent.suites.reports import cargo, go, javascript, printed, ruby, xml
from agent.suites.reports.cases import Case, Failure, Results, sorted_out, uncoloured
from indexer.errors import BadInput

__all__ = ["Failure", "Format", "Results", "read_report", "read_reports"]

Format = Literal["junit", "trx", "jest", "mocha", "node", "go", "cargo", "rspec", "tap", "unittest", "text"]

_READERS: dict[Format, Callable[[str], list[Case]]] = {
    "junit": xml.junit,
    "trx": xml.trx,
    "jest": javascript.jest,
    "mocha": javascript.mocha,
    "node": javascript.node,
    "go": go.events,
    "cargo": cargo.printed,
    "rspec": ruby.rspec,
    "tap": printed.tap,
    "unittest": printed.unittest,
    "text": printed.lines,
}


def read_report(report: Format, text: str) -> Results:
    """Read the document of one runner. Raises BadInput when it is none."""
    return read_reports(report, [text])


def read_reports(report: Format, texts: Sequence[str]) -> Results:
    """Read the documents of one run, where a runner writes one for each module or class."""
    cases = [case for text in texts for case in _cases(report, text)]
    if not cases and report in ("text", "cargo", "tap", "unittest"):
        return Results(counted=sum(printed.sums(uncoloured(text)) for text in texts))
    return sorted_out(cases)


def _cases(report: Format, text: str) -> list[Case]:
    try:
        return _READERS[report](uncoloured(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, expat.ExpatError) as error:
        raise BadInput(f"the test report cannot be read as {report}: {error}") from error

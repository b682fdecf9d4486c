"""Count which of several calls for the same end a JavaScript or TypeScript file makes."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..tally import Tally

_LEVELS = frozenset({"log", "info", "warn", "error", "debug", "trace", "verbose", "fatal"})
_LOGGER = re.compile(r"(?:^|\.|_)(?:log|logger|LOG|LOGGER|[a-z]+Logger)$")
_NUMBERS = frozenset({"parseInt", "parseFloat", "isNaN", "isFinite"})
_SCRIPTS = re.compile(r"(?:^|/)(?:scripts?|bin|tools?|examples?|benchmarks?|cli|docs|build|perf[\w-]*)/")


def count_calls(parsed: ParsedFile, tally: Tally) -> None:
    """One pass over the calls. `fetch` counts as a client of HTTP where the file does not define it."""
    script = _SCRIPTS.search(parsed.file.path) is not None
    fetched = False
    for name, kind, line, _, qualifier, _, _ in parsed.references:
        if kind != "call":
            continue
        if name in _LEVELS and not script:
            if qualifier == "console":
                tally.add("log", "console", line)
            elif _LOGGER.search(qualifier):
                tally.add("log", "logger", line)
        elif name in _NUMBERS:
            if qualifier in ("Number", ""):
                tally.add("number", "Number" if qualifier else "global", line)
        elif name == "forEach":
            tally.add("loop", "forEach", line)
        elif name == "then":
            tally.add("promise", "then", line)
        elif name == "fetch" and not qualifier and not fetched:
            fetched = True
            tally.add("uses.http", "fetch", line)
        elif name == "hasOwnProperty" or (name == "call" and qualifier.endswith("hasOwnProperty")):
            tally.add("own.property", "hasOwnProperty", line)
        elif name == "hasOwn" and qualifier == "Object":
            tally.add("own.property", "hasOwn", line)
        elif name == "assign" and qualifier == "Object":
            tally.add("object.copy", "assign", line)
        elif name == "Boolean" and not qualifier:
            tally.add("boolean", "Boolean", line)

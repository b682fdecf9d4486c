"""Count what a JavaScript or TypeScript test checks with, and what it puts in place of others."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..lines import Lines
from ..tally import Tally

_DOUBLE = re.compile(r"\.(?:mock|fn|spyOn|stub|spy|method)\(")
_MAKERS = ("vi", "jest", "sinon", "mock", "sandbox", "td")


def count_assertions(parsed: ParsedFile, lines: Lines, first: int, tally: Tally) -> None:
    """One answer per check where there are several ways, one per file for stand-ins."""
    _count_doubles(lines, first, tally)
    seen: set[str] = set()
    for name, kind, line, _, qualifier, _, _ in parsed.references:
        if kind != "call":
            continue
        if qualifier.startswith("expect(") or name == "expect":
            if "expect" not in seen:
                seen.add("expect")
                tally.add("test.assertion", "expect", line)
            _count_expectation(name, qualifier, line, tally)
        elif qualifier == "assert" or name == "assert" or qualifier.startswith("assert."):
            if "assert" not in seen:
                seen.add("assert")
                tally.add("test.assertion", "assert", line)
            _count_assert(name, line, seen, tally)
        elif qualifier == "t" or qualifier.startswith("t.assert"):
            if "t" not in seen:
                seen.add("t")
                tally.add("test.assertion", "t", line)
            _count_assert(name, line, seen, tally)
        elif name == "fireEvent" or qualifier == "fireEvent":
            tally.add("test.events", "fireEvent", line)
        elif qualifier in ("userEvent", "user"):
            tally.add("test.events", "userEvent", line)
    _count_snapshots(lines, tally)


def _count_doubles(lines: Lines, first: int, tally: Tally) -> None:
    """Once per file, at the first stand-in."""
    code = lines.code
    for match in _DOUBLE.finditer(code):
        maker = next((maker for maker in _MAKERS if code.endswith(maker, 0, match.start())), "")
        if maker:
            line = lines.line(match.start())
            tally.add("test.double", "mock", line)
            tally.add("test.maker", maker, line)
            return
    tally.add("test.double", "none", first)


def _count_expectation(name: str, qualifier: str, line: int, tally: Tally) -> None:
    if name in ("toEqual", "toStrictEqual"):
        tally.add("test.equal", name, line)
    elif name in ("toThrow", "toThrowError"):
        tally.add("test.throws", name, line)
    elif name == "eql" or (name in ("equal", "equals") and qualifier.endswith(".deep")):
        tally.add("test.deep", "eql" if name == "eql" else "deep.equal", line)
    elif name in ("toHaveBeenCalled", "toHaveBeenCalledTimes", "toHaveBeenCalledOnce", "toBeCalled"):
        tally.add("test.called", "toBe" if name.startswith("toBe") else "toHaveBeen", line)


_STRICT = {
    **dict.fromkeys(("equal", "deepEqual", "notEqual"), "loose"),
    **dict.fromkeys(("strictEqual", "deepStrictEqual", "notStrictEqual"), "strict"),
}


def _count_assert(name: str, line: int, seen: set[str], tally: Tally) -> None:
    """Once per file: who writes a file keeps to one of both."""
    if name in _STRICT and _STRICT[name] not in seen:
        seen.add(_STRICT[name])
        tally.add("test.strict", _STRICT[name], line)


_SNAPSHOT = re.compile(r"\.toMatch(Inline)?Snapshot\(")


def _count_snapshots(lines: Lines, tally: Tally) -> None:
    if "Snapshot(" in lines.code:
        for match in _SNAPSHOT.finditer(lines.code):
            tally.add_at("test.snapshot", "inline" if match[1] else "file", lines, match.start())

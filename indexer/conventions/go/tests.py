"""Count how a Go test file is written: names, tables, helpers, and what it takes from `testing`."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..lines import Lines
from ..other_tests import count_other_tests
from ..tally import Tally
from .structure import count_imports


def count_go_tests(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    if not parsed.file.path.endswith("_test.go"):
        return  # helpers and data of tests follow other rules
    count_other_tests(parsed, tally)
    count_imports(parsed, tally)
    _count_functions(parsed, lines, tally)
    _count_calls(parsed, tally)
    _count_tables(lines, tally)


_PACKAGE = re.compile(r"^package (\w+)", re.MULTILINE)
_TEST = re.compile(r"Test[A-Z_0-9]")
_ENTRY = ("Test", "Benchmark", "Fuzz", "Example")


def _count_functions(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    called = {
        (reference.scope, reference.name)
        for reference in parsed.references
        if reference.name in ("Parallel", "Helper")
    }
    tests = False
    for symbol in parsed.symbols:
        if symbol.kind not in ("function", "method"):
            continue
        line, name = symbol.span.start, symbol.name
        if symbol.kind == "function" and _TEST.match(name) and "testing.T)" in symbol.signature:
            tests = True
            form = "Test_" if name[4] == "_" else "TestA_b" if "_" in name else "TestA"
            tally.add("test.name", form, line)
            tally.add("test.parallel", "yes" if (symbol.qualname, "Parallel") in called else "no", line)
        elif "testing.T" in symbol.signature.partition(")")[0] and not name.startswith(_ENTRY):
            tally.add("test.helper", "yes" if (symbol.qualname, "Helper") in called else "no", line)
    package = _PACKAGE.search(lines.code)
    if tests and package:
        external = package[1].endswith("_test")
        tally.add_at("test.package", "external" if external else "internal", lines, package.start())


# What `testing` offers since some version, and what did it before.
_OFFERED = {
    ("TempDir", True): ("test.temp", "t.TempDir"),
    ("MkdirTemp", False): ("test.temp", "os.MkdirTemp"),
    ("Setenv", True): ("test.env", "t.Setenv"),
    ("Setenv", False): ("test.env", "os.Setenv"),
    ("Context", True): ("test.context", "t.Context"),
    ("Background", False): ("test.context", "context.Background"),
    ("TODO", False): ("test.context", "context.Background"),
}
_ERROR_CHECKS = frozenset(
    {"NoError", "NoErrorf", "Error", "ErrorIs", "ErrorAs", "EqualError", "ErrorContains"}
)
_TESTING = frozenset({"t", "b", "tb", "s.T()"})


def _count_calls(parsed: ParsedFile, tally: Tally) -> None:
    for reference in parsed.references:
        if reference.kind != "call":
            continue
        qualifier = reference.qualifier
        if qualifier in ("require", "assert"):
            if reference.name in _ERROR_CHECKS:
                tally.add("test.noerror", qualifier, reference.line)
        elif qualifier in ("os", "ioutil", "context") or qualifier in _TESTING:
            name = "MkdirTemp" if (qualifier, reference.name) == ("ioutil", "TempDir") else reference.name
            offered = _OFFERED.get((name, qualifier in _TESTING))
            if offered:
                tally.add(*offered, reference.line)


_TABLE = re.compile(r":= (\[\]|map\[string\])\*?struct ?\{")
_NAMED = re.compile(r"(\w+) $")
_LOOP = re.compile(r"for \w+, (\w+) := range (\w+) \{")
_BODY = 8000  # characters of a loop over cases
_WANT = re.compile(r"\n\t++(want|expect|exp)(?:ed)?(?:[A-Z]\w*)?[ \t]+[\w\[\]*.{}]+(?=\n)")


def _count_tables(lines: Lines, tally: Tally) -> None:
    code = lines.code
    tables: set[str] = set()
    for match in _TABLE.finditer(code):
        name = _NAMED.search(code, max(0, match.start() - 40), match.start())
        if name:
            line = lines.line(match.start())
            tables.add(name[1])
            tally.add("test.cases", name[1], line)
            tally.add("test.cases.form", "map" if match[1] != "[]" else "slice", line)
    if not tables:
        return
    for match in _LOOP.finditer(code):
        if match[2] in tables:
            line = lines.line(match.start())
            indent = code[code.rfind("\n", max(0, match.start() - 100), match.start()) + 1 : match.start()]
            end = code.find(f"\n{indent}}}", match.end(), match.end() + _BODY)
            body = code[match.end() : end if end > 0 else match.end() + _BODY]
            tally.add("test.case", match[1], line)
            tally.add("test.subtests", "yes" if ".Run(" in body else "no", line)
    for match in _WANT.finditer(code):
        tally.add_at("test.want", "want" if match[1] == "want" else "expected", lines, match.start(1))

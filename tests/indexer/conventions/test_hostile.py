"""Texts that nobody writes are counted in time that grows with their length alone."""

from __future__ import annotations

import time

import pytest

from indexer.conventions.facts import facts_of
from indexer.types import ParsedFile
from tests.make import make_file

_SIZE = 50_000  # characters
_SECONDS = 10.0  # of CPU; a pattern that tries again from each place takes minutes

UNITS = (
    "/* ", "//nolint ", "@Test ", "@Inject private ", "== null)" + " " * 60, "catch (a ", "map[a]", "TODO(",
    "derive(", "#[test]\n", "#[cfg(test)]\n", "println!(", "for a ", "else {", '"', "\'", "`", "\\", "x++ ",
    "= a ", "; err != nil {", "err := ", "for _, a := range b {", "use a::{", "unsafe { ", "fail(", "<", "(",
    "[", "\n        ", "\n", "import a", "// ", "fmt.Errorf(", "errors.New(", "throw new A(", "catch (A e) {",
)  # fmt: skip


@pytest.mark.parametrize(
    "path", ["a.go", "a_test.go", "A.java", "src/test/ATest.java", "a.rs", "A.cs", "a.sh"]
)
def test_hostile_texts_are_counted_in_time(path: str) -> None:
    begun = time.process_time()
    for unit in UNITS:
        facts_of(ParsedFile(make_file(path, unit * (_SIZE // len(unit)))))
    assert time.process_time() - begun < _SECONDS

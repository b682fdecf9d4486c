"""Sentences about how JavaScript and TypeScript are written here."""

from __future__ import annotations

from .words import table

ROWS = table(
    ("interface.prefix", "yes", "Interfaces carry the prefix I.", "naming", 0.1),
    ("interface.prefix", "no", "Interfaces carry no prefix I.", "naming", 0.9),
    ("catch.empty", "no", "No `catch` block is empty.", "errors", 0.9),
    ("function.form", "arrow", "Functions at file level are arrow functions.", "structure", 0.4),
    ("function.form", "declaration", "Functions at file level are declarations.", "structure", 0.5),
    ("export", "named", "Modules export names, not a default.", "structure", 0.6),
    ("export", "default", "Modules export one default.", "structure", 0.2),
    ("semicolons", "no", "Statements end without semicolons.", "structure", 0.3),
    ("semicolons", "yes", "Statements end with semicolons.", "structure", 0.85),
    ("import.suffix", "yes", "Relative imports name the file's suffix.", "structure", 0.3),
    ("import.suffix", "no", "Relative imports leave the file's suffix away.", "structure", 0.6),
    ("module", "commonjs", "Modules are CommonJS (`require`, `module.exports`).", "structure", 0.3),
    ("module", "esm", "Modules are ES modules.", "structure", 0.85),
    ("object.type", "interface", "Shapes of objects are interfaces, not type aliases.", "structure", 0.5),
    ("object.type", "type", "Shapes of objects are type aliases, not interfaces.", "structure", 0.3),
    ("test.framework", "vitest", "Tests run with Vitest.", "tests", 0.5),
    ("test.framework", "jest", "Tests run with Jest.", "tests", 0.6),
    ("test.framework", "mocha", "Tests run with Mocha.", "tests", 0.4),
    ("test.framework", "node:test", "Tests run with Node's own runner (`node:test`).", "tests", 0.1),
    ("test.framework", "bun:test", "Tests run with Bun's own runner (`bun:test`).", "tests", 0.1),
    ("test.framework", "ava", "Tests run with AVA.", "tests", 0.1),
    ("test.framework", "playwright", "Tests run with Playwright.", "tests", 0.2),
    ("test.table", "each", "Tables of cases go into `.each`.", "tests", 0.6),
    ("test.word", "it", "Test cases are written as `it(...)`.", "tests", 0.6),
    ("test.word", "test", "Test cases are written as `test(...)`.", "tests", 0.4),
    ("test.should", "yes", "Test cases are described as `should ...`.", "tests", 0.3),
    ("test.assertion", "assert", "Tests check with `assert`, not `expect`.", "tests", 0.2),
    ("test.assertion", "expect", "Tests check with `expect`.", "tests", 0.85),
)  # fmt: skip

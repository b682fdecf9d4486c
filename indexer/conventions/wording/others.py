"""Sentences about how the languages are written that have no counter of their own."""

from __future__ import annotations

from .words import Table, Wording, table


def other_wording(language: str, question: str, answer: str) -> Wording | None:
    if question == "field.private":
        usual = {"csharp": {"_x": 0.8}}.get(language, {"x": 0.8}).get(answer, 0.2)
        return Wording(f"Private fields are named like `{answer}`.", "naming", usual)
    return (_OF.get(language) or {}).get((question, answer)) or ROWS.get((question, answer))


ROWS = table(
    ("import.wildcard", "no", "Imports name each class, no `*`.", "structure", 0.85),
    ("import.wildcard", "yes", "Packages are imported whole.", "structure", 0.1),
    ("catch.empty", "no", "No `catch` block is empty: it says at least why.", "errors", 0.85),
    ("header.guard", "pragma", "Headers are guarded by `#pragma once`.", "structure", 0.5),
    ("header.guard", "guard", "Headers are guarded by `#ifndef`.", "structure", 0.5),
    ("null.word", "nullptr", "The null pointer is written `nullptr`.", "structure", 0.85),
    ("null.word", "NULL", "The null pointer is written `NULL`.", "structure", 0.1),
    ("alias.word", "using", "Types are given other names by `using`.", "structure", 0.6),
    ("alias.word", "typedef", "Types are given other names by `typedef`.", "structure", 0.3),
    (
        "namespace.form",
        "file",
        "Namespaces are declared for the file (`namespace X;`).",
        "structure",
        0.4,
    ),
    ("namespace.form", "block", "Namespaces are blocks (`namespace X { … }`).", "structure", 0.5),
    ("local.type", "var", "A local that is made by `new` is declared with `var`.", "structure", 0.7),
    ("local.type", "written", "A local that is made by `new` is declared with its type.", "structure", 0.2),
    ("braces", "indent", "Blocks are indented, without braces.", "structure", 0.3),
    ("strict.types", "yes", "Files declare `strict_types=1`.", "structure", 0.5),
    ("array.form", "long", "Arrays are written `array(…)`.", "structure", 0.1),
    ("array.form", "short", "Arrays are written `[…]`.", "structure", 0.9),
    ("require.form", "relative", "Own files are loaded by `require_relative`.", "structure", 0.3),
    ("hash.form", "rocket", "Hashes are written with `=>`.", "structure", 0.1),
    ("hash.form", "colon", "Hashes are written with `key:`.", "structure", 0.9),
    ("raise.word", "fail", "Errors are raised by `fail`.", "errors", 0.05),
    ("raise.word", "raise", "Errors are raised by `raise`.", "errors", 0.9),
    ("test.bracket", "double", "Conditions stand in `[[ … ]]`.", "structure", 0.6),
    ("test.bracket", "single", "Conditions stand in `[ … ]`, as every shell knows it.", "structure", 0.3),
    ("substitution", "dollar", "Output is substituted by `$(…)`.", "structure", 0.95),
    ("script.strict", "yes", "Scripts stop at the first error (`set -e`).", "structure", 0.6),
    ("alias.form", "lines", "Each module has an `alias` of its own.", "structure", 0.5),
    ("alias.form", "braces", "Modules are aliased together in braces.", "structure", 0.3),
    ("import.qualified", "before", "Imports say `qualified` before the module.", "structure", 0.7),
    ("import.qualified", "after", "Imports say `qualified` after the module.", "structure", 0.2),
    ("test.name", "words", "Tests are named in words joined by underscores.", "tests", 0.3),
    ("test.name", "camel", "Tests are named in one word, without underscores.", "tests", 0.5),
    ("test.name", "backticks", "Tests are named in sentences between backticks.", "tests", 0.4),
    ("test.name", "test", "Tests are named `testSomething`.", "tests", 0.6),
)
_OF: dict[str, Table] = {
    "csharp": table(("class.sealed", "sealed", "Classes are sealed.", "structure", 0.2)),
    "php": table(("class.sealed", "final", "Classes are final.", "structure", 0.2)),
    "swift": table(("class.sealed", "sealed", "Classes are final.", "structure", 0.4)),
    "bash": table(
        ("function.form", "bare", "Functions are declared `name() {`.", "structure", 0.7),
        ("function.form", "keyword", "Functions are declared with `function`.", "structure", 0.3),
    ),
    "lua": table(("function.form", "local", "Functions are local.", "structure", 0.6)),
}

"""Sentences about how Rust is written here."""

from __future__ import annotations

from .words import Wording, table


def rust_wording(question: str, answer: str) -> Wording | None:
    if question == "test.mod":
        usual = 0.9 if answer == "tests" else 0.1
        return Wording(f"A file's module of tests is called `{answer}`.", "tests", usual)
    return ROWS.get((question, answer))


ROWS = table(
    ("error.impl", "thiserror", "Types of errors are made with `thiserror`.", "errors", 0.5),
    ("error.impl", "snafu", "Types of errors are made with `snafu`.", "errors", 0.1),
    ("error.impl", "by hand", "Types of errors implement `std::error::Error` by hand.", "errors", 0.4),
    ("error.any", "anyhow", "Errors of any kind are carried by `anyhow`.", "errors", 0.5),
    ("error.any", "eyre", "Errors of any kind are carried by `eyre`.", "errors", 0.1),
    ("error.any", "Box<dyn Error>", "Errors of any kind are carried as `Box<dyn Error>`.", "errors", 0.3),
    ("error.type", "Error", "Types of errors are named `XError`.", "naming", 0.85),
    ("error.message", "plain", "Error messages begin with a small letter, no period.", "errors", 0.7),
    ("error.message", "capital", "Error messages begin with a capital letter.", "errors", 0.2),
    ("panic.form", "expect", "What can't fail is taken by `expect`, not `unwrap`.", "errors", 0.2),
    ("result.form", "alias", "Results name only their value: `Result<T>` is an alias.", "errors", 0.5),
    ("result.form", "full", "Results name their error: `Result<T, E>`, no alias.", "errors", 0.4),
    ("derive.debug", "yes", "Public types implement `Debug`.", "structure", 0.7),
    ("enum.open", "yes", "Public enums are `#[non_exhaustive]`.", "structure", 0.1),
    ("builder.name", "with", "Methods of builders are named `with_x`.", "naming", 0.4),
    ("builder.name", "bare", "Methods of builders are named `x`, without `with_`.", "naming", 0.5),
    ("self.type", "Self", "A type calls itself `Self` in its methods.", "structure", 0.8),
    ("doc.errors", "yes", "Docs of what returns a `Result` have a section `# Errors`.", "docs", 0.2),
    ("doc.example", "Examples", "Examples in docs stand under `# Examples`.", "docs", 0.7),
    ("doc.example", "Example", "Examples in docs stand under `# Example`.", "docs", 0.3),
    ("import.groups", "apart", "A blank line parts `std` from other imports.", "structure", 0.5),
    ("import.groups", "together", "`std` and other imports stand in one block.", "structure", 0.4),
    ("import.owngroup", "apart", "A blank line parts the crate's own imports from others.", "structure", 0.5),
    ("import.owngroup", "together", "The crate's own imports stand among others.", "structure", 0.4),
    ("import.own", "crate", "Own modules are imported by `crate::`, not `super::`.", "structure", 0.6),
    ("import.own", "super", "Own modules are imported by `super::`, not `crate::`.", "structure", 0.2),
    ("import.merge", "braces", "Names of one module are imported in one `use`, in braces.", "structure", 0.8),
    ("import.merge", "lines", "Each name is imported by a `use` of its own.", "structure", 0.1),
    ("string.owned", "to_string", "Owned strings are made by `.to_string()`.", "structure", 0.4),
    ("string.owned", "to_owned", "Owned strings are made by `.to_owned()`.", "structure", 0.2),
    ("string.owned", "into", "Owned strings are made by `.into()`.", "structure", 0.2),
    ("string.owned", "String::from", "Owned strings are made by `String::from`.", "structure", 0.2),
    ("format.names", "inline", "Variables stand in the format string: `{name}`.", "structure", 0.5),
    ("format.names", "apart", "Variables follow the format string: `{}`, then the name.", "structure", 0.4),
    ("must.use", "yes", "Methods of builders are `#[must_use]`.", "structure", 0.2),
    ("doc.code", "yes", "Docs of public functions show an example.", "docs", 0.15),
    ("loop.word", "for", "Loops are written as `for`, not `.for_each`.", "structure", 0.8),
    ("let.else", "else", "What must be there is bound by `let … else`, not `match`.", "structure", 0.5),
    ("lint.word", "expect", "Lints are silenced by `#[expect]`, not `#[allow]`.", "structure", 0.1),
    ("unsafe.used", "no", "The code does without `unsafe`.", "structure", 0.8),
    ("unsafe.reason", "yes", "A comment says why an `unsafe` block is sound.", "docs", 0.5),
    ("module.file", "mod.rs", "A module with children is `name/mod.rs`, not `name.rs`.", "structure", 0.5),
    ("module.file", "named", "A module with children is `name.rs`, not `name/mod.rs`.", "structure", 0.4),
    ("test.module", "inside", "Unit tests stand at the end of the file they test.", "tests", 0.8),
    ("test.module", "beside", "Unit tests stand in a file of their own (`mod tests;`).", "tests", 0.1),
    ("test.prefix", "yes", "Tests are named `test_x`.", "tests", 0.3),
    ("test.prefix", "no", "Tests are named after what they check, without `test_`.", "tests", 0.6),
)  # fmt: skip

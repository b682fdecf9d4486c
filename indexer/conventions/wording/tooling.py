"""Sentences about what is configured: {} stands for the answer."""

from __future__ import annotations

from collections.abc import Sequence

from .words import Wording

# (question, answer) or the question alone -> the sentence, and the share of projects that are set the same
_SAID: dict[str | tuple[str, str], tuple[str, float]] = {
    "tooling.test": ("Tests run with `{}`.", 0.2),
    ("tooling.test", "npm test"): ("Tests run with `npm test`.", 0.85),
    ("tooling.test", "go test ./..."): ("Tests run with `go test ./...`.", 0.85),
    ("tooling.test", "cargo test"): ("Tests run with `cargo test`.", 0.9),
    ("tooling.test", "mvn test"): ("Tests run with `mvn test`.", 0.85),
    ("tooling.test", "pytest"): ("Tests run with `pytest`.", 0.85),
    "tooling.check": ("Linters run with `{}`.", 0.3),
    "tooling.formatter": ("Code is formatted by {}.", 0.4),
    "tooling.line-length": ("Lines are up to {} characters long.", 0.3),
    ("tooling.line-length", "88"): ("Lines are up to 88 characters long.", 0.5),
    ("tooling.line-length", "80"): ("Lines are up to 80 characters long.", 0.5),
    ("tooling.quotes", "single"): ("Strings stand in single quotes.", 0.4),
    ("tooling.quotes", "double"): ("Strings stand in double quotes.", 0.6),
    ("tooling.quotes", "preserve"): ("The formatter leaves quotes as they are written.", 0.2),
    ("tooling.semicolons", "no"): ("Statements end without semicolons.", 0.3),
    ("tooling.semicolons", "yes"): ("Statements end with semicolons.", 0.7),
    "tooling.indent": ("Code is indented by {} spaces.", 0.5),
    ("tooling.tabs", "yes"): ("Code is indented with tabs.", 0.2),
    "tooling.ruff": ("Ruff checks {}.", 0.5),
    "tooling.eslint": ("ESLint insists on {}.", 0.4),
    "tooling.analysis": ("The build checks code with {}.", 0.3),
    "tooling.import-order": ("Imports are sorted by {}.", 0.5),
    "tooling.spelling": ("Spelling is checked by {}.", 0.2),
    ("tooling.types", "mypy"): ("Types are checked by mypy.", 0.5),
    "tooling.linters": ("golangci-lint also runs {}.", 0.4),
    "tooling.lints": ("Clippy also warns of {}.", 0.4),
    ("tooling.linters", "all"): ("All linters of golangci-lint are on.", 0.1),
    "tooling.checkstyle": ("Checkstyle checks {}.", 0.4),
    "tooling.docstrings": ("Docstrings follow the {} convention.", 0.3),
    ("tooling.imports", "one per line"): ("Each name is imported on a line of its own.", 0.1),
    "tooling.required-import": ("Every module begins with `{}`.", 0.1),
    ("tooling.relative-imports", "all"): ("Imports are absolute, relative ones are refused.", 0.2),
    ("tooling.relative-imports", "parents"): ("Imports from parent packages are absolute.", 0.4),
    ("tooling.types", "strict"): ("TypeScript is strict.", 0.85),
    ("tooling.types", "not strict"): ("TypeScript is not strict.", 0.2),
    ("tooling.types", "mypy strict"): ("Types are checked by mypy in strict mode.", 0.4),
    ("tooling.types", "pyright strict"): ("Types are checked by pyright in strict mode.", 0.2),
    ("tooling.types", "mypy, every function annotated"): ("mypy wants every function annotated.", 0.4),
    ("tooling.types", "noUncheckedIndexedAccess"): (
        "What an index finds may be undefined (`noUncheckedIndexedAccess`).", 0.2),
    ("tooling.types", "exactOptionalPropertyTypes"): (
        "Optional properties are left out, never set to undefined (`exactOptionalPropertyTypes`).", 0.1),
    ("tooling.types", "verbatimModuleSyntax"): (
        "Types are imported with `import type` (`verbatimModuleSyntax`).", 0.3),
    ("tooling.types", "noImplicitReturns"): ("Every path of a function returns (`noImplicitReturns`).", 0.4),
    ("tooling.types", "noPropertyAccessFromIndexSignature"): (
        "Keys of index signatures are read in brackets (`noPropertyAccessFromIndexSignature`).", 0.1),
    ("tooling.types", "erasableSyntaxOnly"): (
        "No enums, namespaces or parameter properties (`erasableSyntaxOnly`).", 0.1),
    ("tooling.types", "isolatedDeclarations"): ("Exports are annotated (`isolatedDeclarations`).", 0.1),
    "tooling.edition": ("The Rust edition is {}.", 0.5),
    "tooling.packages": ("Packages are installed with {}.", 0.4),
    ("tooling.packages", "npm"): ("Packages are installed with npm.", 0.85),
    ("tooling.warnings", "error"): ("A warning fails the test that raises it.", 0.3),
    ("tooling.async-tests", "auto"): ("Async tests need no marker (`asyncio_mode = auto`).", 0.3),
    ("tooling.xfail", "true"): ("A test marked xfail that passes fails (`xfail_strict`).", 0.3),
    "tooling.news": ("News of a change go into a file of their own in `{}`.", 0.1),
    "tooling.disallowed": ("Not to be used here: {}.", 0.05),
    "tooling.lint.unsafe_code": ("No `unsafe` code ({}).", 0.2),
    "tooling.lint.missing_docs": ("Public items carry a doc comment (`missing_docs`: {}).", 0.2),
    "tooling.lint.missing_debug_implementations": (
        "Public types implement Debug (`missing_debug_implementations`: {}).", 0.2),
}  # fmt: skip
_SHOWN = 4  # of a list of names
_LANGUAGES = {
    "typescript": "Node.js",
    "javascript": "Node.js",
    "python": "Python",
    "go": "Go",
    "rust": "Rust",
    "java": "Java",
}
_RUSTFMT = "tooling.rustfmt."


def tooling_wording(language: str, question: str, answer: str, names: Sequence[str]) -> Wording | None:
    """None for settings that say nothing to whoever writes code."""
    if question.startswith(_RUSTFMT):
        return Wording(f"rustfmt is set to `{question.removeprefix(_RUSTFMT)} = {answer}`.", "tooling", 0.2)
    if question == "tooling.floor":
        return Wording(f"The oldest {_LANGUAGES[language]} supported is {answer}.", "tooling", 0.4)
    known = _SAID.get((question, answer)) or _SAID.get(question)
    if known is None:
        return None
    shown = len(names) if question == "tooling.ruff" else _SHOWN  # codes are short
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    listed = ", ".join(names[:shown]) + more if names else answer
    return Wording(known[0].replace("{}", listed), "tooling", known[1])

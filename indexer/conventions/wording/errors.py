"""Sentences about a project's own errors."""

from __future__ import annotations

from .words import Wording, table


def error_wording(language: str, question: str, answer: str) -> Wording | None:
    """A root is named by its class; the rest is said as it stands."""
    if question == "error.root":
        return (
            None if answer == OTHER else Wording(f"Every error class derives from `{answer}`.", "errors", 0.3)
        )
    if (language, question, answer) == ("java", "error.suffix", "Exception"):
        return Wording("Exceptions are named with the suffix Exception.", "naming", 0.95)
    return ROWS.get((question, answer))


OTHER = "-"  # the answer of what has no root among the project's own errors

ROWS = table(
    ("error.suffix", "Error", "Error classes are named with the suffix Error.", "naming", 0.9),
    ("error.suffix", "Exception", "Error classes are named with the suffix Exception.", "naming", 0.2),
    ("error.suffix", "none", "Errors are named after what happened, without a suffix.", "naming", 0.1),
    ("error.checked", "unchecked", "Exceptions of the project's own are unchecked.", "errors", 0.5),
    ("error.checked", "checked", "Exceptions of the project's own are checked.", "errors", 0.3),
    ("error.raised", "own", "Errors raised are the project's own, not built-in ones.", "errors", 0.3),
    ("error.raised", "builtin", "Errors raised are built-in, not the project's own.", "errors", 0.4),
)  # fmt: skip

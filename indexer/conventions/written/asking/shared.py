"""Phrasings that mean the same in every language."""

from __future__ import annotations

from .rows import rows

_DOC = r"(?:docstrings?|doc comments?|documented|jsdoc|tsdoc|javadoc|rustdoc|godoc)"
_EACH = r"\b(?:public|exported|all|every|each|new)"
_BESIDE = r"(?:next to|beside|alongside|co-?located|(?:in )?the same (?:folder|directory|package) as)"

ROWS = rows(
    (),
    ("doc.function", "yes", "no", rf"{_EACH} (?:functions?|apis?|items?)\b[^.]{{0,40}}\b{_DOC}\b"),
    ("doc.method", "yes", "no", rf"{_EACH} (?:methods?|apis?|items?)\b[^.]{{0,40}}\b{_DOC}\b"),
    ("doc.type", "yes", "no", rf"{_EACH} (?:class(?:es)?|types?|apis?|items?)\b[^.]{{0,40}}\b{_DOC}\b"),
    (
        "error.raised",
        "own",
        "builtin",
        r"\b(?:raise|throw) (?:\w+ )?(?:custom|our own|domain) (?:exceptions?|errors?)",
    ),
    ("test.place", "beside", "", rf"\b(?:unit )?tests?\b[^.]{{0,40}}\b{_BESIDE}\b"),
    ("test.place", "mirror", "", r"\btests?\b[^.]{0,60}\bmirrors?\b"),
    ("indent", "4", "", r"(?<!\w)(?:4|four|\(4\)) spaces\b"),
    ("indent", "2", "", r"(?<!\w)(?:2|two|\(2\)) spaces\b"),
    ("indent", "tab", "", r"\b(?:use|with|by|prefer) tabs\b"),
    ("file.header", "yes", "", r"\b(?:licen[cs]e|copyright) (?:header|notice)\b"),
    ("test.file", "*_test", "", r"(?:\*|>|\w)_test\.(?:go|py)\b"),
)

"""How guides ask for what is counted in TypeScript and JavaScript."""

from __future__ import annotations

from .rows import rows

_TESTS = r"\b(?:tests?|suite|use|uses|using|with)\b[^.]{0,40}\b"
_OVER = r"(?:over|instead of|rather than|to)"

ROWS = rows(
    ("javascript", "typescript"),
    ("catch.empty", "yes", "no", r"\b(?:empty catch|swallow(?:ing)? (?:errors|exceptions))"),
    ("test.framework", "vitest", "", _TESTS + r"vitest\b"),
    ("test.framework", "jest", "", _TESTS + r"jest\b"),
    ("test.framework", "mocha", "", _TESTS + r"mocha\b"),
    ("test.table", "each", "", r"\b(?:it|test|describe)\.each\b"),
    ("test.word", "it", "test", r"\b(?:use|prefer) it\("),
    ("test.word", "test", "it", r"\b(?:use|prefer) test\("),
    ("test.should", "yes", "no", r"\b(?:use|start|begin|describe)\w*\b[^.]{0,20}\bshould\b(?! be| not)"),
    ("test.file", "*.test", "", r"(?:\*|>|\w)\.test\.(?:ts|tsx|js|jsx)\b"),
    ("test.file", "*.spec", "", r"(?:\*|>|\w)\.spec\.(?:ts|tsx|js|jsx)\b"),
    ("export", "default", "named", r"\bdefault exports?\b|\bexport default\b"),
    ("export", "named", "default", r"\bnamed exports?\b"),
    (
        "function.form",
        "arrow",
        "declaration",
        r"\barrow functions?\b(?! (?:in|for|as) (?:callbacks?|components?))",
    ),
    ("function.form", "declaration", "arrow", r"\bfunction (?:declarations?|keyword)\b"),
    ("semicolons", "no", "", r"\bno semi-?colons?\b|\bwithout semi-?colons?\b"),
    ("semicolons", "yes", "no", r"\b(?:use|add|always|require|end with) semi-?colons?\b"),
    ("module", "esm", "commonjs", r"\b(?:use|write|are) (?:ES ?modules|ESM)\b"),
    ("uses.validation", "zod", "", r"\b(?:use|prefer|with|via) zod\b"),
) + rows(
    ("typescript",),
    ("object.type", "interface", "type", r"\b(?:use|prefer) (?:an )?interfaces?\b(?! to)"),
    ("object.type", "interface", "type", rf"\binterfaces? {_OVER} types?\b"),
    ("object.type", "type", "interface", rf"\btypes?(?: aliases)? {_OVER} interfaces?\b"),
    ("interface.prefix", "yes", "no", r"\bprefix(?:ed|ing)?\b[^.]{0,30}\binterfaces?\b[^.]{0,20}\bI\b"),
    ("interface.prefix", "yes", "no", r"\binterfaces?\b[^.]{0,30}\bprefix(?:ed)?\b[^.]{0,10}\bI\b"),
)

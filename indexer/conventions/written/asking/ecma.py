"""How guides ask for what is counted in TypeScript and JavaScript."""

from __future__ import annotations

from .rows import rows

_TESTS = r"\b(?:tests?|suite|use|uses|using|with)\b[^.]{0,40}\b"
_OVER = r"(?:over|instead of|rather than|to)"
_NULLISH = r"\boptional chaining\b"

ROWS = rows(
    ("javascript", "typescript"),
    # Errors and tests
    ("catch.empty", "yes", "no", r"\b(?:empty catch|swallow(?:ing)? (?:errors|exceptions))"),
    ("throw.new", "yes", "no", r"\bthrow new Error\b"),
    ("test.framework", "vitest", "", _TESTS + r"vitest\b"),
    ("test.framework", "jest", "", _TESTS + r"jest\b"),
    ("test.framework", "mocha", "", _TESTS + r"mocha\b"),
    ("test.table", "each", "", r"\b(?:it|test|describe)\.each\b"),
    ("test.word", "it", "test", r"\b(?:use|prefer) it\("),
    ("test.word", "test", "it", r"\b(?:use|prefer) test\("),
    ("test.should", "yes", "no", r"\b(?:use|starts?|begins?)\b(?: with)? should\b(?! be| not)"),
    ("test.file", "*.test", "", r"(?:\*|>|\w)\.test\.(?:ts|tsx|js|jsx)\b"),
    ("test.file", "*.spec", "", r"(?:\*|>|\w)\.spec\.(?:ts|tsx|js|jsx)\b"),
    # Structure
    ("export", "default", "named", r"\bdefault exports?\b|\bexport default\b"),
    ("export", "named", "default", r"\bnamed exports?\b"),
    ("function.form", "arrow", "declaration", r"\barrow functions?\b(?! (?:in|for|as) \w+)"),
    ("function.form", "declaration", "arrow", r"\bfunction (?:declarations?|keyword)\b"),
    ("component.form", "arrow", "declaration", r"\barrow functions? (?:for|as) (?:React )?components\b"),
    (
        "component.form",
        "declaration",
        "arrow",
        r"\bfunction declarations? (?:for|as) (?:React )?components\b",
    ),
    ("handler.name", "handle", "", r"\b(?:handlers?|callbacks?)\b[^.]{0,40}\bhandle[A-Z*]\w*"),
    ("semicolons", "", "no", r"\bsemi-?colons?\b"),
    ("semicolons", "yes", "no", r"\b(?:use|add|always|require|end with) semi-?colons?\b"),
    ("quotes", "single", "double", r"\bsingle[- ]quot(?:es?|ed)\b"),
    ("quotes", "double", "single", r"\bdouble[- ]quot(?:es?|ed)\b"),
    ("module", "esm", "commonjs", r"\b(?:use|write|are) (?:ES ?modules|ESM)\b"),
    ("equality", "strict", "", r"(?<!\w)===(?! undefined)|\bstrict equality\b"),
    ("promise", "await", "then", r"\basync ?(?:/|and) ?await\b"),
    ("promise", "then", "await", r"(?<!\w)\.then\("),
    ("declaration", "var", "block", r"\b(?:use|using|declare with) var\b"),
    ("declaration", "block", "", r"\b(?:use|prefer) const\b(?! (?:assertions?|enums?))"),
    ("chain", "?.", "", _NULLISH),
    ("import.node", "node:", "bare", r"\bnode: (?:prefix|protocol|specifiers?)\b"),
    ("import.alias", "@/", "", r"(?<!\w)@/(?:\*|\w*) (?:alias|imports?)\b|\balias(?:es)? @/"),
    ("import.suffix", ".js", "none", r"\bimports?\b[^.]{0,40}\.js (?:extensions?|suffix)\b"),
    ("log", "console", "logger", r"\bconsole\.log\b"),
    ("uses.validation", "zod", "", r"\b(?:use|prefer|with|via) zod\b"),
) + rows(
    ("typescript",),
    ("object.type", "interface", "type", r"\b(?:use|prefer) (?:an )?interfaces?\b(?! to)"),
    ("object.type", "interface", "type", rf"\binterfaces?\b(?= {_OVER} types?\b)"),
    ("object.type", "type", "interface", rf"\btypes?(?: aliases)?\b(?= {_OVER} interfaces?\b)"),
    ("interface.prefix", "yes", "no", r"\bprefix(?:ed|ing)?\b[^.]{0,30}\binterfaces?\b[^.]{0,20}\bI\b"),
    ("interface.prefix", "yes", "no", r"\binterfaces?\b[^.]{0,30}\bprefix(?:ed)?\b[^.]{0,10}\bI\b"),
    ("import.type", "statement", "", r"\bimport type\b"),
    (
        "any",
        "any",
        "unknown",
        r"\b(?:the )?any\b(?: type)? (?:where|when|type|if|unless|;|, use)|\b(?:use|using) any$",
    ),
    ("any", "unknown", "", r"\b(?:use|prefer) unknown\b"),
    ("types.return", "yes", "no", r"\bexplicit (?:return types?|types for public)\b"),
    ("ts.suppress", "ignore", "expect-error", r"@ts-ignore\b"),
    ("ts.suppress", "expect-error", "", r"@ts-expect-error\b"),
    ("names.type", "enum", "", r"\b(?:use|prefer) enums\b"),
    (
        "names.type",
        "union",
        "",
        r"\b(?:string |literal )?unions? (?:types? )?(?=(?:over|instead of|rather than) enums\b)",
    ),
    ("array.type", "T[]", "Array<T>", r"\bT\[\]"),
    ("array.type", "Array<T>", "T[]", r"\bArray<T>"),
)

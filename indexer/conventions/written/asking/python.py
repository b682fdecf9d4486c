"""How guides ask for what is counted in Python."""

from __future__ import annotations

from .rows import rows

_DOCSTRINGS = r"\bdocstrings?\b[^.]{0,40}\b"
_USE = r"\b(?:use|uses|using|prefer|via|with|through)"

ROWS = rows(
    ("python",),
    # Errors
    ("raise.from", "yes", "no", r"\braise\b(?:[^.]|\.\.\.){0,60}\bfrom\b(?! (?:a|the|within|other)\b)"),
    ("raise.from", "yes", "no", r"\b(?:chain|chained|chaining) (?:the )?(?:exceptions?|errors?)\b"),
    ("except", "broad", "named", r"\bbare except|\bexcept Exception\b"),
    ("except", "broad", "named", r"\bcatch(?:ing)? (?:broad|all|generic|bare|every) ?exceptions?"),
    (
        "except",
        "named",
        "broad",
        r"\b(?:catch|except) (?:only )?(?:specific|named|concrete) (?:exceptions?|errors?)",
    ),
    # Tests
    ("test.framework", "pytest", "", r"\b(?:tests?|suite)\b[^.]{0,60}\bpytest\b|" + _USE + r" pytest\b"),
    ("test.framework", "unittest", "pytest", r"\b(?:use|with|inherit from|subclass) unittest\b(?!\.mock)"),
    (
        "test.form",
        "class",
        "function",
        r"\btest classes\b|\bclass(?:es)? (?:for|to group) tests\b|\bclass-based tests\b",
    ),
    (
        "test.form",
        "function",
        "class",
        r"\b(?:plain|standalone|top-level|module-level|bare) (?:test )?functions\b",
    ),
    ("test.form", "function", "class", r"\bfunction-based tests\b|\btests? (?:as|are) functions\b"),
    (
        "test.table",
        "parametrize",
        "",
        r"\bpytest\.mark\.parametri[sz]e\b|\bparametri[sz]ed? (?:the )?tests?\b",
    ),
    ("test.table", "parametrize", "", r"\btests?\b[^.]{0,40}\bparametri[sz]ed?\b"),
    ("test.mock", "monkeypatch", "", r"\b(?:use|prefer) (?:the )?monkeypatch\b"),
    ("test.double", "none", "", r"\b(?:avoid|do not use|don['’]t use|never use|no) mock(?:s|ing)?\b"),
    ("test.raises", "match", "type", r"\bpytest\.raises\b[^.]{0,40}\bmatch\b"),
    ("test.file", "test_*", "", r"\btest_(?:\*|<\w+>|\w+)\.py\b"),
    # Docs
    (
        "doc.style",
        "google",
        "",
        r"\bgoogle[- ](?:style )?(?:python )?docstrings?\b|" + _DOCSTRINGS + r"google\b",
    ),
    (
        "doc.style",
        "numpy",
        "",
        r"\bnump(?:y|ydoc)[- ]?(?:style)? ?docstrings?\b|" + _DOCSTRINGS + r"numpy(?:doc)?\b",
    ),
    ("doc.style", "sphinx", "", r"\b(?:sphinx|reST|reStructuredText)[- ](?:style )?docstrings?\b"),
    ("types.return", "yes", "no", r"\btype (?:hints?|annotations?)\b(?! (?:for|of) (?:tests|variables))"),
    # Structure
    (
        "import.form",
        "absolute",
        "relative",
        r"\babsolute imports?\b|\bimports? (?:should|must) be absolute\b",
    ),
    (
        "import.form",
        "relative",
        "absolute",
        r"\brelative imports?\b|\bimports? (?:should|must) be relative\b",
    ),
    ("future.annotations", "yes", "no", r"\bfrom __future__ import annotations\b"),
    (
        "dataclass.frozen",
        "yes",
        "no",
        r"\b(?:frozen|immutable) data ?classes\b|\bdata ?classes\b[^.]{0,30}\bfrozen\b",
    ),
    ("options.keyword", "yes", "no", r"\bkeyword[- ]only (?:arguments?|parameters?)\b"),
    ("logger", "module", "", r"\bgetLogger\(__name__\)"),
    ("uses.paths", "pathlib", "os.path", r"\bpathlib\b"),
    ("uses.paths", "os.path", "pathlib", r"\bos\.path\b"),
    ("uses.http", "httpx", "", _USE + r" httpx\b"),
    ("uses.http", "requests", "", _USE + r" (?:the )?requests library\b"),
    ("uses.logging", "structlog", "", _USE + r" structlog\b"),
    ("uses.logging", "loguru", "", _USE + r" loguru\b"),
    ("model", "pydantic", "", r"\b(?:use|prefer) pydantic\b"),
    ("model", "dataclass", "", r"\b(?:use|prefer) data ?classes\b"),
)

"""How guides ask for what is counted in Python."""

from __future__ import annotations

from .rows import rows

_DOCSTRINGS = r"\bdocstrings?\b[^.]{0,60}\b"
_USE = r"\b(?:use|uses|using|prefer|via|with|through)"
_MESSAGES = r"\b(?:error|exception) messages?\b[^.]{0,60}"

ROWS = rows(
    ("python",),
    # Errors
    ("raise.from", "yes", "no", r"\braise\b(?:[^.]|\.\.\.){0,60}\bfrom\b(?! (?:a|the|within|other)\b)"),
    ("raise.from", "yes", "no", r"\b(?:chain|chained|chaining) (?:the )?(?:exceptions?|errors?)\b"),
    ("except.bare", "yes", "no", r"\bbare except"),
    ("except", "broad", "named", r"\bexcept Exception\b"),
    ("except", "broad", "named", r"\bcatch(?:ing)? (?:broad|all|generic|every) ?exceptions?"),
    (
        "except",
        "named",
        "broad",
        r"\b(?:catch|except) (?:only )?(?:specific|concrete) (?:exceptions?|errors?)",
    ),
    ("ignored", "suppress", "", r"\bcontextlib\.suppress\b"),
    ("error.end", "period", "open", _MESSAGES + r"\b(?:full stop|period)\b"),
    ("error.start", "upper", "lower", _MESSAGES + r"\b(?:capitali[sz]ed|capital letter|uppercase)\b"),
    ("error.start", "lower", "upper", _MESSAGES + r"\b(?:lower ?case|small letter)\b"),
    # Tests
    ("test.framework", "pytest", "", r"\b(?:tests?|suite)\b[^.]{0,60}\bpytest\b|" + _USE + r" pytest\b"),
    ("test.framework", "unittest", "pytest", r"\b(?:use|with|inherit from|subclass) unittest\b(?!\.mock)"),
    ("test.form", "class", "function", r"\btest classes\b|\bclass(?:es)? (?:for|to group) tests\b"),
    ("test.form", "class", "function", r"\bclass-based tests\b"),
    ("test.form", "function", "class", r"\b(?:plain|standalone|top-level|bare) (?:test )?functions\b"),
    ("test.form", "function", "class", r"\bfunction-based tests\b|\btests? (?:as|are) functions\b"),
    ("test.assertion", "assert", "method", r"\b(?:bare|plain|simple) assert(?:s|ions)?\b"),
    ("test.assertion", "method", "assert", r"\bself\.assert\w*"),
    ("test.table", "parametrize", "", r"\bpytest\.mark\.parametri[sz]e\b"),
    ("test.table", "parametrize", "", r"\bparametri[sz]ed? (?:the )?tests?\b"),
    ("test.table", "parametrize", "", r"\btests?\b[^.]{0,40}\bparametri[sz]ed?\b"),
    ("test.double", "", "none", r"\b(?:avoid|use|using|no) mock(?:s|ing)?\b(?! (?:server|data|api)\b)"),
    ("test.mock", "monkeypatch", "", r"\b(?:use|prefer) (?:the )?monkeypatch\b"),
    ("test.raises", "match", "type", r"\bpytest\.raises\b[^.]{0,40}\bmatch\b"),
    ("fixture.place", "conftest", "local", r"\bfixtures?\b[^.]{0,40}\bconftest\b"),
    ("test.file", "test_*", "", r"\btest_(?:\*|<\w+>|\w+)\.py\b"),
    # Docs
    ("doc.style", "google", "", r"\bgoogle[- ](?:style )?(?:python )?docstrings?\b"),
    ("doc.style", "google", "", _DOCSTRINGS + r"google\b"),
    ("doc.style", "numpy", "", r"\bnump(?:y|ydoc)[- ]?(?:style)? ?docstrings?\b"),
    ("doc.style", "numpy", "", _DOCSTRINGS + r"numpy(?:doc)?\b"),
    ("doc.style", "sphinx", "", r"\b(?:sphinx|reST|reStructuredText)[- ](?:style )?docstrings?\b"),
    ("doc.mood", "imperative", "third", _DOCSTRINGS + r"imperative\b"),
    ("doc.module", "yes", "no", r"\b(?:every|each|all) modules?\b[^.]{0,30}\bdocstring"),
    ("types.return", "yes", "no", r"\btype (?:hints?|annotations?)\b(?! (?:for|of) (?:tests|variables))"),
    ("types.parameters", "yes", "no", r"\btype (?:hints?|annotations?)\b(?! (?:for|of) (?:tests|variables))"),
    ("types.union", "typing", "bar", r"\bOptional\["),
    ("types.union", "bar", "typing", r"(?<!\w)\w+ \| None\b|\bX \| Y\b"),
    ("types.generics", "typing", "builtin", r"\btyping\.(?:List|Dict|Tuple)\b|\b(?:List|Dict)\["),
    ("types.import", "guarded", "", r"\bif TYPE_CHECKING\b|\bTYPE_CHECKING block"),
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
    ("import.names", "apart", "together", r"\bone (?:name|import) per line\b"),
    ("future.annotations", "yes", "no", r"\bfrom __future__ import annotations\b"),
    ("dataclass.frozen", "yes", "no", r"\b(?:frozen|immutable) data ?classes\b"),
    ("dataclass.frozen", "yes", "no", r"\bdata ?classes\b[^.]{0,30}\bfrozen\b"),
    ("dataclass.slots", "yes", "no", r"\bdata ?classes\b[^.]{0,40}\bslots\b"),
    ("options.keyword", "yes", "no", r"\bkeyword[- ]only (?:arguments?|parameters?)\b"),
    ("logger", "module", "", r"\bgetLogger\(__name__\)"),
    ("report", "print", "log", r"\bprint(?:\(\)| statements?)"),
    ("log.form", "f-string", "arguments", r"\bf-?strings?\b[^.]{0,40}\blogg?\w*\b"),
    ("log.form", "f-string", "arguments", r"\blogg?\w*\b[^.]{0,60}\bf-?strings?\b"),
    ("string.form", "f-string", "", r"\b(?:use|prefer) f-?strings?\b(?![^.]*\blog)"),
    ("quotes", "double", "single", r"\bdouble[- ]quot(?:es?|ed)\b(?![^.]*\bdocstring)"),
    ("quotes", "single", "double", r"\bsingle[- ]quot(?:es?|ed)\b(?![^.]*\bdocstring)"),
    ("now", "naive", "aware", r"\bnaive (?:datetimes?|times?)\b|\butcnow\b"),
    ("now", "aware", "", r"\b(?:time ?zone|tz)[- ]aware\b"),
    ("exports", "yes", "no", r"\b__all__\b"),
    ("uses.paths", "pathlib", "os.path", r"\bpathlib\b"),
    ("uses.paths", "os.path", "pathlib", r"\bos\.path\b"),
    ("uses.http", "httpx", "", _USE + r" httpx\b"),
    ("uses.http", "requests", "", _USE + r" (?:the )?requests library\b"),
    ("uses.logging", "structlog", "", _USE + r" structlog\b"),
    ("uses.logging", "loguru", "", _USE + r" loguru\b"),
    ("model", "pydantic", "", r"\b(?:use|prefer) pydantic\b"),
    ("model", "dataclass", "", r"\b(?:use|prefer) data ?classes\b"),
)

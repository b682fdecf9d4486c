"""A rule and a place that keeps it -> the same file with that place breaking the rule, as a careless edit would.

Most habits are decided on one line, so most mutations are a pattern and what stands there instead. `MUTATIONS`
holds them by question and answer; what needs more than a line (a name, a docstring, a whole file) is written out
below it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.types import ParsedFile, Symbol

Edit = Callable[[str, int, ParsedFile], str | None]  # text, line, the file parsed -> the text broken, or None


@dataclass(frozen=True, slots=True)
class Swap:
    """Replace `pattern` by `instead` once, in the line of the place or in one of the `reach` lines after it."""

    pattern: str
    instead: str
    reach: int = 1

    def __call__(self, text: str, line: int, parsed: ParsedFile) -> str | None:
        lines = text.split("\n")
        head, body, tail = lines[: line - 1], lines[line - 1 : line - 1 + self.reach], lines[line - 1 + self.reach :]
        changed, count = re.subn(self.pattern, self.instead, "\n".join(body), count=1)
        return "\n".join([*head, changed, *tail]) if count else None


def edits_of(question: str, answer: str, language: str) -> Sequence[Edit]:
    """The edits that break `question=answer`, the likeliest first; none for what has no mutation yet."""
    known = _MUTATIONS.get((question, answer, language)) or _MUTATIONS.get((question, answer, "")) or ()
    if known:
        return known
    for pattern, edit in _FAMILIES:
        if re.fullmatch(pattern, f"{question}={answer}"):
            return (edit,)
    return ()


def new_names(question: str, answer: str, path: str) -> Sequence[str]:
    """Other paths for a new file, where the habit is about the file's name or place."""
    folder, _, name = path.rpartition("/")
    stem, dot, suffix = name.partition(".")
    if question == "name.file":
        return [f"{folder}/{_restyled(stem, answer)}{dot}{suffix}".lstrip("/")]
    if question == "test.file":
        return [f"{folder}/{other}.{suffix.rpartition('.')[2]}".lstrip("/") for other in _other_forms(stem, answer)]
    return ()


# -- names


def renamed(text: str, line: int, parsed: ParsedFile, name: Callable[[str], str | None]) -> str | None:
    """The definition on `line` under another name, everywhere in its file."""
    symbol = _defined_at(parsed, line)
    new = name(symbol.name) if symbol else None
    if not symbol or not new or new == symbol.name:
        return None
    return re.sub(rf"(?<![\w$]){re.escape(symbol.name)}(?![\w$])", new, text)


def _defined_at(parsed: ParsedFile, line: int) -> Symbol | None:
    found = [symbol for symbol in parsed.symbols if symbol.span.start == line]
    return found[0] if found else None


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")


def _restyled(name: str, style: str) -> str:
    """A name of `style` in another one."""
    words = [word.lower() for word in _WORD.findall(name)]
    if style == "camel":
        return "_".join(words)
    if style == "snake":
        return words[0] + "".join(word.capitalize() for word in words[1:])
    if style == "pascal":
        return "_".join(words)
    if style == "upper":
        return words[0] + "".join(word.capitalize() for word in words[1:])
    return words[0] + "".join(word.capitalize() for word in words[1:])  # kebab


def _rename_style(style: str) -> Edit:
    def edit(text: str, line: int, parsed: ParsedFile) -> str | None:
        return renamed(text, line, parsed, lambda name: _restyled(name, style))

    return edit


_OTHER_VERB = {
    "get": "fetch", "fetch": "get", "create": "make", "make": "create", "delete": "remove", "remove": "delete",
    "check": "validate", "validate": "check", "update": "modify", "to": "as", "build": "create", "new": "make",
    "ensure": "check", "verify": "check", "retrieve": "get", "convert": "transform", "change": "update",
}  # fmt: skip


def _other_verb(name: str) -> str | None:
    match = re.match(r"(_*)([A-Z]?[a-z]+)", name)
    if not match or match[2].lower() not in _OTHER_VERB:
        return None
    other = _OTHER_VERB[match[2].lower()]
    return match[1] + (other.capitalize() if match[2][0].isupper() else other) + name[match.end() :]


def _without_predicate(name: str) -> str | None:
    match = re.match(r"(_*)(?:is|has|can|should|was|are|needs|supports|contains|does|Is|Has|Can)_?(?=[A-Za-z])", name)
    rest = name[match.end() :] if match else ""
    return (match[1] + "compute_" + rest.lower()) if match and rest else None


def _without_suffix(suffix: str) -> Callable[[str], str | None]:
    return lambda name: name.removesuffix(suffix) + "Problem" if name.endswith(suffix) else None


def _rename(name: Callable[[str], str | None]) -> Edit:
    return lambda text, line, parsed: renamed(text, line, parsed, name)


def _other_forms(stem: str, form: str) -> list[str]:
    bare = re.sub(r"^test_|_test$|Tests?$|^Test|_spec$|-test$", "", stem) or "thing"
    if form == "test_*":
        return [f"{bare}_test"]
    if form in ("*_test", "*.test", "*.spec"):
        return [f"test_{bare}"]
    return [f"{bare}Tests" if form == "*Test" else f"{bare}Test"]


# -- documentation


def without_doc(text: str, line: int, parsed: ParsedFile) -> str | None:
    """The definition on `line` without its docstring or the comment above it."""
    symbol = _defined_at(parsed, line)
    if not symbol or not symbol.doc:
        return None
    lines = text.split("\n")
    if parsed.file.language == "python":
        body = "\n".join(lines[symbol.span.start - 1 : symbol.span.end])
        bare = re.sub(r'[rbu]?("""|\'\'\')[\s\S]*?\1', "pass", body, count=1)
        return "\n".join([*lines[: symbol.span.start - 1], bare, *lines[symbol.span.end :]])
    if symbol.doc_start < symbol.span.start:
        return "\n".join(lines[: symbol.doc_start - 1] + lines[symbol.span.start - 1 :])
    return None


def with_doc(text: str, line: int, parsed: ParsedFile) -> str | None:
    """The definition on `line` with a doc comment that it did not have."""
    symbol = _defined_at(parsed, line)
    if not symbol or symbol.doc:
        return None
    lines = text.split("\n")
    indent = re.match(r"\s*", lines[line - 1])
    pad = indent[0] if indent else ""
    if parsed.file.language == "python":
        opening = next((n for n in range(line - 1, symbol.span.end) if lines[n].rstrip().endswith(":")), None)
        if opening is None:
            return None
        return "\n".join([*lines[: opening + 1], f'{pad}    """Do the thing."""', *lines[opening + 1 :]])
    comment = {"go": f"{pad}// {symbol.name} does the thing.", "rust": f"{pad}/// Does the thing."}
    said = comment.get(parsed.file.language, f"{pad}/** Does the thing. */")
    return "\n".join([*lines[: line - 1], said, *lines[line - 1 :]])


def _doc_in_style(section: str) -> Edit:
    """Another style of sections at the end of the docstring."""

    def edit(text: str, line: int, parsed: ParsedFile) -> str | None:
        symbol = _defined_at(parsed, line)
        if not symbol or not symbol.doc:
            return None
        lines = text.split("\n")
        body = "\n".join(lines[line - 1 : symbol.span.end])
        match = re.search(r'("""|\'\'\')([\s\S]*?)\1', body)
        if not match:
            return None
        inner = re.sub(r"(?m)^(\s*)(?::param|:returns?|:raises|Args:|Returns:|Raises:|-{3,}).*$", r"\1", match[2])
        pad = re.match(r"\s*", lines[line])
        said = section.replace("\n", "\n" + (pad[0] if pad else "    "))
        changed = body[: match.start(2)] + inner.rstrip() + said + body[match.end(2) :]
        return "\n".join([*lines[: line - 1], changed, *lines[symbol.span.end :]])

    return edit


_FAMILIES: tuple[tuple[str, Edit], ...] = (
    *((rf"name\.(?:function|method|type|constant)={style}", _rename_style(style))
      for style in ("snake", "camel", "pascal", "upper", "kebab")),
    (r"verb\.\w+=\w+", _rename(_other_verb)),
    (r"name\.predicate=yes", _rename(_without_predicate)),
    (r"error\.suffix=Error", _rename(_without_suffix("Error"))),
    (r"error\.suffix=Exception", _rename(_without_suffix("Exception"))),
    (r"doc\.(?:function|method|type)=yes", without_doc),
    (r"doc\.(?:function|method|type)=no", with_doc),
)  # fmt: skip


_MUTATIONS: dict[tuple[str, str, str], Sequence[Edit]] = {
    ("raise.from", "yes", "python"): (Swap(r"\s+from\s+\w+[ \t]*(?=\n|$)", "", 12),),
    ("except", "named", "python"): (Swap(r"except [^:\n]+:", "except Exception:"),),
    ("except", "broad", "python"): (Swap(r"except [^:\n]+:", "except ValueError:"),),
    ("error.raised", "own", "python"): (Swap(r"raise [\w.]+", "raise ValueError"),),
    ("error.raised", "builtin", "python"): (),
    ("error.root", "*", "python"): (Swap(r"\(\w[\w., ]*\):", "(Exception):"),),
    ("error.raised", "own", "typescript"): (Swap(r"throw new [\w.]+", "throw new Error"),),
    ("error.raised", "own", "javascript"): (Swap(r"throw new [\w.]+", "throw new Error"),),
    ("types.return", "yes", "python"): (Swap(r"\)\s*->\s*[^\n]+:[ \t]*(?=\n|$|#)", "):", 12),),
    ("doc.style", "google", "python"): (_doc_in_style("\n\n:param value: what it is.\n:return: what it gives.\n"),),
    ("doc.style", "sphinx", "python"): (_doc_in_style("\n\nArgs:\n    value: what it is.\n"),),
    ("doc.style", "prose", "python"): (_doc_in_style("\n\n:param value: what it is.\n:return: what it gives.\n"),),
    ("doc.style", "numpy", "python"): (_doc_in_style("\n\n:param value: what it is.\n:return: what it gives.\n"),),
    ("import.form", "absolute", "python"): (Swap(r"from [\w.]+\.(\w+) import", r"from .\1 import"),),
    ("import.form", "relative", "python"): (Swap(r"from \.+([\w.]*) import", r"from PACKAGE.\1 import"),),
    ("dataclass.frozen", "yes", "python"): (Swap(r",?\s*frozen=True", "", 4),),
    ("dataclass.slots", "yes", "python"): (Swap(r",?\s*slots=True", "", 4),),
    ("options.keyword", "yes", "python"): (Swap(r"\*,\s*", "", 12),),
    ("logger", "module", "python"): (Swap(r"getLogger\(__name__\)", 'getLogger("main")'),),
    ("test.raises", "match", "python"): (Swap(r",\s*match=[^\n]*(?=\))", "", 6),),
    ("test.form", "class", "python"): (),
    ("test.table", "parametrize", "python"): (),
    ("semicolons", "no", ""): (Swap(r"([\w)\]'\"])[ \t]*(?=\n|$)", r"\1;"),),
    ("semicolons", "yes", ""): (Swap(r";[ \t]*(?=\n|$)", ""),),
    ("function.form", "declaration", ""): (
        Swap(r"function (\w+)\s*(\([^()\n]*\))(\s*:\s*[^{\n]+)?\s*\{", r"const \1 = \2\3 => {"),
    ),
    ("function.form", "arrow", ""): (
        Swap(r"(?:const|let) (\w+)\s*=\s*(async )?(\([^()\n]*\))(\s*:\s*[^=\n]+)?\s*=>\s*\{", r"\2function \1\3\4 {"),
    ),
    ("export", "named", ""): (Swap(r"export (?=async|function|class|abstract)", "export default "),),
    ("object.type", "interface", ""): (Swap(r"interface (\w+)(<[^{]*>)?[^{\n]*\{", r"type \1\2 = {"),),
    ("object.type", "type", ""): (Swap(r"type (\w+)(<[^{=]*>)?\s*=\s*\{", r"interface \1\2 {"),),
    ("interface.prefix", "no", ""): (_rename(lambda name: "I" + name),),
    ("interface.prefix", "yes", ""): (_rename(lambda name: name[1:] if name[:1] == "I" else None),),
    ("import.suffix", "no", ""): (Swap(r"(from ['\"]\.[^'\"]*)(['\"])", r"\1.js\2"),),
    ("import.suffix", "yes", ""): (Swap(r"(from ['\"]\.[^'\"]*)\.(?:js|ts|mjs)(['\"])", r"\1\2"),),
    ("test.word", "it", ""): (Swap(r"\bit\b(?=[.(])", "test"),),
    ("test.word", "test", ""): (Swap(r"\btest\b(?=[.(])", "it"),),
    ("test.should", "yes", ""): (Swap(r"(['\"`])should (\w)", r"\1does \2"),),
    ("test.should", "no", ""): (Swap(r"(\b(?:it|test)\(\s*['\"`])", r"\1should "),),
    ("test.assertion", "expect", ""): (),
    ("catch.empty", "no", ""): (),
}  # fmt: skip

"""A rule and a place that keeps it -> the same file with that place breaking it, as a careless edit would.

Most habits are decided on one line (`swaps.json`) or by a name (`renames.py`); what needs more is written
out here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.types import ParsedFile

from .renames import renaming, restyled
from .swaps import Edit, Swap, defined_at, swaps_of


def edits_of(question: str, answer: str, language: str) -> Sequence[Edit]:
    """The edits that break `question=answer`, the likeliest first; none for what has no mutation yet."""
    swaps = swaps_of(question, answer, language)
    if swaps:
        return swaps
    named = renaming(question, answer, language)
    if named:
        return (named,)
    asked = f"{question}={answer}"
    return next(((edit,) for pattern, edit in _WRITTEN_OUT if re.fullmatch(pattern, asked)), ())


def new_names(question: str, answer: str, path: str) -> Sequence[str]:
    """Other paths for a new file, where the habit is about the file's name."""
    folder, _, name = path.rpartition("/")
    stem, dot, suffix = name.partition(".")
    before = folder + "/" if folder else ""
    if question in ("name.file", "component.file"):
        return [f"{before}{restyled(stem, answer)}{dot}{suffix}"]
    if question == "file.subject":
        return [f"{before}{'OtherThing' if stem[:1].isupper() else 'otherThing'}{dot}{suffix}"]
    if question == "test.file":
        return [f"{before}{_other_form(stem, answer)}.{suffix.rpartition('.')[2]}"]
    return ()


def _other_form(stem: str, form: str) -> str:
    bare = re.sub(r"^test_|_test$|Tests?$|^Test|_spec$|-test$", "", stem) or "thing"
    if form == "test_*":
        return f"{bare}_test"
    if form in ("*_test", "*.test", "*.spec"):
        return f"test_{bare}"
    return f"{bare}Tests" if form == "*Test" else f"{bare}Test"


def _without_doc(text: str, line: int, parsed: ParsedFile) -> str | None:
    """The definition without its docstring or the comment above it."""
    symbol = defined_at(parsed, line)
    if not symbol or not symbol.doc:
        return None
    lines = text.split("\n")
    start, end = symbol.span.start, symbol.span.end
    if parsed.file.language == "python":
        bare = re.sub(r'[rbu]?("""|\'\'\')[\s\S]*?\1', "pass", "\n".join(lines[start - 1 : end]), count=1)
        return "\n".join([*lines[: start - 1], bare, *lines[end:]])
    return "\n".join(lines[: symbol.doc_start - 1] + lines[start - 1 :]) if symbol.doc_start < start else None


def _with_doc(text: str, line: int, parsed: ParsedFile) -> str | None:
    """The definition with a doc comment that it did not have."""
    symbol = defined_at(parsed, line)
    if not symbol or symbol.doc:
        return None
    lines = text.split("\n")
    pad = " " * (len(lines[line - 1]) - len(lines[line - 1].lstrip()))
    if parsed.file.language == "python":
        head = next((n for n in range(line - 1, symbol.span.end) if lines[n].rstrip().endswith(":")), None)
        said = f'{pad}    """Do the thing."""'
        return None if head is None else "\n".join([*lines[: head + 1], said, *lines[head + 1 :]])
    comments = {"go": f"{pad}// {symbol.name} does the thing.", "rust": f"{pad}/// Does the thing."}
    said = comments.get(parsed.file.language, f"{pad}/** Does the thing. */")
    return "\n".join([*lines[: line - 1], said, *lines[line - 1 :]])


_FIELDS = "\n\n:param value: what it is.\n:return: what it gives.\n"
_SECTIONS = "\n\nArgs:\n    value: what it is.\n\nReturns:\n    What it gives.\n"
_SECTION = re.compile(r"(?m)^(\s*)(?::param|:returns?|:raises|Args:|Returns:|Raises:|-{3,}).*$")


def _doc_in_style(said: str) -> Edit:
    """A docstring with sections of another style at its end."""

    def edit(text: str, line: int, parsed: ParsedFile) -> str | None:
        symbol = defined_at(parsed, line)
        if not symbol or not symbol.doc:
            return None
        lines = text.split("\n")
        body = "\n".join(lines[symbol.span.start - 1 : symbol.span.end])
        match = re.search(r'\n([ \t]+)[rRuU]?("""|\'\'\')([\s\S]*?)\2', body)
        if not match:
            return None
        ending = said.replace("\n", "\n" + match[1])
        inner = _SECTION.sub(r"\1", match[3]).rstrip() + ending
        changed = body[: match.start(3)] + inner + body[match.end(3) :]
        return "\n".join([*lines[: symbol.span.start - 1], changed, *lines[symbol.span.end :]])

    return edit


def _moved(what: str, among: str, last: bool) -> Edit:
    """All imports like `what` behind, or before, all those like `among`."""

    def edit(text: str, line: int, parsed: ParsedFile) -> str | None:
        moved = re.findall(what, text, re.M)
        rest = re.sub(what, "", text, flags=re.M)
        others = list(re.finditer(among, rest, re.M))
        if not moved or not others:
            return None
        at = others[-1].end() if last else others[0].start()
        return rest[:at] + "".join(moved) + rest[at:]

    return edit


_STATIC, _PLAIN = r"^import static [^\n]+\n", r"^import (?!static)[^\n]+\n"
_JAVA, _FOREIGN = r"^import javax?\.[^\n]+\n", r"^import (?!static|javax?\.)[^\n]+\n"


def _own_type(text: str, line: int, parsed: ParsedFile) -> str | None:
    """`Self` written out as the type of the `impl` around the line."""
    for above in reversed(text.split("\n")[: line - 1]):
        match = re.match(r"impl(?:<[^>]*>)? (?:[\w:<>, ]+ for )?(\w+)", above)
        if match:
            return Swap(r"\bSelf\b", match[1])(text, line, parsed)
    return None


def _without_header(text: str, line: int, parsed: ParsedFile) -> str | None:
    """The file without the comment it begins with."""
    bare = re.sub(r"\A(?:/\*[\s\S]*?\*/|(?://[^\n]*\n)+|(?:#[^\n]*\n)+)\s*", "", text)
    return bare if bare != text else None


def _by_tabs(text: str, line: int, parsed: ParsedFile) -> str | None:
    return re.sub(r"(?m)^( +)", lambda match: "\t" * (1 + len(match[1]) // 4), text)


_WRITTEN_OUT: tuple[tuple[str, Edit], ...] = (
    (r"doc\.(?:function|method|type)=yes", _without_doc),
    (r"doc\.(?:function|method|type)=no", _with_doc),
    (r"doc\.style=google", _doc_in_style(_FIELDS)),
    (r"doc\.style=\w+", _doc_in_style(_SECTIONS)),
    (r"import\.static=first", _moved(_STATIC, _PLAIN, last=True)),
    (r"import\.static=last", _moved(_STATIC, _PLAIN, last=False)),
    (r"import\.java=first", _moved(_JAVA, _FOREIGN, last=True)),
    (r"import\.java=last", _moved(_JAVA, _FOREIGN, last=False)),
    (r"self\.type=Self", _own_type),
    (r"file\.header=.*", _without_header),
    (r"indent=.*", _by_tabs),
)

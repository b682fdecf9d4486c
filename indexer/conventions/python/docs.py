"""Count how a Python file's docstrings are written, and which of them there are."""

from __future__ import annotations

import re

from ...types import Symbol
from ..tally import Tally
from .source import Source


def count_docs(source: Source, tally: Tally) -> None:
    """Docstrings of a file that is no test."""
    _count_module(source, tally)
    for symbol in source.parsed.symbols:
        if symbol.doc and symbol.kind in ("function", "method", "class"):
            _count_docstring(source, symbol, tally)
    _count_constructors(source, tally)


def _count_module(source: Source, tally: Tally) -> None:
    if not source.functions and not source.classes:
        return
    first = next((line for line, row in enumerate(source.rows, 1) if row.strip()), 1)
    documented = source.row(first).lstrip("rR")[:1] in ('"', "'")
    tally.add("doc.module", "yes" if documented else "no", first)


def _count_docstring(source: Source, symbol: Symbol, tally: Tally) -> None:
    line = _first_line(source, symbol)
    if not line:
        return
    opened = source.lines.text[source.starts[line - 1] : source.starts[line] - 1].strip()
    doc = symbol.doc
    style = _style(doc)
    if style:
        tally.add("doc.style", style, line)
    if doc.count("\n") > 2:
        tally.add("doc.sections", "yes" if style else "no", line)
    if "\n" in doc or opened.lstrip("rRuU").count(opened[-3:]) < 2:
        same = opened.lstrip("rRuU").strip("\"'\\")
        tally.add("doc.open", "same" if same else "next", line)
    head = doc.partition("\n\n")[0].rstrip()
    if (
        head.count(" ") > 1
        and "://" not in head.rpartition(" ")[2]
        and (head[-1].isalnum() or head[-1] in ".`)")
    ):
        tally.add("doc.end", "period" if head[-1] == "." else "open", line)
    if symbol.kind != "class":
        mood = _mood(doc)
        if mood:
            tally.add("doc.mood", mood, line)
    if "`" in doc:
        _count_markup(doc, line + (not opened.strip("rRuU\"'\\")), tally)


_OPENS = re.compile(r"[rRuU]?[\"']")


def _first_line(source: Source, symbol: Symbol) -> int:
    """The line on which the docstring begins, 0 where it isn't found near the head."""
    for line in range(source.head(symbol), symbol.span.end + 1):
        if _OPENS.match(source.row(line).lstrip()) and source.row(line - 1).rstrip().endswith(":"):
            return line
    return 0


_FIELD = re.compile(r"^\s*:(?:param|return|raises|type|rtype)\b", re.MULTILINE)
# The line of hyphens below such a head is left out of `Symbol.doc`, as every line without a word.
_UNDERLINED = re.compile(
    r"^\s*(?:Parameters|Returns|Raises|Yields|Attributes|Notes|Examples)\n\n", re.MULTILINE
)
_SECTION = re.compile(r"^\s*(?:Args|Arguments|Returns|Raises|Yields):[ \t]*$", re.MULTILINE)


def _style(doc: str) -> str:
    """How parameters and results are listed, "" where they aren't."""
    if ":" in doc:
        if _SECTION.search(doc):
            return "google"
        if _FIELD.search(doc):
            return "sphinx"
    return "numpy" if "\n\n" in doc and _UNDERLINED.search(doc) else ""


# Verbs that begin docstrings: what is not among them may be a noun and says nothing about the mood.
_VERBS = frozenset(
    "return get set create check add remove build make load save read write parse convert find compute"
    " generate update run handle print raise call yield apply validate initialize initialise register"
    " send start stop open close execute wrap extract format render resolve determine delete fetch store"
    " configure install ensure retrieve show display log process provide define prepare normalize merge"
    " encode decode iterate collect calculate test wait clean clear copy download upload split try use"
    " construct invoke emit produce yield tell give take turn insert append replace decorate mark search"
    " select sort filter list look match move open overwrite implement perform".split()
)
_FIRST = re.compile(r"([A-Z][a-z]+)\b")
_OF = re.compile(r"(?:,| (?:of|for|from|in|by|with|and)\b)")


def _mood(doc: str) -> str:
    match = _FIRST.match(doc)
    word = match[1].lower() if match else ""
    if word == "raises":
        return ""  # tells of errors where there is nothing else to tell
    if word in _VERBS:
        return "imperative"
    if not match or _OF.match(doc, match.end()):
        return ""  # `Runs of a day`: a noun
    for end, instead in (("s", ""), ("es", ""), ("ies", "y")):
        if word.endswith(end) and word[: -len(end)] + instead in _VERBS:
            return "third"
    return ""


_ROLE = re.compile(r":[\w:]+:`")
_SINGLE = re.compile(r"(?<![`:\w])`[^`\n]+`(?![`_\w])")


def _count_markup(doc: str, line: int, tally: Tally) -> None:
    single = _SINGLE.search(doc)
    if single:
        tally.add("doc.markup", "single", line + doc.count("\n", 0, single.start()))
    elif "``" in doc or _ROLE.search(doc):
        tally.add("doc.markup", "double", line)


_LISTS = re.compile(r"^\s*(?::param\b|Args:|Arguments:|Parameters\n\n)", re.MULTILINE)


def _count_constructors(source: Source, tally: Tally) -> None:
    """Where the parameters of a constructor are told: by the class or by `__init__`."""
    classes = {symbol.qualname: symbol for symbol in source.classes}
    for symbol in source.functions:
        if symbol.name != "__init__":
            continue
        owner = classes.get(symbol.qualname.rpartition(".")[0])
        if symbol.doc and _LISTS.search(symbol.doc):
            tally.add("doc.constructor", "init", source.head(symbol))
        elif owner and owner.doc and _LISTS.search(owner.doc):
            tally.add("doc.constructor", "class", source.head(owner))

"""Count how a file names what it defines, for every language."""

from __future__ import annotations

import re
from functools import lru_cache

from ..types import ParsedFile, Symbol
from .docs import count_doc
from .places import is_test
from .tally import Tally
from .verbs import count_verbs

TYPES = frozenset({"class", "interface", "struct", "enum", "trait"})
FUNCTIONS = frozenset({"function", "method"})
# They count their members and prefixes themselves.
_ECMA = frozenset({"javascript", "jsx", "typescript", "tsx", "vue", "svelte", "astro"})


def count_names(parsed: ParsedFile, tally: Tally) -> None:
    """Styles, verbs, suffixes and documentation of what a file of code, not of tests, defines."""
    language = parsed.file.language
    functions: set[str] = set()
    kinds: dict[str, str] = {}
    overriding = {r.scope for r in parsed.references if r.name == "Override"} if language == "java" else ()
    for symbol in parsed.symbols:
        kind, line = symbol.kind, symbol.span.start
        if kind in FUNCTIONS:
            functions.add(symbol.qualname)
        elif kind in TYPES:
            kinds[symbol.qualname] = kind
        inside = symbol.qualname.rpartition(".")[0]
        if inside in functions or (language == "rust" and is_test(parsed.file.path, symbol.qualname)):
            continue  # what is local to a function follows the moment, not a convention
        if kind in FUNCTIONS:
            if not symbol.name.startswith("__"):  # the language's own names
                _count_style(symbol.name, f"name.{kind}", language, line, tally)
                count_verbs(symbol, language, tally)
        elif kind in TYPES:
            _count_type(symbol, inside, language, tally)
        elif kind == "constant":
            member = kinds.get(inside) == "enum"
            if symbol.name not in _GIVEN and not (member and language in _ECMA):
                question = "enum.member" if member else "name.constant"
                _count_style(symbol.name, question, language, line, tally)
            continue
        else:
            continue
        if is_public(symbol, language, kinds.get(inside, "")) and symbol.qualname not in overriding:
            count_doc(symbol, "type" if kind in TYPES else kind, language, tally)


def count_file(parsed: ParsedFile, tally: Tally) -> None:
    """The style of the file's own name, and whether it begins with a notice of its licence."""
    stem = parsed.file.path.rsplit("/", 1)[-1].split(".", 1)[0]
    found = style(stem)
    told = parsed.symbols or parsed.references  # a style sheet is nobody's code
    if found and told and stem not in _GIVEN and not is_test(parsed.file.path):
        tally.add("name.file", found, 1)
    if parsed.file.language not in _ECMA and parsed.symbols:
        head = parsed.file.text[:_HEAD].lower()
        said = "copyright" in head or "spdx-license" in head or "licensed under" in head
        tally.add("file.header", "yes" if said else "no", 1)


_GIVEN = frozenset({"package-info", "module-info", "serialVersionUID"})  # names that the language gives
_HEAD = 600  # characters; a notice stands in the first comment

_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_CAMEL = re.compile(r"[a-z][a-z0-9]*[A-Z][A-Za-z0-9]*")
_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")
_UPPER = re.compile(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*")
_KEBAB = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")


@lru_cache(maxsize=8192)  # the names of one repository repeat
def style(name: str) -> str:
    """How a name of several words is written; "" where it says nothing, such as `run` or `x`."""
    bare = name.strip("_$#?!")
    if "_" in bare:
        return "snake" if _SNAKE.fullmatch(bare) else "upper" if _UPPER.fullmatch(bare) else ""
    if _CAMEL.fullmatch(bare):
        return "camel"
    if _PASCAL.fullmatch(bare):
        return "pascal"
    if _UPPER.fullmatch(bare):
        return "upper"
    return "kebab" if "-" in bare and _KEBAB.fullmatch(bare) else ""


_HIDDEN = re.compile(r"\b(?:private|fileprivate|internal|defp)\b")
_SHOWN = re.compile(r"\b(?:public|protected|open)\b")
_HIDES = frozenset({"java", "csharp", "swift"})  # what says nothing is not public there


def is_public(symbol: Symbol, language: str, owner: str = "") -> bool:
    """Whether others may use it, as far as its own line says. `owner` is the kind of what it stands in."""
    if symbol.name.startswith(("_", "#")):
        return False
    if language == "go":
        return symbol.name[:1].isupper()
    if language == "rust":
        return symbol.signature.startswith("pub ")
    head = symbol.signature.partition("(")[0]
    if language in _HIDES and owner != "interface" and not _SHOWN.search(head):
        return False
    hidden = ("private" in head or "internal" in head or "defp" in head) and _HIDDEN.search(head)
    return not hidden and " override " not in f" {head} "


_LAST_WORD = re.compile(r"[A-Z][a-z0-9]+$")
_PREFIXED = re.compile(r"I[A-Z][a-z]")


def _count_type(symbol: Symbol, inside: str, language: str, tally: Tally) -> None:
    line = symbol.span.start
    _count_style(symbol.name, "name.type", language, line, tally)
    if not inside:
        last = _LAST_WORD.search(symbol.name)
        tally.add("name.suffix", last[0] if last else "-", line)
    if symbol.kind == "interface" and language in ("java", "csharp", "kotlin", "php"):
        tally.add("interface.prefix", "yes" if _PREFIXED.match(symbol.name) else "no", line)


def _count_style(name: str, question: str, language: str, line: int, tally: Tally) -> None:
    found = style(name)
    if language == "go" and found in ("camel", "pascal"):
        found = "mixed"  # a capital says who may use it
    if language == "bash" and not found and name.islower():
        found = "snake"  # of variables one word is enough to tell them from OWNER
    if found:
        tally.add(question, found, line)

"""Source files -> what their comments, names and tests say, with the code they say it about."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from zlib import crc32

from indexer.types import Chunk, ParsedFile, Symbol
from indexer.words import parts, query_bag

from .pair import BOILERPLATE, DEFINES, TEST, Cut, Pair, bare, home_of, words_of

_LONGEST = 400  # characters of a comment
_TESTS = 12  # that call one function at most: what more call is a helper of tests
_OPENED = 3  # chunks of a file for which its opening comment speaks
_NOT_PROSE = re.compile(
    r"^\s*([@\\:]\w+|Args:|Parameters|Returns:|Raises:|Example|Note:|```|#+ |>>>|---)", re.MULTILINE
)
_MARKUP = re.compile(r"<[^<>]+>|\{@\w+ ([^}]*)\}|https?://\S+")
_OPENING = re.compile(
    r"(?P<mark>//[/!]?|#+|--+|;+|%+)[^\n]*(?:\n(?P=mark)[^\n]*)*"
    r"|/\*.*?\*/|\{-.*?-\}|([\"']{3}).*?\2|@moduledoc \"\"\".*?\"\"\"",
    re.DOTALL,
)


def documented(cut: Cut) -> Iterator[Pair]:
    """Doc comments and the chunk without them; names and the chunk, which holds no path."""
    path = cut.file.file.path
    named: set[str] = set()
    for symbol in cut.file.symbols:
        home = home_of(symbol, cut.chunks)
        if home is None or symbol.kind not in DEFINES:
            continue
        said = _summary(symbol)
        if said:
            yield Pair("doc", path, home.id, query_bag(said), words_of(home, without=symbol))
        if home.id not in named and symbol.name != "main":
            named.add(home.id)
            asked = " ".join((*PurePosixPath(path).with_suffix("").parts[-2:], symbol.qualname))
            yield Pair("name", path, home.id, query_bag(" ".join(parts(asked))), words_of(home))


def opened(cut: Cut) -> Iterator[Pair]:
    """The opening comment of a file and the chunks that define most in it."""
    text = cut.file.file.text
    for found in _OPENING.finditer(text[:4000]):
        prose = "\n".join(bare(line) for line in found[0].replace("@moduledoc", "").split("\n")).strip()
        if text[: found.start()].count("\n") > 40:
            return
        if prose and not BOILERPLATE.search(found[0]) and (said := _prose(prose, "", whole=True)):
            lines = range(1, text[: found.end()].count("\n") + 2)
            homes = [chunk for chunk in cut.chunks if chunk.defines and chunk.span.start not in lines]
            for home in sorted(homes, key=lambda chunk: -len(chunk.defines))[:_OPENED]:
                yield Pair("module", cut.file.file.path, cut.file.file.path, query_bag(said), words_of(home))
            return


def tested(cuts: Sequence[Cut]) -> Iterator[Pair]:
    """A test is about what it calls that is defined once, and that few other tests call."""
    places: defaultdict[str, list[Chunk]] = defaultdict(list)
    for file, chunks in cuts:
        if not TEST.search(file.file.path):
            for symbol in file.symbols:
                if symbol.kind in DEFINES and (home := home_of(symbol, chunks)):
                    places[symbol.name].append(home)
    calls: list[tuple[ParsedFile, str, str]] = []
    for file, _ in cuts:
        if TEST.search(file.file.path):
            calls.extend(
                {(r.scope, r.name): (file, r.scope, r.name) for r in file.references if r.scope}.values()
            )
    callers = Counter(name for _, _, name in calls)
    for file, scope, name in calls:
        test = scope.rsplit(".", 1)[-1]
        if (
            len(places[name]) == 1
            and callers[name] <= _TESTS
            and "test" in scope.lower()
            and len(parts(test)) > 2
        ):
            home = places[name][0]
            asked = [word for word in parts(test) if word not in ("test", "tests")]
            yield Pair("test", file.file.path, home.id, query_bag(" ".join(asked)), words_of(home))


def _summary(symbol: Symbol) -> str:
    """The first paragraph of a doc comment, or only its first sentence; half of them without the
    symbol's name, for a question names what it asks for about as often as not."""
    chance = crc32(symbol.qualname.encode())
    return _prose(symbol.doc, symbol.name if chance & 2 else "", whole=bool(chance & 1))


def _prose(doc: str, name: str, whole: bool) -> str:
    doc = _NOT_PROSE.split(_MARKUP.sub(r" \1 ", doc), maxsplit=1)[0].strip()
    paragraph = re.split(r"\n\s*\n", doc)[0][:_LONGEST]
    if BOILERPLATE.search(paragraph):
        return ""
    if not whole:
        paragraph = re.split(r"(?<=[.!?])\s", paragraph)[0]
    said = [word for word in re.findall(r"\w+", paragraph) if word != name]
    ascii_words = sum(word.isascii() for word in said)
    return " ".join(said) if len(said) > 2 and ascii_words * 10 > len(said) * 9 else ""

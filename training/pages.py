"""Pages of documentation -> their headings and first sentences, with the code that they name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from indexer.types import Chunk
from indexer.words import query_bag

from .pair import BOILERPLATE, DEFINES, TEST, Cut, Pair, home_of, words_of

_HEADING = re.compile(r"^#{1,4} +(?P<md>.+?) *#*$|^(?P<rst>\S.*)\n[=~^*\-]{4,}$", re.MULTILINE)
_CHANGES = re.compile(r"change|history|release|news|migrat|licen|contribut|conduct|security", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_]\w{3,}")
_CODE = re.compile(r"```.*?```|`[^`\n]+`|^(?: {4}|\t).*$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\([^)]*\)|https?://\S+|<[^<>\n]+>|!\[[^\]]*\]|\{%.*?%\}")
_SECTION = 4000  # characters in which names are sought
_SENTENCE = 300
_ABOUT = 3  # a section that names more definitions than it can be about is cut to its first ones
_SAID_BY = 6  # sections that name a definition at most: what more name is the library's main word


def shown(pages: Iterable[tuple[str, str]], cuts: Sequence[Cut]) -> Iterator[Pair]:
    """Pairs of (path, text) pages with the definitions that they name in code and that are unique."""
    places = _places(cuts)
    sections = [
        (path, asked, names)
        for path, text in pages
        if not _CHANGES.search(path)
        for asked, names in _sections(text, places)
    ]
    said_by: defaultdict[str, int] = defaultdict(int)
    for _, _, names in sections:
        for name in names:
            said_by[name] += 1
    for path, asked, names in sections:
        for name in [name for name in names if said_by[name] <= _SAID_BY][:_ABOUT]:
            home = places[name]
            yield Pair("page", path, home.id, query_bag(asked), words_of(home))


def _places(cuts: Sequence[Cut]) -> dict[str, Chunk]:
    found: defaultdict[str, list[Chunk]] = defaultdict(list)
    for file, chunks in cuts:
        if not TEST.search(file.file.path):
            for symbol in file.symbols:
                if symbol.kind in DEFINES and (home := home_of(symbol, chunks)):
                    found[symbol.name].append(home)
    return {name: homes[0] for name, homes in found.items() if len(homes) == 1}


def _sections(text: str, places: dict[str, Chunk]) -> Iterator[tuple[str, list[str]]]:
    """What each section says, without code, and the known names in its code, in order."""
    heads = list(_HEADING.finditer(text))
    for head, following in zip_longest(heads, heads[1:]):
        body = text[head.end() : following.start() if following else len(text)][:_SECTION]
        names = dict.fromkeys(
            name for code in _CODE.findall(body) for name in _NAME.findall(code) if name in places
        )
        title = _LINK.sub(" ", head["md"] or head["rst"])
        prose = re.split(r"\n\s*\n", _LINK.sub(" ", _CODE.sub(" ", body)).strip())[0][:_SENTENCE]
        if names and not BOILERPLATE.search(title + prose) and len((title + " " + prose).split()) > 3:
            yield f"{title} {prose}", list(names)

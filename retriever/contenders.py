"""Turn hits into the definitions that a task may mean, those first that say most of it per line shown.

A search answers with one place of a file, and what has to be read is often beside it. So every definition
of the best files is weighed by its own words: BM25 among these definitions, more where its name says them,
where the task writes its name out, or where the search pointed at it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log, sqrt

from indexer.conventions import is_test
from indexer.store.catalog import SymbolRow
from indexer.types import Span
from indexer.words import stems

from .sheet import Sheet, Sheets
from .task import about, spoken
from .types import Hit

_FILES = 10  # whose definitions are weighed; beyond that only the hits themselves
_DECLARING = 3  # of them, of which what stands between definitions is weighed as well
_LONG = 100  # lines: of a longer definition one part is meant, and the whole would take the room of all else
_K1, _B = 1.2, 0.75  # BM25's usual constants
_NAMED = 1.0  # a word in the name tells as much as the word said once in the lines
_NAMED_AROUND = 0.5  # that of its class says it of all in it
_WRITTEN = 2.0  # times: a definition whose very name stands in the task
_SHORTEST_NAME = 4  # letters of such a name; shorter ones are words ("run", "get")
_POINTED = 3.0  # times: where the search pointed,
_LATER = 0.25  # exponent of the place among the hits (1, 2, …) that this is divided by
_LEADER = 2.0  # exponent: the best by words are far likelier than the middling many
_UNSAID = 0.1  # of the best: a hit that says no word was found by meaning, which counts too
_PER_TOKEN = (
    0.5  # exponent of the cost: two short definitions are worth one that is twice as likely and as long
)
_BASE_COST = 25  # tokens of heading and reason that each definition costs besides its own
_LETTERS = 3.5  # of a token of code, roughly: this orders, it does not count
_WORDS = 3  # that a reason names

_FoundAt = tuple[int, Hit]  # the place of a hit among all, from 1


@dataclass(frozen=True, slots=True)
class Contender:
    """Lines that may be meant: a definition or a part of one, or (`symbol` None) lines outside any. `parts`
    are those of a long definition that was weighed as a whole, the likeliest first."""

    sheet: Sheet
    symbol: SymbolRow | None
    span: Span
    why: str
    worth: float
    density: float
    parts: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Lines before they are judged: `name`, `scope` are words asked for in its name and class's, `file` is
    how likely any one definition of its file is meant, `place` that of the hit among all, from 1."""

    file: float
    sheet: Sheet
    symbol: SymbolRow | None
    span: Span
    hit: Hit | None
    place: int
    said: Mapping[str, int]
    length: int
    letters: int
    name: frozenset[str]
    scope: frozenset[str]
    parts: tuple[_Weighed, ...] = ()


def contenders(task: str, hits: Sequence[Hit], sheets: Sheets, in_parts: bool = True) -> list[Contender]:
    """Those that say anything of the task, the best per line first; equal ones by path and line. Tests are
    none. What is long is weighed by its parts, or, unless `in_parts`, with them."""
    code = [hit for hit in hits if hit.kind == "code" and not is_test(hit.path, hit.symbol)]
    subject = about(task)
    asked, as_written = Counter(stems(subject, question=True)), spoken(subject)
    written = frozenset(re.findall(r"\w+", subject))
    weighed = list(_all(code, asked, sheets, in_parts))
    if not weighed:
        return []
    tells, average = _tells(weighed), sum(one.length for one in weighed) / len(weighed)
    matches = [_match(one, asked, tells, average or 1.0) for one in weighed]
    best = max(matches) or 1.0
    judged = []
    for one, match in zip(weighed, matches, strict=True):
        worth = max(match / best, _UNSAID if one.hit else 0.0)
        if one.symbol and len(one.symbol.name) >= _SHORTEST_NAME and one.symbol.name in written:
            worth *= _WRITTEN
        if one.hit:
            worth *= _POINTED / one.place**_LATER
        worth = worth**_LEADER * one.file
        if not worth:
            continue
        density = worth / (one.letters / _LETTERS + _BASE_COST) ** _PER_TOKEN
        parts = sorted(one.parts, key=lambda part: -_match(part, asked, tells, average or 1.0))
        spans, why = tuple(part.span for part in parts), _why(one, tells, as_written)
        judged.append(Contender(one.sheet, one.symbol, one.span, why, worth, density, spans))
    judged.sort(key=lambda c: (-c.density, c.sheet.path, c.span.start, c.span.end))
    return judged


def _all(hits: Sequence[Hit], asked: Mapping[str, int], sheets: Sheets, in_parts: bool) -> Iterator[_Weighed]:
    for nth, path in enumerate(dict.fromkeys(hit.path for hit in hits)):
        sheet = sheets.get(path)
        if sheet is None:
            continue
        here = [(place, hit) for place, hit in enumerate(hits, start=1) if hit.path == path]
        likely = max(hit.score for _, hit in here) / (1 + nth) / sqrt(len(sheet.lines))
        for symbol, span, found_at in _places(sheet, here, nth):
            long = len(span) > _LONG and (symbol is None or symbol in sheet.leaves)
            pieces = sheets.pieces(sheet, span) if long else [span]
            weighed = [_weigh(likely, sheet, symbol, piece, found_at, asked) for piece in pieces]
            if in_parts or not long:
                yield from weighed
            else:
                yield replace(_weigh(likely, sheet, symbol, span, found_at, asked), parts=tuple(weighed))


def _places(
    sheet: Sheet, hits: Sequence[_FoundAt], nth: int
) -> Iterator[tuple[SymbolRow | None, Span, _FoundAt | None]]:
    """What of the nth file is weighed: where the search pointed, and in the first files all else."""
    pointed: dict[int, _FoundAt] = {}
    for place, hit in reversed(hits):
        symbol = sheet.symbol_at(hit.start_line, hit.symbol) if hit.symbol else None
        if symbol:
            pointed[symbol.id] = place, hit
        elif hit.start_line <= len(sheet.lines):
            yield None, Span(hit.start_line, min(hit.end_line, len(sheet.lines))), (place, hit)
    if nth < _DECLARING:
        for span in sheet.between():
            yield None, span, None
    leaves = {symbol.id for symbol in sheet.leaves} if nth < _FILES else frozenset()
    for symbol in sheet.symbols:
        pointing = pointed.get(symbol.id)
        if pointing or (symbol.id in leaves and not is_test(sheet.path, symbol.qualname)):
            yield symbol, sheet.whole(symbol), pointing


def _weigh(
    file: float,
    sheet: Sheet,
    symbol: SymbolRow | None,
    span: Span,
    found_at: _FoundAt | None,
    asked: Mapping[str, int],
) -> _Weighed:
    text = sheet.text(range(span.start, span.end + 1))
    words = stems(text)
    said = Counter(filter(asked.__contains__, words))
    scope, _, name = symbol.qualname.rpartition(".") if symbol else ("", "", "")
    own = asked.keys() & stems(name)
    around = (asked.keys() & stems(scope)) - own if scope else frozenset[str]()
    place, hit = found_at or (0, None)
    return _Weighed(
        file, sheet, symbol, span, hit, place, said, len(words), len(text), frozenset(own), frozenset(around)
    )


def _tells(weighed: Sequence[_Weighed]) -> dict[str, float]:
    """How much a word tells among these definitions: BM25's IDF."""
    saying = Counter(word for one in weighed for word in one.said)
    many = len(weighed)
    return {word: log(1 + (many - n + 0.5) / (n + 0.5)) for word, n in saying.items()}


def _match(one: _Weighed, asked: Mapping[str, int], tells: Mapping[str, float], average: float) -> float:
    length = _K1 * (1 - _B + _B * one.length / average)
    total = 0.0
    for word, n in one.said.items():
        named = _NAMED if word in one.name else _NAMED_AROUND if word in one.scope else 0.0
        often = 1 + log(asked[word])  # what a long task says again and again it is about
        total += often * tells[word] * (n * (_K1 + 1) / (n + length) + named)
    return total


def _why(one: _Weighed, tells: Mapping[str, float], as_written: Mapping[str, str]) -> str:
    """What a reader can check: the reasons of the search, else the words that told most."""
    if one.hit:
        return found(one.hit)
    said = [word for word in one.said if word not in one.name]
    parts = []
    for what, words in (("name says", one.name), ("says", said)):
        telling = sorted(words, key=lambda word: (-tells.get(word, 0.0), word))[:_WORDS]
        if telling:
            parts.append(f"{what} {', '.join(as_written.get(word, word) for word in telling)}")
    return "; ".join(parts) or "beside what was found"


def found(hit: Hit) -> str:
    """The first reason of a hit and its first words: they name what a reader can check."""
    reason = next((reason for reason in hit.reasons if not reason.startswith("ranked")), "by search")
    return "found: " + ", ".join(reason.split(", ")[:_WORDS])

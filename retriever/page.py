"""Lay out the chosen lines of files as one text: whole lines, gaps marked, each place with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .held import id_of
from .sheet import Sheet
from .tokens import CountTokens
from .types import ContextItem

_NEAR = 3  # lines between two places that may be shown as one
_FILLED = 2  # of them that hold something,
_FEW_LETTERS = 60  # together: a mark of a gap and another reason cost as much
_REASONS = 2  # of one item, those of what was wanted most: each costs as much as two lines of code


@dataclass(frozen=True, slots=True)
class Claim:
    """Lines of a file that are shown, and why. `around` are heads shown only to say where they stand;
    a `minor` claim gives no reason where there is another."""

    role: str
    sheet: Sheet
    lines: frozenset[int]
    around: frozenset[int]
    symbol: str | None
    why: str
    place: str = ""
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """All that is shown of one file, as items in the order of its lines."""

    path: str
    items: tuple[ContextItem, ...]
    text: str


Drawn = dict[tuple[Claim, ...], Block]


def blocks(claims: Sequence[Claim], count_tokens: CountTokens, drawn: Drawn) -> list[Block]:
    """One block per file, files in the order in which they were first claimed. What is in `drawn` is not
    drawn again, and what is not is added: from one page to the next few files change."""
    of_files: dict[str, list[Claim]] = {}
    for claim in claims:
        of_files.setdefault(claim.sheet.path, []).append(claim)
    found = []
    for own in map(tuple, of_files.values()):
        if own not in drawn:
            drawn[own] = _block(own, count_tokens)
        found.append(drawn[own])
    return found


def fenced(block: Block, language: str) -> str:
    """A block as Markdown: where, why, and the lines in a fence that nothing in them can close."""
    fence = "```"
    while fence in block.text:
        fence += "`"
    notes = []
    for item in block.items:
        symbol = f" {item.symbol}" if item.symbol else ""
        notes.append(f"- {item.start_line}-{item.end_line}{symbol} ({item.role}): {item.why}")
    return "\n".join([f"## {block.path}", *notes, f"{fence}{language}", block.text, fence])


def shown_lines(sheet: Sheet, lines: Sequence[int]) -> str:
    """These lines with `…` where some are left out between."""
    parts = []
    last = 0
    for run in _runs(sheet, lines):
        first = sheet.lines[run[0] - 1]
        if last:
            parts.append(first[: len(first) - len(first.lstrip())] + "…")
        parts.append(sheet.text(run))
        last = run[-1]
    return "\n".join(parts)


def _block(claims: Sequence[Claim], count_tokens: CountTokens) -> Block:
    sheet = claims[0].sheet
    every = sorted({line for claim in claims for line in claim.lines | claim.around})
    items = [_item(sheet, group, claims, count_tokens) for group in _groups(sheet, every, claims)]
    return Block(sheet.path, tuple(items), shown_lines(sheet, every))


def _runs(sheet: Sheet, lines: Sequence[int]) -> list[list[int]]:
    """Runs of neighbouring lines, without blank ones at their ends; a small gap does not part them."""
    runs: list[list[int]] = []
    last = -1
    for line in lines:
        if line == last + 1:
            runs[-1].append(line)
            last = line
        elif runs and _is_small(sheet, last, line):
            runs[-1] += range(last + 1, line + 1)
            last = line
        elif sheet.lines[line - 1].strip():
            runs.append([line])
            last = line
    for run in runs:
        while len(run) > 1 and not sheet.lines[run[-1] - 1].strip():
            run.pop()
    return runs


def _is_small(sheet: Sheet, last: int, line: int) -> bool:
    """Whether a gap is shown rather than marked: blank lines, or so little that the mark costs as much."""
    if line - last > _NEAR + 1:
        return False
    between = [text for n in range(last + 1, line) if (text := sheet.lines[n - 1].strip())]
    return len(between) <= _FILLED and sum(map(len, between)) <= _FEW_LETTERS


def _groups(sheet: Sheet, lines: Sequence[int], claims: Sequence[Claim]) -> Iterator[list[int]]:
    """Runs that make one item: heads go with what stands below them, outlines with each other."""
    waiting: list[int] = []
    outline: list[int] = []
    for run in _runs(sheet, lines):
        roles = [claim.role for claim in claims if claim.lines & set(run)]
        if not roles:
            waiting += run
        elif all(role == "outline" for role in roles):
            outline += waiting + run
            waiting = []
        else:
            if outline:
                yield outline
            yield waiting + run
            waiting, outline = [], []
    if outline:
        yield outline


def _item(
    sheet: Sheet, lines: Sequence[int], claims: Sequence[Claim], count_tokens: CountTokens
) -> ContextItem:
    shown = set(lines)
    own = [claim for claim in claims if claim.lines & shown]
    strong = [claim for claim in own if claim.role != "outline" and not claim.minor] or own
    first = next((claim for claim in strong if claim.symbol), strong[0])
    widest = max((claim for claim in strong if claim.lines >= first.lines), key=lambda c: len(c.lines))
    claimed = sorted({line for claim in strong for line in claim.lines} & shown)
    text = shown_lines(sheet, lines)
    return ContextItem(
        role=strong[0].role,
        path=sheet.path,
        start_line=claimed[0],
        end_line=claimed[-1],
        symbol=widest.symbol,
        why="; ".join(list(dict.fromkeys(claim.why for claim in strong))[:_REASONS]),
        text=text,
        tokens=count_tokens(text),
        id=id_of(sheet, [line for run in _runs(sheet, lines) for line in run]),
    )

"""Lay out the chosen lines of files as one text: whole lines, gaps marked, each place with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .held import id_of
from .sheet import Sheet
from .tokens import CountTokens
from .types import ContextItem

_NEAR = 1  # blank lines between two places that are shown as one


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


def blocks(claims: Sequence[Claim], count_tokens: CountTokens) -> list[Block]:
    """One block per file, files in the order in which they were first claimed."""
    paths = list(dict.fromkeys(claim.sheet.path for claim in claims))
    return [_block([c for c in claims if c.sheet.path == path], count_tokens) for path in paths]


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
    """Runs of neighbouring lines, without blank ones at their ends; a blank line does not part them."""
    runs: list[list[int]] = []
    for line in lines:
        blank = not sheet.lines[line - 1].strip()
        if runs and line - runs[-1][-1] <= 1 + _blank_between(sheet, runs[-1][-1], line):
            runs[-1] += range(runs[-1][-1] + 1, line + 1)
        elif not blank:
            runs.append([line])
    for run in runs:
        while len(run) > 1 and not sheet.lines[run[-1] - 1].strip():
            run.pop()
    return runs


def _blank_between(sheet: Sheet, last: int, line: int) -> int:
    between = [sheet.lines[n - 1].strip() for n in range(last + 1, line)]
    return len(between) if len(between) <= 2 * _NEAR and not any(between) else 0


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
    claimed = sorted({line for claim in own for line in claim.lines} & shown)
    text = shown_lines(sheet, lines)
    return ContextItem(
        role=strong[0].role,
        path=sheet.path,
        start_line=claimed[0],
        end_line=claimed[-1],
        symbol=widest.symbol,
        why="; ".join(dict.fromkeys(claim.why for claim in strong)),
        text=text,
        tokens=count_tokens(text),
        id=id_of(sheet, [line for run in _runs(sheet, lines) for line in run]),
    )

"""Pack what a task needs to know into a token budget: code, callers, tests and conventions.

Whole definitions or their heads, never half a statement; nothing twice; each piece with its reason.
Pure but for reading the catalog: the same request on the same generation gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from indexer.conventions import Rule
from indexer.errors import BadInput

from .chosen import Chosen
from .freshness import freshness
from .graph import Graph
from .held import MOST, held
from .imports import imports
from .notes import Note, notes
from .page import Drawn, blocks, fenced
from .sheet import Sheets
from .tokens import CountTokens
from .types import Context, ContextItem, SearchResult
from .wishes import wishes

SMALLEST_BUDGET = 200  # tokens: below that not even one definition with its reason fits
HITS = 50  # to ask a search for: a report's function is often in a file that is found late
_RESERVED = 0.1  # of the budget, for the conventions,
_MOST_RESERVED = 300  # tokens, a handful of them
_FOR_MAP = 0.08  # of the budget, where a map is wanted,
_LEAST_MAP = 150  # tokens; less shows nothing that is not shown anyway
_IMPORTS = 0.03  # of the budget, for those of one file that its shown code uses
_ROUNDS = 3  # of spending what the estimate of the parts left over
_SLACK = 60  # tokens: less holds no further piece
_NAMED = 8  # places named in the text as left out; the list itself is complete

Overview = Callable[[int], str]  # most tokens -> a map of the repository within them


def pack(
    task: str,
    found: SearchResult,
    graph: Graph,
    rules: Sequence[Rule],
    budget: int,
    count_tokens: CountTokens,
    *,
    known: Sequence[str] = (),
    overview: Overview | None = None,
) -> Context:
    """The best mixture within `budget` tokens, counted on the final text.

    `graph` is that of the repository asked, `overview` draws a map where one is wanted, `known` are ids of
    pieces that the caller holds and that are not to be repeated. Raises BadInput.
    """
    if budget < SMALLEST_BUDGET:
        raise BadInput(f"a budget of {budget} tokens holds nothing; ask for {SMALLEST_BUDGET} or more")
    if len(known) > MOST:
        raise BadInput(f"{len(known)} known pieces are too many; name the last {MOST}")
    count_tokens = lru_cache(maxsize=None)(count_tokens)  # the same pieces are laid out several times
    repo, sheets = graph.repo, Sheets(graph.catalog, graph.repo)
    kept = held(known, sheets, rules)
    hits = [hit for hit in found.hits if hit.repo == repo.name]
    for_map = int(_FOR_MAP * budget) if overview and _FOR_MAP * budget >= _LEAST_MAP else 0
    for_rules = min(_RESERVED * budget, _MOST_RESERVED) if rules else 0.0
    chosen = Chosen(budget, budget - for_map - for_rules, count_tokens, kept)
    for wish in wishes(task, hits, sheets, graph):
        chosen.consider(wish)
    chosen.fill()
    for sheet, lines in imports(chosen.claims, graph):
        chosen.frame(sheet, lines, _IMPORTS)
    shown = [claim.sheet.path for claim in chosen.claims]
    left = budget - for_map - chosen.spent
    said = notes(rules, shown, sheets, kept, count_tokens, left, adds_tests="test" in task.lower())
    map_text = overview(for_map) if overview and for_map else ""
    text, items = _settle(chosen, said, map_text)
    return Context(
        task=task,
        text=text,
        tokens=count_tokens(text),
        budget=budget,
        items=tuple(items),
        left_out=tuple(chosen.left_out()),
        conventions=tuple(note.statement for note in said if note.item in items),
        index=freshness(repo),
        stale=tuple(kept.stale),
        notes=found.notes,
    )


def _settle(chosen: Chosen, said: list[Note], map_text: str) -> tuple[str, list[ContextItem]]:
    """The final text: what the estimate left over is spent, then it is made smaller until it fits."""
    drawn: Drawn = {}
    for _ in range(_ROUNDS):
        text, _items = _page(chosen, said, map_text, _NAMED, drawn)
        left = chosen.budget - chosen.count(text)
        if left < _SLACK or not chosen.fill_up(left):
            break
    named = _NAMED
    while True:
        text, items = _page(chosen, said, map_text, named, drawn)
        if chosen.count(text) <= chosen.budget:
            return text, items
        if named:
            named //= 2
        elif map_text:
            map_text = ""
        elif chosen.claims:
            chosen.drop()
        elif said:
            said = said[:-1]
        else:
            return "", []


def _page(
    chosen: Chosen, said: Sequence[Note], map_text: str, named: int, drawn: Drawn
) -> tuple[str, list[ContextItem]]:
    shown = blocks(chosen.claims, chosen.count, drawn)
    languages = {claim.sheet.path: claim.sheet.file.language for claim in chosen.claims}
    tests = [b for b in shown if all(item.role == "test" for item in b.items)]
    code = [b for b in shown if b not in tests]
    parts = []
    for title, group in (("Code", code), ("Tests", tests)):
        if group:
            parts.append("\n\n".join([f"# {title}", *(fenced(b, languages[b.path]) for b in group)]))
    if said:
        parts.append("\n".join(["# Conventions", "", *(note.item.text for note in said)]))
    if map_text:
        parts.append(f"# Map\n\n{map_text.rstrip()}")
    missing = chosen.left_out()
    if missing and named:
        names = [f"- {name}" for name in missing[:named]]
        if len(missing) > named:
            names.append(f"- and {len(missing) - named} more")
        parts.append("\n".join(["# Left out for space", "", *names]))
    items = [item for block in (*code, *tests) for item in block.items]
    return "\n\n".join(parts) + "\n" if parts else "", items + [note.item for note in said]

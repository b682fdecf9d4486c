"""Pack what a task needs to know into a token budget: code, callers, tests and conventions.

Whole definitions or their heads, never half a statement; nothing twice; each piece with its reason.
Pure but for reading the catalog: the same request on the same generation gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indexer.conventions import Rule
from indexer.errors import BadInput
from indexer.store.catalog import Catalog, RepoRow

from .conventions import most_telling
from .freshness import freshness
from .page import Claim, blocks, fenced, shown_lines
from .sheet import Sheets
from .tokens import CountTokens
from .types import Context, ContextItem, SearchResult
from .wish import Wish
from .wishes import wishes

SMALLEST_BUDGET = 200  # tokens: below that not even one definition with its reason fits
HITS = 30  # to ask a search for: the places beyond the first dozen become the list of what is left out
_RESERVED = 0.15  # of the budget, for the conventions,
_MOST_RESERVED = 400  # tokens, a handful of them
_NOTE = 12  # tokens of a place's line range and role; its reason is counted
_NEW_FILE = 20  # tokens of a file's heading and fences
_MOST_LETTERS = 12  # characters per token on average: more than any tokenizer puts into one
_COPY = 3  # lines from which equal text in two files is a copy, not a coincidence
_NAMED = 8  # places named in the text as left out; the list itself is complete


def pack(
    task: str,
    found: SearchResult,
    catalog: Catalog,
    repo: RepoRow,
    rules: Sequence[Rule],
    budget: int,
    count_tokens: CountTokens,
) -> Context:
    """The best mixture within `budget` tokens, counted on the final text. Raises BadInput."""
    if budget < SMALLEST_BUDGET:
        raise BadInput(f"a budget of {budget} tokens holds nothing; ask for {SMALLEST_BUDGET} or more")
    hits = [hit for hit in found.hits if hit.repo == repo.name]
    chosen = _Chosen(budget, count_tokens)
    for wish in wishes(task, hits, catalog, repo):
        chosen.consider(wish)
    chosen.fill()
    notes = _conventions(rules, chosen, catalog, repo)
    text, items = chosen.settle(notes)
    return Context(
        task=task,
        text=text,
        tokens=count_tokens(text),
        budget=budget,
        items=tuple(items),
        left_out=tuple(chosen.left_out()),
        conventions=tuple(note.statement for note in notes),
        index=freshness(repo),
    )


@dataclass(slots=True)
class _Note:
    """A convention as it is shown."""

    statement: str
    item: ContextItem


@dataclass(slots=True)
class _Chosen:
    """What is shown so far, and what it costs by estimate: the final text is counted as a whole."""

    budget: int
    count: CountTokens
    claims: list[Claim] = field(default_factory=list)
    wanted: list[Wish] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)  # what is shown whole -> its place
    spent: int = 0
    last_taken: bool = False

    def consider(self, wish: Wish) -> None:
        """Take a wish whole, or its head, or not at all."""
        if wish.supports and not self.last_taken:
            return
        copy = self.texts.get(wish.sheet.text(wish.lines), _place(wish)) != _place(wish)
        taken = not copy and any(
            self._take(wish, lines, wish.share) for lines in (wish.lines, *wish.shorter) if lines
        )
        if not wish.supports:
            self.last_taken = taken
            if wish.role != "outline":
                self.wanted.append(wish)

    def fill(self) -> None:
        """Spend what is left on what took too large a share of the whole."""
        for wish in self.wanted:
            if not self._is_shown(wish) and wish.sheet.text(wish.lines) not in self.texts:
                self._take(wish, wish.lines, 1.0)

    def left_out(self) -> list[str]:
        """What was wanted and is not shown, or not whole."""
        names: dict[str, None] = {}
        for wish in self.wanted:
            if not self._is_shown(wish):
                symbol = f" {wish.symbol}" if wish.symbol else ""
                names[f"{_place(wish)}{symbol}{self._instead(wish)}"] = None
        return list(names)

    def _instead(self, wish: Wish) -> str:
        twin = self.texts.get(wish.sheet.text(wish.lines))
        if twin:
            return f" (the same text as {twin})"
        return " (only its head is shown)" if self._shown(wish.sheet.path) & set(wish.lines) else ""

    def _take(self, wish: Wish, lines: Sequence[int], share: float) -> bool:
        shown = self._shown(wish.sheet.path)
        if wish.role == "outline" and not set(lines) - shown:
            return True  # everything it would show is shown
        new = sorted((set(lines) | set(wish.around)) - shown)
        part = shown_lines(wish.sheet, new) if new else ""
        if len(part) > _MOST_LETTERS * share * self.budget:
            return False  # not worth counting
        cost = self.count(part)
        if cost > share * self.budget:
            return False
        cost += self.count(wish.why) + _NOTE + (0 if shown else _NEW_FILE)
        reserved = min(_RESERVED * self.budget, _MOST_RESERVED)
        if self.spent + cost > self.budget - reserved:
            return False
        self.spent += cost
        if len(lines) >= _COPY:
            self.texts.setdefault(wish.sheet.text(lines), _place(wish))
        mine = frozenset(lines) - (shown if wish.role == "outline" else frozenset())
        role = "outline" if wish.role == "code" and lines != wish.lines else wish.role
        around = frozenset(wish.around)
        self.claims.append(Claim(role, wish.sheet, mine, around, wish.symbol, wish.why, wish.supports))
        return True

    def _is_shown(self, wish: Wish) -> bool:
        return set(wish.lines) <= self._shown(wish.sheet.path)

    def _shown(self, path: str) -> set[int]:
        return {
            line for claim in self.claims if claim.sheet.path == path for line in claim.lines | claim.around
        }

    def settle(self, notes: list[_Note]) -> tuple[str, list[ContextItem]]:
        """The final text, made smaller until it fits: first the list of names, then the last piece."""
        named = _NAMED
        while True:
            text, items = self._page(notes, named)
            if self.count(text) <= self.budget:
                return text, items
            if named:
                named = named // 2
            elif self.claims:
                self.claims.pop()
            elif notes:
                notes.pop()
            else:
                return "", []

    def _page(self, notes: Sequence[_Note], named: int) -> tuple[str, list[ContextItem]]:
        shown = blocks(self.claims, self.count)
        languages = {claim.sheet.path: claim.sheet.file.language for claim in self.claims}
        tests = [b for b in shown if all(item.role == "test" for item in b.items)]
        code = [b for b in shown if b not in tests]
        parts = []
        for title, group in (("Code", code), ("Tests", tests)):
            if group:
                parts.append("\n\n".join([f"# {title}", *(fenced(b, languages[b.path]) for b in group)]))
        if notes:
            parts.append("\n".join(["# Conventions", "", *(note.item.text for note in notes)]))
        missing = self.left_out()
        if missing and named:
            names = [f"- {name}" for name in missing[:named]]
            if len(missing) > named:
                names.append(f"- and {len(missing) - named} more")
            parts.append("\n".join(["# Left out for space", "", *names]))
        items = [item for block in (*code, *tests) for item in block.items]
        return "\n\n".join(parts) + "\n" if parts else "", items + [note.item for note in notes]


def _place(wish: Wish) -> str:
    return f"{wish.sheet.path}:{wish.lines[0]}-{wish.lines[-1]}"


def _conventions(rules: Iterable[Rule], chosen: _Chosen, catalog: Catalog, repo: RepoRow) -> list[_Note]:
    """The handful of rules that apply to what is shown, each with one line of code as its example."""
    paths = list(dict.fromkeys(claim.sheet.path for claim in chosen.claims))
    sheets = Sheets(catalog, repo)
    notes: list[_Note] = []
    left = chosen.budget - chosen.spent
    for rule in most_telling(list(rules), paths):
        path, line = _example(rule, paths)
        sheet = sheets.get(path)
        code = sheet.lines[line - 1].strip() if sheet and line <= len(sheet.lines) else ""
        where = f"{path}:{line}" + (f" `{code}`" if code and "`" not in code else "")
        text = f"- {rule.statement} ({rule.support} of {rule.total}; {where})"
        tokens = chosen.count(text)
        if tokens <= left:
            left -= tokens
            why = f"{rule.support} of {rule.total} places do so"
            notes.append(
                _Note(rule.statement, ContextItem("convention", path, line, line, None, why, text, tokens))
            )
    return notes


def _example(rule: Rule, paths: Sequence[str]) -> tuple[str, int]:
    """An example in a file that is shown, if there is one."""
    places = [(path, int(line)) for path, _, line in (e.rpartition(":") for e in rule.examples)]
    return next((place for place in places if place[0] in paths), places[0])

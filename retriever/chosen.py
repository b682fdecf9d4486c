"""Choose among wishes what is shown, as long as it fits: whole, or shorter, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .held import Held
from .page import Claim, shown_lines
from .sheet import Sheet
from .tokens import CountTokens
from .wish import Wish

_NOTE = 12  # tokens of a place's line range and role; its reason is counted
_NEW_FILE = 20  # tokens of a file's heading and fences
_LEAST = 40  # tokens: less holds no piece with its reason
_MOST_LETTERS = 12  # characters per token on average: more than any tokenizer puts into one
_TELLING = 300  # tokens counted after which their average length says something;
_FAR = 1.6  # times that much is too long without counting
_COPY = 3  # lines from which equal text in two files is a copy, not a coincidence
_MOST_NAMED = 40  # pieces listed as left out: beyond that nobody asks


@dataclass(slots=True)
class Chosen:
    """What is shown so far, and what it costs by estimate: the final text is counted as a whole.

    `room` is what may be spent; `budget` what shares are shares of.
    """

    budget: int
    room: float
    count: CountTokens
    held: Held
    claims: list[Claim] = field(default_factory=list)
    wanted: dict[tuple[str, tuple[int, ...]], Wish] = field(default_factory=dict)
    spent: float = 0.0
    _texts: dict[str, str] = field(default_factory=dict)  # what is shown whole -> its place
    _shown: dict[str, set[int]] = field(default_factory=dict)
    _taken: set[tuple[str, tuple[int, ...], str]] = field(default_factory=set)
    _in_part: set[tuple[str, tuple[int, ...]]] = field(default_factory=set)  # that need no head besides
    _letters: int = 0
    _tokens: int = 0
    _last_taken: bool = False

    def consider(self, wish: Wish) -> None:
        """Take a wish whole, or shorter, or not at all; one that supports another only with it."""
        if wish.supports and not self._last_taken:
            return
        taken = self._holds(wish) or (
            self._copied(wish) is None
            and self.spent < wish.until * self.room
            and any(self._take(wish, lines, wish.share) for lines in self._forms(wish) if lines)
        )
        if wish.supports:
            return
        self._last_taken = taken
        if wish.role != "outline":
            self.wanted.setdefault((wish.sheet.path, wish.lines), wish)

    def frame(self, sheet: Sheet, lines: Sequence[int], share: float) -> None:
        """Show lines that need no reason of their own with what is shown of a file, if they cost little."""
        new = [line for line in lines if line not in self.shown(sheet.path)]
        most = min(share * self.budget, self.room - self.spent)
        cost = self._cost(new, sheet, most)
        if new and cost <= most:
            self.spent += cost
            self._shown.setdefault(sheet.path, set()).update(new)
            self.claims.append(Claim("outline", sheet, frozenset(), frozenset(new), None, ""))

    def fill(self) -> None:
        """Spend what is left on what took too large a share of the whole."""
        for wish in self.wanted.values():
            if self.room - self.spent < _LEAST:
                return
            if not self.is_shown(wish) and not self._holds(wish) and self._copied(wish) is None:
                self._take(wish, wish.lines, 1.0)

    def fill_up(self, left: int) -> bool:
        """Spend tokens that turned out to be left; whether any piece came of it."""
        before = len(self.claims)
        self.room = self.spent + left
        self.fill()
        return len(self.claims) > before

    def drop(self) -> None:
        """Give up the piece that was taken last."""
        gone = self.claims.pop()
        self._shown[gone.sheet.path] = set().union(
            *(c.lines | c.around for c in self.claims if c.sheet is gone.sheet)
        )
        self._texts = {text: place for text, place in self._texts.items() if place != gone.place}

    def is_shown(self, wish: Wish) -> bool:
        return self.shown(wish.sheet.path).issuperset(wish.lines)

    def shown(self, path: str) -> set[int]:
        return self._shown.get(path, set())

    def left_out(self) -> list[str]:
        """What was wanted and is not shown, or not whole."""
        names: dict[str, None] = {}
        for wish in self.wanted.values():
            if not self.is_shown(wish) and not self._holds(wish) and len(names) < _MOST_NAMED:
                symbol = f" {wish.symbol}" if wish.symbol else ""
                names[f"{wish.place}{symbol}{self._instead(wish)}"] = None
        return list(names)

    def _instead(self, wish: Wish) -> str:
        twin = self._copied(wish)
        if twin:
            return f" (the same text as {twin})"
        return " (only in part)" if self.shown(wish.sheet.path) & set(wish.lines) else ""

    def _forms(self, wish: Wish) -> list[tuple[int, ...]]:
        """What may be shown of a wish, the most wanted first; of parts not what the caller holds."""
        if (wish.sheet.path, wish.lines) in self._in_part:
            return [wish.lines]
        held = self.held.of(wish.sheet.path)
        parts = [tuple(line for line in part if line not in held) for part in wish.parts]
        return [wish.lines, *parts, *wish.shorter]

    def _holds(self, wish: Wish) -> bool:
        """Whether the caller holds all of it."""
        return self.held.of(wish.sheet.path).issuperset(wish.lines)

    def _copied(self, wish: Wish) -> str | None:
        """Where the same text is shown, if elsewhere."""
        twin = self._texts.get(wish.sheet.text(wish.lines)) if self._texts else None
        return twin if twin != wish.place else None

    def _take(self, wish: Wish, lines: Sequence[int], share: float) -> bool:
        path = wish.sheet.path
        shown = self.shown(path)
        if wish.role == "outline":
            lines = tuple(line for line in lines if line not in shown and line not in self.held.of(path))
            if not lines:
                return True  # everything it would show is shown
        if (path, tuple(lines), wish.why) in self._taken:
            return True
        new = sorted((set(lines) | set(wish.around)) - shown)
        around = self.count(wish.why) + _NOTE + (0 if shown else _NEW_FILE)
        most = min(share * self.budget, self.room - self.spent - around)
        cost = self._cost(new, wish.sheet, most) if most >= 0 else float("inf")
        if cost > most:
            return False
        cost += around
        self.spent += cost
        if len(lines) >= _COPY:
            self._texts.setdefault(wish.sheet.text(lines), wish.place)
        self._taken.add((path, tuple(lines), wish.why))
        if wish.parts and tuple(lines) != wish.lines:
            self._in_part.add((path, wish.lines))
        self._shown.setdefault(path, set()).update(new)
        role = "outline" if wish.role == "code" and tuple(lines) in wish.shorter else wish.role
        self.claims.append(
            Claim(
                role, wish.sheet, frozenset(lines), frozenset(wish.around), wish.symbol, wish.why,
                wish.place, wish.supports,
            )
        )  # fmt: skip
        return True

    def _cost(self, lines: Sequence[int], sheet: Sheet, most: float) -> float:
        """What lines cost; infinite where that is surely more than `most`, for counting takes long."""
        text = shown_lines(sheet, lines) if lines else ""
        if len(text) > _MOST_LETTERS * most or len(text) > _FAR * self._letters_per_token() * most:
            return float("inf")
        cost = self.count(text)
        self._letters += len(text)
        self._tokens += cost
        return cost

    def _letters_per_token(self) -> float:
        """Of what was counted so far."""
        return self._letters / self._tokens if self._tokens > _TELLING else _MOST_LETTERS

"""A task as somebody gave it, read and bounded: what to do, and by what it is judged.

Everything in a Brief but its ids is text of other people. It is data for a prompt, never an order to Cairn.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

KINDS = ("fix", "feature", "tests", "refactoring", "docs", "dependencies", "build")
TITLE_LETTERS = 72  # what git and forges show of a subject before they cut it
_CRITERION_LETTERS = 2000  # a scenario has some 300; a page of text is no criterion
_CRITERIA = 200  # more cannot be tracked one by one


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that must hold at the end. `id` counts from C1; `source` names file and place."""

    id: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A checkbox in a task list: `path` relative to the root, `line` from 1.

    `id` is the number the author gave (1.2, T003), or L and the line where it is missing or not unique.
    """

    path: str
    line: int
    text: str
    done: bool
    id: str


@dataclass(frozen=True, slots=True)
class Brief:
    """A task. `kind` is one of KINDS or None; `closes` is the issue a merged change closes, as `#12`.

    `notes` say what was left out or stands out on reading; `open_points` quote what the author left open.
    """

    title: str
    text: str
    criteria: tuple[Criterion, ...]
    source: str
    kind: str | None
    ticks: tuple[Tick, ...] = ()
    closes: str = ""
    url: str = ""
    labels: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    open_points: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A plain dict that json can write; `from_json` reads it back."""
        plain = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Brief:
        """Names that this version does not know are left out: an older or newer one may have written them."""
        known = {name: plain[name] for name in cls.__dataclass_fields__ if name in plain}
        known["criteria"] = tuple(Criterion(**each) for each in plain["criteria"])
        known["ticks"] = tuple(Tick(**each) for each in plain.get("ticks", ()))
        for name in ("labels", "notes", "open_points"):
            known[name] = tuple(plain.get(name, ()))
        return cls(**known)


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """Where issues are read from. `api_url` of an enterprise server is `https://HOST/api/v3`."""

    api_url: str = "https://api.github.com"
    token: str = field(
        default="", repr=False
    )  # without one GitHub answers 60 requests an hour, and only about public repositories
    seconds: float = 20.0  # for one request; GitHub itself gives up after 10
    letters: int = 60_000  # of a task's text: some 15 000 tokens, more than a task should cost to read
    comments: int = 300  # the newest of an issue; three pages


def numbered(found: list[tuple[str, str]], whole: tuple[str, str]) -> tuple[tuple[Criterion, ...], list[str]]:
    """Criteria from (text, source) in their order, each text once; `whole` if there are none. Notes."""
    notes: list[str] = []
    seen: dict[str, tuple[str, str]] = {}
    for text, source in found:
        seen.setdefault(" ".join(text.split()).lower(), (text, source))
    chosen = list(seen.values()) or [whole]
    if len(chosen) > _CRITERIA:
        notes.append(f"only the first {_CRITERIA} of {len(chosen)} acceptance criteria are tracked")
    made = [
        Criterion(f"C{number}", text, source) for number, (text, source) in enumerate(chosen[:_CRITERIA], 1)
    ]
    for place, criterion in enumerate(made):
        if len(criterion.text) > _CRITERION_LETTERS and seen:
            made[place] = replace(criterion, text=criterion.text[:_CRITERION_LETTERS] + " […]")
            notes.append(f"{criterion.id} is cut after {_CRITERION_LETTERS} letters")
    return tuple(made), notes


def shortened(text: str, letters: int = TITLE_LETTERS) -> str:
    """One line of at most `letters`, cut between words."""
    line = " ".join(text.split())
    if len(line) <= letters:
        return line
    return line[: letters - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def bounded(text: str, letters: int, notes: list[str]) -> str:
    """The first `letters` of a text, with a note about the rest."""
    if len(text) <= letters:
        return text
    notes.append(f"the text is cut: {letters} of {len(text)} letters are kept")
    return text[:letters].rstrip() + "\n[…]\n"

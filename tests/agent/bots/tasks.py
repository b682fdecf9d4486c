"""The tasks: a small project, what is asked of it, and who does it.

`words` turn a project into another one: other names, other numbers, another text, in paths and files
and in the task. A bot that solves both has learnt neither by heart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.kinds import Kind
from agent.model.scripted import Begin
from tests.agent.bots import (
    building,
    bumping,
    characterising,
    documenting,
    renaming,
    repairing,
    reusing,
)


@dataclass(frozen=True)
class Task:
    """`asked` is the task in words, a file (task.md), a change folder, or an issue (acme/pages#7).

    `corrected`: the first attempt is wrong, and the failure says so.
    """

    name: str
    project: str
    language: str
    kind: Kind
    bot: Begin
    asked: str
    corrected: bool = False
    words: Mapping[str, str] = field(default_factory=dict)


_LETTERS = {"shipping_fee": "postage", "parcels": "letters", "parcel": "letter", "fees": "stamps"} | {
    "kilos": "grams",
    "20": "500",
    "25": "700",
}
_TICKETS = {"pageCount": "busesFor", "pages": "buses", "size": "seats", "items": "guests"} | {
    "(40, 10), 4": "(90, 45), 2",
    "(21, 10)": "(91, 45)",
    "40": "90",
}
_WEIGHTS = {"format_amount": "weight_text", "money": "weights", "cents": "grams", "EUR": "kg"} | {
    "receipt": "parcel",
    "reminder": "warning",
    "paid": "sent",
    "still owes": "waits for",
    "1250": "3075",
    "12.50": "30.75",
    "Ann": "Eve",
}
_STOCK = {"calc": "cnt", "total_price": "items_in_stock", "prices": "stock", "order": "shelf"} | {
    "total": "count",
    "summary": "line_of",
}
_TITLES = {"slug": "handle", "limit=10": "longest=14", "limit": "longest", "title": "full_name"} | {
    "Hello World": "Ann Mary Lee",
    "Many": "Some",
    "words": "parts",
}
_SLUGS = "Write tests for `slug`; nothing tests it."
_MENU = "The build is broken: no test can be collected because of an import in `menu/card.py`."
_PRICES = "Rename `calc` to `total_price`, so that its name says what it does. Behaviour stays as it is."
_PINS = "Raise `httpx` from 0.25 to 0.27.0."

TASKS = (
    Task("a limit", "parcels", "Python", "fix", repairing.begin, "task.md"),
    Task("a limit, other words", "parcels", "Python", "fix", repairing.begin, "task.md", words=_LETTERS),
    Task("a rounding", "pages", "JavaScript", "fix", repairing.begin, "acme/pages#7", True),
    Task(
        *("a rounding, other words", "pages", "JavaScript", "fix", repairing.begin, "acme/pages#7", True),
        words=_TICKETS,
    ),
    Task(
        *("a confusion of two functions", "clamp", "Go", "fix", repairing.begin),
        *("`Clamp(-3, 0, 10)` gives 10 and should give 0: what is too small is moved to the lower limit.",),
    ),
    Task(
        *("a loop that ends too early", "visits", "Rust", "fix", repairing.begin),
        "`visits(3)` gives 3 and should give 6: the last day counts as well.",
    ),
    Task(
        *("a comparison", "runs", "C", "fix", repairing.begin),
        "`rising(2, 2, 1)` gives 0 and should give 1: a step that stays level does not go down.",
    ),
    Task("a reminder", "invoices", "Python", "feature", reusing.begin, "add-reminders", True),
    Task(
        *("a reminder, other words", "invoices", "Python", "feature", reusing.begin, "add-warnings", True),
        words=_WEIGHTS,
    ),
    Task(
        *("a label", "labels", "JavaScript", "feature", reusing.begin),
        "Add `boxLabel(name, grams)` in `src/box.js`, and export it from `src/index.js`. Weights are "
        'written for people as everywhere else. `boxLabel("Ann", 1500)` gives `Ann gets 1.5 kg`.',
        True,
    ),
    Task("a clear name", "prices", "Python", "refactoring", renaming.begin, _PRICES, True),
    Task(
        "a clear name, other words", "prices", "Python", "refactoring", renaming.begin, _PRICES, True, _STOCK
    ),
    Task(
        *("a clear name in a template", "greet", "Go", "refactoring", renaming.begin),
        *("Rename `Nm` to `FullName`, so that its name says what it gives. Behaviour stays as it is.", True),
    ),
    Task("tests of a slug", "slugs", "Python", "tests", characterising.begin, _SLUGS, True),
    Task(
        "tests of a slug, other words",
        "slugs",
        "Python",
        "tests",
        characterising.begin,
        _SLUGS,
        True,
        _TITLES,
    ),
    Task(
        *("tests of initials", "initials", "JavaScript", "tests", characterising.begin),
        *("Write tests for `initials`; nothing tests it.", True),
    ),
    Task(
        *("a table of settings", "settings", "Python", "docs", documenting.begin),
        "The table in `README.md` shall list every setting of `DEFAULTS` as it is in the code.",
    ),
    Task("a pinned dependency", "pins", "Python", "dependencies", bumping.begin, _PINS, True),
    Task(
        *("a locked dependency", "lockstep", "JavaScript", "dependencies", bumping.begin),
        *("Raise `left-pad` from 1.1.0 to 1.3.0.", True),
    ),
    Task(
        *("a function that is not there", "stack", "C", "build", building.begin),
        "The build is broken: `make test` stops at a function in `src/sum.c`.",
    ),
    Task(
        *("a name that is not there", "queue", "Go", "build", building.begin),
        *("The build is broken: nothing compiles because of a name in `queue.go`.", True),
    ),
    Task(
        *("two names that are not there", "scores", "Rust", "build", building.begin),
        *("The build is broken: nothing compiles because of names in `src/lib.rs`.", True),
    ),
    Task("an import", "menu", "Python", "build", building.begin, _MENU),
)

ISSUE = (
    "The last page is lost.\n\n`pageCount(21, 10)` gives 2 and should give 3.\n\n## Acceptance criteria\n"
    "- what does not fill a page gets one as well\n- full pages are counted as before\n"
)


def worded(text: str, words: Mapping[str, str]) -> str:
    """The text in other words, the longest first."""
    for old in sorted(words, key=len, reverse=True):
        text = text.replace(old, words[old])
    return text

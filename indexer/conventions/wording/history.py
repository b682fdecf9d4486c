"""Sentences about how changes are written and put together."""

from __future__ import annotations

from collections.abc import Sequence

from .words import Wording

_SAID: dict[tuple[str, str], tuple[str, float]] = {
    ("commit.form", "conventional"): ("Commit subjects are `type: what it does`, with the types {}.", 0.3),
    ("commit.form", "prefixed"): ("Commit subjects begin with what they are about: `part: change`.", 0.1),
    ("commit.scope", "yes"): ("Commit subjects name a scope: `type(scope): ...`.", 0.3),
    ("commit.scope", "no"): ("Commit subjects name no scope after their type.", 0.4),
    ("commit.ticket", "yes"): ("Commit subjects begin with the ticket, as in `ABC-123`.", 0.1),
    ("commit.case", "upper"): ("Commit subjects start with a capital{after}.", 0.6),
    ("commit.case", "lower"): ("Commit subjects start in lower case{after}.", 0.3),
    ("commit.mood", "imperative"): ("Commit subjects are orders: `Add`, not `Added` or `Adds`.", 0.85),
    ("commit.mood", "past"): ("Commit subjects report what was done: `Added`, not `Add`.", 0.1),
    ("commit.mood", "present"): ("Commit subjects tell what the commit does: `Adds`, not `Add`.", 0.1),
    ("commit.period", "no"): ("Commit subjects end without a period.", 0.9),
    ("commit.period", "yes"): ("Commit subjects end with a period.", 0.05),
    ("commit.length", "short"): ("Commit subjects have at most 72 characters.", 0.85),
    ("commit.signed", "yes"): ("Commits are signed off (`git commit -s`).", 0.1),
    ("commit.body", "yes"): ("Commits have a body that says more than their subject.", 0.2),
    ("merge.form", "merge"): ("Changes land as merge commits.", 0.4),
    ("merge.form", "squash"): ("A pull request lands as one commit, its number behind the subject.", 0.5),
    ("branch.form", "typed"): ("Branches are named after what they are for: {}.", 0.3),
    ("together.tests", "code"): ("A change of code comes with a change of its tests.", 0.5),
    ("together.changelog", "code"): ("A change that users notice comes with a line in {}.", 0.2),
    ("together.fragment", "code"): ("A change that users notice comes with a news fragment in {}.", 0.1),
    ("together.docs", "code"): ("A change of code comes with a change of the documentation.", 0.1),
    ("together.migration", "models"): ("A change of the models comes with a migration.", 0.5),
}  # fmt: skip


def history_wording(question: str, answer: str, names: Sequence[str]) -> Wording | None:
    """`names` are the types of commits or branches, most frequent first, or where news go.

    None for what needs no saying.
    """
    if question.startswith("together:"):
        cause = question.removeprefix("together:")
        return Wording(f"Whoever changes `{cause}` changes `{answer}` too.", "history", 0.1)
    known = _SAID.get((question, answer))
    if known is None:
        return None
    slash = "/" if question == "branch.form" else ""
    listed = ", ".join(f"`{name}{slash}`" for name in names)
    after = " behind the type" if names else ""
    return Wording(known[0].replace("{}", listed).replace("{after}", after), "history", known[1])

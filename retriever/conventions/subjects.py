"""A commit -> what its message answers: form, mood, case, length, numbers, signature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .commits import Commit

_KINDS = (
    "feat fix docs doc chore test tests refactor perf build ci style revert deps release feature bugfix "
    "types enhance improvement security wip dx workflow i18n ux"
)
_CONVENTIONAL = re.compile(rf"({'|'.join(_KINDS.split())})(\([^()]+\))?!?: +(.+)", re.IGNORECASE)
_PREFIX = re.compile(r"(\[[^\]]{1,40}\]|[\w./*,{}-]{1,40}(?:\([^)]*\))?:|[A-Z][A-Z\d]+-\d+:?)\s+(.+)")
_TICKET = re.compile(r"\[?[A-Z][A-Z\d]+-\d+\b")
_NUMBER = re.compile(r"\s*\(#\d+\)\.?$")
_SIGNED = re.compile(r"^Signed-off-by: .+@", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z]+(?=\s|$)")
_SHORT = 72  # characters that forges and mail show of a subject

# Verbs that begin subjects; of other words nobody can say whether they are told as an order or as a report.
_VERBS = frozenset(
    "add adjust align allow apply avoid bump change check clarify clean close convert correct create "
    "delete deprecate disable document don't drop enable ensure expose extend extract fix format generate "
    "handle hide ignore implement improve include increase inline introduce keep limit load lower make "
    "mark merge migrate modify move optimize parse pass pin prefer prepare prevent print raise reduce "
    "refactor reject release relax remove rename reorder reorganize replace report require reset resolve "
    "restore restrict return revert rewrite set show simplify skip sort speed split start stop store "
    "support suppress switch sync test tidy tweak unify update upgrade use validate verify warn wrap "
    "write".split()
)
_NOUNS = frozenset(("changes", "releases", "tests", "tweaks", "updates"))  # as well as verbs
_PAST = frozenset(("made", "wrote", "kept", "sped", "rewrote"))


def answers_of(commit: Commit) -> Iterator[tuple[str, str]]:
    """(question, answer); merges say nothing of their own."""
    subject = commit.subject.strip()
    if len(commit.parents) > 1 or not subject or subject.startswith(("Merge ", "Revert ")):
        return
    numbered = _NUMBER.search(subject)
    if numbered:
        subject = subject[: numbered.start()]
    kind = _CONVENTIONAL.match(subject)
    prefix = None if kind else _PREFIX.match(subject)
    yield "commit.form", "conventional" if kind else "prefixed" if prefix else "plain"
    said = kind[3] if kind else prefix[2] if prefix else subject
    if kind:
        yield "commit.scope", "yes" if kind[2] else "no"
    yield "commit.ticket", "yes" if _TICKET.match(subject) else "no"
    if said[0].isalpha():
        yield "commit.case", "upper" if said[0].isupper() else "lower"
    mood = _mood(said)
    if mood:
        yield "commit.mood", mood
    yield "commit.period", "yes" if said.endswith(".") else "no"
    yield "commit.length", "short" if len(subject) <= _SHORT else "long"
    yield "commit.signed", "yes" if _SIGNED.search(commit.body) else "no"
    yield "commit.body", "yes" if _told(commit.body) else "no"


def _mood(said: str) -> str:
    match = _WORD.match(said)
    word = match[0].lower() if match else ""
    if word in _VERBS:
        return "imperative"
    if word in _PAST or (word.endswith("ed") and _stem(word, "ed") in _VERBS):
        return "past"
    if (
        word.endswith("s")
        and word not in _NOUNS
        and (word[:-1] in _VERBS or (word.endswith("es") and word[:-2] in _VERBS))
    ):
        return "present"
    return ""


def _stem(word: str, ending: str) -> str:
    """`added` -> `add`, `removed` -> `remove`, `dropped` -> `drop`, `modified` -> `modify`."""
    bare = word.removesuffix(ending)
    forms = (bare, bare + "e", bare[:-1] if bare[-1:] == bare[-2:-1] else "", bare[:-1] + "y")
    return next((form for form in forms if form in _VERBS), "")


def _told(body: str) -> bool:
    """Whether somebody wrote more than trailers and lists of squashed commits."""
    lines = [line.strip() for line in body.split("\n")]
    return any(len(line) > 20 and not re.match(r"[\w-]+: |\* |- |\(cherry picked|#", line) for line in lines)

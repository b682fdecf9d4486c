"""The words and labels of a task -> its kind, or None where they do not say."""

from __future__ import annotations

import re

_LABELS = (
    ("dependencies", r"dependenc|renovate"),
    ("docs", r"\bdocs?\b|documentation"),
    ("tests", r"\btests?\b|testing"),
    ("build", r"\bbuild\b|\bci\b"),
    ("refactoring", r"refactor|tech(nical)?[ -]debt|clean-?up"),
    ("fix", r"\bbug\b|\bbugfix\b|regression|\bdefect\b|\bcrash\b"),
    ("feature", r"enhancement|\bfeature"),
)
_PREFIXES = {  # conventionalcommits.org and Angular's list
    "fix": "fix",
    "bugfix": "fix",
    "hotfix": "fix",
    "feat": "feature",
    "feature": "feature",
    "docs": "docs",
    "doc": "docs",
    "test": "tests",
    "tests": "tests",
    "refactor": "refactoring",
    "build": "build",
    "ci": "build",
    "deps": "dependencies",
}
_PREFIX = re.compile(r"(\w{2,10})(?:\(([\w ,./-]{1,40})\))?!?:\s", re.IGNORECASE)
_NARROW = (  # these win over the broad ones: "Fix a typo in the README" is documentation
    ("build", r"\b(build|compilation|compile|ci|pipeline)\b.{0,30}\b(fail\w*|broken|breaks|errors?)\b"),
    ("build", r"^(fix|repair|unbreak)\b.{0,20}\b(build|ci|compilation|pipeline)\b"),
    ("dependencies", r"^(bump|upgrade|update|pin)\b.{0,60}(\bdependenc\w+|\bto v?\d|\bversion\b)|^bump\b"),
    (
        "tests",
        r"\b(add|write|missing|more|increase|improve|extend)\b.{0,40}\b(tests?|coverage)\b|\buntested\b",
    ),
    ("docs", r"^document\b|\b(docs|documentation|docstrings?|readme|typos?|tutorial)\b"),
    ("refactoring", r"\brefactor\w*|^(rename|extract|simplify|clean ?up|deduplicate|restructure|inline)\b"),
)
_BROAD = (
    ("fix", r"^(fix|repair|correct)\b|\b(bug|crash\w*|regression|broken|traceback|segfault)\b"),
    (
        "feature",
        r"^(please )?(add|support|implement|introduce|allow|enable|provide|create)\b|\bfeature request\b",
    ),
)
_WEAK = (("fix", r"\b(wrong|incorrect\w*|fails?|failing|error|exception|does ?n[o']t work|should not)\b"),)


def guess_kind(title: str, text: str = "", labels: tuple[str, ...] = ()) -> str | None:
    """One of KINDS. Labels say more than a title, a title more than the beginning of the text."""
    of_labels = {kind for label in labels for kind, words in _LABELS if re.search(words, label.lower())}
    if len(of_labels) == 1:
        return of_labels.pop()
    prefix = _PREFIX.match(title)
    if prefix and prefix[1].lower() in _PREFIXES:
        kind = _PREFIXES[prefix[1].lower()]
        return "dependencies" if (prefix[2] or "").startswith("deps") else kind
    of_title = _by_words(title)
    if of_title or of_labels:
        return of_title if not of_labels or of_title in of_labels else None
    return _by_words(text[:300])  # the first sentences; further down stand logs and quotations


def _by_words(text: str) -> str | None:
    line = " ".join(text.lower().split())
    for table in (_NARROW, _BROAD, _WEAK):
        found = {kind for kind, words in table if re.search(words, line)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None

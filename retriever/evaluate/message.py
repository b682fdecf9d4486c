"""The message of a commit -> the question a person would have asked before it, or why it makes none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from indexer.words import stems

LEAST_WORDS = 3  # telling ones in a subject: "Fix bug" asks for nothing
_LONGEST = 4_000  # characters of a message; what is longer quotes a log or a changelog

_CHORE = re.compile(
    r"^(?:revert|bump|wip|back to dev|start dev)\b|^(?:fixup|squash|amend)!|^v?\d+\.\d+"
    r"|^(?:(?:re-?)?release|version|prepare|merge)(?: for| of| the)?"
    r"(?:$| v?\d| release| version| branch| pull| tag| remote)"
    r"|^(?:chore|build|ci|style|release|docs?|tests?)(?:\([^)]*\))?!?:"
    r"|\b(?:bump|upgrade|update)s? (?:the )?(?:deps|dependenc\w+|version|lock ?file|submodules?)"
    r"|\b(?:bump|pin)s? \S+ (?:from|to) |\bcopyright|licen[sc]e headers?|\bchangelog\b|\brelease notes\b"
    r"|\b(?:re)?format(?:ting|ted)?\b(?=.*\b(?:code|files?|black|prettier|ruff)\b)|^(?:re)?format\w*\b.{0,12}$"
    r"|\b(?:isort|clang-format|gofmt|rustfmt|pyupgrade|rubocop|whitespace|pre-commit|typos?|lint(?:ing|er)?)\b"
    r"|\bspelling\b|^(?:update|add) (?:translations?|authors|contributors)\b",
    re.IGNORECASE,
)
_BOT = re.compile(
    r"\[bot\]|\b(?:dependabot|renovate|pre-commit-ci|github-actions|greenkeeper)\b", re.IGNORECASE
)
_TAKEN_OFF = re.compile(
    r"^(?:\[[\w.]+\]\s*)?"  # [1.8.x] of a backport
    r"(?:fix(?:e[sd])?|close[sd]?|refs?|ref|see)\s+#\d+\s*(?:,\s*#?\d+\s*)*(?:--?|:)?\s*"  # Fixed #12 -- …
    r"|^\[[\w.]+\]\s*"
    r"|\s*\((?:(?:fix(?:e[sd])?|close[sd]?|refs?|see|gh|issue|pr)?[ -]*#?\d+[,\s]*)+\)"  # (#123) of a squash
    r"|(?:\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?|refs?|see)\s+)?(?<!\w)(?:gh-|#)\d+\b:?"
    r"|https?://\S+|\b[0-9a-f]{12,64}\b",
    re.IGNORECASE,
)
_TYPE = re.compile(r"^(?:feat|fix|perf|refactor|bugfix|hotfix)(?:\(([^)]*)\))?!?:\s*", re.IGNORECASE)
_TRAILER = re.compile(
    r"^(?:[A-Z][\w]*(?:-[\w]+)+|fixes|closes|resolves|refs|cc|bug|pr|issue)\s*:.*$"
    r"|^\(cherry picked from .*$"
    r"|^(?:fix(?:es)?|close[sd]?|resolve[sd]?|refs?|see)\s+#\d+\.?$",
    re.IGNORECASE | re.MULTILINE,
)
# Words that every history is full of: they say that something was done, not where.
_GENERIC = (
    "fix fixed add added adds remove removed removes update updated use uses used make makes made "
    "change changed changes improve improved support allow allows handle move moved rename renamed "
    "refactor cleanup clean set get new old issue bug error errors problem minor small some more code "
    "file files function method class test tests when not ensure avoid prevent implement introduce "
    "simplify correct properly instead only drop better"
)
_GENERIC_STEMS = frozenset(stems(_GENERIC))


def why_no_question(subject: str, author: str) -> str | None:
    """What makes a subject useless as a question; None where nothing does."""
    if _BOT.search(author):
        return "by a bot"
    if _CHORE.search(subject):
        return "a chore, release or revert"
    if len(set(stems(question(subject), question=True)) - _GENERIC_STEMS) < LEAST_WORDS:
        return "a subject that says too little"
    return None


def question(message: str) -> str:
    """A message without what only the forge or a tool understands: numbers, addresses, trailers."""
    subject, _, body = message.strip().partition("\n")
    subject = _TAKEN_OFF.sub("", subject.strip())
    subject = _TYPE.sub(lambda found: f"{found[1]}: " if found[1] else "", subject).strip()
    body = _TAKEN_OFF.sub("", _TRAILER.sub("", body)).strip()
    return f"{subject}\n\n{body}"[:_LONGEST].strip() if body else subject


def names_a_file(text: str, paths: Iterable[str]) -> bool:
    """Whether a question says where to look: a path, a file's name with its suffix, or a dotted module."""
    words = set(re.findall(r"[\w/.-]+", text.lower()))
    words |= {word.rstrip(".") for word in words}
    for path in map(str.lower, paths):
        whole = PurePosixPath(path)
        bare = path.removesuffix(whole.suffix)
        said = {whole.name} if whole.suffix else set()
        parts = bare.split("/")
        for start in range(len(parts) - 1):  # at least two parts: one alone is a word like any other
            rest = parts[start:]
            said |= {"/".join(rest), ".".join(rest), "/".join(rest) + whole.suffix}
        if words & said:
            return True
    return False

"""Say from its path whether a document tells how to write code here, and for which folder."""

from __future__ import annotations

import re
from functools import lru_cache

from ..places import is_test

_FOR_AGENTS = frozenset(
    ("agents.md", "claude.md", "gemini.md", ".cursorrules", ".windsurfrules", ".clinerules",
     "copilot-instructions.md", "conventions.md")
)  # fmt: skip
_GUIDE = re.compile(
    r"(?:contributing|hacking|styles?|style[-_ ]?guide(?:lines?)?|cod(?:e|ing)[-_ ]?(?:styles?|standards?"
    r"|guidelines?|conventions?|rules?)|(?:writing|naming|commit)[-_ ](?:code|tests|conventions?)"
    r"|(?:developer|development|contributor)[-_ ]guid(?:e|elines))"
)
_GUIDE_FOLDERS = frozenset(
    ("contributing", "contribute", "coding", "styleguide", "style-guide", "guidelines")
)
_DECISIONS = frozenset(("adr", "adrs", "decisions", "decision-records", "architecture-decisions"))
_DOCUMENT = re.compile(r"\.(?:md|mdx|mdc|markdown|rst|txt|adoc)$", re.I)
_TEACHES = re.compile(r"(?:^|/)(?:doc|docs|documentation|\.github|\.cursor|website|site)/")
# Where a document stands that is no guide of this repository but what its code works on, or hands out.
_OTHERS = re.compile(
    r"(?:^|/)(?:fixtures?|examples?|templates?|testdata|samples?|vendor|node_modules)/", re.I
)


@lru_cache(maxsize=16384)
def is_guide(path: str) -> bool:
    """Whether a document is known to state conventions: by its name, or by the folder it stands in."""
    *folders, name = path.lower().split("/")
    if _OTHERS.search(path) or any(is_test(f"{folder}/x") for folder in folders):
        return False
    if name in _FOR_AGENTS or path.startswith((".cursor/rules/", ".github/instructions/")):
        return True
    stem = _DOCUMENT.sub("", name)
    if stem == name and "." in name:
        return False
    return bool(_GUIDE.fullmatch(stem)) or is_decision(path) or _in_guide(folders)


def is_decision(path: str) -> bool:
    """Whether it is an architecture decision record."""
    *folders, name = path.lower().split("/")
    return bool(_DOCUMENT.search(name)) and not _DECISIONS.isdisjoint(folders[-2:])


def _in_guide(folders: list[str]) -> bool:
    return not _GUIDE_FOLDERS.isdisjoint(folders) and bool(_TEACHES.search("/".join(folders) + "/"))


@lru_cache(maxsize=16384)
def scope_of(path: str) -> str:
    """The folder that a guide speaks of, "" for the whole: its own, or the one its docs belong to."""
    folder = path.rpartition("/")[0]
    folder = folder + "/" if folder else ""
    if found := _TEACHES.search(folder):
        folder = folder[: found.start()] + ("/" if found.start() else "")
    return folder

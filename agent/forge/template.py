"""A repository's pull request template and finished sections -> the template, filled where they fit.

The template is the repository's own form, so its headings stay, in their order. Boxes to tick are for
people: they are kept, and none is ticked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.forge.markdown import line, prose
from agent.git import Git

_LETTERS = 20_000  # of a template; longer ones are cut
_OPEN = "_The agent has nothing to say here._"


@dataclass(frozen=True, slots=True)
class Filled:
    """`used` are the keys of the sections that are in `text`."""

    text: str
    used: frozenset[str]


def filled(template: str, sections: Mapping[str, str]) -> Filled:
    """Empty when the template has no heading: then there is no form to fill."""
    parts: list[str] = []
    used: set[str] = set()
    for level, title, rows in _headed(_COMMENT.sub("", template[:_LETTERS])):
        keys = [key for key in _keys(title) if key in sections and key not in used]
        used |= set(keys)
        texts = [sections[key] for key in keys]
        boxes = prose("\n".join(row for row in rows if _BOX.match(row)))
        texts += [_unescaped_boxes(boxes)] if boxes else []
        parts.append(f"{'#' * level} {line(title)}\n\n" + ("\n\n".join(texts) or _OPEN))
    return Filled("\n\n".join(parts), frozenset(used))


def template_of(git: Git, commit: str) -> str:
    """The template in a commit, from where GitHub looks for it; empty when there is none.

    Read from git's objects, and only a regular file of a size that a person would write.
    """
    folders = [row[3] for row in _listed(git, commit) if row[0] == "040000" and row[3] in _FOLDERS]
    rows = [row for folder in sorted(folders) for row in _listed(git, commit, f"{folder}/")]
    for mode, blob, size, path in [*rows, *_listed(git, commit)]:
        named = _TEMPLATE.fullmatch(path.rpartition("/")[2])
        if named and mode in ("100644", "100755") and int(size) <= 4 * _LETTERS:
            return git.run("cat-file", "blob", blob).encode("utf-8", "replace").decode()
    return ""


def _listed(git: Git, commit: str, folder: str = "") -> list[tuple[str, str, str, str]]:
    """Mode, object, size and path of what lies in a folder of the commit."""
    paths = ("--", folder) if folder else ()
    rows = []
    for entry in git.paths("ls-tree", "-z", "-l", "--end-of-options", commit, *paths):
        facts, _, path = entry.partition("\t")
        mode, _, blob, size = facts.split()
        rows.append((mode, blob, size, path))
    return rows


def _headed(text: str) -> list[tuple[int, str, list[str]]]:
    """Level, title and the lines below of each heading outside of code."""
    found: list[tuple[int, str, list[str]]] = []
    fenced = False
    for row in text.splitlines():
        if row.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        heading = None if fenced else _HEADING.match(row)
        if heading:
            found.append((max(len(heading[1]), 2), heading[2].strip(" #*:"), []))
        elif found:
            found[-1][2].append(row)
    return found


def _keys(title: str) -> Sequence[str]:
    """The sections that answer a heading; the first rule that fits decides."""
    words = title.lower()
    return next((keys for pattern, keys in _RULES if pattern.search(words)), ())


def _unescaped_boxes(text: str) -> str:
    return re.sub(r"(?m)^(\s*[-*+] )\\\[[ xX]\\\]", r"\1[ ]", text)


_FOLDERS = (".github", "docs")
_TEMPLATE = re.compile(r"pull_request_template\.(?:md|txt)", re.IGNORECASE)
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(\S.{0,200})")
_BOX = re.compile(r"\s*[-*+] \[[ xX]\]")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_RULES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"check ?list|to ?do"), ()),
    (re.compile(r"test|verif|qa\b|validat"), ("verification", "coverage")),
    (re.compile(r"risk|impact|breaking|rollback"), ("risks",)),
    (re.compile(r"limitation|known|not done|follow"), ("gaps",)),
    (re.compile(r"accept|criteria|definition of done"), ("criteria",)),
    (re.compile(r"issue|ticket|motivation|context|why|background|problem|related"), ("task",)),
    (re.compile(r"files|what changed|changes|implementation"), ("files",)),
    (re.compile(r"summary|description|what|overview|proposed"), ("summary",)),
    (re.compile(r"plan|approach"), ("plan",)),
)

"""A spec-kit feature folder (specs/001-name) -> a Brief: acceptance scenarios, requirements, tasks.

The format is that of github.com/github/spec-kit: spec.md with user stories in Given/When/Then, `FR-001`
and `SC-001` lines, `[NEEDS CLARIFICATION: …]`; tasks.md with `- [ ] T001 [P] [US1] text`; checklists/.
"""

from __future__ import annotations

import re
from pathlib import Path

from indexer.errors import NotFound

from .brief import Brief, bounded, numbered, shortened
from .checkboxes import read_ticks
from .folders import Folder
from .hidden import visible
from .kinds import guess_kind
from .markdown import Line, read_lines
from .open_points import open_points
from .text import criteria_in, hidden_note, title_of

_READ = (
    "spec.md",
    "plan.md",
    "data-model.md",
    "quickstart.md",
    "tasks.md",
    "research.md",
)  # research is cut first
_REQUIREMENT = re.compile(r"\**((?:FR|SC|NFR)-\d{1,4})\**\s*:?\**\s*(.+)")
_TITLE = re.compile(r"^feature specification:\s*", re.IGNORECASE)


def read_feature(root: Path, path: str, letters: int) -> Brief:
    """The feature in the folder `path`, relative to `root`. Raises BadInput, NotFound, Forbidden."""
    folder = Folder(root, path)
    spec = folder.text("spec.md")
    if spec is None:
        raise NotFound(f"{path} has no spec.md; a spec-kit feature begins with one")
    tasks = folder.text("tasks.md")
    notes = [] if tasks is not None else [f"{path} has no tasks.md"]
    notes += _unchecked(folder)
    text = bounded(_page(folder, notes), letters, notes)
    seen = visible(spec).text
    listed = _criteria(seen, f"{path}/spec.md")
    criteria, cut = numbered(listed, (seen.strip(), f"{path}/spec.md"))
    title = shortened(_TITLE.sub("", title_of(seen)))
    return Brief(
        title=title,
        text=text,
        criteria=criteria,
        source=path,
        kind=guess_kind(title) or guess_kind(path.rsplit("/", 1)[-1].lstrip("0123456789-").replace("-", " ")),
        ticks=read_ticks(tasks, f"{path}/tasks.md") if tasks else (),
        notes=(*notes, *cut),
        open_points=open_points(text, [wanted for wanted, _ in listed]),
    )


def _criteria(spec: str, source: str) -> list[tuple[str, str]]:
    """The acceptance scenarios of the stories, then the numbered requirements and success criteria."""
    lines = read_lines(spec)
    scenarios = [each for each in criteria_in(spec, source) if _is_scenario(each[0])]
    numbered_lines = [_requirement(line) for line in lines if line.item]
    return scenarios + [(f"{name}: {text}", f"{source}: {name}") for name, text in numbered_lines if name]


def _is_scenario(text: str) -> bool:
    return bool(re.match(r"\W*(?:\d{1,3}[.)]\s*)?\W*given\b", text, re.IGNORECASE))


def _requirement(line: Line) -> tuple[str, str]:
    match = _REQUIREMENT.match(line.item[1]) if line.item else None
    return (match[1], match[2].strip()) if match else ("", "")


def _unchecked(folder: Folder) -> list[str]:
    """spec-kit stops before implementing while a checklist is open; a person is told."""
    notes = []
    for name in folder.markdown("checklists"):
        ticks = read_ticks(folder.text(name) or "", f"{folder.path}/{name}")
        open_ones = sum(not each.done for each in ticks)
        if open_ones:
            notes.append(f"{folder.path}/{name}: {open_ones} of {len(ticks)} checks are open")
    return notes


def _page(folder: Folder, notes: list[str]) -> str:
    parts = []
    comments = characters = 0
    for name in (*_READ[:1], *folder.markdown("contracts"), *_READ[1:]):
        seen = visible(folder.text(name) or "")
        comments, characters = comments + seen.comments, characters + seen.characters
        if seen.text.strip():
            parts.append(f"<file {folder.path}/{name}>\n{seen.text.strip()}\n</file>\n")
    if comments or characters:
        notes.append(hidden_note(comments, characters))
    return "\n".join(parts)

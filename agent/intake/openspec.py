"""An OpenSpec change folder -> a Brief: its scenarios are the criteria, its tasks the ticks.

A change that OpenSpec would refuse is refused with every problem at once, each with its place.
"""

from __future__ import annotations

import re
from pathlib import Path

from indexer.errors import BadInput, NotFound

from .brief import Brief, bounded, numbered, shortened
from .checkboxes import read_ticks
from .delta_rules import problems_of
from .deltas import Delta, Requirement, read_delta, read_spec
from .folders import Folder
from .hidden import visible
from .kinds import guess_kind
from .markdown import normal, read_lines
from .open_points import open_points
from .text import hidden_note

_SKIPS = re.compile(r"^skip_specs:\s*true\s*(?:#.*)?$", re.MULTILINE)
_ADVISED_DELTAS = 10  # OpenSpec's own advice


def read_change(root: Path, path: str, letters: int) -> Brief:
    """The change in the folder `path`, relative to `root`. Raises BadInput, NotFound, Forbidden."""
    folder = Folder(root, path)
    proposal, tasks = folder.text("proposal.md"), folder.text("tasks.md")
    texts = {name: folder.text(name) or "" for name in folder.markdown("specs")}
    if proposal is None and tasks is None and not texts:
        raise NotFound(f"{path} has neither proposal.md nor tasks.md nor specs/; it is no OpenSpec change")
    deltas = {name: read_delta(text) for name, text in texts.items()}
    _refuse_what_does_not_apply(root, folder, deltas)

    read = {
        "proposal.md": proposal or "",
        **texts,
        "tasks.md": tasks or "",
        "design.md": folder.text("design.md") or "",
    }
    notes = [f"{path} has no {name}" for name in ("proposal.md", "tasks.md") if folder.text(name) is None]
    notes += _notes(path, deltas)
    text = bounded(_page(path, read, notes), letters, notes)
    listed = [each for name, delta in deltas.items() for each in _criteria(f"{path}/{name}", delta)]
    criteria, cut = numbered(listed, (visible(proposal or tasks or "").text.strip(), path))
    title = _title(visible(proposal or "").text, path)
    requirements = [each.text for delta in deltas.values() for each in (*delta.added, *delta.modified)]
    return Brief(
        title=title,
        text=text,
        criteria=criteria,
        source=path,
        kind=guess_kind(f"{path.rsplit('/', 1)[-1].replace('-', ' ')}", title),
        ticks=read_ticks(tasks, f"{path}/tasks.md") if tasks else (),
        notes=(*notes, *cut),
        open_points=open_points(text, [*requirements, *(wanted for wanted, _ in listed)]),
    )


def _refuse_what_does_not_apply(root: Path, folder: Folder, deltas: dict[str, Delta]) -> None:
    """Raises BadInput with all problems."""
    found: list[str] = []
    specs = Folder(root, f"{folder.path.rsplit('/', 2)[0]}/specs")
    skips = bool(_SKIPS.search(normal(folder.text(".openspec.yaml") or "")))
    for name, delta in deltas.items():
        main = None
        misplaced = name == "specs/spec.md" or not name.endswith("/spec.md")
        if not misplaced:
            capability = name.removeprefix("specs/").removesuffix("/spec.md")
            text = specs.text(f"{capability}/spec.md")
            main = read_spec(text) if text is not None else None
        elif not delta.sections and name != "specs/spec.md":
            continue  # a note beside the specs
        found += [f"{folder.path}/{name}{problem}" for problem in problems_of(delta, main, misplaced)]
    if skips and deltas:
        found.append(f"{folder.path}/.openspec.yaml: skip_specs is set although there are files below specs/")
    elif not skips and not found and all(delta.empty for delta in deltas.values()):
        found.append(
            f"{folder.path}/specs: no delta; add specs/CAPABILITY/spec.md with ## ADDED Requirements,"
            " or set skip_specs: true in .openspec.yaml"
        )
    if found:
        raise BadInput(
            f"{folder.path} is not a valid OpenSpec change:\n" + "\n".join(f"- {each}" for each in found)
        )


def _criteria(path: str, delta: Delta) -> list[tuple[str, str]]:
    """Every scenario, and for what is removed that it is gone. A new name alone changes no behaviour."""
    found = []
    for requirement in (*delta.added, *delta.modified):
        for scenario in requirement.scenarios:
            if scenario.body:
                text = f"{requirement.name}: {scenario.name}\n{scenario.body}"
                found.append((visible(text).text, f"{path}: Scenario: {visible(scenario.name).text}"))
    for requirement in delta.removed:
        text = visible(f"Removed: {requirement.name}\n{requirement.text}").text.strip()
        found.append((text, f"{path}: REMOVED: {visible(requirement.name).text}"))
    return found


def _notes(path: str, deltas: dict[str, Delta]) -> list[str]:
    notes = []
    for name, delta in deltas.items():
        where = f"{path}/{name}"
        notes += [f"{where}:{each.line}: {_keyword_note(each)}" for each in _soft(delta)]
        notes += [f"{where}:{line}: {what}; it is not read" for line, what in delta.stray]
        notes += [f'{where}:{each.line}: "{each.old}" is renamed to "{each.new}"' for each in delta.renamed]
    count = sum(len(d.added) + len(d.modified) + len(d.removed) + len(d.renamed) for d in deltas.values())
    if count > _ADVISED_DELTAS:
        notes.append(
            f"{path} holds {count} deltas; OpenSpec advises to split changes of more than {_ADVISED_DELTAS}"
        )
    return notes


def _soft(delta: Delta) -> list[Requirement]:
    """Requirements whose text says neither SHALL nor MUST: OpenSpec advises, and other languages don't."""
    return [each for each in (*delta.added, *delta.modified) if not re.search(r"\b(SHALL|MUST)\b", each.text)]


def _keyword_note(requirement: Requirement) -> str:
    return f'the text of "{requirement.name}" says neither SHALL nor MUST'


def _page(path: str, read: dict[str, str], notes: list[str]) -> str:
    """All files one after the other. The design comes last: it is what may be cut."""
    parts = []
    comments = characters = 0
    for name, text in read.items():
        seen = visible(text)
        comments, characters = comments + seen.comments, characters + seen.characters
        if seen.text.strip():
            parts.append(f"<file {path}/{name}>\n{seen.text.strip()}\n</file>\n")
    if comments or characters:
        notes.append(hidden_note(comments, characters))
    return "\n".join(parts)


def _title(proposal: str, path: str) -> str:
    """The proposal's heading of level 1, else the id of the change as words."""
    for line in read_lines(proposal):
        if line.heading and line.heading[0] == 1:
            return shortened(
                re.sub(r"^(?:change|proposal)\s*(?:proposal)?:\s*", "", line.heading[1], flags=re.I)
            )
    return shortened(path.rsplit("/", 1)[-1].replace("-", " ").capitalize())

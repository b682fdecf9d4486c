"""A delta and the spec it changes -> what would keep OpenSpec from accepting or applying it.

The rules are those of `openspec validate` 1.13, and of its `archive` for a MODIFIED, REMOVED or RENAMED
requirement that the main spec does not have: found now, not after the work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from .deltas import Delta, Requirement

Problems = Iterator[tuple[int, str]]  # a line, 0 for the whole file, and what is wrong


def problems_of(delta: Delta, main: dict[str, Requirement] | None, misplaced: bool) -> list[str]:
    """Each as `:line: sentence`, to stand behind the path. `main` is None where there is no such spec yet."""
    if misplaced:
        return [": OpenSpec does not read a delta here; move it to specs/CAPABILITY/spec.md"]
    found = [
        (line, f"{what} has no partner; write FROM: and TO: one after the other")
        for line, what in delta.unpaired
    ]
    if delta.empty and delta.sections:
        found.append((0, f'{" and ".join(delta.sections)} without a single "### Requirement: NAME"'))
    elif delta.empty:
        found.append((0, "no delta section; requirements stand under ## ADDED Requirements or the like"))
    found += [*_incomplete("ADDED", delta.added), *_incomplete("MODIFIED", delta.modified)]
    found += [*_twice(delta), *_conflicts(delta)]
    if not found:  # only a sound delta is worth comparing
        found = list(_not_in(main or {}, delta, missing=main is None))
    return [f"{f':{line}' if line else ''}: {what}" for line, what in sorted(found)]


def _incomplete(section: str, requirements: Collection[Requirement]) -> Problems:
    for each in requirements:
        if not each.text:
            yield each.line, f'{section} "{each.name}" has no text; say below the header what it SHALL do'
        if not any(scenario.body for scenario in each.scenarios):
            hint = " with steps below its header" if each.scenarios else ""
            yield each.line, f'{section} "{each.name}" needs at least one "#### Scenario: NAME"{hint}'


def _twice(delta: Delta) -> Problems:
    lists = {
        "ADDED": [(each.name, each.line) for each in delta.added],
        "MODIFIED": [(each.name, each.line) for each in delta.modified],
        "REMOVED": [(each.name, each.line) for each in delta.removed],
        "RENAMED FROM": [(each.old, each.line) for each in delta.renamed],
        "RENAMED TO": [(each.new, each.line) for each in delta.renamed],
    }
    for section, named in lists.items():
        counts = Counter(name for name, _ in named)
        last = dict(named)
        yield from (
            (last[name], f'"{name}" stands twice in {section}') for name in counts if counts[name] > 1
        )


def _conflicts(delta: Delta) -> Problems:
    added = {each.name: each.line for each in delta.added}
    modified = {each.name: each.line for each in delta.modified}
    removed = {each.name: each.line for each in delta.removed}
    folded = {_folded(name): name for name in removed}
    for one, first, other, second in (
        ("MODIFIED", modified, "REMOVED", removed),
        ("MODIFIED", modified, "ADDED", added),
        ("ADDED", added, "REMOVED", removed),
    ):
        yield from ((first[name], f'"{name}" is both {one} and {other}') for name in first if name in second)
    for each in delta.renamed:
        if each.old in modified:
            yield modified[each.old], f'MODIFIED names "{each.old}", which is renamed; use "{each.new}"'
        if each.new in added:
            yield each.line, f'"{each.new}" is both a new name in RENAMED and ADDED'
        if _folded(each.old) in folded:
            yield each.line, f'"{each.old}" is both RENAMED and REMOVED'


def _folded(name: str) -> str:
    return " ".join(name.lower().split())


def _not_in(main: dict[str, Requirement], delta: Delta, *, missing: bool) -> Problems:
    """What does not fit the main spec, applied in OpenSpec's order: renames, removals, changes, additions.

    What was applied already (a new name that stands there, a removed one that does not) is no problem.
    """
    where = "there is no main spec" if missing else "the main spec has no such requirement"
    blocks = dict(main)
    for each in delta.renamed:
        if each.old in blocks and each.new not in blocks:
            blocks[each.new] = blocks.pop(each.old)
        elif each.old in blocks:
            yield each.line, f'RENAMED TO "{each.new}": the main spec has that name already'
        elif each.new not in blocks or _nearest(each.old, set(blocks) - {each.new}):
            yield each.line, f'RENAMED FROM "{each.old}": {where}{_nearest(each.old, blocks)}'
    for gone in delta.removed:
        if gone.name not in blocks and (near := _nearest(gone.name, blocks)):
            yield gone.line, f'REMOVED "{gone.name}": {where}{near}'
        blocks.pop(gone.name, None)
    for changed in delta.modified:
        if changed.name not in blocks:
            yield changed.line, f'MODIFIED "{changed.name}": {where}{_nearest(changed.name, blocks)}'
        elif lost := _scenario_names(blocks[changed.name]) - _scenario_names(changed):
            yield (
                changed.line,
                f'MODIFIED "{changed.name}" loses scenarios of the main spec: {", ".join(lost)};'
                " it replaces the whole requirement, so copy them",
            )
    for new in delta.added:
        if new.name in blocks and _content(new) != _content(blocks[new.name]):
            yield new.line, f'ADDED "{new.name}": the main spec has it already; use MODIFIED'
        elif new.name not in blocks and (near := _nearest(new.name, blocks)):
            yield new.line, f'ADDED "{new.name}" differs only in case or spacing from another{near}'


def _scenario_names(requirement: Requirement) -> Counter[str]:
    return Counter(scenario.name for scenario in requirement.scenarios)


def _content(requirement: Requirement) -> tuple[str, list[tuple[str, str]]]:
    return requirement.text, [(scenario.name, scenario.body) for scenario in requirement.scenarios]


def _nearest(name: str, names: Collection[str]) -> str:
    same = [each for each in sorted(names) if _folded(each) == _folded(name)]
    return f' (it has "{same[0]}")' if same else ""

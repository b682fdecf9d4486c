"""A spec file of an OpenSpec change -> what it adds, changes, removes and renames, with line numbers.

The format is that of OpenSpec 1.x (github.com/Fission-AI/OpenSpec): `## ADDED Requirements` and its
siblings in any case and as often as one likes, `### Requirement: NAME`, and any `#### ` header below
it as a scenario. What stands in a fence is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .markdown import Line, read_lines, unclosed

_SECTION = re.compile(r"##\s+(.+)")
_DELTA = re.compile(r"(added|modified|removed|renamed) requirements", re.IGNORECASE)
_REQUIREMENT = re.compile(r"###\s*Requirement:\s*(.+)", re.IGNORECASE)
_SCENARIO = re.compile(r"####\s+(.*)")
_UP_TO_SCENARIO = re.compile(r"#{1,4}\s")
_HEADER = re.compile(r"#{1,6}\s")
_METADATA = re.compile(r"\*\*[^*]+\*\*:")
_BULLET = re.compile(r"\s*[-*+]\s*`?###\s*Requirement:\s*([^`]+)`?\s*$")
_RENAME = re.compile(r"\s*[-*+]?\s*(FROM|TO):\s*`?###\s*Requirement:\s*([^`]+)`?\s*$")


@dataclass(frozen=True, slots=True)
class Scenario:
    """`name` without its `Scenario:`; `body` may be empty, which makes it none."""

    name: str
    body: str
    line: int


@dataclass(frozen=True, slots=True)
class Requirement:
    name: str
    text: str
    scenarios: tuple[Scenario, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Rename:
    old: str
    new: str
    line: int


@dataclass(frozen=True, slots=True)
class Delta:
    """`sections` are the delta headers found; `unpaired` and `stray` are (line, what stands there)."""

    sections: tuple[str, ...]
    added: tuple[Requirement, ...]
    modified: tuple[Requirement, ...]
    removed: tuple[Requirement, ...]
    renamed: tuple[Rename, ...]
    unpaired: tuple[tuple[int, str], ...]
    stray: tuple[tuple[int, str], ...]

    @property
    def empty(self) -> bool:
        return not (self.added or self.modified or self.removed or self.renamed)


def read_delta(text: str) -> Delta:
    kinds: dict[str, list[list[Line]]] = {}
    stray: list[tuple[int, str]] = []
    for title, section in _sections(read_lines(text, any_fence=True)):
        match = _DELTA.fullmatch(title)
        if match:
            kinds.setdefault(match[1].lower(), []).append(section)
        stray += _stray(section, title, match[1].lower() if match else "")
    renamed: list[Rename] = []
    unpaired: list[tuple[int, str]] = []
    for section in kinds.get("renamed", []):
        _pair(section, renamed, unpaired)
    return Delta(
        sections=tuple(f"{kind.upper()} Requirements" for kind in kinds),
        added=tuple(each for section in kinds.get("added", []) for each in _requirements(section)),
        modified=tuple(each for section in kinds.get("modified", []) for each in _requirements(section)),
        removed=tuple(each for section in kinds.get("removed", []) for each in _removed(section)),
        renamed=tuple(renamed),
        unpaired=tuple(unpaired),
        stray=tuple(sorted(stray)),
    )


def read_spec(text: str) -> dict[str, Requirement]:
    """The requirements of a main spec by name: those in its section `## Requirements`."""
    for title, section in _sections(read_lines(text, any_fence=True)):
        if title.lower() == "requirements":
            return {each.name: each for each in _requirements(section)}
    return {}


def _sections(lines: list[Line]) -> Iterator[tuple[str, list[Line]]]:
    """The `## ` sections; first what stands above them, under the empty title."""
    title, section = "", list[Line]()
    for line in lines:
        match = _SECTION.match(line.text) if line.code is None else None
        if match:
            yield title, section
            title, section = match[1].strip(), []
        else:
            section.append(line)
    yield title, section


def _requirements(section: list[Line]) -> Iterator[Requirement]:
    block: list[Line] = []
    for line in section:
        if _name(line) is not None:
            if block:
                yield _requirement(block)
            block = [line]
        elif block:
            block.append(line)
    if block:
        yield _requirement(block)


def _name(line: Line) -> str | None:
    match = _REQUIREMENT.match(line.text) if line.code is None else None
    return unclosed(match[1]) if match else None


def _requirement(block: list[Line]) -> Requirement:
    return Requirement(_name(block[0]) or "", _body(block[1:]), tuple(_scenarios(block)), block[0].number)


def _body(lines: list[Line]) -> str:
    """The text before the first header, without code; metadata (`**ID**: 7`) only where nothing else is."""
    said: list[str] = []
    metadata: list[str] = []
    for line in lines:
        if line.code is not None or not line.text.strip():
            continue
        if _HEADER.match(line.text):
            break
        (metadata if _METADATA.match(line.text.strip()) else said).append(line.text.strip())
    return "\n".join(said or metadata)


def _scenarios(block: list[Line]) -> Iterator[Scenario]:
    name, start, body = None, 0, list[str]()
    for line in block:
        if line.code is None and _UP_TO_SCENARIO.match(line.text):
            if name is not None:
                yield Scenario(name, "\n".join(body).strip(), start)
            match = _SCENARIO.match(line.text)
            name, start, body = (_scenario_name(match[1]) if match else None), line.number, []
        elif name is not None:
            body.append(line.text.rstrip())
    if name is not None:
        yield Scenario(name, "\n".join(body).strip(), start)


def _scenario_name(title: str) -> str:
    return re.sub(r"^Scenario:\s*", "", unclosed(title), flags=re.IGNORECASE).strip()


def _removed(section: list[Line]) -> Iterator[Requirement]:
    """Headers, or bullets that quote one."""
    written = {each.line: each for each in _requirements(section)}
    for line in section:
        if line.number in written:
            yield written[line.number]
        elif line.code is None and (match := _BULLET.match(line.text)):
            yield Requirement(unclosed(match[1]), "", (), line.number)


def _pair(section: list[Line], renamed: list[Rename], unpaired: list[tuple[int, str]]) -> None:
    """A FROM belongs to the TO after it in the same section; whatever stands alone is not guessed at."""
    pending: tuple[int, str] | None = None
    for line in section:
        match = _RENAME.match(line.text) if line.code is None else None
        if not match:
            continue
        name = unclosed(match[2])
        if match[1] == "FROM":
            if pending:
                unpaired.append((pending[0], f'FROM "{pending[1]}"'))
            pending = (line.number, name)
        elif pending:
            renamed.append(Rename(pending[1], name, pending[0]))
            pending = None
        else:
            unpaired.append((line.number, f'TO "{name}"'))
    if pending:
        unpaired.append((pending[0], f'FROM "{pending[1]}"'))


def _stray(section: list[Line], title: str, kind: str) -> Iterator[tuple[int, str]]:
    """Headers that the format does not read, where an author may think it does."""
    for line in section:
        name = _name(line)
        if name is not None and not kind:
            where = f'under "## {title}"' if title else 'above the first "## " section'
            yield line.number, f'requirement "{name}" stands {where}, which is no delta section'
        heading = line.heading
        if kind in ("added", "modified") and name is None and heading and heading[0] == 3:
            yield line.number, f'"### {heading[1]}" is not a "### Requirement: NAME" header'

"""Conventions -> the lines in which a person reads them quickly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from indexer.conventions import Rule
    from indexer.conventions.written import Saying
    from retriever.conventions import Contradiction, Conventions

_TITLES = {
    "naming": "Naming",
    "errors": "Errors",
    "tests": "Tests",
    "docs": "Documentation",
    "structure": "Structure",
    "tooling": "Tools and commands",
    "history": "Commits and history",
}
_FOLDERS = 4
_TRENDS = {"rising": "↗ rising", "fading": "↘ fading"}  # what is stable needs no word


def listing(found: Conventions, rejected: bool = False) -> Iterator[str]:
    """By family; then what is written, where that clashes with the code, and what tools see to."""
    if rejected:
        for rule in found.rejected:
            yield from (_head(rule), f"     {rule.key}: {rule.reason or 'no reason given'}")
        return
    free = [rule for rule in found.rules if not rule.enforced_by]
    for family, title in _TITLES.items():
        alike = _alike(rule for rule in free if rule.family == family)
        yield from _group(title, (line for rules in alike for line in _lines(rules)))
    yield from _group("Written, not counted", map(_saying, found.sayings))
    yield from _group(
        "Written one way, done another", (line for c in found.contradictions for line in _clash(c))
    )
    kept = (rule for rule in found.rules if rule.enforced_by)
    yield from _group("Kept by tools", (f"{r.statement}  {_faint(r.enforced_by)}" for r in kept))
    if found.rejected:
        yield from ("", _faint(f"{len(found.rejected)} rejected in .cairn.toml: see --rejected"))


def _group(title: str, lines: Iterable[str]) -> Iterator[str]:
    said = list(lines)
    if said:
        yield from (click.style(title, bold=True, underline=True), *(f"  {line}" for line in said))


def _head(rule: Rule) -> str:
    where = f" in {rule.scope}" if rule.scope else ""
    counted = f"{rule.support} of {rule.total}" if rule.total > 1 else ""
    language = "" if rule.language in ("git", "") else f"{rule.language}{where}"
    said = ", ".join(
        part for part in (counted, language, _TRENDS.get(rule.trend or "", ""), rule.standing or "") if part
    )
    return f"{click.style(rule.statement, bold=True)}  {said}"


def _alike(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Those that say the same of several folders, together; of folders only where not the whole does."""
    found: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        found.setdefault((rule.language, rule.statement), []).append(rule)
    return [[rule for rule in group if not rule.scope] or group for group in found.values()]


def _lines(rules: Sequence[Rule]) -> Iterator[str]:
    rule, *others = rules
    yield _head(rule)
    if others:
        places = ", ".join(f"{other.scope} ({other.support} of {other.total})" for other in others[:_FOLDERS])
        more = f" and {len(others) - _FOLDERS} more folders" if len(others) > _FOLDERS else ""
        yield f"   also in {places}{more}"
    if rule.written:
        yield f"   written in {', '.join(rule.written[:2])}"
    if rule.reason:
        yield f"   because {rule.reason}"
    if rule.examples:
        yield f"   as in {', '.join(rule.examples[:2])}"
    if rule.counter_examples:
        yield _faint(f"   but not {', '.join(rule.counter_examples[:2])}")
    if rule.against:
        yield f"   though {', '.join(rule.against[:2])} asks for the opposite"


def _saying(saying: Saying) -> str:
    title = f"{saying.title}: " if saying.title else ""
    return f"{title}“{saying.text}”  {_faint(saying.place)}"


def _clash(clash: Contradiction) -> Iterator[str]:
    where = f" in {clash.scope}" if clash.scope else ""
    yield f"“{clash.text}”  {_faint(clash.place)}"
    counted = f"{clash.asked_count} of {clash.total} places do so{where}, {clash.done_count} differ"
    yield f"   {counted}{f': {clash.statement}' if clash.statement else ''}"


def _faint(text: str) -> str:
    return click.style(text, dim=True)

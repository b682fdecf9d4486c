"""What people decided about conventions, from `.cairn.toml`: accepted, rejected and pinned rules.

    [conventions.reject]
    "python/doc.style=prose" = "we don't care"

A key is a rule's, or a pattern of keys (`python/doc.*`). A mistake in the file is told and breaks nothing:
what can be understood of it holds.
"""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from indexer.conventions import Rule
from indexer.conventions.rules import in_order, stated
from indexer.files import Skipped, read

from .book import Book

CONFIG = ".cairn.toml"
_TABLES = ("accept", "reject", "pin")


@dataclass(frozen=True, slots=True)
class Steering:
    """Keys or patterns of keys -> reasons. `problems` are sentences about what could not be understood."""

    accept: Mapping[str, str] = field(default_factory=dict)
    reject: Mapping[str, str] = field(default_factory=dict)
    pin: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_steering(root: Path) -> Steering:
    """From the file at the root of a repository, if there is one."""
    if not (root / CONFIG).exists():
        return Steering()
    file = read(root, CONFIG)
    if isinstance(file, Skipped):
        said = file.detail or file.reason
        return Steering(problems=(f"{CONFIG} cannot be read ({said}); conventions are served without it",))
    return steering_of(file.text)


def steering_of(text: str) -> Steering:
    """Never raises: what is wrong is in `problems`, each with file and line."""
    try:
        table = tomllib.loads(text).get("conventions", {})
    except (ValueError, RecursionError) as error:
        return Steering(problems=(f"{CONFIG}: {error}; conventions are served without it",))
    if not isinstance(table, Mapping):
        at = _line_of(text, "conventions")
        return Steering(problems=(f"{CONFIG}:{at}: conventions must be a table with {', '.join(_TABLES)}",))
    problems: list[str] = []
    for name in table:
        if name not in _TABLES:
            at = _line_of(text, f"conventions.{name}", name)
            problems.append(f"{CONFIG}:{at}: [conventions] has no {name!r}; it has {', '.join(_TABLES)}")
    read_ = {name: _reasons(table.get(name, {}), name, text, problems) for name in _TABLES}
    for key in sorted(read_["reject"].keys() & (read_["accept"].keys() | read_["pin"].keys())):
        problems.append(
            f"{CONFIG}:{_line_of(text, key)}: {key!r} is rejected and wanted; it counts as rejected"
        )
    return Steering(read_["accept"], read_["reject"], read_["pin"], tuple(problems))


def steered(book: Book, steering: Steering) -> Book:
    """The book as people want it: rejected rules apart, wanted ones stated however few places follow."""
    known = {rule.key: rule for rule in book.rules}
    problems = list(steering.problems)
    for key in {**steering.accept, **steering.pin}:
        if key not in known and not any(mark in key for mark in "*?"):
            rule = _wanted(key, book)
            if rule:
                known[key] = rule
            else:
                problems.append(f"{CONFIG}: {key!r} is no rule here: no place gives that answer")
    kept, rejected = sorted_out(known.values(), steering)
    return replace(book, rules=tuple(kept), rejected=tuple(rejected), problems=tuple(problems))


def sorted_out(rules: Iterable[Rule], steering: Steering) -> tuple[list[Rule], list[Rule]]:
    """(those that hold, marked with what was decided; those that were rejected)."""
    kept: list[Rule] = []
    rejected: list[Rule] = []
    for rule in rules:
        if (reason := _reason(steering.reject, rule.key)) is not None:
            rejected.append(replace(rule, reason=reason))
        elif (reason := _reason(steering.pin, rule.key)) is not None:
            kept.append(replace(rule, standing="pinned", reason=reason))
        elif (reason := _reason(steering.accept, rule.key)) is not None:
            kept.append(replace(rule, standing="accepted", reason=reason))
        else:
            kept.append(rule)
    return in_order(kept), in_order(rejected)


def _wanted(key: str, book: Book) -> Rule | None:
    language, _, rest = key.partition("/")
    asked, _, scope = rest.partition("@")
    question, _, answer = asked.partition("=")
    files = [file for file in book.members.get((language, question), ()) if file.path.startswith(scope)]
    if not any(answer in file.facts[question] for file in files):
        return None
    return stated(files, language, question, answer, scope)


def _reason(reasons: Mapping[str, str], key: str) -> str | None:
    if key in reasons:
        return reasons[key]
    return next((reason for pattern, reason in reasons.items() if fnmatch.fnmatchcase(key, pattern)), None)


def _reasons(table: Any, name: str, text: str, problems: list[str]) -> dict[str, str]:
    if not isinstance(table, Mapping):
        at = _line_of(text, f"conventions.{name}", name)
        problems.append(f'{CONFIG}:{at}: conventions.{name} must be a table of "key" = "reason"')
        return {}
    found: dict[str, str] = {}
    for key, reason in table.items():
        if isinstance(reason, str) and "/" in key:
            found[key] = reason
            continue
        wrong = (
            "no key of a rule (language/question=answer)"
            if isinstance(reason, str)
            else "without a reason in words"
        )
        problems.append(
            f"{CONFIG}:{_line_of(text, key)}: conventions.{name}: {key!r} is {wrong}; it is passed over"
        )
    return found


def _line_of(text: str, *needles: str) -> int:
    """The first line that holds the first needle that is found at all."""
    for needle in needles:
        for number, line in enumerate(text.split("\n"), 1):
            if needle in line.partition("#")[0] or f'"{needle}"' in line:
                return number
    return 1

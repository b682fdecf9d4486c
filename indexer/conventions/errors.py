"""Rules about a project's own errors: one root, how they are named, and that they are the ones raised."""

from __future__ import annotations

import builtins
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .counts import Evidence, FileFacts, rule_from
from .rule import Rule, is_rule
from .wording import Wording

_PYTHON = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)
_ECMA = frozenset({"Error", "TypeError", "RangeError", "SyntaxError", "EvalError", "AggregateError"})
_BUILTIN = {"python": _PYTHON, "javascript": _ECMA, "typescript": _ECMA}

# Raised for the language, not for the caller: they say nothing about a team's errors.
_SIGNALS = frozenset(
    ("NotImplementedError", "StopIteration", "StopAsyncIteration", "KeyboardInterrupt", "SystemExit")
)
_CLASS = re.compile(r"(.+)\((.+)\)")


def error_rules(files: Sequence[FileFacts]) -> list[Rule]:
    """For each language in which errors are classes."""
    rules: list[Rule] = []
    for language in sorted(_BUILTIN):
        members = [file for file in files if file.language == language and not file.test]
        family = _own_errors(members, _BUILTIN[language])
        rules += [rule for rule in (_one_root(family, language), _names(family, language)) if rule]
        rules += [rule for rule in (_own_raised(members, family, language),) if rule]
    return rules


@dataclass(slots=True)
class _Errors:
    """A project's error classes with their bases and places."""

    bases: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)

    def roots(self, name: str) -> Iterator[str]:
        """The class itself and its own ancestors, nearest first."""
        seen: set[str] = set()
        while name in self.bases and name not in seen:
            yield name
            seen.add(name)
            name = self.bases[name]


def _own_errors(files: Iterable[FileFacts], builtin: frozenset[str]) -> _Errors:
    classes: dict[str, tuple[str, str, int]] = {}
    for file in files:
        for answer, (_, line, *_more) in sorted(file.facts.get("base", {}).items()):
            match = _CLASS.fullmatch(answer)
            if match and (match[1] not in classes or match[2].endswith(("Error", "Exception"))):
                classes.setdefault(match[1], (match[2], file.path, line))
    found = _Errors()
    for name in sorted(classes):
        if _is_error(name, classes, builtin):
            base, path, line = classes[name]
            found.bases[name] = base
            found.places[name] = (path, line)
    return found


def _is_error(name: str, classes: dict[str, tuple[str, str, int]], builtin: frozenset[str]) -> bool:
    seen: set[str] = set()
    while name in classes and name not in seen:
        seen.add(name)
        name = classes[name][0]
    return name in builtin or (name not in seen and name.endswith(("Error", "Exception")))


def _one_root(family: _Errors, language: str) -> Rule | None:
    below: Counter[str] = Counter()
    for name in family.bases:
        below.update(root for root in family.roots(name) if root != name)
    if not below:
        return None
    root = min(below, key=lambda name: (-below[name], name))
    evidence = _evidence(family, {name: root in family.roots(name) for name in family.bases if name != root})
    if not is_rule(evidence.counts["yes"], sum(evidence.counts.values())):
        return None
    path, line = family.places[root]
    words = Wording(f"Every error class derives from `{root}` ({path}:{line}).", "errors", 0.3)
    return rule_from(evidence, "yes", "error.root", words, language)


def _names(family: _Errors, language: str) -> Rule | None:
    """Only of the errors without children: a base is often called ...Error where its children are not."""
    parents = set(family.bases.values())
    leaves = [name for name in family.bases if name not in parents]
    if not leaves:
        return None
    for suffix in ("Error", "Exception"):
        evidence = _evidence(family, {name: name.endswith(suffix) for name in leaves})
        if is_rule(evidence.counts["yes"], len(leaves)):
            usual = 0.9 if suffix == "Error" else 0.2
            words = Wording(f"Error classes are named with the suffix {suffix}.", "naming", usual)
            return rule_from(evidence, "yes", f"error.suffix.{suffix}", words, language)
    evidence = _evidence(family, {name: not name.endswith(("Error", "Exception")) for name in leaves})
    if not is_rule(evidence.counts["yes"], len(leaves)):
        return None
    sample = " and ".join(f"`{name}`" for name in leaves[:2])
    words = Wording(f"Errors are named after what happened, without a suffix, like {sample}.", "naming", 0.1)
    return rule_from(evidence, "yes", "error.suffix.none", words, language)


def _own_raised(files: Iterable[FileFacts], family: _Errors, language: str) -> Rule | None:
    evidence = Evidence()
    for file in files:
        answers: dict[str, list[int]] = {}
        for name, (count, *lines) in sorted(file.facts.get("raise", {}).items()):
            if name in _SIGNALS:
                continue
            answer = "own" if name in family.bases else "builtin" if name in _BUILTIN[language] else "foreign"
            counted = answers.setdefault(answer, [0])
            counted[0] += count
            counted += lines
        if answers:
            evidence.add(file.path, answers)
    total = sum(evidence.counts.values())
    for answer, statement, usual in _RAISED:
        if is_rule(evidence.counts[answer], total):
            return rule_from(evidence, answer, "error.raised", Wording(statement, "errors", usual), language)
    return None


_RAISED = (
    ("own", "What is raised is one of the project's own errors, not a built-in one.", 0.3),
    ("builtin", "What is raised is a built-in error; the project has hardly any of its own.", 0.4),
)


def _evidence(family: _Errors, answers: dict[str, bool]) -> Evidence:
    evidence = Evidence()
    for name, yes in sorted(answers.items(), key=lambda item: family.places[item[0]]):
        path, line = family.places[name]
        evidence.add(path, {"yes" if yes else "no": [1, line]})
    return evidence

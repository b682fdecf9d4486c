"""What all files together tell of a project's own errors, and what each file answers for them.

Which classes are errors, which of them is the root and which are leaves is known only when every
file's `base` is read: `own_errors` does that, `error_answers` turns one file's classes and raises into
answers to `error.root`, `error.suffix` and `error.raised`.
"""

from __future__ import annotations

import builtins
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from .counts import FileFacts
from .tally import Facts
from .wording.errors import OTHER

_PYTHON = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)
_ECMA = frozenset({"Error", "TypeError", "RangeError", "SyntaxError", "EvalError", "AggregateError"})
_UNCHECKED = frozenset(
    f"{name}Exception"
    for name in (
        *("Runtime", "IllegalArgument", "IllegalState", "UnsupportedOperation", "NullPointer", "Arithmetic"),
        *("IndexOutOfBounds", "ClassCast", "NumberFormat", "ConcurrentModification", "UncheckedIO"),
        *("ArrayIndexOutOfBounds", "StringIndexOutOfBounds", "NoSuchElement", "Security", "DateTime"),
    )
)
_CHECKED = frozenset(
    f"{name}Exception"
    for name in (
        "",
        "IO",
        "FileNotFound",
        "Interrupted",
        "SQL",
        "Timeout",
        "Execution",
        "ClassNotFound",
        "EOF",
    )
)
_JAVA = _UNCHECKED | _CHECKED | {"Throwable", "Error", "AssertionError"}
BUILTIN = {"python": _PYTHON, "javascript": _ECMA, "typescript": _ECMA, "java": _JAVA}

# Raised for the language, not for the caller: they say nothing about a team's errors.
_SIGNALS = frozenset(
    ("NotImplementedError", "StopIteration", "StopAsyncIteration", "KeyboardInterrupt", "SystemExit")
)
_CLASS = re.compile(r"(.+)\((.+)\)")


@dataclass
class Errors:
    """A project's error classes of one language, each with its base and the file that defines it."""

    builtin: frozenset[str]
    bases: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)

    def above(self, name: str) -> Iterator[str]:
        """The class itself and its own ancestors, nearest first."""
        seen: set[str] = set()
        while name in self.bases and name not in seen:
            yield name
            seen.add(name)
            name = self.bases[name]

    @cached_property
    def root(self) -> str:
        """The one with the most descendants, or ""."""
        below: Counter[str] = Counter()
        for name in self.bases:
            below.update(above for above in self.above(name) if above != name)
        return min(below, key=lambda name: (-below[name], name)) if below else ""

    @cached_property
    def parents(self) -> frozenset[str]:
        return frozenset(self.bases.values())


def own_errors(files: Iterable[FileFacts], language: str) -> Errors:
    """From the facts of all files; those of tests and of other languages are passed over."""
    found = Errors(BUILTIN[language])
    classes: dict[str, tuple[str, str]] = {}
    for file in files:
        if file.language == language and not file.test:
            for name, base, _ in classes_of(file.facts):
                if name not in classes or base.endswith(("Error", "Exception")):
                    classes.setdefault(name, (base, file.path))
    for name in sorted(classes):
        if _is_error(name, classes, found.builtin):
            found.bases[name], found.paths[name] = classes[name]
    return found


def classes_of(facts: Facts) -> Iterator[tuple[str, str, int]]:
    """(name, base, line) of each class that has a base."""
    for answer, (_, line, *_more) in sorted(facts.get("base", {}).items()):
        match = _CLASS.fullmatch(answer)
        if match:
            yield match[1], match[2], line


def _is_error(name: str, classes: dict[str, tuple[str, str]], builtin: frozenset[str]) -> bool:
    seen: set[str] = set()
    while name in classes and name not in seen:
        seen.add(name)
        name = classes[name][0]
    return name in builtin or (name not in seen and name.endswith(("Error", "Exception")))


def error_answers(file: FileFacts, errors: Errors) -> Facts:
    """What this file's error classes and raises say about the project's errors."""
    found: Facts = {}
    for name, _, line in classes_of(file.facts):
        if errors.paths.get(name) != file.path:
            continue
        if errors.root and name != errors.root:
            _count(found, "error.root", errors.root if errors.root in errors.above(name) else OTHER, line)
        if file.language == "java":
            origin = errors.bases[list(errors.above(name))[-1]]
            if origin in _UNCHECKED or origin in _CHECKED:
                _count(found, "error.checked", "unchecked" if origin in _UNCHECKED else "checked", line)
        if name not in errors.parents:  # a base is often called ...Error where its children are not
            suffix = next((end for end in ("Error", "Exception") if name.endswith(end)), "none")
            _count(found, "error.suffix", suffix, line)
    for name, (count, *lines) in sorted(file.facts.get("raise", {}).items()):
        if name not in _SIGNALS:
            kind = "own" if name in errors.bases else "builtin" if name in errors.builtin else "foreign"
            counted = found.setdefault("error.raised", {}).setdefault(kind, [0])
            counted[0] += count
            counted += lines
    return found


def _count(facts: Facts, question: str, answer: str, line: int) -> None:
    counted = facts.setdefault(question, {}).setdefault(answer, [0])
    counted[0] += 1
    counted.append(line)

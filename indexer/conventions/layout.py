"""What all files together tell of where things lie, and what each file answers for that.

Where the tests of a file are found, how their files are named, and what the classes of a folder derive from.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from ..languages import by_name
from .counts import FileFacts
from .errors import classes_of
from .places import form_of_test_file
from .tally import Facts

_AFFIX = re.compile(r"^test_|^Test(?=[A-Z])|[._-](?:test|spec)$|(?<=[a-z0-9])(?:Tests?|Spec)$")
_TOO_GENERAL = frozenset(
    (
        *("object", "Exception", "Error", "Protocol", "ABC", "Enum", "NamedTuple", "TypedDict", "Generic"),
        *("Serializable", "Cloneable", "Comparable", "AutoCloseable", "Closeable", "Runnable"),
    )
)
_EVERYWHERE = frozenset({"index", "main", "mod", "lib", "init", "utils", "types"})  # names that tell no file
_NONE = "-"

Subjects = Mapping[str, Mapping[str, frozenset[str]]]


def subjects_of(files: Iterable[FileFacts]) -> Subjects:
    """language -> what a file of code is called, bare -> the folders that have one of that name."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for file in files:
        if not file.test:
            name, folder = _subject(file.path)
            found[file.language][name].add(folder)
    return {
        language: {name: frozenset(folders) for name, folders in names.items()}
        for language, names in found.items()
    }


@lru_cache(maxsize=16384)  # after every edit all files are asked
def _subject(path: str) -> tuple[str, str]:
    """What a file is called, bare, and its folder."""
    folder, _, name = path.rpartition("/")
    return name.split(".", 1)[0].strip("_").lower(), folder or "."


def test_answers(file: FileFacts, subjects: Subjects) -> Facts:
    """The form of a test file's name, and where it lies seen from what it tests."""
    form = form_of_test_file(file.path) if file.test and by_name(file.language).grammar else ""
    if file.language == "java" and "test.name" not in file.facts:
        form = ""  # a base class or a message below src/test is no test by itself
    if not form:
        return {}
    place = _place(file.path, subjects.get(file.language, {}))
    named: Facts = {"test.file": {form: [1, 1]}}
    return named | {"test.place": {place: [1, 1]}} if place else named


@lru_cache(maxsize=16384)  # after every edit all files are asked
def tested(path: str) -> str:
    """What a test file is named after, bare."""
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return _AFFIX.sub("", stem).split(".", 1)[0].strip("_").lower()


def _place(path: str, code: Mapping[str, frozenset[str]]) -> str:
    subject = tested(path)
    if subject in _EVERYWHERE:
        return ""
    folders = code.get(subject)
    if not folders:
        return "elsewhere"
    test = PurePosixPath(path)
    if str(test.parent) in folders:
        return "beside"
    return "below" if str(test.parent.parent) in folders else "mirror"


def common_bases(files: Iterable[FileFacts]) -> Counter[str]:
    """How many classes derive from each, errors and what says nothing left out."""
    return Counter(
        base for file in files for _, base, _ in classes_of(file.facts) if not file.test and tells(base)
    )


def base_answers(file: FileFacts, common: Mapping[str, int]) -> Facts:
    """What each class of a file derives from; of several bases the one most used in the project."""
    types = sum(found[0] for found in file.facts.get("doc.type", {}).values())
    if file.test or not types:
        return {}
    chosen: dict[str, tuple[str, int]] = {}
    for name, base, line in classes_of(file.facts):
        if tells(base) and common[base] > common.get(chosen.get(name, ("", 0))[0], 0):
            chosen[name] = base, line
    answers: dict[str, list[int]] = {}
    for base, line in sorted(chosen.values(), key=lambda found: found[1]):
        counted = answers.setdefault(base, [0])
        counted[0] += 1
        counted.append(line)
    if types > len(chosen):
        own = {line for _, line in chosen.values()}
        lines = sorted(line for found in file.facts["doc.type"].values() for line in found[1:])
        answers[_NONE] = [types - len(chosen), *(line for line in lines if line not in own)]
    return {"base": answers} if answers else {}


def tells(base: str) -> bool:
    return base not in _TOO_GENERAL and not base.endswith(("Error", "Exception"))

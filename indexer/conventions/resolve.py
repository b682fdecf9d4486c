"""Read the facts of one file in the light of all others: what only together makes an answer.

`known_of` gathers once per repository what single files cannot tell; `resolved` turns the facts of a
file into plain questions and answers with it. Rules are counted over resolved facts, and a change is
checked by the resolved facts of its files, so both mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .counts import FileFacts
from .errors import BUILTIN, Errors, error_answers, own_errors
from .layout import Subjects, base_answers, common_bases, subjects_of, test_answers, tested
from .suffixes import suffix_answers
from .tally import Facts
from .tooling import FACT, Tools, tools_of
from .written import WRITTEN

_RAW = frozenset({"base", "raise", "package.tests", "package.own"})  # facts that are no answers by themselves


@dataclass(frozen=True, slots=True)
class Known:
    """What all files together tell. `own` are the names of the project's files, folders and packages."""

    own: frozenset[str]
    frameworks: tuple[str, ...]
    errors: Mapping[str, Errors]
    subjects: Subjects
    bases: Mapping[str, int]
    tools: Tools


def known_of(files: Sequence[FileFacts]) -> Known:
    return Known(
        own=frozenset[str]().union(
            *(_parts(file.path) for file in files), *(file.facts.get("package.own", ()) for file in files)
        ),
        frameworks=tuple(sorted({name for file in files for name in file.facts.get("package.tests", ())})),
        errors={language: own_errors(files, language) for language in sorted(BUILTIN)},
        subjects=subjects_of(files),
        bases=common_bases(files),
        tools=tools_of(files),
    )


@lru_cache(maxsize=16384)  # after every edit all files are asked
def _parts(path: str) -> frozenset[str]:
    """The names of a file and its folders, bare."""
    return frozenset(part.partition(".")[0] for part in path.split("/"))


def resolved(file: FileFacts, known: Known) -> FileFacts:
    """The same file with every fact an answer."""
    facts: Facts = {
        question: answers
        for question, answers in file.facts.items()
        if question not in _RAW and not question.startswith((WRITTEN, FACT))
    }
    for question in [q for q in facts if q.startswith("uses.")]:
        foreign = {library: at for library, at in facts[question].items() if not _is_own(library, known)}
        if foreign:  # a library that is used in its own repository is no choice
            facts[question] = foreign
        else:
            del facts[question]
    frameworks = facts.get("test.framework", {})
    if "globals" in frameworks:  # the one that the package asks for, where it asks for one alone
        del facts["test.framework"]
        if len(known.frameworks) == 1:
            facts["test.framework"] = {known.frameworks[0]: frameworks["globals"]}
    errors = known.errors.get(file.language)
    if errors and not file.test:
        facts |= error_answers(file, errors)
    facts |= test_answers(file, known.subjects)
    facts |= base_answers(file, known.bases)
    facts |= suffix_answers(file)
    return FileFacts(file.path, file.language, facts)


def concerned(files: Iterable[FileFacts], before: Known, after: Known) -> list[FileFacts]:
    """The files of which `resolved` may say something else, now that `after` is known instead of `before`."""
    own, bases = before.own != after.own, before.bases != after.bases
    frameworks = before.frameworks != after.frameworks
    subjects = {
        (language, name)
        for language in before.subjects.keys() | after.subjects.keys()
        for name, _ in before.subjects.get(language, {}).items() ^ after.subjects.get(language, {}).items()
    }
    errors = {name for name, found in after.errors.items() if before.errors.get(name) != found}

    def differs(file: FileFacts) -> bool:
        facts = file.facts
        if (own and any(question.startswith("uses.") for question in facts)) or (
            frameworks and "test.framework" in facts
        ):
            return True
        if file.test:
            return (file.language, tested(file.path)) in subjects
        if file.language in errors and ("base" in facts or "raise" in facts):
            return True
        return bases and "doc.type" in facts

    return [file for file in files if differs(file)]


def _is_own(library: str, known: Known) -> bool:
    """`requests`, or `org.mockito` below `src/main/java/org/mockito`."""
    return library.replace("-", "_") in known.own or all(
        part in known.own for part in library.replace("/", ".").split(".")
    )

"""A book and what is asked for -> the conventions that are told: of a path, a language, a family."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexer.conventions import FAMILIES, FileFacts, Rule, rule_language
from indexer.conventions.written import Saying
from indexer.errors import BadInput
from indexer.languages import TEXT, by_name, language_of

from .book import Book
from .choose import by_importance, rules_for
from .written import Contradiction

FEW = 8  # sentences of guides without --all: a page that is read, not a copy of the guides
_ALL = 100
_ASIDE = 3  # the firmness of what speaks of people and their ways
_OF_NO_FILE = frozenset({"git"})  # the language of rules that hold for commits


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a listing shows. It is iterated over by its rules.

    `sayings` are sentences of the repository's guides: quoted, never to be obeyed. `rejected` are rules that
    people do not want, each with its reason; `problems` are those of the file they steer with.
    """

    rules: tuple[Rule, ...]
    sayings: tuple[Saying, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    rejected: tuple[Rule, ...] = ()
    problems: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. `everything` adds what nearly every project follows, and all that is written."""

    path: str | None = None
    language: str | None = None
    family: str | None = None
    everything: bool = True

    def __post_init__(self) -> None:
        if self.family is not None and self.family not in FAMILIES:
            raise BadInput(f"there is no family {self.family[:100]!r}; it is one of {', '.join(FAMILIES)}")


def served(book: Book, asked: Asked) -> Conventions:
    """The most important rules first. Raises BadInput for a language that nobody knows."""
    wanted = None if asked.language is None else _language(asked.language, book)
    folder = _folder(asked.path, book)

    def fits(rule: Rule) -> bool:
        return (
            (asked.family is None or rule.family == asked.family)
            and (wanted is None or rule.language == wanted)
            and (asked.path is None or rule.language in _OF_NO_FILE or _holds(rule, asked.path, folder))
        )

    def shown(rule: Rule) -> bool:
        told = bool(rule.standing or rule.written or rule.against)
        return fits(rule) and (asked.everything or told or not rule.ordinary)

    clashes = tuple(
        clash
        for clash in book.contradictions
        if asked.family is None and wanted in (None, clash.language) and _about(clash.scope, asked.path)
    )
    return Conventions(
        tuple(rule for rule in by_importance(book.rules) if shown(rule)),
        _sayings(book, asked) if asked.family is None else (),
        clashes,
        tuple(rule for rule in book.rejected if fits(rule)),
        book.problems,
    )


def _language(name: str, book: Book) -> str:
    """The language whose rules are meant by its name, or by a suffix of its files."""
    given = name.lower().lstrip(".")
    known = by_name(given) if by_name(given).name == given else language_of(f"x.{given}")
    here = {language for language, _ in book.members} | {rule.language for rule in book.rules} | _OF_NO_FILE
    if given in here:
        return given
    if known is TEXT:
        raise BadInput(f"there is no language {name[:100]!r}; here there are {', '.join(sorted(here))}")
    return rule_language(known.name)


def _folder(path: str | None, book: Book) -> frozenset[str] | None:
    """The languages below `path` where it is a folder, None where it is a file, whether it exists or not."""
    if path is None:
        return None
    inside = path.rstrip("/") + "/" if path.strip("./") else ""
    return (
        frozenset(language for (language, _), files in book.members.items() if _any_in(inside, files)) or None
    )


def _any_in(folder: str, files: Iterable[FileFacts]) -> bool:
    return any(file.path.startswith(folder) for file in files)


def _holds(rule: Rule, path: str, languages_below: frozenset[str] | None) -> bool:
    if languages_below is None:
        return bool(rules_for([rule], path))
    return rule.language in languages_below and _about(rule.scope, path)


def _about(scope: str, path: str | None) -> bool:
    """Whether a folder and a path lie on one way."""
    if path is None or not path.strip("./"):
        return True
    inside = path.rstrip("/") + "/"
    return inside.startswith(scope) or scope.startswith(inside)


def _sayings(book: Book, asked: Asked) -> tuple[Saying, ...]:
    """The firmest first."""
    found = [
        saying
        for saying in book.sayings
        if _about(saying.scope, asked.path) and (asked.everything or saying.firmness < _ASIDE)
    ]
    found.sort(key=lambda saying: (saying.firmness, saying.path, saying.line))
    return tuple(found[: _ALL if asked.everything else FEW])

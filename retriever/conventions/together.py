"""Changes -> the files and kinds of files that are changed together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from indexer.conventions import is_test
from indexer.conventions.rule import is_rule, wilson
from indexer.languages import language_of

from .commits import Commit

_CHANGELOG = re.compile(
    r"(?:^|/)(?:changelog|changes|history|news|release[-_]?notes)(?:\.\w+)?$", re.IGNORECASE
)
_FRAGMENT = re.compile(
    r"^(?:(?:docs?|src)/)?(?:changelog(?:\.d|s)?|newsfragments|news|changes|\.changes|\.changeset|changelog_unreleased|"
    r"releasenotes/notes)/[^/]+\.\w+$",
    re.IGNORECASE,
)
_MIGRATION = re.compile(r"(?:^|/)migrations?/[^/]+\.(?:py|sql|ts|js|rb|php|go|java|kt)$")
_LOCK = re.compile(r"(?:^|/)(?:[\w.-]*lock(?:\.json|\.yaml|b)?|go\.sum|npm-shrinkwrap\.json)$", re.IGNORECASE)
_NAME = re.compile(r"[\w./@+()\[\]-]{1,120}")  # a path that can stand in a sentence and says none itself
_BULK = 30  # files: a change of more is a sweep through the repository
_SMALL = 12  # files: in a larger change, two of them say little of each other
_OFTEN = 10  # changes of a file before it is said what goes with it
_CLEAR = 0.7  # of the lower end of the interval: one of thousands of pairs is near by chance alone
_MOSTLY = 0.6  # for news of a change: what only tidies up has none, and nobody writes them by accident
_ROUTINE = re.compile(r"\brelease\b|\bbump\b|\bupdate dependenc|^v?\d+\.\d+", re.IGNORECASE)  # done by recipe
_PAIRS = 4  # that are told


@dataclass(slots=True)
class Together:
    """Of the changes that touch `cause`, those that touch `effect` as well."""

    cause: str
    effect: str
    with_it: list[Commit] = field(default_factory=list)
    without: list[Commit] = field(default_factory=list)

    @property
    def support(self) -> int:
        return len(self.with_it)

    @property
    def total(self) -> int:
        return len(self.with_it) + len(self.without)


def kinds_together(changes: Sequence[tuple[Commit, list[str]]]) -> Iterator[Together]:
    """What a change of code brings along: tests, the changelog, a news fragment, documentation."""
    kinds = [(commit, _kinds(paths)) for commit, paths in changes if len(paths) <= _BULK]
    for cause, effect in (
        ("code", "tests"),
        ("code", "changelog"),
        ("code", "fragment"),
        ("code", "docs"),
        ("models", "migration"),
    ):
        found = Together(cause, effect)
        for commit, touched in kinds:
            if cause in touched:
                (found.with_it if effect in touched else found.without).append(commit)
        mostly = effect in ("changelog", "fragment") and wilson(found.support, found.total)[0] >= _MOSTLY
        if mostly or is_rule(found.support, found.total):
            yield found


def place_of(kind: str, changes: Sequence[tuple[Commit, list[str]]]) -> str:
    """The file that is changed most of a kind, or the folder of those that are new each time."""
    counts = Counter(
        f"{path.rpartition('/')[0]}/" if kind == "fragment" else path
        for _, paths in changes
        for path in paths
        if kind in _kind(path) and _NAME.fullmatch(path)
    )
    return min(counts, key=lambda place: (-counts[place], place), default="")


def _kinds(paths: Sequence[str]) -> set[str]:
    return {kind for path in paths for kind in _kind(path)}


def _kind(path: str) -> Iterator[str]:
    if _CHANGELOG.search(path):
        yield "changelog"
    elif _FRAGMENT.match(path):
        yield "fragment"
    elif _MIGRATION.search(path):
        yield "migration"
    elif is_test(path):
        yield "tests"
    elif language_of(path).kind == "docs":
        yield "docs"
    elif language_of(path).kind == "code" and not _CONFIG.search(path):
        yield "code"
        if PurePosixPath(path).stem in ("models", "schema"):
            yield "models"


_CONFIG = re.compile(
    r"(?:^|/)(?:docs?|examples?|bench\w*|scripts?|website|\.github)/|\.config\.[cm]?[jt]s$|conf\.py$"
)


def files_together(changes: Sequence[tuple[Commit, list[str]]]) -> list[Together]:
    """Pairs of files of which the first is not changed without the second, the clearest first."""
    touching: dict[str, list[tuple[Commit, set[str]]]] = defaultdict(list)
    for commit, paths in changes:
        if len(paths) <= _SMALL and not _ROUTINE.search(commit.subject):
            for path in paths:
                touching[path].append((commit, set(paths)))
    found: list[Together] = []
    for cause, changed in sorted(touching.items()):
        if len(changed) < _OFTEN or not _NAME.fullmatch(cause):
            continue
        counts = Counter(path for _, paths in changed for path in paths if path != cause)
        for effect, count in counts.items():
            if wilson(count, len(changed))[0] < _CLEAR or not _NAME.fullmatch(effect):
                continue
            if _goes_without_saying(cause, effect):
                continue
            pair = Together(cause, effect)
            for commit, touched in changed:
                (pair.with_it if effect in touched else pair.without).append(commit)
            found.append(pair)
    return _clearest(found)


def _clearest(pairs: list[Together]) -> list[Together]:
    """One per file, and of two that go with each other the one that says more."""
    chosen: list[Together] = []
    said: set[str] = set()
    for pair in sorted(
        pairs, key=lambda pair: (-wilson(pair.support, pair.total)[0], pair.cause, pair.effect)
    ):
        if pair.cause not in said and pair.effect not in said and len(chosen) < _PAIRS:
            chosen.append(pair)
            said |= {pair.cause, pair.effect}
    return chosen


def _goes_without_saying(cause: str, effect: str) -> bool:
    """A file and its test, a header and its source, a lock file: tools and names tell of those."""
    if _LOCK.search(cause) or _LOCK.search(effect) or _CHANGELOG.search(cause):
        return True
    one, other = (
        re.sub(r"[._-]?tests?[._-]?|[._-]spec", "", PurePosixPath(path).stem.lower())
        for path in (cause, effect)
    )
    return one == other or (
        one != "" and other != "" and (one in other or other in one) and is_test(cause) != is_test(effect)
    )

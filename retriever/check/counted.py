"""The files of a change and the facts of a repository -> which lines answer a question otherwise than before.

The files are counted and resolved as the indexer does it, before and after, each time read together with
all others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from indexer.conventions import FileFacts, Known, Rule, known_of, resolved, rule_language
from indexer.conventions.facts import facts_of
from indexer.conventions.rule import wilson
from indexer.types import ParsedFile

from .change import Change, ChangedFile
from .nearest import folder_of

_EVERY_LINE = 10**9
_FEW = 3  # places in the file before, and
_SOME = 5  # in its folder, from which on they speak for how it is done there
_NO_BREACH = {"test.double": ("none",)}  # who has nothing to replace replaces nothing
_SHARE = 0.8  # as in indexer/conventions/rule.py: below that there are two habits


class Counted:
    """The files of a change with their facts before and after, each time read together with all others.

    Without `files` nothing is known of the repository, and the facts of each file alone must do.
    """

    def __init__(self, change: Change, files: Sequence[FileFacts]) -> None:
        self._change = change
        self._untold = not files
        changed = {path for file in change.files for path in (file.path, file.old_path)}
        self._left_alone = [file for file in files if file.path not in changed]
        self._indexed = [file for file in files if file.path in changed]
        self._known: dict[str, Counter[tuple[str, str]]] = {}

    @cached_property
    def after(self) -> dict[str, FileFacts]:
        return self._resolved(self._counted_after, self._known_after)

    @cached_property
    def before(self) -> dict[str, FileFacts]:
        counted = _counted(file.parsed_before for file in self._change.files)
        return self._resolved(counted, self._gathered(counted))

    @cached_property
    def others(self) -> list[FileFacts]:
        """The files that the change leaves alone."""
        known = self._known_after
        return [resolved(file, known) for file in self._left_alone] if known else []

    def without_change(self, rule: Rule) -> Rule:
        """The rule as it was before: an index that is live may count the change against it already."""
        support, total = rule.support, rule.total
        known = self._known_after
        indexed = [resolved(file, known) for file in self._indexed] if known else []
        for files, sign in ((indexed, -1), (self.before.values() if known else (), 1)):
            for file in files:
                if file.language == rule.language and file.path.startswith(rule.scope):
                    answers = file.facts.get(rule.question, {})
                    support += sign * answers.get(rule.answer, [0])[0]
                    total += sign * sum(counted[0] for counted in answers.values())
        if total <= 0 or (support, total) == (rule.support, rule.total):
            return rule
        support = min(max(support, 0), total)  # an index that is older than the change counts other places
        return replace(rule, support=support, total=total, interval=wilson(support, total))

    def breaches(self, file: ChangedFile, rule: Rule) -> list[int]:
        """The lines that `file` breaks `rule` on and did not before."""
        places = _others(self.after.get(file.path), rule)
        if not places:
            return []
        before = self.before.get(file.old_path)
        more = len(places) - len(_others(before, rule))
        if more <= 0 or self._is_done_otherwise(file, rule, before):
            return []
        known = self._known_before(rule.question)
        answered = set(_places(before, rule.question))
        new: set[int] = set()
        for answer, line in places:
            if line in file.touched:
                known[answer, file.code(line)] -= 1
                if known[answer, file.code(line)] < 0:
                    new.add(line)
            else:  # it stays, and what belongs to it has changed: a later line, or the comment above
                was = file.was[line]
                if (rule.answer, was) in answered and (answer, was) not in answered:
                    new.add(line)
        return sorted(new)[-more:]

    @cached_property
    def _counted_after(self) -> list[FileFacts]:
        return _counted(file.parsed for file in self._change.files)

    @cached_property
    def _known_after(self) -> Known | None:
        return self._gathered(self._counted_after)

    def _gathered(self, counted: list[FileFacts]) -> Known | None:
        if self._untold:
            return None
        return known_of(sorted([*self._left_alone, *counted], key=lambda file: file.path))

    def _resolved(self, counted: list[FileFacts], known: Known | None) -> dict[str, FileFacts]:
        return {file.path: resolved(file, known) if known else file for file in counted}

    def _known_before(self, question: str) -> Counter[tuple[str, str]]:
        """What was answered before and is no longer there, by answer and code: moved lines are not new."""
        if question not in self._known:
            known: Counter[tuple[str, str]] = Counter()
            for file in self._change.files:
                lines = (file.before or "").split("\n")
                for answer, line in _places(self.before.get(file.old_path), question):
                    known[answer, lines[line - 1].strip() if line <= len(lines) else ""] += 1
                for answer, line in _places(self.after.get(file.path), question):
                    if line not in file.touched:
                        known[answer, file.code(line)] -= 1
            self._known[question] = known
        return self._known[question]

    def _is_done_otherwise(self, file: ChangedFile, rule: Rule, before: FileFacts | None) -> bool:
        """Whether the file, or its folder, has another habit than the repository as a whole."""
        if rule.standing == "pinned" or rule.written:
            return False
        if before and _differs([before], rule, _FEW):
            return True
        folder = folder_of(file.path)
        beside = (one for one in self.others if folder_of(one.path) == folder)
        return _differs([one for one in beside if one.language == rule.language], rule, _SOME)


def _counted(parsed: Iterable[ParsedFile | None]) -> list[FileFacts]:
    return [
        FileFacts(one.file.path, rule_language(one.file.language), facts_of(one, lines=_EVERY_LINE))
        for one in parsed
        if one is not None
    ]


def _places(file: FileFacts | None, question: str) -> list[tuple[str, int]]:
    """(answer, line) of the places that answer a question."""
    answers = file.facts.get(question, {}) if file else {}
    return [(answer, line) for answer, counted in answers.items() for line in counted[1:]]


def _others(file: FileFacts | None, rule: Rule) -> list[tuple[str, int]]:
    """Those that answer the rule's question in another way than the rule."""
    fine = _NO_BREACH.get(rule.question, ())
    return [
        (answer, line)
        for answer, line in _places(file, rule.question)
        if answer != rule.answer and answer not in fine
    ]


def _differs(files: Iterable[FileFacts], rule: Rule, least: int) -> bool:
    counts: Counter[str] = Counter()
    for file in files:
        for answer, counted in file.facts.get(rule.question, {}).items():
            counts[answer] += counted[0]
    return counts.total() >= least and counts[rule.answer] < _SHARE * counts.total()

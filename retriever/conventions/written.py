"""Rules that were counted and sentences that were written -> which bear each other out, and which do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.conventions import FileFacts, Rule
from indexer.conventions.rule import wilson
from indexer.conventions.rules import in_order, stated
from indexer.conventions.written import Asked, Saying, asked_by

Members = Mapping[tuple[str, str], Sequence[FileFacts]]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A guide asks for one thing and the code does another.

    `place` and `text` are the sentence; `asked` is the answer it asks for, given `asked_count` times of
    `total`; `done` the one most places under `scope` give, `statement` says it in words.
    """

    place: str
    text: str
    language: str
    question: str
    scope: str
    asked: str
    asked_count: int
    done: str
    done_count: int
    total: int
    statement: str


@dataclass(frozen=True, slots=True)
class Cited:
    """The rules with what is written for and against them, what is written besides, and where they clash."""

    rules: tuple[Rule, ...]
    sayings: tuple[Saying, ...]
    contradictions: tuple[Contradiction, ...]


_Topic = tuple[str, str, str]  # language, question, scope


def cited(rules: Iterable[Rule], sayings: Sequence[Saying], members: Members) -> Cited:
    """A written convention is stated with its count even where the code alone would not bear it out."""
    found = {rule.key: rule for rule in rules}
    by_question: dict[tuple[str, str], list[str]] = defaultdict(list)
    for rule in found.values():
        by_question[rule.language, rule.question].append(rule.key)
    used: set[str] = set()
    clashes: list[Contradiction] = []
    for (language, question, scope), votes in sorted(_topics(sayings, members).items()):
        if len({answer for answer, _ in votes}) > 1:
            continue  # the guides are not of one mind: both are served as they stand
        answer, places = votes[0][0], tuple(dict.fromkeys(saying.place for _, saying in votes))
        counted = stated(_below(members[language, question], scope), language, question, answer, scope)
        if counted is None:
            continue
        used.update(saying.place + saying.text for _, saying in votes)
        below = [found[key] for key in by_question[language, question] if found[key].scope.startswith(scope)]
        for rule in below:
            if rule.answer == answer:
                found[rule.key] = replace(rule, written=(*rule.written, *places))
            else:
                found[rule.key] = replace(rule, against=(*rule.against, *places))
                clashes.append(_clash(votes[0][1], found[rule.key], answer, members))
        if any(rule.scope == scope for rule in below):
            continue
        if other := _overruling(counted, members):
            clashes.append(_clash(votes[0][1], other, answer, members))
        else:
            found[counted.key] = replace(counted, written=places)
    left = [saying for saying in sayings if saying.place + saying.text not in used]
    return Cited(tuple(in_order(found.values())), tuple(left), tuple(clashes))


def _topics(sayings: Sequence[Saying], members: Members) -> dict[_Topic, list[tuple[str, Saying]]]:
    found: dict[_Topic, list[tuple[str, Saying]]] = defaultdict(list)
    for saying in sayings:
        for asked in asked_by(saying.text, saying.title):
            for language in _languages(asked, saying.scope, members):
                found[language, asked.question, saying.scope].append((asked.answer, saying))
    return found


def _languages(asked: Asked, scope: str, members: Members) -> list[str]:
    """Those the sentence can mean and the code under `scope` answers in; if it names none, the main one."""
    answering = {
        language: sum(1 for file in files if file.path.startswith(scope))
        for (language, question), files in members.items()
        if question == asked.question and (not asked.languages or language in asked.languages)
    }
    there = sorted(
        (language for language, files in answering.items() if files), key=lambda name: -answering[name]
    )
    return there if asked.languages else there[:1]


def _below(files: Iterable[FileFacts], scope: str) -> list[FileFacts]:
    return [file for file in files if file.path.startswith(scope)]


def _overruling(counted: Rule, members: Members) -> Rule | None:
    """The rule of another answer, where surely more than half of the places give that one."""
    files = _below(members[counted.language, counted.question], counted.scope)
    totals: dict[str, int] = defaultdict(int)
    for file in files:
        for answer, (count, *_) in file.facts[counted.question].items():
            totals[answer] += count
    most = min(totals, key=lambda answer: (-totals[answer], answer))
    if most == counted.answer or wilson(totals[most], sum(totals.values()))[0] <= 0.5:
        return None
    return stated(files, counted.language, counted.question, most, counted.scope)


def _clash(saying: Saying, rule: Rule, asked: str, members: Members) -> Contradiction:
    count = sum(
        file.facts[rule.question].get(asked, [0])[0]
        for file in _below(members[rule.language, rule.question], rule.scope)
    )
    return Contradiction(
        saying.place, saying.text, rule.language, rule.question, rule.scope, asked, count,
        rule.answer, rule.support, rule.total, rule.statement,
    )  # fmt: skip

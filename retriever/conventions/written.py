"""Rules that were counted and sentences that were written -> which bear each other out, and which do not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.conventions import FileFacts, Rule
from indexer.conventions.counts import main_answer
from indexer.conventions.rule import wilson
from indexer.conventions.rules import in_order, stated
from indexer.conventions.wording import wording
from indexer.conventions.written import Asked, Saying, asked_by

Members = Mapping[tuple[str, str], Sequence[FileFacts]]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A guide asks for one thing and the code does another.

    `place` and `text` are the sentence; `asked` is the answer it asks for, given `asked_count` times of
    `total`; `done` the one most places under `scope` give, `statement` says it in
    words, where there are any.
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
                counts = _counts(language, question, rule.scope, members)
                saying = votes[0][1]
                clashes.append(_clash(saying, language, question, rule.scope, answer, rule.answer, counts))
        if any(rule.scope == scope for rule in below):
            continue
        counts = _counts(language, question, scope, members)
        if other := _overruling(counts, answer):
            clashes.append(_clash(votes[0][1], language, question, scope, answer, other, counts))
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


def _counts(language: str, question: str, scope: str, members: Members) -> Counter[str]:
    counts: Counter[str] = Counter()
    for file in _below(members[language, question], scope):
        for answer, (count, *_) in file.facts[question].items():
            counts[answer] += count
    return counts


def _overruling(counts: Counter[str], asked: str) -> str:
    """The answer that surely more than half of the places give, if it is not the one asked for; else ""."""
    most = main_answer(counts)
    return most if most != asked and wilson(counts[most], counts.total())[0] > 0.5 else ""


def _clash(
    saying: Saying, language: str, question: str, scope: str, asked: str, done: str, counts: Counter[str]
) -> Contradiction:
    words = wording(language, question, done, [asked], scope)
    return Contradiction(
        saying.place, saying.text, language, question, scope, asked, counts[asked],
        done, counts[done], counts.total(), words.statement if words else "",
    )  # fmt: skip

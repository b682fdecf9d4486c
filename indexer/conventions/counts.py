"""Gather the facts of many files into the evidence for and against each answer."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .places import is_test
from .rule import Rule, is_rule, wilson
from .tally import Facts
from .wording import Wording

_EXAMPLES = 3
# Code that shows or serves the rest of it: an example from there is taken where there is no other.
_ASIDE = re.compile(r"(?:^|/)(?:docs?|examples?|scripts?|bench(?:marks?)?|playground|extra|samples?|tools)/")
_SPEAKS_ALIKE = {"tsx": "typescript", "jsx": "javascript"}  # one team writes both by the same rules


def rule_language(language: str) -> str:
    """The language whose rules a file of `language` follows."""
    return _SPEAKS_ALIKE.get(language, language)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The facts of one file. `language` is the one its rules speak of."""

    path: str
    language: str
    facts: Facts

    @property
    def test(self) -> bool:
        return is_test(self.path)


def read_facts(rows: Iterable[tuple[str, str, str]]) -> list[FileFacts]:
    """From (path, language, facts as JSON), by path."""
    files = [FileFacts(path, rule_language(lang), json.loads(text)) for path, lang, text in rows]
    return sorted(files, key=lambda file: file.path)


@dataclass(slots=True)
class Evidence:
    """The places that gave each answer to one question."""

    counts: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)  # answer -> files of which it is the main one
    given: list[tuple[str, dict[str, list[int]]]] = field(default_factory=list)

    def add(self, path: str, answers: dict[str, list[int]]) -> None:
        self.given.append((path, answers))
        if len(answers) == 1:
            ((main, counted),) = answers.items()
            self.counts[main] += counted[0]
        else:
            for answer, counted in answers.items():
                self.counts[answer] += counted[0]
            main = main_answer({answer: counted[0] for answer, counted in answers.items()})
        self.files[main] += 1

    def examples(self, answers: Sequence[str]) -> tuple[str, ...]:
        """Up to three places, from as many files as possible."""
        files = [
            (path, found[answer][1:])
            for answer in sorted(answers)
            for path, found in self.given
            if answer in found
        ]
        files.sort(key=lambda found: _ASIDE.search(found[0]) is not None)
        rounds = [f"{path}:{lines[nth]}" for nth in range(3) for path, lines in files if nth < len(lines)]
        return tuple(dict.fromkeys(rounds))[:_EXAMPLES]


def main_answer(counts: dict[str, int] | Counter[str]) -> str:
    """The most frequent answer; of equals the first by name, so that it is always the same one."""
    return min(counts, key=lambda answer: (-counts[answer], answer))


def holds(evidence: Evidence, answer: str, files: int = 2) -> bool:
    """Whether an answer is a habit: in most places, in most files, and not in one file alone."""
    total = sum(evidence.files.values())
    return (
        is_rule(evidence.counts[answer], sum(evidence.counts.values()))
        and total >= files
        and evidence.files[answer] / total >= 0.7  # one huge file must not speak for all others
    )


def rule_from(
    evidence: Evidence, answer: str, question: str, words: Wording, language: str, scope: str = ""
) -> Rule:
    support, total = evidence.counts[answer], sum(evidence.counts.values())
    others = [other for other in evidence.counts if other != answer]
    return Rule(
        key=f"{language}/{question}={answer}" + (f"@{scope}" if scope else ""),
        question=question,
        answer=answer,
        statement=words.statement,
        family=words.family,
        scope=scope,
        language=language,
        support=support,
        total=total,
        interval=wilson(support, total),
        examples=evidence.examples([answer]),
        counter_examples=evidence.examples(others),
        usual=words.usual,
    )

"""What maintainers state of their code, as JSON -> Labels, and which rule says what a label says.

A label names a concept (`raise-from`, `line-length:88`); `concepts.json` says by which `question=answer` a
rule states it. So the labels say what was written, whatever the questions are called today.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indexer.conventions import Rule

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Label:
    """One statement in our words. `source` is `path:line` at `commit`, where it is said.

    `concept` is "" for what nobody could count, and `uncountable` the reason.
    """

    id: str
    repo: str
    commit: str
    split: str
    statement: str
    source: str
    family: str
    language: str
    concept: str = ""
    uncountable: str = ""

    @property
    def path(self) -> str:
        return self.source.rpartition(":")[0]

    @property
    def line(self) -> int:
        return int(self.source.rpartition(":")[2])


def labels() -> list[Label]:
    return [Label(**row) for row in json.loads((_HERE / "labels.json").read_text(encoding="utf-8"))]


@cache
def _concepts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads((_HERE / "concepts.json").read_text(encoding="utf-8"))
    return found


def patterns_of(concept: str) -> list[str]:
    """What matches `question=answer` of a rule that states a concept; {} is what follows the colon.

    After a `~` it is looked for in the question and the sentence that is shown: of a list, what is named.
    """
    topic, _, value = concept.partition(":")
    known = _concepts()
    if concept in known:
        return known[concept]
    return [pattern.replace("{}", re.escape(value)) for pattern in known.get(f"{topic}:*", [])]


_ALIKE = {"typescript": {"typescript", "javascript"}}  # one team writes both by the same rules


def states(rule: Rule, label: Label) -> bool:
    """Whether a rule says what the label says, in the label's language."""
    if not _speaks_of(rule, label):
        return False
    said, shown = f"{rule.question}={rule.answer}", f"{rule.question} {rule.statement}"
    return any(
        re.search(pattern[1:], shown) if pattern[0] == "~" else re.fullmatch(pattern, said)
        for pattern in patterns_of(label.concept)
    )


def denies(rule: Rule, label: Label) -> bool:
    """Whether it answers the very same question, for the whole repository, in another way."""
    if rule.scope or not _speaks_of(rule, label) or states(rule, label):
        return False
    asked = [pattern.partition("=")[0].replace("\\.", ".") for pattern in patterns_of(label.concept)]
    return rule.question in asked


def _speaks_of(rule: Rule, label: Label) -> bool:
    alike = _ALIKE.get(label.language, {label.language})
    return rule.language in alike or rule.family == "tooling"

"""Turn the facts of all files of a repository into rules, each with its evidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from .counts import Evidence, FileFacts, holds, main_answer, rule_from
from .rule import Rule, is_rule
from .wording import wording

_DEEPEST = 3  # folders; a habit of a single deep folder is a habit of few files
_GATHERED = frozenset({"error.root", "error.suffix"})  # a project's errors may all lie in one file
_FOLDER_PLACES = 20  # fewer in one folder and the exception may be chance
_AGAINST_PLACES = 30  # where all around it do otherwise
_FAMILY_PLACES = 10  # what a folder's types have in common is what the folder is for
_FAMILY = frozenset({"name.suffix", "base"})


def rules_from(files: Iterable[FileFacts]) -> list[Rule]:
    """The rules that the resolved facts of all files bear out, in whatever order they come.

    Sorted by how much they tell, so the first ones are those that a newcomer could not guess.
    """
    return in_order(_counted(files))


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    """By how much they tell."""
    return sorted(rules, key=lambda rule: (-rule.surprise, rule.key))


def _counted(files: Iterable[FileFacts]) -> list[Rule]:
    gathered: dict[tuple[str, str], list[FileFacts]] = defaultdict(list)
    for file in files:
        for question in file.facts:
            gathered[file.language, question].append(file)
    return [
        rule
        for (language, question), members in sorted(gathered.items(), key=lambda item: item[0])
        for rule in rules_on(members, language, question)
    ]


def rules_on(members: Sequence[FileFacts], language: str, question: str) -> list[Rule]:
    """The rules on one question, from all files of a language that answer it: of the whole and of folders."""
    whole = _evidence(members, question)
    answer = main_answer(whole.counts)
    enough = is_rule(whole.counts[answer], whole.counts.total()) if question in _GATHERED else False
    rule = _rule(whole, question, language, "") if enough or holds(whole, answer) else None
    below = _folder_rules(members, question, language, answer if rule else "")
    return [rule, *below] if rule else below


def stated(
    members: Iterable[FileFacts], language: str, question: str, answer: str, scope: str
) -> Rule | None:
    """The rule as the files below `scope` bear it out, however little; None where nothing was counted."""
    evidence = _evidence(members, question)
    others = [other for other in evidence.counts if other != answer]
    words = wording(language, question, answer, others, scope) if evidence.counts else None
    return rule_from(evidence, answer, question, words, language, scope) if words else None


def _above(folder: str) -> list[str]:
    """`a/b/c/` -> `a/b/`, `a/`."""
    parts = folder.split("/")[:-2]
    return ["/".join(parts[:depth]) + "/" for depth in range(len(parts), 0, -1)]


def _evidence(files: Iterable[FileFacts], question: str) -> Evidence:
    evidence = Evidence()
    for file in files:
        evidence.add(file.path, file.facts[question])
    return evidence


def _rule(evidence: Evidence, question: str, language: str, scope: str) -> Rule | None:
    answer = main_answer(evidence.counts)
    others = [other for other in evidence.counts if other != answer]
    words = wording(language, question, answer, others, scope)
    return rule_from(evidence, answer, question, words, language, scope) if words else None


def _gathered(members: Sequence[FileFacts]) -> dict[str, list[FileFacts]]:
    """The files of each folder. One that holds all of what is above it, as `src/main/java/org`, is none."""
    sizes = Counter(folder for file in members for folder in _folders(file.path))
    found: dict[str, list[FileFacts]] = defaultdict(list)
    for file in members:
        above, depth = len(members), 0
        for folder in _folders(file.path):
            if sizes[folder] < above:
                above = sizes[folder]
                depth += 1
                if depth > _DEEPEST:
                    break
                found[folder].append(file)
    return found


@lru_cache(maxsize=16384)
def _folders(path: str) -> tuple[str, ...]:
    """`a/b/c.py` -> `a/`, `a/b/`."""
    parts = path.split("/")[:-1]
    return tuple("/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1))


def _folder_rules(members: Sequence[FileFacts], question: str, language: str, known: str) -> list[Rule]:
    """Habits of a folder that differ from what was found around it (`known`, "" for nothing)."""
    folders = _gathered(members)
    found: list[Rule] = []
    said: dict[str, str] = {}
    for folder, inside in sorted(folders.items()):
        around = next((said[parent] for parent in _above(folder) if parent in said), known)
        if len(inside) < 2:
            continue
        evidence = _evidence(inside, question)
        answer = main_answer(evidence.counts)
        enough = _FAMILY_PLACES if question in _FAMILY else _AGAINST_PLACES if around else _FOLDER_PLACES
        if answer == around or evidence.counts.total() < enough or not holds(evidence, answer):
            continue
        if answer == "no" and question.startswith("doc."):
            continue  # a few folders without comments are no habit
        rule = _rule(evidence, question, language, folder)
        if rule:
            said[folder] = answer
            found.append(rule)
    return found

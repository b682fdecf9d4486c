"""Rules and the files of a repository -> places that keep them, broken, and whether the check says so."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.conventions import FileFacts, Rule, known_of, read_facts, resolved, rule_language
from indexer.conventions.facts import facts_of
from indexer.parse import parse
from indexer.types import ParsedFile, SourceFile
from retriever.check.change import Change, ChangedFile
from retriever.check.style import accuses, style
from retriever.conventions import book_of

from .checkout import row_of
from .mutations import edits_of, new_names
from .stated import rules_of

FAMILIES = ("naming", "errors", "tests", "docs", "structure")


@dataclass(frozen=True, slots=True)
class Planted:
    """One broken place.

    `strong` says whether its rule may accuse at all, `written` and `edited` whether the check named the rule
    when the definition was written anew, and when the good one was edited.
    """

    repo: str
    family: str
    language: str
    key: str
    path: str
    line: int
    strong: bool
    written: bool
    edited: bool
    was: str
    became: str


def plant(repo: str, files: Sequence[ParsedFile], each: int, seed: int) -> Iterator[Planted]:
    """`each` places of every rule of a repository, broken one by one."""
    drawn = random.Random(f"{seed} {repo}")
    rows = [row_of(file) for file in files]
    facts = read_facts(rows)
    book = book_of(rows)
    told = [rule for rule in rules_of(book) if rule.family in FAMILIES and not rule.enforced_by]
    told = [rule for rule in told if not rule.ordinary]
    strong = [rule for rule in told if accuses(rule)]
    known = known_of(facts)
    every = {
        file.file.path: resolved(
            FileFacts(file.file.path, rule_language(file.file.language), facts_of(file, lines=10**9)), known
        )
        for file in files
        if file.file.kind == "code"
    }
    parsed = {file.file.path: file for file in files}
    for rule in told:
        places = _places(rule, every)
        drawn.shuffle(places)
        made = 0
        for path, line in places[: each * 12]:
            if made == each:
                break
            broken = _broken(rule, parsed[path], line)
            if broken is None:
                continue
            made += 1
            yield _asked(repo, rule, broken, parsed[path], strong, facts, line)


def _places(rule: Rule, every: dict[str, FileFacts]) -> list[tuple[str, int]]:
    """Those that keep a rule, one per file as long as there are files."""
    found: list[tuple[int, str, int]] = []
    for path, file in every.items():
        answers = file.facts.get(rule.question, {})
        kept = answers.get(rule.answer, [0])
        if file.language == rule.language and path.startswith(rule.scope) and len(answers) == 1:
            found += [(nth, path, line) for nth, line in enumerate(kept[1:][:3])]
    return [(path, line) for _, path, line in sorted(found)]


def _broken(rule: Rule, file: ParsedFile, line: int) -> tuple[str, str] | None:
    """The (path, text) that breaks a rule at a place, or None where no edit of ours does."""
    text, path = file.file.text, file.file.path
    for other in new_names(rule.question, rule.answer, path):
        return other, text
    for edit in edits_of(rule.question, rule.answer, rule.language):
        new = edit(text, line, file)
        if new is None or new == text:
            continue
        source = SourceFile(path, new, file.file.language, file.file.kind, "", len(new), 0)
        if file.broken or not parse(source).broken:
            return path, new
    return None


# Answered once for a whole file: whoever breaks it writes a new one.
_OF_A_FILE = frozenset({"file.header", "indent", "future.annotations", "test.package"})


def _asked(
    repo: str,
    rule: Rule,
    broken: tuple[str, str],
    file: ParsedFile,
    strong: Sequence[Rule],
    facts: Sequence[FileFacts],
    line: int,
) -> Planted:
    path, new = broken
    old = file.file.text
    was, now = old.split("\n"), new.split("\n")
    at = next((n for n, (one, two) in enumerate(zip(was, now, strict=False)) if one != two), line - 1)
    if path != file.file.path or rule.question in _OF_A_FILE:
        left = [one for one in facts if one.path != path]
        written = edited = _names(rule, Change(repo, (ChangedFile(path, path, None, new),)), strong, left)
    else:
        moved = len(now) - len(was) if at + 1 < line else 0  # what stood above the place is gone
        without = _without(new, line + moved, path, file)
        written = _names(rule, Change(repo, (ChangedFile(path, path, without, new),)), strong, facts)
        edited = _names(rule, Change(repo, (ChangedFile(path, path, old, new),)), strong, facts)
    return Planted(
        repo, rule.family, rule.language, rule.key, path, line, accuses(rule), written, edited,
        was[at].strip() if at < len(was) else "", now[at].strip() if at < len(now) else "",
    )  # fmt: skip


def _names(rule: Rule, change: Change, strong: Sequence[Rule], facts: Sequence[FileFacts]) -> bool:
    """Whether the check names the rule, or the one for a folder that asks the same."""
    asked = f"{rule.language}/{rule.question}="
    return any(finding.key.startswith(asked) for finding in style(change, strong, facts))


def _without(new: str, line: int, path: str, file: ParsedFile) -> str | None:
    """The text before the definition with the broken `line` was there; None where the whole file is new."""
    source = SourceFile(path, new, file.file.language, file.file.kind, "", len(new), 0)
    around = [s for s in parse(source).symbols if s.doc_start <= line <= s.span.end and s.kind in _WRITTEN]
    if not around:
        return None
    innermost = min(around, key=lambda symbol: symbol.span.end - symbol.span.start)
    lines = new.split("\n")
    return "\n".join(lines[: innermost.doc_start - 1] + lines[innermost.span.end :])


_WRITTEN = frozenset({"function", "method", "class", "interface", "struct", "enum", "trait"})

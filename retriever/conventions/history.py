"""A repository's history -> rules of how its changes are written, named and put together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer import git
from indexer.conventions import Rule
from indexer.conventions.counts import main_answer
from indexer.conventions.rule import is_rule, wilson
from indexer.conventions.wording import Wording
from indexer.conventions.wording.history import history_wording

from .commits import Commit, branch_names, commits_of, files_of, repository_of
from .subjects import answers_of
from .together import Together, files_together, kinds_together, place_of

_LANGUAGE = "git"
_FEWEST = 30  # commits by people; fewer are a beginning, not a habit
_CITED = 3
_AGREEING = 0.7  # of the authors: one who writes half of the commits must not speak for all
_REGULAR = 3  # commits of an author before they count as one

_Asked = dict[str, list[tuple[str, Commit]]]  # question -> (answer, the commit that gave it)


def history_rules(root: Path) -> list[Rule]:
    """None without a repository at `root` or with too short a history. `language` is `git`."""
    repository = repository_of(root)
    if repository is None:
        return []
    try:
        return sorted(_rules(repository), key=lambda rule: (-rule.surprise, rule.key))
    except git.GitFailed:
        return []


def _rules(repository: git.Repository) -> Iterator[Rule]:
    commits = commits_of(repository)
    if len(commits) < _FEWEST:
        return
    yield from _message_rules(commits)
    landed = commits_of(repository, main_line=True)
    yield from _landing_rules(landed)
    yield from _branch_rules(branch_names(repository, landed))
    changes = list(files_of(repository, landed))
    for pair in kinds_together(changes):
        news = [place_of(pair.effect, changes)] if pair.effect in ("changelog", "fragment") else []
        yield from _together_rule(pair, f"together.{pair.effect}", pair.cause, news)
    for pair in files_together(changes):
        yield from _together_rule(pair, f"together:{pair.cause}", pair.effect)


def _message_rules(commits: Sequence[Commit]) -> Iterator[Rule]:
    asked: _Asked = defaultdict(list)
    for commit in commits:
        for question, answer in answers_of(commit):
            asked[question].append((answer, commit))
    conventional = _agreed(asked["commit.form"], "conventional")
    if not conventional:
        asked.pop("commit.scope", None)  # of the few that name a type
        forms = asked["commit.form"]  # of several ways to begin with a word and a colon, none is the one
        asked["commit.form"] = [
            ("plain" if form == "plain" else "prefixed", commit) for form, commit in forms
        ]
    kinds = Counter(
        commit.subject.partition(":")[0].partition("(")[0].rstrip("!").lower()
        for answer, commit in asked["commit.form"]
        if answer == "conventional"
    )
    for question, given in sorted(asked.items()):
        answer = main_answer(Counter(answer for answer, _ in given))
        if len(given) >= _FEWEST and _agreed(given, answer):
            names = [kind for kind, _ in kinds.most_common(5)] if conventional else []
            said = history_wording(question, answer, names)
            if said:
                yield _rule(question, answer, said, given)


def _agreed(given: Sequence[tuple[str, Commit]], answer: str) -> bool:
    """Whether most commits give it, and most of those who write them."""
    counts = Counter(answer for answer, _ in given)
    if not is_rule(counts[answer], counts.total()):
        return False
    authors: dict[str, Counter[str]] = defaultdict(Counter)
    for said, commit in given:
        authors[commit.author][said] += 1
    regular = [said for said in authors.values() if said.total() >= _REGULAR]
    agreeing = sum(main_answer(said) == answer for said in regular)
    return not regular or agreeing / len(regular) >= _AGREEING


def _landing_rules(landed: Sequence[Commit]) -> Iterator[Rule]:
    given = [(_landing(commit), commit) for commit in landed]
    answer = main_answer(Counter(answer for answer, _ in given)) if given else ""
    said = history_wording("merge.form", answer, [])
    if said and is_rule(sum(one == answer for one, _ in given), len(given)):
        yield _rule("merge.form", answer, said, given)


def _landing(commit: Commit) -> str:
    if len(commit.parents) > 1:
        return "merge"
    return "squash" if re.search(r"\(#\d+\)\.?$", commit.subject.strip()) else "direct"


def _branch_rules(names: Sequence[str]) -> Iterator[Rule]:
    """Names of branches are their own examples."""
    forms = [(("typed" if re.match(r"[a-z][\w-]*/", name) else "bare"), name) for name in names]
    support = sum(form == "typed" for form, _ in forms)
    if len(forms) < _FEWEST or not is_rule(support, len(forms)):
        return
    firsts = Counter(name.partition("/")[0] for form, name in forms if form == "typed")
    said = history_wording("branch.form", "typed", [first for first, _ in firsts.most_common(5)])
    if said:
        good = [name for form, name in forms if form == "typed"]
        bad = [name for form, name in forms if form != "typed"]
        yield _made("branch.form", "typed", said, (support, len(forms)), good, bad)


def _together_rule(pair: Together, question: str, answer: str, names: Sequence[str] = ()) -> Iterator[Rule]:
    said = history_wording(question, answer, names)
    if said:
        good, bad = ([commit.shown for commit in commits] for commits in (pair.with_it, pair.without))
        yield _made(question, answer, said, (pair.support, pair.total), good, bad)


def _rule(question: str, answer: str, said: Wording, given: Sequence[tuple[str, Commit]]) -> Rule:
    good = [commit.shown for one, commit in given if one == answer]
    bad = [commit.shown for one, commit in given if one != answer]
    return _made(question, answer, said, (len(good), len(given)), good, bad)


def _made(
    question: str,
    answer: str,
    said: Wording,
    counts: tuple[int, int],
    good: Sequence[str],
    bad: Sequence[str],
) -> Rule:
    return Rule(
        key=f"{_LANGUAGE}/{question}={answer}",
        question=question,
        answer=answer,
        statement=said.statement,
        family="history",
        scope="",
        language=_LANGUAGE,
        support=counts[0],
        total=counts[1],
        interval=wilson(*counts),
        examples=tuple(good[:_CITED]),
        counter_examples=tuple(bad[:_CITED]),
        usual=said.usual,
    )

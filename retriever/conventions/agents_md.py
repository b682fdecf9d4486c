"""Conventions -> a short AGENTS.md: what a newcomer could not guess, for a team to go over and sign.

Long files of rules make agents worse, so it holds no more than a page: commands, a handful of rules with
one place each to look at, and links to what the team has written itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.conventions import Rule

from .served import Conventions

_LINES = 40
_PER_AREA = 4
_SURE = 0.75  # of the interval's lower end: a team signs what holds, not what is likely
_MUCH = 0.1  # of the places of the language with most of them
_AREAS = (
    ("Code", ("structure", "naming", "errors")),
    ("Tests", ("tests",)),
    ("Documentation", ("docs",)),
    ("Commits", ("history",)),
    ("Tools", ("tooling",)),
)


def agents_md(repo: str, found: Conventions) -> str:
    """The text of the file. What tools enforce, what everybody does and what is repeated is left out."""
    guides = _guides(found)
    blocks = [[f"# Working on {repo}"]]
    commands = [rule for rule in found.rules if _is_command(rule)]
    if commands:
        blocks.append(["## Commands", "", *(f"- {rule.statement}" for rule in commands[:_PER_AREA])])
    languages = _main_languages(found.rules)
    telling = [rule for rule in found.rules if _tells(rule) and (rule.language in languages or rule.standing)]
    telling.sort(key=lambda rule: (rule.standing != "pinned", not rule.written, rule.scope != ""))
    for title, families in _AREAS:
        of_area = [rule for rule in telling if rule.family in families and rule not in commands]
        rules = _distinct(of_area)[:_PER_AREA]
        if rules:
            blocks.append([f"## {title}", "", *(_line(rule, len(languages) > 2) for rule in rules)])
    if guides:
        blocks.append(["## Written down", "", *(f"- [{path}]({path})" for path in guides[:5])])
    while sum(len(block) + 1 for block in blocks) > _LINES:
        longest = max(blocks, key=len)
        longest.pop()
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _is_command(rule: Rule) -> bool:
    return rule.question in ("tooling.test", "tooling.check")


def _tells(rule: Rule) -> bool:
    if rule.standing == "pinned":
        return True
    sure = rule.interval[0] >= _SURE or rule.standing == "accepted" or rule.family == "tooling"
    return sure and not (rule.ordinary or rule.enforced_by or rule.against) and rule.trend != "fading"


def _main_languages(rules: Sequence[Rule]) -> set[str]:
    """Those in which much is written here, and what is no language of files."""
    places: dict[str, int] = {}
    for rule in rules:
        places[rule.language] = max(places.get(rule.language, 0), rule.total)
    least = _MUCH * max(places.values(), default=0)
    return {language for language, most in places.items() if most >= least} | {"git"}


def _distinct(rules: Sequence[Rule]) -> list[Rule]:
    """One rule a question: what the whole repository does says it for its folders."""
    whole = {(rule.language, rule.question) for rule in rules if not rule.scope}
    seen: set[tuple[str, str]] = set()
    kept = []
    for rule in rules:
        at = (rule.language, rule.question)
        if at not in seen and (not rule.scope or at not in whole):
            seen.add(at)
            kept.append(rule)
    return kept


def _line(rule: Rule, several: bool) -> str:
    spoken = f"{rule.language}: " if several and rule.language != "git" else ""
    where = f" (in `{rule.scope}`)" if rule.scope and rule.scope not in rule.statement else ""
    example = (rule.examples or ("",))[0].rpartition(":")[0]
    shown = f" See `{example}`." if example and rule.family != "history" else ""
    return f"- {spoken}{rule.statement.removesuffix('.')}{where}.{shown}"


def _guides(found: Conventions) -> list[str]:
    """The documents that say something, those that say most first."""
    places = [saying.path for saying in found.sayings]
    places += [place.rpartition(":")[0] for rule in found.rules for place in rule.written]
    return sorted(set(places), key=lambda path: (-places.count(path), path))

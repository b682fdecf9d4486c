"""A plan -> who else uses what it will change: the edges of the graph that lead into its files.

It is Cairn's word, not the model's: it stands beside the plan for whoever approves it, and in the first
prompt of the work.
"""

from __future__ import annotations

from collections.abc import Callable

from agent.codebase import Codebase
from agent.plan import Plan
from indexer.errors import CairnError
from indexer.languages import language_of
from indexer.parse import parse
from indexer.types import SourceFile

_NAMES = 30  # definitions of one file that are looked up
_USES = 8  # places named for one file
_TOP = frozenset({"function", "class", "method", "constant", "struct", "interface", "trait", "enum", "type"})

Dependents = dict[str, list[str]]  # path -> places outside of the plan that use it


def dependents_of(plan: Plan, codebase: Codebase | None, repo: str, text: Callable[[str], str]) -> Dependents:
    """For each file that changes, moves or goes: `path:line in scope uses name`, proven edges first."""
    if codebase is None:
        return {}
    found: Dependents = {}
    for file in plan.files:
        if file.action == "create":
            continue
        try:
            uses = _uses(codebase, repo, file.path, text(file.path), plan)
        except CairnError:
            continue  # a plan is not refused because a file of it cannot be read as code
        if uses:
            more = [f"and {len(uses) - _USES} more"] if len(uses) > _USES else []
            found[file.path] = [*uses[:_USES], *more]
    return found


def shown(dependents: Dependents) -> str:
    """For a prompt or a terminal; "" where nothing else uses the files."""
    return "\n".join(
        f"{path} is used by:\n" + "\n".join(f"- {use}" for use in uses) for path, uses in dependents.items()
    )


def _uses(codebase: Codebase, repo: str, path: str, text: str, plan: Plan) -> list[str]:
    language = language_of(path, text)
    source = SourceFile(path, text, language.name, language.kind, digest="", size=len(text), mtime_ns=0)
    names = dict.fromkeys(s.name for s in parse(source).symbols if s.kind in _TOP and s.name)
    proven: list[str] = []
    guessed: list[str] = []
    for name in list(names)[:_NAMES]:
        for use in codebase.callers(repo, name):
            if use.path == path or use.path in plan.paths:
                continue
            place = f"{use.path}:{use.line} in {use.symbol or 'the file itself'} uses {name}"
            if use.resolved:
                proven.append(place)
            else:
                guessed.append(f"{place} (only the name agrees)")
    return [*dict.fromkeys(proven), *dict.fromkeys(guessed)]

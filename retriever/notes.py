"""The conventions that apply to what is shown, each with one line of code as its example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.conventions import Rule

from .conventions import most_telling
from .held import Held, id_of_rule
from .sheet import Sheets
from .tokens import CountTokens
from .types import ContextItem


@dataclass(frozen=True, slots=True)
class Note:
    """A convention as it is shown."""

    statement: str
    item: ContextItem


def notes(
    rules: Sequence[Rule], shown: Sequence[str], sheets: Sheets, held: Held, count: CountTokens, left: float
) -> list[Note]:
    """The handful of rules that apply to the paths shown and fit in the tokens left; not those held."""
    paths = list(dict.fromkeys(shown))
    said: list[Note] = []
    for rule in most_telling([rule for rule in rules if rule.key not in held.rules], paths):
        path, line = _example(rule, paths)
        sheet = sheets.get(path)
        code = sheet.lines[line - 1].strip() if sheet and line <= len(sheet.lines) else ""
        where = f"{path}:{line}" + (f" `{code}`" if code and "`" not in code else "")
        text = f"- {rule.statement} ({rule.support} of {rule.total}; {where})"
        tokens = count(text)
        if tokens <= left:
            left -= tokens
            why = f"{rule.support} of {rule.total} places do so"
            item = ContextItem("convention", path, line, line, None, why, text, tokens, id_of_rule(rule))
            said.append(Note(rule.statement, item))
    return said


def _example(rule: Rule, paths: Sequence[str]) -> tuple[str, int]:
    """An example in a file that is shown, if there is one."""
    places = [(path, int(line)) for path, _, line in (e.rpartition(":") for e in rule.examples)]
    return next((place for place in places if place[0] in paths), places[0])

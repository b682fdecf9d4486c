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
    rules: Sequence[Rule],
    shown: Sequence[str],
    sheets: Sheets,
    held: Held,
    count: CountTokens,
    left: float,
    adds_tests: bool = False,
) -> list[Note]:
    """The handful of rules that apply to the paths shown and fit in the tokens left; not those held."""
    paths = list(dict.fromkeys(shown))
    said: list[Note] = []
    for rule in most_telling([rule for rule in rules if rule.key not in held.rules], paths, adds_tests):
        place = _example(rule, paths)
        if place is None:
            continue
        path, line = place
        sheet = sheets.get(path)
        code = sheet.lines[line - 1].strip() if sheet and line <= len(sheet.lines) else ""
        where = f"{path}:{line}" + (f" `{code}`" if code and "`" not in code else "")
        written = f"; written in {rule.written[0]}" if rule.written else ""
        counted = f"{rule.support} of {rule.total}" if rule.total > 1 else "as configured"
        text = f"- {rule.statement} ({counted}{written}; {where})"
        tokens = count(text)
        if tokens <= left:
            left -= tokens
            why = f"{counted} places do so{written}" if rule.total > 1 else counted + written
            item = ContextItem("convention", path, line, line, None, why, text, tokens, id_of_rule(rule))
            said.append(Note(rule.statement, item))
    return said


def _example(rule: Rule, paths: Sequence[str]) -> tuple[str, int] | None:
    """An example in a file that is shown, if there is one."""
    found = [example.rpartition(":") for example in rule.examples or rule.written]
    places = [(path, int(line)) for path, _, line in found if line.isdigit()]
    return next((place for place in places if place[0] in paths), places[0] if places else None)

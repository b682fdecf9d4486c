"""A change -> where it does not fit the conventions of the code around it.

Compared are the facts of each changed file before and after, question by question, as the indexer
counts them: what the change added against a rule of the repository is a misfit. A habit that the file
had before is not held against it.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.codebase import Codebase
from agent.edits.documents import decode
from agent.workspace import Workspace
from indexer.conventions import Rule, facts_of, rule_language
from indexer.errors import CairnError
from indexer.languages import language_of
from indexer.parse import parse
from indexer.types import SourceFile

_MOST = 5  # told at once; more is a rewrite, and a person's business
_Facts = dict[str, dict[str, list[int]]]


class Misfits:
    """The check of one run. `kept` are those of the last check, whether they were told before or not."""

    def __init__(self, codebase: Codebase | None, repo: str, workspace: Workspace) -> None:
        self._codebase = codebase
        self._repo = repo
        self._workspace = workspace
        self._told: set[str] = set()
        self.kept: list[str] = []

    def news(self, tree: str, paths: tuple[str, ...]) -> list[str]:
        """What does not fit in `tree` and was not told before; each is told once, then a person decides."""
        self.kept = [line for path in paths for line in self._of(tree, path)][:_MOST]
        found = [line for line in self.kept if line not in self._told]
        self._told.update(found)
        return found

    def _of(self, tree: str, path: str) -> Iterator[str]:
        if self._codebase is None:
            return
        try:
            after = _facts(path, self._workspace.at(tree, path))
            before = _facts(path, self._workspace.at(self._workspace.base, path))
            rules = self._codebase.conventions(self._repo, path)
        except CairnError:
            return  # a file that cannot be read as text has no conventions
        for rule in rules:
            if rule_language(language_of(path, "").name) != rule.language or rule.question not in after:
                continue
            for other, (count, *lines) in after[rule.question].items():
                known = before.get(rule.question, {}).get(other, [0])[0]
                if other != rule.answer and count > known:
                    yield _sentence(path, lines, rule)
                    break


def _facts(path: str, data: bytes | None) -> _Facts:
    if data is None:
        return {}
    text = decode(data, path).text
    language = language_of(path, text)
    file = SourceFile(path, text, language.name, language.kind, digest="", size=len(data), mtime_ns=0)
    return facts_of(parse(file))


def _sentence(path: str, lines: list[int], rule: Rule) -> str:
    place = f"{path}:{lines[-1]}" if lines else path
    example = f", as in {rule.examples[0]}" if rule.examples else ""
    return f"{place}: {rule.statement} ({rule.support} of {rule.total} places here{example})"

"""A change -> where it does not fit the conventions of the code around it.

What `cairn check` finds of style (retriever/check/style.py), asked of a working copy: a habit that the
code had before is not held against the change.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.codebase import Codebase
from agent.edits.documents import decode
from agent.workspace import Workspace
from indexer.conventions import Rule
from indexer.errors import CairnError
from retriever.check.change import Change, ChangedFile
from retriever.check.finding import Finding
from retriever.check.style import style

_MOST = 5  # told at once; more is a rewrite, and a person's business


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
        self.kept = list(self._of(tree, paths))[:_MOST]
        found = [line for line in self.kept if line not in self._told]
        self._told.update(found)
        return found

    def _of(self, tree: str, paths: tuple[str, ...]) -> Iterator[str]:
        """One sentence for each file and rule: a misfit ten times over is one habit to change."""
        files: list[ChangedFile] = []
        rules: dict[str, Rule] = {}
        for path in paths:
            try:
                before, after = (self._text(at, path) for at in (self._workspace.base, tree))
                found = [] if self._codebase is None else self._codebase.conventions(self._repo, path)
            except CairnError:
                continue  # a file that cannot be read as text has no conventions
            files.append(ChangedFile(path, path, before, after))
            rules |= {rule.key: rule for rule in found if not rule.enforced_by}
        told: set[tuple[str, str]] = set()
        for finding in style(Change(self._repo, tuple(files)), list(rules.values()), ()):
            if (finding.path, finding.key) not in told:
                told.add((finding.path, finding.key))
                yield _sentence(finding, rules[finding.key])

    def _text(self, tree: str, path: str) -> str | None:
        data = self._workspace.at(tree, path)
        return None if data is None else decode(data, path).text.replace("\r\n", "\n")


def _sentence(finding: Finding, rule: Rule) -> str:
    example = f", as in {finding.example}" if finding.example else ""
    place = f"{finding.path}:{finding.line}"
    return f"{place}: {rule.statement} ({rule.support} of {rule.total} places here{example})"

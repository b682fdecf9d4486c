"""A task, a step or a failure -> the context that seeds the next prompt.

Cairn looks before the model has to ask: before the plan, before each step, and before each correction
for what the failure names. A place that was shown is not shown again while it stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from agent.codebase import Codebase, LiveIndex
from agent.log.runs import Recorder
from agent.observation import Lines
from agent.suites.condense import names, places
from agent.suites.suite import SuiteRun
from agent.tools.desk import Desk
from indexer.errors import CairnError
from retriever.types import Context, Query

_TASK_TOKENS = 6000  # runs that stay below 20,000 tokens in all succeed most often
_STEP_TOKENS = 1500
_FAILURE_PLACES = 3  # places shown for a failure, besides those its report shows
_FAILURE_NAMES = 4  # names of a report that are looked up
_AROUND = 6  # lines above and below a line that a failure names
_BODY_LINES = 40


class Seeds:
    """The context of one run. With `codebase` None (context switched off) every seed is empty."""

    def __init__(self, codebase: Codebase | None, index: LiveIndex, record: Recorder) -> None:
        self._codebase = codebase
        self._index = index
        self._record = record
        self._desk: Desk | None = None
        self._shown: dict[tuple[str, int, int], str] = {}

    def at(self, desk: Desk) -> Seeds:
        """Read lines from the desk of the stage that is worked in."""
        self._desk = desk
        return self

    def for_task(self, task: str, paths: Sequence[str] = ()) -> str:
        """The pack for the first prompt."""
        return self._pack("task", task, _TASK_TOKENS, paths)

    def for_step(self, step: str, paths: Sequence[str]) -> str:
        """The pack for a step of the plan, as an addition to an observation."""
        pack = self._pack("step", step, _STEP_TOKENS, paths)
        return f"\n\nFor this step, from the code base:\n{pack}" if pack else ""

    def for_failure(self, run: SuiteRun) -> str:
        """What failures point at: the code around the lines, the definitions of the names."""
        if self._codebase is None or self._desk is None:
            return ""
        answer = Lines()
        cited: list[str] = []
        given: list[tuple[str, int, int]] = []
        try:
            for path, start, end, title in self._pointed_at(run):
                if any(other == path and first <= start and end <= last for other, first, last in given):
                    continue  # a test that stands within the lines around its failure
                body = self._desk.lines(path, start, end)
                if self._shown.get((path, start, end)) == body or len(cited) >= _FAILURE_PLACES:
                    continue
                self._shown[path, start, end] = body
                cited.append(f"{path}:{start}-{end}")
                given.append((path, start, end))
                answer.line(f"{path}:{start}-{end} {title}".rstrip())
                answer.block(body, start, _BODY_LINES)
        except CairnError as error:
            self._record("context.missing", seed="failure", reason=str(error))
        self._record("context.retrieved", seed="failure", tokens=len(answer.text) // 4, cited=cited)
        return f"\n\nWhat the failure points at:\n{answer.text}" if answer.text else ""

    def _pointed_at(self, run: SuiteRun) -> list[tuple[str, int, int, str]]:
        assert self._codebase is not None
        assert self._desk is not None
        found = [
            (place.path, max(1, place.line - _AROUND), place.line + _AROUND, "")
            for place in places(run, self._desk.paths())
        ]
        for name in names(run)[:_FAILURE_NAMES]:
            for symbol in list(self._codebase.symbols(self._index.repo, name))[:1]:
                found.append((symbol.path, symbol.start_line, symbol.end_line, symbol.qualname))
        if not found and run.results.failures:
            query = Query(run.results.failures[0].message[-400:] or "failure", (self._index.repo,), 2)
            found = [
                (hit.path, hit.start_line, hit.end_line, hit.symbol or "")
                for hit in self._codebase.search(query).hits
            ]
        return found

    def _pack(self, seed: str, text: str, tokens: int, paths: Sequence[str]) -> str:
        if self._codebase is None:
            return ""
        try:
            pack = self._codebase.context(text, self._index.repo, tokens, paths)
        except CairnError as error:  # the model can still search; a seed is help, not a condition
            self._record("context.missing", seed=seed, reason=str(error))
            return ""
        self._record(
            "context.retrieved", seed=seed, tokens=pack.tokens, budget=pack.budget, cited=_cited(pack)
        )
        return pack.text


def _cited(pack: Context) -> list[str]:
    return [f"{item.path}:{item.start_line}-{item.end_line}" for item in pack.items]

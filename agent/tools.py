"""A tool call of the model -> an observation, a text sized for a prompt.

Every public method between `search_code` and `escalate` is a tool; its signature and docstring are
what the model is shown. There is no git tool: commits are made by Cairn, from what was verified.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from agent import edits
from agent.codebase import Codebase, LiveIndex
from agent.edits.documents import decode
from agent.model import ToolSchema
from agent.observation import Lines, Observation, clipped, numbered
from agent.rooms import Rooms
from agent.runs import Recorder
from agent.schema import arguments_for, schema_of
from agent.suites.baseline import Baseline, record_suite
from agent.suites.review import Review
from agent.suites.verdict import Kind
from agent.workspace import Workspace
from indexer.errors import BadInput, CairnError, SandboxUnavailable
from indexer.secrets import redact
from retriever.types import Filters, Query

_READ_LINES = 200  # of one read: bounded views serve models better than whole files
_BODY_LINES = 80  # of a definition
_EXCERPT_LINES = 12  # of a search hit
_LISTED = 200  # files or references
_COMMAND_SECONDS = 120
_LONGEST_COMMAND = 300


@dataclass(frozen=True, slots=True)
class Ending:
    """How the agent stopped. `question` is what it needs from a person when it escalated."""

    status: Literal["finished", "escalated"]
    subject: str
    summary: str
    question: str = ""


class Toolbox:
    """The tools of one run. `version` grows with each change of the tree."""

    def __init__(
        self,
        workspace: Workspace,
        codebase: Codebase,
        index: LiveIndex,
        rooms: Rooms,
        baseline: Baseline | None,
        review: Callable[[Iterable[str], Kind], Review],
        record: Recorder,
    ) -> None:
        self._workspace = workspace
        self._codebase = codebase
        self._index = index
        self._rooms = rooms
        self._baseline = baseline
        self._review = review
        self._record = record
        self._seen: dict[str, str] = {}  # path -> digest of what the model was shown
        self.created: set[str] = set()
        self._tools: dict[str, Callable[..., str]] = {
            tool.__name__: tool
            for tool in (
                *(self.search_code, self.context, self.get_symbol, self.find_references),
                *(self.read_file, self.list_files, self.str_replace, self.create_file),
                *(self.run, self.run_tests, self.finish, self.escalate),
            )
        }
        self.schemas: list[ToolSchema] = [schema_of(tool) for tool in self._tools.values()]
        self.version = 0
        self.refused_finishes = 0
        self.ending: Ending | None = None
        self.reviewed: Review | None = None

    def call(self, name: str, written: str) -> Observation:
        """Run a tool. What goes wrong becomes an observation, except that nothing may run unconfined."""
        self._record("tool.call", name=name, arguments=clipped(written))
        try:
            arguments = self.arguments(name, written)
            text, failed = self._tools[name](**arguments), False
        except SandboxUnavailable:
            raise
        except CairnError as error:
            text, failed = str(error), True
        text = clipped(redact(text)[0])
        self._record("tool.result", name=name, failed=failed, text=text)
        return Observation(text, failed)

    def arguments(self, name: str, written: str) -> dict[str, Any]:
        """Read the arguments of a call. Raises BadInput."""
        for schema in self.schemas:
            if schema["function"]["name"] == name:
                return arguments_for(schema, written)
        raise BadInput(f"there is no tool {name!r}; there are {', '.join(self._tools)}")

    def search_code(self, query: str, limit: int = 8, paths: list[str] | None = None) -> str:
        """Search the code base, your own changes included, by meaning, by words and by names.

        query: what to look for, in words or as an identifier
        limit: how many places to return, at most 20
        paths: only in these folders, files or globs
        """
        filters = Filters(paths=tuple(paths or ()))
        result = self._codebase.search(Query(query, (self._index.repo,), min(max(limit, 1), 20), filters))
        answer = Lines()
        for place, hit in enumerate(result.hits, 1):
            name = f" {hit.symbol} ({hit.symbol_kind})" if hit.symbol else ""
            answer.line(
                f"{place}. {hit.path}:{hit.start_line}-{hit.end_line}{name}: {', '.join(hit.reasons)}"
            )
            answer.block(self._lines(hit.path, hit.start_line, hit.end_line), hit.start_line, _EXCERPT_LINES)
        return answer.text or "Nothing was found. Try other words, or list_files."

    def context(self, task: str, budget: int = 3000) -> str:
        """Ask what to know before writing: helpers to reuse, their callers, test patterns, conventions.

        task: what you are about to do, in a sentence
        budget: the size of the answer in tokens, at most 8000
        """
        return self._codebase.context(task, self._index.repo, min(max(budget, 200), 8000)).text

    def get_symbol(self, name: str) -> str:
        """Show the definitions of a name, with their code.

        name: a function, class, method (`Class.method`) or constant
        """
        found = list(self._codebase.symbols(self._index.repo, name))
        answer = Lines()
        for place in found[:5]:
            answer.line(f"{place.path}:{place.start_line}-{place.end_line} {place.qualname} ({place.kind})")
            body = self._lines(place.path, place.start_line, place.end_line)
            answer.block(body, place.start_line, _BODY_LINES)
        answer.line(*[f"and {len(found) - 5} more" for _ in found[5:6]])
        return answer.text or f"Nothing called {name!r} is defined here. Try search_code."

    def find_references(self, name: str) -> str:
        """List where a function, class or method is used.

        name: the name as it is defined
        """
        found = list(self._codebase.callers(self._index.repo, name))
        answer = Lines()
        for use in found[:_LISTED]:
            proven = "" if use.resolved else " (only the name agrees)"
            answer.line(f"{use.path}:{use.line} in {use.symbol or 'the file itself'}{proven}")
        return answer.text or f"Nothing uses {name!r}."

    def read_file(self, path: str, start: int = 1, end: int | None = None) -> str:
        """Read lines of a file, numbered; at most 200 at a time.

        path: relative to the root of the repository
        start: the first line, from 1
        end: the last line
        """
        lines = self._text(path, note=True).removesuffix("\n").split("\n")
        if start < 1 or start > len(lines):
            raise BadInput(f"{path} has {len(lines)} lines; start must be one of them")
        last = min(len(lines) if end is None else max(end, start), len(lines), start + _READ_LINES - 1)
        shown = numbered(lines[start - 1 : last], start)
        return f"{path}, lines {start}-{last} of {len(lines)}\n{shown}"

    def list_files(self, pattern: str = "*") -> str:
        """List files that are part of the repository, new ones included.

        pattern: a glob over whole paths, such as `tests/*` or `*.py`
        """
        paths = sorted({*self._workspace.tracked(), *self._workspace.untracked()})
        found = [path for path in paths if fnmatch.fnmatchcase(path, pattern)]
        more = [f"and {len(found) - _LISTED} more; narrow the pattern"] if len(found) > _LISTED else []
        return "\n".join([*found[:_LISTED], *more]) or f"No file of {len(paths)} matches {pattern!r}."

    def str_replace(self, path: str, old: str, new: str) -> str:
        """Replace a text that is in a file exactly once. Give a whole line or more, without line numbers.

        path: relative to the root of the repository
        old: the text as it is now, with its indentation
        new: the text to put in its place
        """
        return self._edit(edits.Replace(path, old, new))

    def create_file(self, path: str, content: str) -> str:
        """Create a new file, and the folders it needs. A file that exists is changed with str_replace.

        path: relative to the root of the repository
        content: the whole text, ending in a line break
        """
        said = self._edit(edits.Create(path, content))
        self.created.add(path)
        return said

    def run(self, command: str, seconds: int = _COMMAND_SECONDS) -> str:
        """Run a shell command at the root of the repository, confined: no network, nothing else writable.

        command: a line for /bin/sh
        seconds: when to stop it, at most 300
        """
        before = self._state()
        session = self._rooms.open(self._workspace.tree)
        done = session.exec(["/bin/sh", "-c", command], seconds=min(max(seconds, 1), _LONGEST_COMMAND))
        changed = sorted({path for path, _ in before ^ self._state()})
        if changed:
            self._changed(changed)
        ended = f"stopped ({done.killed_by})" if done.killed_by else f"exit code {done.code}"
        touched = f"\nchanged by the command: {', '.join(changed)}" if changed else ""
        return f"{ended} after {done.seconds:.1f} s{touched}\n{done.output}"

    def run_tests(self, tests: list[str] | None = None) -> str:
        """Run the tests and report what failed. The whole suite runs again when you finish.

        tests: files or test ids to run; all of them if left out
        """
        if self._baseline is None:
            raise BadInput("no test command was found for this repository; use run if you know one")
        run = self._rooms.run_suite(self._workspace.tree, self._baseline.command, tests or ())
        record_suite(self._record, "during", run)
        return run.report()

    def finish(self, subject: str, summary: str, kind: Kind = "feature") -> str:
        """Hand in the change. All tests run on it, the new ones on the old code too; objections come back.

        subject: what is true now, as the first line of a commit, at most 72 letters
        summary: what changed and why, for the reviewer, in a few sentences
        kind: fix and feature need a test that failed before, tests must notice mistakes; the others need none
        """
        if not subject.strip():
            raise BadInput("the subject is empty; say what is true now")
        self.reviewed = self._review(sorted(self.created), kind)
        if not self.reviewed.verdict.accepted:
            self.refused_finishes += 1
            raise BadInput("Not finished. " + "\n".join(self.reviewed.verdict.objections))
        self.ending = Ending("finished", subject.strip().splitlines()[0], summary.strip())
        return "Finished."

    def escalate(self, reason: str, question: str = "") -> str:
        """Stop and ask a person. What you did so far is kept.

        reason: what you tried and what stands in the way
        question: what you need to know or to be decided
        """
        self.ending = Ending("escalated", "", reason.strip(), question.strip())
        return "Stopped."

    def _state(self) -> set[tuple[str, tuple[int, int]]]:
        """Every file that differs from the start of the run, and a mark that changes when it does."""
        found = set()
        for path in {*self._workspace.changed(), *self._workspace.untracked()}:
            try:
                info = os.lstat(self._workspace.tree / path)
                found.add((path, (info.st_mtime_ns, info.st_size)))
            except OSError:
                found.add((path, (0, -1)))
        return found

    def _lines(self, path: str, start: int, end: int) -> str:
        """Lines as they are in the tree now; an index that lags behind may name a file that is gone."""
        try:
            return "\n".join(self._text(path).split("\n")[start - 1 : end])
        except CairnError as error:
            return f"[{error}]"

    def _text(self, path: str, *, note: bool = False) -> str:
        """The text as a model may see it: LF, secrets redacted, unknown bytes as placeholders."""
        data = self._workspace.files.read(path, edits.EDITABLE_BYTES)
        if note:
            self._seen[path] = edits.digest(data)
        text = decode(data, path).text.encode("utf-8", "replace").decode()
        return redact(text, path)[0]

    def _edit(self, change: edits.Change) -> str:
        drafted = edits.draft(self._workspace.files, [change], self._seen)
        if not drafted.whole:
            raise drafted.refusal()
        journal = self._workspace.folder / "edit.journal"
        edits.apply(self._workspace.files, drafted.edits, journal)
        edit = drafted.edits[0]
        self._seen[edit.path] = edits.digest(edit.after or b"")
        added, removed = edit.lines
        self._record(
            "edit.applied", path=edit.path, added=added, removed=removed, created=edit.before is None
        )
        edits.forget(journal)
        self._changed([edit.path])
        note = f" ({edit.note})" if edit.note else ""
        return (
            f"{edit.path} {'created' if edit.before is None else 'changed'}: +{added} -{removed} lines.{note}"
        )

    def _changed(self, paths: list[str]) -> None:
        """A failing index does not undo an edit: the agent goes on and its searches see the old code."""
        self.version += 1
        try:
            self._index.refresh(paths)
        except CairnError as error:
            self._record("index.stale", paths=paths, reason=str(error))

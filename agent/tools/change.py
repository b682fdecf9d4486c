"""Edits that the model asks for -> files changed, all those of one message or none.

A batch is on disk exactly when its `edit.applied` event is in the log: before-images lie in a journal
until then, so a run that was killed in between takes them back and asks for nothing twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from agent.edits import (
    Change,
    Create,
    Delete,
    Edit,
    EditRefused,
    Move,
    Replace,
    apply,
    digest,
    draft,
    forget,
    undo,
)
from agent.log.progress import Progress
from agent.log.runs import Event
from agent.observation import Observation
from agent.tools.desk import Desk
from indexer.errors import BadInput

_JOURNAL = "journal-"
_PART = ".part"  # of a journal that is being written
_REREAD_AFTER = 4  # refused edits of one file: the model's picture of it is wrong


class Edits:
    """The tools that change files. With `writes` off they only add to the proposal of the desk."""

    def __init__(
        self,
        desk: Desk,
        progress: Progress | None,
        protects: Callable[[str], str | None],
        *,
        writes: bool = True,
    ) -> None:
        self._desk = desk
        self._progress = progress
        self._protects = protects
        self._writes = writes

    @property
    def tools(self) -> list[Callable[..., Change]]:
        return [self.str_replace, self.create_file, self.delete_file, self.move_file]

    def str_replace(self, path: str, old: str, new: str) -> Change:
        """Replace a text that is in a file exactly once. Give a whole line or more, without line numbers.

        path: relative to the root of the repository
        old: the text as it is now, with its indentation
        new: the text to put in its place
        """
        return Replace(path, old, new)

    def create_file(self, path: str, content: str) -> Change:
        """Create a new file, and the folders it needs. A file that exists is changed with str_replace.

        path: relative to the root of the repository
        content: the whole text, ending in a line break
        """
        # Many models leave it out, and every reviewer sees `No newline at end of file`.
        return Create(path, content if not content or content.endswith("\n") else f"{content}\n")

    def delete_file(self, path: str) -> Change:
        """Delete a file; what refers to it is yours to mend.

        path: relative to the root of the repository
        """
        return Delete(path)

    def move_file(self, path: str, to: str) -> Change:
        """Move or rename a file. References to it are yours to mend.

        path: where it is, relative to the root of the repository
        to: where it goes; nothing may be there
        """
        return Move(path, to)

    def carry_out(self, changes: Mapping[str, Change]) -> dict[str, Observation]:
        """Make the changes of a batch, by the ids of their calls: all of them, or none."""
        refused = {call: reason for call, change in changes.items() if (reason := self._unwanted(change))}
        if refused:
            return self._refusal(changes, refused)
        drafted = draft(
            self._desk.workspace.files,
            list(changes.values()),
            self._desk.seen,
            self._desk.drafts,
            self._protects,
        )
        results = dict(zip(changes, drafted.results, strict=True))
        wrong = {call: str(result) for call, result in results.items() if isinstance(result, EditRefused)}
        if wrong:
            for call in wrong:
                self._desk.failed_edits[changes[call].path] += 1
            return self._refusal(changes, wrong)
        edits = {call: result for call, result in results.items() if isinstance(result, Edit)}
        return self._commit(edits)

    def recover(self, events: Sequence[Event], read: Callable[[str, str], Change]) -> dict[str, Observation]:
        """After a restart: take back a batch that was not recorded; return what recorded ones said.

        `read` makes the change of a call's name and arguments: what was only proposed is drafted again.
        """
        proposed = [event.payload for event in events if event.type == "edit.proposed"]
        if proposed:
            self._propose_again(proposed, _asked(events), read)
        applied = [event.payload for event in events if event.type == "edit.applied"]
        known = {payload["journal"] for payload in applied}
        for journal in sorted(self._desk.workspace.folder.glob(f"{_JOURNAL}*")):
            if journal.suffix == _PART:  # killed before the journal was whole: no file had changed yet
                journal.unlink()
            elif journal.name in known:
                forget(journal)
            else:
                taken_back = undo(self._desk.workspace.files, journal)
                self._desk.record("edit.undone", paths=taken_back)
                self._desk.changed(taken_back)  # the index was opened before, and may know the new text
        for payload in applied:
            self._desk.created.update(payload["created"])
            self._desk.created.difference_update(payload["removed"])
        self._desk.version += len(applied)  # or red tests of a changed tree would count as no attempt
        said = [*applied, *proposed]
        return {call: Observation(text) for payload in said for call, text in payload["calls"].items()}

    def _propose_again(
        self,
        proposed: Sequence[Mapping[str, Any]],
        asked: Mapping[str, tuple[str, str]],
        read: Callable[[str, str], Change],
    ) -> None:
        """The tree of a read-only stage never changes, so the same calls come to the same drafts."""
        for payload in proposed:
            try:
                changes = [read(*asked[call]) for call in payload["calls"]]
                files, drafts = self._desk.workspace.files, self._desk.drafts
                results = draft(files, changes, {}, drafts, self._protects).results
            except BadInput:
                results = ()
            edits = [result for result in results if isinstance(result, Edit)]
            if not edits or len(edits) < len(results):  # they held something that the log keeps masked
                self._desk.record("edit.undone", paths=payload["paths"])
                continue
            for edit in edits:
                self._note(edit)

    def _unwanted(self, change: Change) -> str:
        """Why a change is not even tried."""
        if self._progress is not None:
            paths = [change.path, change.to] if isinstance(change, Move) else [change.path]
            beyond = [path for path in paths if not self._progress.allows(path)]
            if beyond:
                self._desk.record("guard.tripped", guard="edit outside the plan", paths=beyond)
                return (
                    f"OFF_PLAN: {', '.join(beyond)} is not in the plan. If it has to change, add it with "
                    "update_plan(add_files=...), saying why, and send the edit again."
                )
        if self._desk.failed_edits[change.path] >= _REREAD_AFTER:
            return f"READ_FIRST: {_REREAD_AFTER} edits of {change.path} failed; read its lines first."
        return ""

    def _refusal(self, changes: Mapping[str, Change], refused: Mapping[str, str]) -> dict[str, Observation]:
        paths = sorted({changes[call].path for call in refused})
        self._desk.record("edit.rejected", paths=paths, reasons=list(refused.values()))
        others = (
            f"Not applied: {len(refused)} of {len(changes)} edits of this message was refused "
            f"({', '.join(paths)}), so none was applied. Send all of them again."
        )
        return {call: Observation(refused.get(call, others), True) for call in changes}

    def _commit(self, edits: Mapping[str, Edit]) -> dict[str, Observation]:
        desk = self._desk
        said = {call: _said(edit, self._writes) for call, edit in edits.items()}
        journal = desk.workspace.folder / f"{_JOURNAL}{secrets.token_hex(4)}"
        if self._writes:
            apply(desk.workspace.files, list(edits.values()), journal)
        created, removed = _born(edits.values()), _gone(edits.values())
        desk.created.update(created)
        desk.created.difference_update(removed)
        lines = [edit.lines for edit in edits.values()]
        desk.record(
            "edit.applied" if self._writes else "edit.proposed",
            calls=said,
            journal=journal.name,
            paths=sorted({path for edit in edits.values() for path in _touched(edit)}),
            created=sorted(created),
            removed=sorted(removed),
            added=sum(added for added, _ in lines),
            deleted=sum(deleted for _, deleted in lines),
        )
        if self._writes:
            forget(journal)
        for edit in edits.values():
            self._note(edit)
        desk.changed(sorted({path for edit in edits.values() for path in _touched(edit)}))
        return {call: Observation(text) for call, text in said.items()}

    def _note(self, edit: Edit) -> None:
        """What the model wrote it has also seen."""
        desk = self._desk
        target = edit.moved_to or edit.path
        if edit.moved_to or edit.after is None:
            desk.seen.pop(edit.path, None)
        if edit.after is not None:
            desk.seen[target] = digest(edit.after)
        if not self._writes:
            if edit.moved_to or edit.after is None:
                desk.drafts[edit.path] = None
            if edit.after is not None:
                desk.drafts[target] = edit.after
        desk.failed_edits.pop(edit.path, None)


def _asked(events: Sequence[Event]) -> dict[str, tuple[str, str]]:
    """The name and the arguments of every call that a model made, by its id."""
    answers = [event.payload["calls"] for event in events if event.type == "model.response"]
    return {call["id"]: (call["name"], call["arguments"]) for calls in answers for call in calls}


def _said(edit: Edit, writes: bool) -> str:
    added, removed = edit.lines
    done = "changed" if writes else "proposed"
    if edit.moved_to:
        what = f"{edit.path} moved to {edit.moved_to}."
    elif edit.after is None:
        what = f"{edit.path} deleted."
    else:
        what = f"{edit.path} {'created' if edit.before is None else done}: +{added} -{removed} lines."
    return f"{what} {edit.note}".rstrip()


def _touched(edit: Edit) -> list[str]:
    return [edit.path, *([edit.moved_to] if edit.moved_to else [])]


def _born(edits: Iterable[Edit]) -> set[str]:
    return {
        edit.moved_to or edit.path
        for edit in edits
        if edit.moved_to or (edit.before is None and edit.after is not None)
    }


def _gone(edits: Iterable[Edit]) -> set[str]:
    return {edit.path for edit in edits if edit.moved_to or edit.after is None}

"""What the tools of one stage share: the tree, what the model has seen of it, and how the stage ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from agent.codebase import LiveIndex
from agent.edits import EDITABLE_BYTES, digest
from agent.edits.documents import decode
from agent.log.runs import Recorder
from agent.tools import Ending
from agent.workspace import Workspace
from indexer.errors import CairnError, NotFound
from indexer.secrets import redact


class Desk:
    """`version` grows with each change of the tree; `created` are new files that belong to the change.

    `drafts` hold what a read-only stage proposes; nothing of it is written. None of a path means deleted.
    """

    def __init__(
        self, workspace: Workspace, index: LiveIndex, record: Recorder, created: Collection[str] = ()
    ) -> None:
        self.workspace = workspace
        self.index = index
        self.record = record
        self.created = set(created)
        self.seen: dict[str, str] = {}  # path -> digest of what the model was shown
        self.drafts: dict[str, bytes | None] = {}
        self.failed_edits: Counter[str] = Counter()  # by path, since it was read
        self.version = 0
        self.ending: Ending | None = None

    def data(self, path: str) -> bytes:
        """The bytes of a file as the model left it. Raises NotFound and what Beneath raises."""
        if path in self.drafts:
            drafted = self.drafts[path]
            if drafted is None:
                raise NotFound(f"{path} does not exist any more: your proposal deletes it")
            return drafted
        return self.workspace.files.read(path, EDITABLE_BYTES)

    def text(self, path: str, *, note: bool = False) -> str:
        """The text as a model may see it: LF, secrets redacted, unknown bytes as placeholders."""
        data = self.data(path)
        if note:
            self.seen[path] = digest(data)
            self.failed_edits.pop(path, None)
        text = decode(data, path).text.encode("utf-8", "replace").decode()
        return redact(text, path)[0]

    def lines(self, path: str, start: int, end: int) -> str:
        """Lines as they are in the tree now; an index that lags behind may name a file that is gone."""
        try:
            return "\n".join(self.text(path).split("\n")[start - 1 : end])
        except CairnError as error:
            return f"[{error}]"

    def paths(self) -> list[str]:
        """Every file that is part of the repository as the model left it, new ones included."""
        present = {*self.workspace.tracked(), *self.workspace.untracked()} - set(self.workspace.deleted())
        proposed = {path for path, data in self.drafts.items() if data is not None}
        gone = {path for path, data in self.drafts.items() if data is None}
        return sorted((present | proposed) - gone)

    def changed(self, paths: Sequence[str]) -> None:
        """Note that files changed, and let the index see it.

        A failing index does not undo an edit: the agent goes on and its searches see the old code.
        """
        self.version += 1
        try:
            self.index.refresh(paths)
        except CairnError as error:
            self.record("index.stale", paths=list(paths), reason=str(error))

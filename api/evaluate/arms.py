"""What is compared, as `embedder=hashed` says it -> arms: settings, and the index and retriever they make.

Indexes lie in a folder of the evaluation, their vectors in this process, so that nobody else's are touched.
Arms whose settings make the same index share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.errors import BadInput
from indexer.store.editions import Edition, read_editions
from indexer.store.schema import DataDir

from ..opened import Opened, open_wish
from ..settings import VARIABLES, Settings

if TYPE_CHECKING:
    from indexer.embed import Embedder
    from indexer.store import Vectors
    from indexer.store.catalog import RepoRow
    from indexer.sync import Hooks, SyncReport

OWN = "cairn"  # the arm of the settings as they are
_REPO = "eval"  # the name of the repository in each private index
_ELSEWHERE = re.compile(  # settings that change no answer
    r"data$|qdrant_|workers|host|port|api_key|roots|url$|openai_|model|sandbox|python|toolchains|forge|github_"
    r"|\w+_key$"
)
_INDEXING = ("embedder", "embedder_url", "max_file_bytes", "max_data_bytes", "keep")
_COMPARABLE = {
    variable.removeprefix("CAIRN_").lower(): variable
    for variable, (name, _) in VARIABLES.items()
    if not _ELSEWHERE.match(name)
}


@dataclass(frozen=True, slots=True)
class Arm:
    """One way to answer. `name` is what was said on the command line, OWN for the settings as they are."""

    name: str
    settings: Settings


def arms_of(settings: Settings, said: Sequence[str]) -> list[Arm]:
    """The settings as they are, and each `NAME=VALUE[,NAME=VALUE]`. Raises BadInput."""
    arms = [Arm(OWN, settings)]
    for one in said:
        changed = settings
        for pair in re.split(r",(?=\w+=)", one):
            changed = replace(changed, **_read(pair))
        arms.append(Arm(one, changed))
    if len({arm.name for arm in arms}) < len(arms):
        raise BadInput("--compare names the same twice; each is compared with the settings as they are")
    return arms


def _read(pair: str) -> dict[str, Any]:
    name, _, value = pair.partition("=")
    name = name.strip()
    if name not in _COMPARABLE or not value.strip():
        raise BadInput(
            f"--compare {pair}: give NAME=VALUE with one of {', '.join(_COMPARABLE)}, as in embedder=hashed "
            "(docs/settings.md)"
        )
    field, read = VARIABLES[_COMPARABLE[name]]
    try:
        return {field: read(value.strip())}
    except ValueError as error:
        raise BadInput(f"--compare {pair}: {error}; see docs/settings.md") from None


class Private(Opened):
    """An index in a folder of its own; its vectors are open in this process alone."""

    def __init__(
        self, data: DataDir, settings: Settings, edition: Edition, embedder: Embedder, like: Private | None
    ) -> None:
        super().__init__(data, settings, edition, embedder)
        self._like = like

    @property
    def row(self) -> RepoRow:
        return self.catalog.repo(_REPO)

    def open_vectors(self) -> Vectors:
        if self._like is not None:
            return self._like.vectors
        from indexer.store.edge import EdgeVectors

        folder = self.data.index(self.edition.fingerprint) / "vectors"
        return EdgeVectors(folder, self.edition.parts.dimensions)

    def bring_up_to_date(self, root: Path, hooks: Hooks) -> SyncReport | None:
        """Index what changed below `root`; None where another arm does it."""
        if self._like is not None:
            return None
        from indexer.sync import Indexer

        repo = self.catalog.add_repo(_REPO, str(root))
        indexer = Indexer(self.data, self.catalog, self.vectors, self.embedder, self.settings.file_options)
        return indexer.sync(repo, None, hooks, self.settings.workers)


@contextmanager
def private(arms: Sequence[Arm], folder: Path) -> Iterator[list[Private]]:
    """An empty index for each arm, in their order. Raises what loading a model raises."""
    opened: list[Private] = []
    made: dict[tuple[object, ...], Private] = {}
    try:
        for nr, arm in enumerate(arms):
            key = tuple(getattr(arm.settings, name) for name in _INDEXING)
            like = made.get(key)
            if like is not None:
                one = Private(like.data, arm.settings, like.edition, like.embedder, like)
            else:
                one = _first(arm, folder / f"index-{nr}")
            made.setdefault(key, one)
            opened.append(one)
        yield opened
    finally:
        for one in reversed(opened):
            one.close()


def _first(arm: Arm, folder: Path) -> Private:
    """An arm with an index of its own. The cache of a costly model is the user's: it holds vectors by their
    text, whatever the commit."""
    users = DataDir(arm.settings.data)
    said = read_editions(users)
    wish = open_wish(users, arm.settings, said.current if said else None)
    return Private(DataDir(folder), arm.settings, wish.edition, wish.embedder, None)

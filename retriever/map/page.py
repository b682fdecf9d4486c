"""Lay the most central definitions out as one text that is never longer than its budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from indexer.errors import BadInput
from indexer.store.catalog import Catalog, RepoRow

from ..freshness import freshness
from ..tokens import CountTokens
from ..types import MapDefinition, MapFile, RepositoryMap
from .focus import Focus, begin
from .network import FAR, NEAR, Network, Scores

SMALLEST_BUDGET = 100  # tokens: below that not even one file with one definition fits
_LONGEST = 120  # characters of a signature; the rest is parameters nobody compares
_GAP = "..."  # between two lines of a file where definitions are left out
_ASIDE = 0.1  # of a definition's score in a test or an example, where nobody asked for it
_LEAST = 6  # tokens of a line: how many definitions are worth being looked at
_MISSES = 40  # definitions that do not fit any more before the page is full
_ROUNDS = 4  # of filling what the estimate left over


def repository_map(
    network: Network,
    catalog: Catalog,
    repo: RepoRow,
    focus: Focus,
    budget: int,
    count_tokens: CountTokens,
    within: str = "",
) -> RepositoryMap:
    """The most central definitions as seen from `focus`, in at most `budget` tokens by `count_tokens`.

    `network` is that of the repository's generation (network_of: made once, shared by all threads), `focus`
    comes from read_focus or focus_of_hits, Focus() is the whole repository, `within` keeps to the
    files of one folder or to one file. The same index, focus and budget give the same bytes.
    Raises BadInput for a budget that holds nothing.
    """
    if budget < SMALLEST_BUDGET:
        raise BadInput(f"a budget of {budget} tokens holds no map; ask for {SMALLEST_BUDGET} or more")
    start = begin(network, focus)
    scores = network.rank(start, NEAR if focus.places else FAR) if len(start) else start
    text, files = lay_out(network, catalog, _as_seen(network, scores, focus, within), budget, count_tokens)
    shown = sum(len(file.definitions) for file in files)
    there = sum(
        len(network.members(n)) for n, file in enumerate(network.files) if _lies_in(file.path, within)
    )
    return RepositoryMap(
        text, count_tokens(text), budget, tuple(files), there - shown, focus.notes, freshness(repo)
    )


def lay_out(
    network: Network, catalog: Catalog, scores: Scores, budget: int, count_tokens: CountTokens
) -> tuple[str, list[MapFile]]:
    """The text of as many definitions as fit, those with the highest scores, and what it shows.

    Files come by the sum of their scores, definitions by line; a score of 0 is never shown.
    """
    scores = scores.copy()
    scores[: len(network.files)] = 0  # files are shown with what they define
    order = np.argsort(-scores, kind="stable")[: np.count_nonzero(scores)]
    page = _Page(network, scores, budget, count_tokens)
    page.fill([int(node) for node in order[: budget // _LEAST + _MISSES]], catalog)
    text = page.settle()
    return text, list(page.files())


def _as_seen(network: Network, scores: Scores, focus: Focus, within: str) -> Scores:
    """What each definition is worth as a line of a map with this focus."""
    wanted = {path for path, _ in focus.places}
    asked = np.array([file.path in wanted for file in network.files], bool)
    inside = np.array([_lies_in(file.path, within) for file in network.files], bool)
    seen: Scores = scores * network.worth * inside[network.file]
    seen *= np.where(network.aside & ~asked[network.file], _ASIDE, 1.0)
    return seen


def _lies_in(path: str, within: str) -> bool:
    return not within or path == within or path.startswith(f"{within}/")


class _Line(NamedTuple):
    """A definition as it is shown."""

    node: int
    number: int
    depth: int
    symbol: str
    kind: str
    signature: str


@dataclass(slots=True)
class _Page:
    """What is shown so far, in the order in which it was chosen."""

    network: Network
    scores: Scores
    budget: int
    count: CountTokens
    chosen: dict[int, _Line] = field(default_factory=dict)
    known: dict[int, _Line] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)

    def fill(self, order: Sequence[int], catalog: Catalog) -> None:
        """Take definitions while they fit: first by estimate, then into what the estimate left over."""
        self._read(order, catalog)
        for _ in range(_ROUNDS):
            before = len(self.chosen)
            self._take(order, self.budget - self.count(self._text()))
            if len(self.chosen) == before:
                return

    def settle(self) -> str:
        """The final text: what was chosen last goes while it is too long."""
        text = self._text()
        while self.chosen and self.count(text) > self.budget:
            self.chosen.popitem()
            text = self._text()
        return text

    def files(self) -> Iterator[MapFile]:
        """What is shown, the files with the most attention first."""
        groups: dict[int, list[_Line]] = {}
        for node, line in sorted(self.chosen.items()):
            groups.setdefault(int(self.network.file[node]), []).append(line)
        sums = {file: sum(float(self.scores[line.node]) for line in lines) for file, lines in groups.items()}
        for file in sorted(groups, key=lambda file: (-sums[file], file)):
            definitions = tuple(
                MapDefinition(
                    line.number,
                    line.symbol,
                    line.kind,
                    line.signature,
                    round(float(self.scores[line.node]), 8),
                )
                for line in groups[file]
            )
            left = len(self.network.members(file)) - len(definitions)
            yield MapFile(self.network.files[file].path, round(sums[file], 8), definitions, left)

    def _take(self, order: Iterable[int], room: int) -> None:
        misses = 0
        for node in order:
            new = [n for n in self._with_heads(node) if n not in self.chosen]
            if node in self.chosen or any(n not in self.known for n in new):
                continue
            path = self.network.files[self.network.file[node]].path
            cost = sum(self.count(f"{self._show(self.known[n], 4)}\n{_GAP}\n") for n in new)
            cost += self.count(f"{path}\n\n") if path not in self.paths else 0
            if cost > room:
                misses += 1
                if misses > _MISSES:
                    return
                continue
            room -= cost
            self.paths.add(path)
            for n in new:
                self.chosen[n] = self.known[n]

    def _with_heads(self, node: int) -> list[int]:
        """A definition after the classes it stands in."""
        nodes = [node]
        while (above := int(self.network.parent[nodes[0]])) >= len(self.network.files):
            nodes.insert(0, above)
        return nodes

    def _read(self, order: Sequence[int], catalog: Catalog) -> None:
        nodes = {n: None for node in order for n in self._with_heads(node)}
        numbers = {int(self.network.ids[n]): n for n in nodes}
        for row in catalog.definitions(list(numbers)):
            node = numbers[row.id]
            signature = row.signature or row.name
            cut = signature if len(signature) <= _LONGEST else signature[: _LONGEST - 1] + "…"
            depth = len(self._with_heads(node)) - 1
            self.known[node] = _Line(node, row.start, depth, row.qualname, row.kind, cut)

    def _text(self) -> str:
        return "\n".join(self._block(file) for file in self.files())

    def _block(self, file: MapFile) -> str:
        place = self.network.file_at(file.path)
        assert place is not None, file.path
        members = self.network.members(place)
        lines = [self.chosen[n] for n in members if n in self.chosen]
        width = len(str(lines[-1].number)) if lines else 1
        parts = [file.path]
        for n, line in enumerate(lines):
            if n and line.node != lines[n - 1].node + 1:
                parts.append(_GAP)
            parts.append(self._show(line, width))
        return "\n".join(parts) + "\n"

    def _show(self, line: _Line, width: int) -> str:
        return f"{line.number:>{width}}  {'    ' * line.depth}{line.signature}"

"""Turn what somebody cares about into where attention begins: paths, names of definitions, words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from indexer.store.catalog import Catalog, RepoRow, SymbolRow

from ..question import read_question
from ..standing import is_aside
from ..types import Hit
from .network import Network, Scores

Search = Callable[[str], Sequence[Hit]]
Place = tuple[str, int]  # a path and a line of it, 0 for the file as a whole

_MOST = 5  # definitions of a name that a text mentions in passing; one that more have is a word
_NAMED = 0.3  # of a text's attention, for each definition it names
_ELSEWHERE = 0.1  # of the attention, for the whole repository: what everything rests on stays on the map
_ASIDE = 0.02  # of what a definition of the code is worth, where nobody asked for tests or examples
_PLACE = re.compile(r"(.+?):(\d+)(?:-\d+)?")


@dataclass(frozen=True, slots=True)
class Focus:
    """Where attention begins, by weight; nowhere in particular when empty. `notes` are for the reader."""

    places: Mapping[Place, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_focus(wanted: Iterable[str], catalog: Catalog, repo: RepoRow, search: Search) -> Focus:
    """Each of `wanted` is a file, a folder, `path:line`, the name of a definition, or words to search."""
    places: dict[Place, float] = defaultdict(float)
    notes: list[str] = []
    for text in filter(None, (one.strip() for one in wanted)):
        found = _path(text, catalog, repo) or _name(text, catalog, repo)
        if not found:
            if read_question(text).kind == "symbol":
                notes.append(f"no file and no definition is called {text}; it was searched for in words")
            found = _words(text, catalog, repo, search)
        if not found:
            notes.append(f"nothing in {repo.name} answers {text!r}; use other words, a path or a name")
        total = sum(found.values())
        for place, weight in found.items():
            places[place] += weight / total
    return Focus(dict(places), tuple(notes))


def focus_of_hits(hits: Sequence[Hit]) -> Focus:
    """The definitions that a search found, the first ones most."""
    return Focus(_found(hits))


def begin(network: Network, focus: Focus) -> Scores:
    """What a walk through the network begins with at each node; sums to 1."""
    everywhere: Scores = network.worth * np.where(network.aside, _ASIDE, 1.0)
    everywhere /= max(float(everywhere.sum()), 1e-12)
    wanted: Scores = np.zeros(len(everywhere))
    for (path, line), weight in focus.places.items():
        node = network.node_at(path, line)
        if node is not None:
            wanted[node] += weight
    if not wanted.any():
        return everywhere
    mixed: Scores = _ELSEWHERE * everywhere + (1 - _ELSEWHERE) * wanted / wanted.sum()
    return mixed


def _path(text: str, catalog: Catalog, repo: RepoRow) -> dict[Place, float]:
    match = _PLACE.fullmatch(text)
    path, line = (match[1], int(match[2])) if match else (text, 0)
    path = path.removeprefix("./").rstrip("/")
    if catalog.file(repo, path):
        return {(path, line): 1.0}
    if line or not catalog.has_folder(repo, path):
        return {}
    return {(file.path, 0): 1.0 for file in catalog.files(repo) if file.path.startswith(f"{path}/")}


def _name(text: str, catalog: Catalog, repo: RepoRow) -> dict[Place, float]:
    question = read_question(text)
    if question.kind != "symbol" or not question.names:
        return {}
    return dict.fromkeys(_defining(question.names[0], question.scopes[0], catalog, repo), 1.0)


def _words(text: str, catalog: Catalog, repo: RepoRow, search: Search) -> dict[Place, float]:
    places = defaultdict(float, _found(search(text)))
    question = read_question(text)
    for name, scope in zip(question.names, question.scopes, strict=True):
        named = _defining(name, scope, catalog, repo)
        if len(named) <= _MOST:
            for place in named:
                places[place] += _NAMED / len(named)
    return dict(places)


def _found(hits: Sequence[Hit]) -> dict[Place, float]:
    places: dict[Place, float] = defaultdict(float)
    for n, hit in enumerate(hits, start=1):
        places[hit.path, hit.start_line if hit.symbol else 0] += 1 / n
    return dict(places)


def _defining(name: str, scope: Sequence[str], catalog: Catalog, repo: RepoRow) -> list[Place]:
    """Where a name is defined, in the code if there is one."""
    rows = [row for row in catalog.symbols_named(repo, [name]) if row.name == name and _stands_in(row, scope)]
    code = [row for row in rows if not is_aside(row.path, "code")]
    return [(row.path, row.start) for row in code or rows]


def _stands_in(row: SymbolRow, scope: Sequence[str]) -> bool:
    around = re.split(r"[./]", f"{row.path.rsplit('.', 1)[0]}/{row.qualname}")[:-1]
    return not scope or around[-len(scope) :] == list(scope)

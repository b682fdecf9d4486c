"""Say what each use of a repository means, with how much weight: proven where the text proves it.

Exact edges one by one take a hundred questions each; here every name of a file is followed once, and one
that stays open is shared among the definitions of its name, as long as they are few.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Sequence

from indexer.store.catalog import ReferenceRow

from ..graph.judge import Judge
from ..graph.modules import means
from ..graph.values import Found, Module
from .ground import Definition, Ground, Use

_BY_NAME = 0.1  # of a proven use: the name agrees and nothing else is known
_BESIDE = 0.5  # the name agrees and stands in the same folder, which is a package in many languages
_MOST = 5  # definitions of one name that share it; a name that more have says nothing

Target = tuple[int, float]  # a definition's id, or minus a file's, and the weight of one use


class Meanings:
    """What the uses of one generation mean."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._judge = Judge(ground)
        self._known: dict[tuple[object, ...], list[Target]] = {}
        self._imported: dict[int, set[int]] | None = None
        self._stems: dict[str, list[int]] = defaultdict(list)

    def of(self, use: Use) -> list[Target]:
        """The definitions (or files, for an import of a module) that a use may mean; none outside."""
        follows = self._judge.follows(self._ground.by_id[use.file].path)
        key = self._key(use) if follows else (use.file, use.name, use.kind == "import" and use.qualifier)
        found = self._known.get(key)
        if found is None:
            found = list(self._followed(use) if follows else self._matched(use))
            self._known[key] = found
        return found

    def _key(self, use: Use) -> tuple[object, ...]:
        """What a meaning depends on: in Python an import means the same to all the files of a folder, and a
        name the same in all the scopes of a file, after the origin that holds it."""
        path = self._ground.by_id[use.file].path
        python = path.endswith(".py")
        if use.kind == "import":
            return self._folder(use.file) if python else use.file, use.name, use.qualifier
        inside = f"{use.scope}.".startswith(f"{use.holder}.") if use.holder else False
        local = not python or " " in use.holder or inside
        return use.file, use.name, use.holder, use.scope if local else "", use.qualifier != ""

    def _followed(self, use: Use) -> Iterator[Target]:
        file = self._ground.by_id[use.file]
        if use.kind == "import":
            module, _, original = use.qualifier.partition("#")
            yield from _targets(self._judge.follower.imported(module, original or use.name, file))
            return
        row = ReferenceRow(
            use.file, file.path, use.name, use.kind, use.line, use.scope, use.qualifier, use.holder, -1
        )
        found = self._judge.follower.target(row)
        yield from _targets(found)
        if not found.certain and not found.closed and not found.rows:
            yield from self._by_name(use)

    def _by_name(self, use: Use) -> Iterator[Target]:
        named = self._ground.called(use.name)
        if use.qualifier:
            named = [one for one in named if one.kind == "method"]
        if 0 < len(named) <= _MOST:
            yield from ((one.id, _BY_NAME / len(named)) for one in named)

    def _matched(self, use: Use) -> Iterator[Target]:
        """In a language whose names are not followed: the own file first, then what it imports."""
        imported = self._imports_of(use.file)
        if use.kind == "import":
            yield from ((-file, 1.0) for file in self._meant_by(use))
            return
        named = self._ground.called(use.name)
        groups: Sequence[tuple[float, list[Definition]]] = (
            (1.0, [one for one in named if one.file == use.file]),
            (1.0, [one for one in named if one.file in imported]),
            (_BESIDE, [one for one in named if self._folder(one.file) == self._folder(use.file)]),
            (_BY_NAME, named),
        )
        for weight, some in groups:
            if some:
                if len(some) <= _MOST:
                    yield from ((one.id, weight / len(some)) for one in some)
                return

    def _imports_of(self, file: int) -> set[int]:
        if self._imported is None:
            self._imported = defaultdict(set)
            for one in self._ground.files:
                self._stems[_stem(one.path)].append(one.id)
            for use in self._ground.uses:
                if use.kind == "import" and not self._judge.follows(self._ground.by_id[use.file].path):
                    self._imported[use.file].update(self._meant_by(use))
        return self._imported.get(file, set())

    def _meant_by(self, use: Use) -> list[int]:
        """The files that an import may mean: by the end of their path."""
        module = use.qualifier.partition("#")[0].replace("\\", "/")
        importer = self._ground.by_id[use.file].path
        last = module.replace("::", "/").replace(".", "/").rstrip("/").rpartition("/")[2]
        found = []
        for stem in dict.fromkeys((_stem(module), last, use.name)):
            for file in self._stems.get(stem, ()):
                path = self._ground.by_id[file].path
                if f"/{path}".endswith(f"/{module}") or means(module, importer, path):
                    found.append(file)
        return found if len(found) <= _MOST else []

    def _folder(self, file: int) -> str:
        return posixpath.dirname(self._ground.by_id[file].path)


def _targets(found: Found) -> Iterator[Target]:
    rows = found.rows
    weight = 1.0 if found.certain or found.closed else 0.5
    yield from ((row.id, weight / len(rows)) for row in rows)
    yield from ((-file, weight) for file in _modules(found))


def _modules(found: Found) -> list[int]:
    return [file.id for value in found.values if isinstance(value, Module) for file in value.files[:1]]


def _stem(path: str) -> str:
    return posixpath.basename(path).split(".")[0]

"""What a report points at by name: identifiers, modules, frames and paths -> signs of the files they mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from indexer.store.catalog import Catalog, FileRow, RepoRow, SymbolRow

from ..naming import telling_name
from ..question import name_stems
from ..standing import is_aside
from .frames import Frame, function_of
from .others import is_installed, is_of_others
from .places import Places, is_built
from .read import Report

_DEFINERS = 40  # definitions of a name: with more it is as common as a word
_NAMESAKES = 3000  # rows that are looked at for all names together
_SHARED = 0.7  # a name defined n times says n**0.7 times less for each
_SCOPE = 0.6  # of what a dotted name says hangs on the parts before the last
_WORTH = {"constant": 0.5, "field": 0.3}  # named like what they are for
_SURE = 1.0  # evidence at which a sign is half of what it can be
_WITH_LINE = 2.0  # who points at a line of a file has looked there
_OF_CLASSES = (".java", ".kt", ".scala", ".groovy")
_VAGUE = 0.5  # a module named by one part only may be another of that name


class Pointed(Protocol):
    """A file that collects what points at it."""

    named: dict[int, float]
    framed: dict[str, float]

    def raise_sign(self, name: str, value: float) -> None: ...


At = Callable[[str], Pointed]


def follow_names(
    report: Report, catalog: Catalog, repo: RepoRow, files: Mapping[str, FileRow], places: Places, at: At
) -> None:
    """The definitions of each identifier, in the scope it was written with, and the modules it is in.

    What the text names is worth more than what an example calls, so each is a sign of its own.
    """
    last = {name: name.rpartition(".")[2] for name in report.names}
    rows: dict[str, list[SymbolRow]] = defaultdict(list)
    for row in catalog.symbols_named(repo, sorted(set(last.values())), _NAMESAKES):
        if row.path in files and not is_aside(row.path, files[row.path].kind):
            rows[row.name].append(row)
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for name, weight in report.names.items():
        sign = "named" if weight >= 1 else "called"
        meant = _meant(rows.get(last[name], ()), name.split(".")[:-1])
        for fit, row in meant if len(meant) <= _DEFINERS else ():
            worth = weight * fit * _WORTH.get(row.kind, 1.0) / len(meant) ** _SHARED
            named = at(row.path).named
            named[row.id] = max(named.get(row.id, 0.0), worth)
            sums[sign, row.path] += worth
        modules, parts = places.of_module(name)
        for path in modules:
            worth = min(weight, 1.0) * (_VAGUE if parts < 2 else 1.0) / len(modules)
            sums["module", path] = max(sums["module", path], worth)
    for (sign, path), total in sums.items():
        at(path).raise_sign(sign, total / (total + _SURE))


def _meant(rows: Sequence[SymbolRow], scope: Sequence[str]) -> list[tuple[float, SymbolRow]]:
    """The definitions that fit the scope best, each with what the name says of it (0.4 to 1)."""
    if not scope:
        return [(1.0, row) for row in rows]
    fits = [(_inside(row, scope), row) for row in rows]
    best = max((fit for fit, _ in fits), default=0.0)
    meant = [(1 - _SCOPE + _SCOPE * fit, row) for fit, row in fits if fit == best]
    near = [(worth, row) for worth, row in meant if _owner(row) in ("", scope[-1].lower())]
    return near if best and near else meant  # through a module, no method is reached


def _owner(row: SymbolRow) -> str:
    """The class that a definition is in, in lower case; "" where it is in none."""
    return row.qualname.rpartition(".")[0].rpartition(".")[2].lower()


def _inside(row: SymbolRow, scope: Sequence[str]) -> float:
    around = f"{row.path.rsplit('.', 1)[0]}/{row.qualname}".lower().replace(".", "/").split("/")
    return sum(part.lower() in around for part in scope) / len(scope)


def follow_frames(
    report: Report, catalog: Catalog, repo: RepoRow, files: Mapping[str, FileRow], places: Places, at: At
) -> None:
    """The files of a trace: the innermost of this repository is where it broke, each further one is less.

    A report is of a release, and the file may have another name by now: then the function tells, where only
    one file of that folder defines it.
    """
    frames = _frames_here(report, repo, files) if report.frames else []
    lost = {function_of(frame) for frame in frames if not _stands(frame, places)} - {""}
    rows: dict[str, list[SymbolRow]] = defaultdict(list)
    for row in catalog.symbols_named(repo, sorted(lost), _NAMESAKES) if lost else ():
        if row.path in files:
            rows[row.name].append(row)
    inside = 0
    for frame in frames:
        paths = _stands(frame, places) or _moved(frame, rows[function_of(frame)])
        if len(paths) != 1 or is_aside(paths[0], "code") or is_of_others(paths[0], files):
            continue
        inside += 1
        one = at(paths[0])
        one.raise_sign("frame", 1 / inside)
        one.raise_sign("framed", 1.0)
        name = function_of(frame)
        one.framed[name] = max(one.framed.get(name, 0.0), 1 / inside)


def _frames_here(report: Report, repo: RepoRow, files: Mapping[str, FileRow]) -> list[Frame]:
    """The frames less those of a language's own library and of installed packages."""
    ours = {folder.lower() for path in files for folder in path.split("/")[:-1]} | {repo.name.lower()}
    return [frame for frame in report.frames if not is_installed(frame.path, ours)]


def _stands(frame: Frame, places: Places) -> list[str]:
    """The files that a frame may stand in. Of Java and its kin the class tells the folder."""
    paths = places.of_path(frame.path)
    if frame.path.endswith(_OF_CLASSES) and "/" in frame.path:
        folder = frame.path.split("/")[-2]
        return [path for path in paths if path.split("/")[-2:-1] in ([], [folder])]
    return paths


def _moved(frame: Frame, rows: Sequence[SymbolRow]) -> list[str]:
    """Where a frame may be whose file is not here: by its folder, or by the scope it is named in. What was
    bundled may be from anywhere."""
    folder = frame.path.split("/")[-2:-1]
    if is_built(frame.path):
        folder = []
    elif not folder:
        rows = [row for row in rows if frame.function and row.qualname == frame.function]
    return list(dict.fromkeys(row.path for row in rows if not folder or row.path.split("/")[-2:-1] == folder))


def follow_paths(report: Report, places: Places, at: At) -> None:
    """Files that a link or a sentence points at; a listing names many that are not meant."""
    for mention in report.paths:
        paths = places.of_path(mention.path)
        if mention.strong and len(paths) == 1:
            at(paths[0]).raise_sign("mentioned", _WITH_LINE if mention.line else 1.0)


def stem_sign(report: Report, path: str) -> float:
    """How much of the file's name, or of its folder's where the name says nothing, the title says."""
    name = name_stems(telling_name(path))
    return len(name & name_stems(report.title)) / len(name) if name else 0.0

"""An import in a new line -> a finding when its module, or the name it takes from it, does not exist here."""

from __future__ import annotations

import json
import posixpath
import re
import sys

from indexer.store.catalog import FileRow, ReferenceRow
from indexer.store.lines import unpack_uses

from ..graph.values import Module, Outside
from .change import ChangedFile
from .finding import Finding, Shown
from .ground import ECMA, Ground
from .meant import nearest_name

_WHOLE = re.compile(r"\s*import\b")  # Python: what follows are modules
_CODE = re.compile(r"(?:\.[cm]?[jt]sx?)?$")  # the end of a module's name that is a file of code
_BUILT = re.compile(
    r"(?:^|/)(?:dist|build|out|lib|generated|gen|node_modules)(?:/|$)|^\.{0,2}/?_|_pb2|version"
)
_LONG_ENOUGH = 4  # letters of a name whose home says where a module should have been


def missing_import(use: ReferenceRow, file: ChangedFile, ground: Ground) -> Finding | None:
    """None where all is well, and where something may exist that the index does not hold."""
    if use.name == "*":
        return None
    row = ground.file(use.path)
    name, _, original = use.qualifier.partition("#")
    module = ground.follower.language(use.path).module(name, row)
    wanted = _wanted(use, original, file, ground)
    if not module.values:
        return _missing_module(use, name, wanted, row, ground)
    held = module.values[0]
    if isinstance(held, Outside):
        return _misspelt_package(use, name, wanted, row, ground)
    if wanted is None or not module.certain or not isinstance(held, Module) or ground.may_hold(held, wanted):
        return None
    if _has_precedent(use, held, wanted, ground):
        return None
    right = nearest_name(wanted, ground.names_in(held))
    homes = [] if right else ground.defined_elsewhere(wanted)
    advice = f"; did you mean `{right}`?" if right else f"; it is defined in {homes[0].path}" if homes else ""
    example = _shown(held, right, ground) if right else None
    if homes:
        example = Shown(homes[0].path, homes[0].start, homes[0].signature)
    place = held.files[0].path
    return Finding(
        "names",
        "error",
        use.path,
        use.line,
        f"{place} defines no `{wanted}`{advice}",
        "names/import",
        example,
    )


def _wanted(use: ReferenceRow, original: str, file: ChangedFile, ground: Ground) -> str | None:
    """What is taken from the module; None where that is the module itself, or its default."""
    row = ground.file(use.path)
    if row.language in ECMA:
        name = original or use.name
        origin = ground.facts.binding(row.id, "", use.name)
        written = f"<{use.qualifier.partition('#')[0]}>"
        return name if origin == f"{written}.{name}" and name != "default" else None
    line = (file.after or "").split("\n")[use.line - 1]
    return None if _WHOLE.match(line) else original or use.name


def _missing_module(
    use: ReferenceRow, name: str, wanted: str | None, row: FileRow, ground: Ground
) -> Finding | None:
    """A module of ours that is not there, where it is plain which one was meant."""
    if row.language in ECMA and not (name.startswith(".") and _is_code(name)):
        return None
    if _BUILT.search(name) or (row.language == "python" and wanted is None and not name.strip(".")):
        return None
    if row.language == "python" and _package_above(name, row, ground) is None:
        return None
    meant = _nearest_module(name, row, ground)
    homes = [
        home
        for home in ground.defined_elsewhere(wanted or "")
        if wanted and len(wanted) >= _LONG_ENOUGH and not wanted.startswith("__") and home.path != row.path
    ]
    if (not meant and len(homes) != 1) or _is_known(name, row, ground):
        return None
    advice = f"did you mean `{meant}`?" if meant else f"`{wanted}` is defined in {homes[0].path}"
    example = Shown(homes[0].path, homes[0].start, homes[0].signature) if homes else None
    message = f"there is no module `{name}` in this repository; {advice}"
    return Finding("names", "error", use.path, use.line, message, "names/module", example)


def _misspelt_package(
    use: ReferenceRow, name: str, wanted: str | None, row: FileRow, ground: Ground
) -> Finding | None:
    """A package from outside that only a slip tells from one of ours, which has what is imported."""
    top, dot, rest = name.partition(".")
    if row.language != "python" or wanted is None or name.startswith(".") or top in sys.stdlib_module_names:
        return None
    packages = {
        file.path.partition("/")[0] for file in ground.facts.named_files("__init__.py") if "/" in file.path
    }
    meant = nearest_name(top, sorted(packages))
    module = ground.follower.language(row.path).module(f"{meant}{dot}{rest}", row) if meant else None
    held = module.values[0] if module and module.values else None
    if not isinstance(held, Module) or not ground.follower.member(held, wanted).values:
        return None
    if _is_known(name, row, ground):
        return None
    message = f"there is no module `{name}` in this repository; did you mean `{meant}{dot}{rest}`?"
    return Finding(
        "names", "error", use.path, use.line, message, "names/module", _shown(held, wanted, ground)
    )


def _is_code(name: str) -> bool:
    last = posixpath.basename(name)
    return "." not in last.lstrip(".") or bool(_CODE.search(last)[0])  # type: ignore[index]


def _nearest_module(name: str, row: FileRow, ground: Ground) -> str:
    """A module beside the missing one whose name is like it, written as the import would write it."""
    if row.language in ECMA:
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(row.path), posixpath.dirname(name)))
        stem = _CODE.sub("", posixpath.basename(name))
        beside = _stems(ground.facts.in_folder("" if folder == "." else folder))
        right = nearest_name(stem, beside)
        return posixpath.join(posixpath.dirname(name), right) if right else ""
    head, dot, last = name.rpartition(".")
    held = _package_above(name, row, ground)
    right = nearest_name(last, _stems(ground.facts.in_folder(held.folder))) if held else ""
    return f"{head}{dot}{right}" if right else ""


def _package_above(name: str, row: FileRow, ground: Ground) -> Module | None:
    """The package of ours in which a module of Python should lie; None for one that is made at run time."""
    head, dot, _ = name.rpartition(".")
    above = head if head.strip(".") else f"{head}{dot}"
    module = ground.follower.language(row.path).module(above, row) if above else None
    held = module.values[0] if module and module.values else None
    return held if isinstance(held, Module) and held.folder else None


def _stems(files: list[FileRow]) -> list[str]:
    return sorted({posixpath.basename(file.path).partition(".")[0] for file in files if file.kind == "code"})


def _is_known(name: str, row: FileRow, ground: Ground) -> bool:
    """Whether other files import the same missing module: then it exists where the index does not look."""
    sql = (
        "SELECT r.uses FROM refs r JOIN files f ON f.id = r.file WHERE instr(r.uses, ?) AND f.repo = ? "
        "AND (? OR f.path LIKE ? || '%') AND f.path NOT IN (SELECT value FROM json_each(?))"
    )
    changed = json.dumps([file.path for file in ground.change.files])
    folder = row.path.rpartition("/")[0]
    anywhere = not name.startswith(".")
    rows = ground.catalog.select(sql, f"\t{name}", ground.repo.id, anywhere, folder, changed)
    with ground.catalog.unpacking(f"what the files of {ground.repo.name} use"):
        return any(
            use.kind == "import" and use.qualifier.partition("#")[0] == name
            for row in rows
            for use in unpack_uses(row[0])
        )


def _has_precedent(use: ReferenceRow, held: Module, wanted: str, ground: Ground) -> bool:
    """Whether code that was there before imports the same name from the same module."""
    changed = ground.change.by_path
    for other in ground.catalog.references_to(ground.repo, use.name):
        if other.kind != "import" or other.path in changed:
            continue
        name, _, original = other.qualifier.partition("#")
        importer = ground.facts.file(other.path)
        if importer is None or (original or other.name) != wanted:
            continue
        if held in ground.follower.language(other.path).module(name, importer).values:
            return True
    return False


def _shown(held: Module, name: str, ground: Ground) -> Shown | None:
    rows = ground.follower.member(held, name).rows
    return Shown(rows[0].path, rows[0].start, rows[0].signature) if rows else None

"""Say whether an import in one file means another file: pure matching of module names and paths."""

from __future__ import annotations

import posixpath
from functools import lru_cache

# A file that speaks for its folder.
_FOLDER_STEMS = frozenset({"__init__", "index", "mod", "lib", "main"})
# Folders above the packages, which no import names.
_ROOTS = frozenset({"src", "lib", "python", "source", "pkg", "packages"})
_RUST_STARTS = frozenset({"crate", "self", "super"})
_ECMA = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte")


@lru_cache(maxsize=16_384)
def means(module: str, importer: str, path: str) -> bool:
    """Whether `module`, as written in the file `importer`, is the file `path` (or its folder).

    False where it is not certain: a path alias of a bundler, a package that is installed.
    """
    module = module.partition("#")[0]
    if not module:
        return False
    if module.startswith("."):
        return _relative(module, importer) in _names(path)
    if importer.endswith(_ECMA):
        alias = module[:2] in ("@/", "~/", "#/")
        return alias and any(_ends(name, _bare(module[2:])) for name in _names(path))
    if importer.endswith(".go"):
        folder = posixpath.dirname(path)
        return bool(folder) and (module == folder or module.endswith("/" + folder))
    parts = module.replace("/", ".").split(".")
    if parts[0] in _RUST_STARTS:
        parts = [part for part in parts if part not in _RUST_STARTS]
    wanted = "/".join(parts)
    return bool(wanted) and any(_below(name, wanted, importer) for name in _names(path))


def _names(path: str) -> tuple[str, ...]:
    """What a file can be called in an import: its path without suffix, or its folder."""
    bare = _bare(path)
    folder, _, stem = bare.rpartition("/")
    return (bare, folder) if stem in _FOLDER_STEMS else (bare,)


def _bare(path: str) -> str:
    head, _, name = path.rpartition("/")
    stem = name.split(".", 1)[0] if not name.startswith(".") else name
    return f"{head}/{stem}" if head else stem


def _relative(module: str, importer: str) -> str:
    """`../x/y.js` as in JavaScript, `..x.y` as in Python."""
    folder = posixpath.dirname(importer)
    if "/" in module:
        return _bare(posixpath.normpath(posixpath.join(folder, module))).lstrip("/")
    dots = len(module) - len(module.lstrip("."))
    up = ["..", *[".."] * (dots - 2)] if dots > 1 else []
    rest = module[dots:].replace(".", "/")
    found = posixpath.normpath(posixpath.join(folder, *up, rest))
    return "" if found == "." else found


def _ends(name: str, wanted: str) -> bool:
    return name == wanted or name.endswith("/" + wanted)


def _below(name: str, wanted: str, importer: str) -> bool:
    """A module of one part may lie only where imports start; a longer one says enough by itself."""
    if not _ends(name, wanted):
        return False
    root = name[: len(name) - len(wanted)].rstrip("/")
    return "/" in wanted or not root or root.rpartition("/")[2] in _ROOTS or importer.startswith(root + "/")


def packages_above(path: str) -> list[str]:
    """The files through which a definition of `path` may be exported again, nearest first."""
    folders = path.split("/")[:-1]
    suffix = path.rsplit(".", 1)[-1]
    name = {"py": "__init__.py", "rs": "mod.rs"}.get(suffix, f"index.{suffix}")
    found = ["/".join([*folders[:depth], name]) for depth in range(len(folders), -1, -1)]
    return [package for package in found if package != path][:4]  # deeper chains are rare

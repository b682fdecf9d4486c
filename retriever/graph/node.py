"""The packages of a repository by their package.json: which files `@shop/core/errors` may name."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from .facts import Facts

_BUILT = re.compile(r"^(?:\./)?(?:dist|lib|build|out|esm|cjs|_?types)(?:/(?:esm|cjs|modern|legacy|types))?/")
_SUFFIX = re.compile(r"(?:\.d)?\.[cm]?[jt]sx?$")


class Packages:
    """Reads every package.json of the repository, once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def places(self, name: str, folder: str) -> list[str]:
        """Where a package, or a module in it, may lie: paths without suffixes, the likeliest first."""
        if name.startswith("#"):
            return list(self._imports(name, folder))
        top, rest = _split(name)
        found: list[str] = []
        for place, package in self._named.get(top, ()):
            found += self._entries(place, package, rest)
        return found

    def entry(self, folder: str) -> list[str]:
        """Where the package that lies in a folder begins."""
        package = self._facts.text(posixpath.join(folder, "package.json"))
        return list(self._entries(folder, as_json(package), "")) if package else []

    def is_ours(self, name: str) -> bool:
        return _split(name)[0] in self._named

    def _entries(self, folder: str, package: dict[str, Any], rest: str) -> Iterator[str]:
        exports = package.get("exports")
        written: list[str] = []
        if isinstance(exports, dict):
            written += _strings(exports.get(f"./{rest}" if rest else ".", () if rest else exports))
        if not rest:
            written += [
                entry for key in ("source", "module", "main", "types") for entry in _strings(package.get(key))
            ]
        for path in written:
            stem = _SUFFIX.sub("", path)
            yield posixpath.normpath(posixpath.join(folder, path))
            for source in (_BUILT.sub("src/", stem), _BUILT.sub("", stem)):
                yield posixpath.normpath(posixpath.join(folder, source))
        for inner in ("src", ""):
            yield posixpath.join(folder, inner, rest) if rest else posixpath.join(folder, inner, "index")

    def _imports(self, name: str, folder: str) -> Iterator[str]:
        """What `#name` stands for in the package around a folder."""
        around = max(
            (place for entries in self._named.values() for place, _ in entries if _within(folder, place)),
            key=len, default=None,
        )  # fmt: skip
        if around is None:
            return
        for place, package in (
            entry for entries in self._named.values() for entry in entries if entry[0] == around
        ):
            for pattern, target in (package.get("imports") or {}).items():
                head, star, tail = pattern.partition("*")
                if name == pattern or (star and name.startswith(head) and name.endswith(tail)):
                    middle = name[len(head) : len(name) - len(tail)] if star else ""
                    for path in _strings(target):
                        yield posixpath.normpath(posixpath.join(place, path.replace("*", middle)))

    @cached_property
    def _named(self) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for file in self._facts.named_files("package.json"):
            package = as_json(self._facts.text(file.path))
            name = package.get("name")
            if isinstance(name, str):
                found.setdefault(name, []).append((posixpath.dirname(file.path), package))
        return found


def as_json(text: str) -> dict[str, Any]:
    """A file of settings as JSON with comments and trailing commas; empty where it is none."""
    for candidate in (text, _TRAILING.sub(r"\1", _COMMENT.sub(lambda match: match[1] or "", text))):
        try:
            read = json.loads(candidate)
        except ValueError:
            continue
        return read if isinstance(read, dict) else {}
    return {}


_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING = re.compile(r",(\s*[}\]])")


def _split(name: str) -> tuple[str, str]:
    parts = name.split("/")
    top = 2 if name.startswith("@") else 1
    return "/".join(parts[:top]), "/".join(parts[top:])


def _strings(value: object) -> list[str]:
    """All paths in a field of package.json, however deep its conditions lie."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [found for inner in value.values() for found in _strings(inner)]
    return []


def _within(folder: str, place: str) -> bool:
    return not place or folder == place or folder.startswith(place + "/")

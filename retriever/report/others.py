"""A path and the files around it -> whether it is the code of others, kept in this tree. Pure."""

from __future__ import annotations

import re
from collections.abc import Container, Set

from indexer.skip import may_be_vendored

_EXTERN = frozenset({"extern", "_extern", "bundled"})
# A release that was put there whole, as `jquery-3.5.1.js`.
_RELEASE = re.compile(r"-\d+(?:\.\d+)+[^/]*\.(?:js|css)$")
# Where a language keeps its own library; that of Go has no host among its folders.
_STANDARD = re.compile(
    r"^(?:node:|internal/|library/(?:std|core|alloc)/|/rustc/|(?:java|javax|jdk|sun|kotlin|scala)/)"
    r"|/go[^/]*/(?:[\d.]+/\w+/)?src/(?![^/]*\.)|/usr/include/"
    r"|/lib(?:64)?/python[\d.]+/(?!site-packages|dist-packages)",
    re.IGNORECASE,
)
# Where package managers put a package: in a folder of its name, behind its host, or with its version.
_INSTALLED = re.compile(
    r".*(?:/|^)(?:(?:node_modules|(?:site|dist)-packages(?:/[^/]+\.egg)?)/(?:@([^/]+)/)?([^/]+)/"
    r"|pkg/mod/[^@]*?([^/@]+)(?:/v\d+)?@|registry/src/[^/]+/([^/]+?)-\d)",
    re.IGNORECASE,
)
_PACKAGES = re.compile(r"(.*\bpackages)/")


def is_of_others(path: str, files: Container[str]) -> bool:
    """Whether a folder around the file is one for the code of others, or its name tells their release.

    `packages` is one where it is a package of Python itself (`requests/packages/urllib3`); else it holds the
    parts of this very repository. `files` are the paths of the repository.
    """
    if _RELEASE.search(path):
        return True
    folders = path.split("/")[:-1]
    if any(may_be_vendored(folder) or folder in _EXTERN for folder in folders):
        return True
    inside = _PACKAGES.match(path)
    return inside is not None and f"{inside[1]}/__init__.py" in files


def is_installed(path: str, ours: Set[str]) -> bool:
    """Whether a path of a trace lies in a language's library, or in a package that is none of `ours`: the
    names of the repository and of its folders, in lower case."""
    if _STANDARD.search(path):
        return True
    package = _INSTALLED.match(path)
    if package is None:
        return False
    scope, *names = package.groups("")
    name = next(filter(None, names)).lower()
    return ours.isdisjoint({name, f"{scope.lower()}-{name}"})

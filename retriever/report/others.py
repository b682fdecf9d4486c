"""A path and the files around it -> whether it is the code of others, kept in this tree. Pure."""

from __future__ import annotations

import re
from collections.abc import Container

from indexer.skip import may_be_vendored

_EXTERN = frozenset({"extern", "_extern"})
# A release that was put there whole, as `jquery-3.5.1.js`.
_RELEASE = re.compile(r"-\d+(?:\.\d+)+[^/]*\.(?:js|css)$")
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

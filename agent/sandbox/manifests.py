"""A clean tree -> the files of it that decide which dependencies are installed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from agent.beneath import Beneath
from indexer.errors import CairnError

_BYTES = 8 << 20  # a lock of a large npm workspace has 2 MB
_MOST = 2000  # manifests; one for each package of a monorepo

_NAMES = re.compile(
    r"requirements[\w.-]*\.(?:txt|in)|constraints[\w.-]*\.txt|pyproject\.toml|setup\.(?:py|cfg)"
    r"|poetry\.lock|uv\.lock|pdm\.lock|Pipfile(?:\.lock)?|environment\.ya?ml|tox\.ini|\.python-version"
    r"|package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml"
    r"|pnpm-workspace\.yaml|bun\.lockb?|\.npmrc|\.nvmrc"
    r"|go\.(?:mod|sum|work)|Cargo\.(?:toml|lock)|rust-toolchain(?:\.toml)?"
    r"|pom\.xml|(?:build|settings)\.gradle(?:\.kts)?|gradle\.lockfile|libs\.versions\.toml"
    r"|Gemfile(?:\.lock)?|composer\.(?:json|lock)|mix\.(?:exs|lock)"
)


def manifests_of(tree: Path, tracked: Iterable[str]) -> dict[str, bytes]:
    """Path -> content of the manifests and locks among the `tracked` paths; unreadable ones are left out."""
    files = Beneath(tree)
    wanted = [path for path in sorted(tracked) if _NAMES.fullmatch(PurePosixPath(path).name)]
    found = {}
    for path in wanted[:_MOST]:
        with suppress(CairnError):
            found[path] = files.read(path, _BYTES)
    return found

"""Note what a manifest calls its package: used in its own repository it is no choice."""

from __future__ import annotations

import re

from ..types import ParsedFile
from .tally import Tally

_NAMES = {
    "Cargo.toml": re.compile(r'^\[package\][^\[]*?^name\s*=\s*"([\w-]+)"', re.MULTILINE),
    "pyproject.toml": re.compile(r'^\[(?:project|tool\.poetry)\][^\[]*?^name *= *"([\w.-]+)"', re.MULTILINE),
    "package.json": re.compile(r'^(?:  |\t|    )"name"\s*:\s*"([@\w./-]+)"', re.MULTILINE),
}


def count_package(parsed: ParsedFile, tally: Tally) -> None:
    pattern = _NAMES.get(parsed.file.path.rpartition("/")[2])
    match = pattern.search(parsed.file.text) if pattern else None
    if match:
        line = parsed.file.text.count("\n", 0, match.start(1)) + 1
        tally.add("package.own", match[1].replace("-", "_") if "/" not in match[1] else match[1], line)

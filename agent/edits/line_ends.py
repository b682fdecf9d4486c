"""The path of a new file -> the line end that its repository asks for, LF where it asks for none.

Read are `eol=` of .gitattributes and `end_of_line` of .editorconfig, the nearest folder first.
Sources: gitattributes(5), https://spec.editorconfig.org.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from agent.beneath import Beneath
from indexer import wildmatch
from indexer.errors import CairnError

_RULE_BYTES = 64 << 10  # larger than any such file that people write
_MOST_RULES = 500  # of one file
_MOST_NAMES = 32  # in braces

_ENDS = {"lf": "\n", "crlf": "\r\n"}


def line_end(tree: Beneath, path: str) -> str:
    return _by_attributes(tree, path) or _by_editorconfig(tree, path) or "\n"


def _by_attributes(tree: Beneath, path: str) -> str:
    """The last line that fits wins, and a nearer file over one above."""
    for folder, text in _rules(tree, path, ".gitattributes"):
        found = ""
        for line in text.splitlines()[:_MOST_RULES]:
            pattern, _, attributes = line.strip().partition(" ")
            wanted = [
                _ENDS[word[4:]] for word in attributes.split() if word[4:] in _ENDS and word[:4] == "eol="
            ]
            if wanted and not pattern.startswith("#") and _fits(pattern, folder, path):
                found = wanted[-1]
        if found:
            return found
    return ""


def _by_editorconfig(tree: Beneath, path: str) -> str:
    for folder, text in _rules(tree, path, ".editorconfig"):
        found, fits, root = "", False, False
        for line in text.splitlines()[:_MOST_RULES]:
            line = line.strip()
            if line.startswith("[") and line.endswith("]"):
                fits = any(_fits(name, folder, path) for name in _named(line[1:-1]))
                continue
            key, _, value = (part.strip().lower() for part in line.partition("="))
            if fits and key == "end_of_line":
                found = _ENDS.get(value, "")
            root = root or (key == "root" and value == "true")
        if found or root:
            return found
    return ""


def _rules(tree: Beneath, path: str, name: str) -> Iterator[tuple[PurePosixPath, str]]:
    """The files of rules above a path, the nearest first."""
    for folder in PurePosixPath(path).parents:
        try:
            yield folder, tree.read((folder / name).as_posix(), _RULE_BYTES).decode("utf-8", "replace")
        except CairnError:
            continue


def _fits(pattern: str, folder: PurePosixPath, path: str) -> bool:
    rule = wildmatch.parse(pattern)
    if rule is None or rule.keeps or rule.folders_only:
        return False
    inside = PurePosixPath(path).relative_to(folder)
    return re.fullmatch(rule.regex, inside.name if rule.by_name else inside.as_posix(), re.DOTALL) is not None


def _named(pattern: str) -> list[str]:
    """`*.{bat,cmd}` is `*.bat` and `*.cmd`."""
    before, opened, rest = pattern.partition("{")
    inner, closed, after = rest.partition("}")
    if not (opened and closed):
        return [pattern]
    return [before + name.strip() + after for name in inner.split(",")[:_MOST_NAMES]]

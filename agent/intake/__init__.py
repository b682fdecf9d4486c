"""What a person gives -> a Brief: words, a file, an issue's number or address, a change or feature folder.

What could be meant in two ways is refused with both ways named; nothing is guessed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from indexer.errors import BadInput, Forbidden, NotFound

from .brief import KINDS, Brief, Criterion, IntakeOptions, Tick
from .checkboxes import tick
from .folders import read_text_file
from .github import read_issue, web_host
from .github_api import GitHubUnreachable, RateLimited
from .openspec import read_change
from .remotes import repository_of
from .speckit import read_feature
from .text import read_text

__all__ = [
    "KINDS",
    "Brief",
    "Criterion",
    "GitHubUnreachable",
    "IntakeOptions",
    "RateLimited",
    "Tick",
    "read_task",
    "tick",
]

_NUMBER = re.compile(r"#?([1-9]\d{0,9})")
_REFERENCE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,38}/[\w.-]{1,100})#([1-9]\d{0,9})")
_ISSUE_PATH = re.compile(
    r"/([A-Za-z0-9][A-Za-z0-9_-]{0,38}/[\w.-]{1,100})/(issues|pull|discussions)/([1-9]\d{0,9})/?"
)
_TEXTS = (".md", ".markdown", ".txt")
_CHANGES = "openspec/changes"
_LONGEST_PATH = 4096  # Linux's own limit: a longer text is no path


def read_task(given: str, root: Path, options: IntakeOptions | None = None) -> Brief:
    """Read a task for the repository in `root`.

    `given` is `owner/name#12`, `#12`, `12` or an issue's address; an OpenSpec change or its id; a
    spec-kit feature; a text file, also as `@file`; or the task in words. Nothing outside `root` is read.
    Raises BadInput, NotFound, Forbidden, RateLimited and GitHubUnreachable.
    """
    options = options or IntakeOptions()
    words = given.strip()
    if not words:
        raise BadInput("the task is empty; say what should change")
    if words.startswith(("http://", "https://")) and len(words.split()) == 1:
        return _read_address(words, root, options)
    if match := _REFERENCE.fullmatch(words):
        return read_issue(match[1], int(match[2]), _here(root, options), options)
    if match := _NUMBER.fullmatch(words):
        if words.isdigit() and _inside(words, root):
            raise BadInput(f"{words} is a file here and may be an issue; write ./{words} or #{words}")
        repository = repository_of(root, web_host(options.api_url))
        return read_issue(repository, int(match[1]), repository, options)
    if words.startswith("@") and len(words.split()) == 1:
        return _read_file(_must_be_inside(words[1:], root), root, options)
    if len(words) <= _LONGEST_PATH and "\n" not in words:
        path, change = _inside(words, root), _change_called(words, root)
        if path and change and path != change:
            raise BadInput(f"{words} is a change in {_CHANGES} and a path here; write {change} or ./{words}")
        if path or change:
            return _read_path(change or path, root, options)
        _refuse_a_name_of_nothing(words, root)
    return read_text(given, "the task", options.letters)


def _read_address(url: str, root: Path, options: IntakeOptions) -> Brief:
    try:
        split = urlsplit(url)
    except ValueError as error:
        raise BadInput(f"{url} is not an address: {error}") from error
    host = web_host(options.api_url)
    if split.netloc.lower().removeprefix("www.") != host:
        raise BadInput(
            f"{url} is not on {host}, where issues are read; set the address of its API, or paste its text"
        )
    match = _ISSUE_PATH.fullmatch(split.path)
    if not match:
        raise BadInput(
            f"{url} is not the address of an issue; those look like https://{host}/OWNER/NAME/issues/12"
        )
    if match[2] != "issues":
        kind = "pull request" if match[2] == "pull" else "discussion"
        raise BadInput(f"{url} is a {kind}; give the issue it is about, or describe the task")
    return read_issue(match[1], int(match[3]), _here(root, options), options)


def _here(root: Path, options: IntakeOptions) -> str:
    """The repository that is worked on, empty where the forge does not know it."""
    try:
        return repository_of(root, web_host(options.api_url))
    except (NotFound, BadInput):
        return ""


def _read_path(path: str, root: Path, options: IntakeOptions) -> Brief:
    """A change, a feature or a text file, by what is there."""
    if not os.path.isdir(root / path):
        return _read_file(path, root, options)
    if path.startswith(f"{_CHANGES}/archive/"):
        raise BadInput(f"{path} is archived: it was applied already; give a change in {_CHANGES}")
    change = _change_above(path)
    if change == path:
        return read_change(root, path, options.letters)
    if change:
        raise BadInput(f"{path} is part of the change {change}; give that")
    if os.path.exists(root / path / "spec.md"):
        return read_feature(root, path, options.letters)
    raise BadInput(
        f"{path} is a folder, neither an OpenSpec change nor a spec-kit feature; say in words what to do"
    )


def _change_above(path: str) -> str:
    """The change folder that `path` is or lies in, empty if it is in none."""
    parts = path.split("/")
    places = [at for at in range(len(parts) - 2) if parts[at : at + 2] == ["openspec", "changes"]]
    return "/".join(parts[: places[0] + 3]) if places else ""


def _read_file(path: str, root: Path, options: IntakeOptions) -> Brief:
    if os.path.isdir(root / path):
        return _read_path(path, root, options)
    if not path.lower().endswith(_TEXTS):
        raise BadInput(
            f"{path} is no text file ({', '.join(_TEXTS)}); describe in words what should change in it"
        )
    return read_text(read_text_file(root, path), path, options.letters)


def _inside(words: str, root: Path) -> str:
    """The path relative to `root` if it is there, empty if not. Raises Forbidden for one that is elsewhere.

    Only what looks like a path may be refused: a sentence that happens to begin with a slash may not.
    """
    if "\0" in words or not os.path.lexists(root / words):
        return ""
    return _must_be_inside(words, root)


def _must_be_inside(words: str, root: Path) -> str:
    if "\0" in words or not words:
        raise BadInput(f"@{words!r} names no file")
    for top in (os.path.abspath(root), os.path.realpath(root)):  # people give either
        path = os.path.relpath(os.path.join(top, words), top)
        if path != ".." and not path.startswith("../"):
            if path == ".":
                raise BadInput(f"{words} is the repository itself; say what should change in it")
            return path
    raise Forbidden(f"{words} is outside of {root}; nothing there is read, so copy it in or paste its text")


def _change_called(words: str, root: Path) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,100}", words) or words == "archive":
        return ""
    path = f"{_CHANGES}/{words}"
    return path if os.path.isdir(root / path) else ""


def _refuse_a_name_of_nothing(words: str, root: Path) -> None:
    """One word is no task, but often the misspelt name of one."""
    if len(words.split()) > 1:
        return
    try:
        changes = sorted(
            entry.name for entry in os.scandir(root / _CHANGES) if entry.is_dir() and entry.name != "archive"
        )
    except OSError:
        changes = []
    known = f" (the changes here: {', '.join(changes[:20])})" if changes else ""
    raise NotFound(
        f"{words[:200]!r} is no issue, file or change here{known};"
        " check its name, or say in a sentence what to do"
    )

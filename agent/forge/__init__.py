"""The seam of a forge: a tested commit -> a pushed branch and one request to merge it.

Everything here may be done again after a kill and gives the same single result: a request is found by
its branch, and a branch that holds somebody else's commits is never moved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from indexer.errors import BadInput, CairnError, Forbidden

State = Literal["open", "merged", "closed"]


class ForgeFailed(CairnError):
    """The forge did not answer, or answered nonsense; what was pushed stays, try again later."""


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A commit on `branch` that asks to be merged into `base_branch`.

    `base` and `commit` are full commit ids, `repo` is the repository's name in the index.
    """

    run_id: str
    repo: str
    branch: str
    base_branch: str
    base: str
    commit: str
    title: str
    body: str
    draft: bool = True
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """`created` is False when it was there already. `notes` say what the forge would not do."""

    number: str
    url: str
    created: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestState:
    """`head` is the commit that is asked for now: a person may have added some."""

    state: State
    head: str


class Forge(Protocol):
    name: str

    def push(self, gitdir: Path, request: ChangeRequest) -> None:
        """Put the commit on its branch. Raises Forbidden when that would lose somebody's commits."""
        ...

    def open(self, request: ChangeRequest) -> Opened:
        """The request for this branch: opened, or found and brought up to date."""
        ...

    def show(self, number: str) -> RequestState: ...


def check_request(request: ChangeRequest) -> None:
    """Raise when the branch is one that people work on, or a name, a title or an id is none."""
    for name in (request.branch, request.base_branch):
        if not _BRANCH.fullmatch(name) or _NO_BRANCH.search(name):
            raise BadInput(f"{name!r} cannot be the name of a branch; use letters, digits and . _ - /")
    if request.branch == request.base_branch or _SHARED.fullmatch(request.branch):
        raise Forbidden(
            f"the agent does not push to {request.branch}: people share it; give the run a branch of its own"
        )
    if not request.title.strip() or len(request.title) > _TITLE_LETTERS or not request.title.isprintable():
        raise BadInput(f"{request.title[:80]!r} is no title; give one line of up to {_TITLE_LETTERS} letters")
    for commit in (request.base, request.commit):
        if not _COMMIT.fullmatch(commit):
            raise BadInput(f"{commit!r} is not a full commit id; take it from `git rev-parse`")


# A part of what git allows, so that a name needs no quoting in a shell, a URL or a path.
_BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+-]{0,199}")
_NO_BRANCH = re.compile(r"\.\.|//|/\.|\./|\.lock(?:/|$)|[./]$")
_SHARED = re.compile(r"HEAD|main|master|trunk|develop(?:ment)?|production|staging|gh-pages|releases?(?:/.*)?")
_TITLE_LETTERS = 256  # what GitHub takes
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")

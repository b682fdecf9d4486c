"""The remote end of a branch and a commit -> whether a push may move it, and how.

A run may correct its own commit after it was pushed, so a move that is no fast-forward is allowed
over commits that this run made and that lie in its own git directory. Every other commit belongs to
somebody.
"""

from __future__ import annotations

from typing import Literal

from agent.forge import ChangeRequest
from agent.git import Git
from indexer.errors import Forbidden

Move = Literal["none", "forward", "replace"]


def judge_move(git: Git, request: ChangeRequest, there: str | None) -> Move:
    """How the remote branch, at `there` (None: not there yet), gets to the request's commit.

    Raises Forbidden when commits would be lost that this run did not make.
    """
    if there == request.commit:
        return "none"
    if there is None or git.is_ancestor(there, request.commit):
        return "forward"
    if git.is_ancestor(request.commit, there):
        raise Forbidden(f"{request.branch} is ahead there: somebody added commits up to {there[:12]}{_HINT}")
    if not git.has(there):
        raise Forbidden(f"{request.branch} holds commits this run does not know, up to {there[:12]}{_HINT}")
    foreign = _foreign(git, request, there)
    if foreign:
        raise Forbidden(
            f"{request.branch} holds the commit {foreign[:12]}, which this run did not make{_HINT}"
        )
    return "replace"


_HINT = "; nothing was pushed. Merge or remove them there, or run the task again for a new branch"


def _foreign(git: Git, request: ChangeRequest, there: str) -> str:
    """A commit between the base and `there` without this run's trailer; empty when there is none."""
    trailer = "%(trailers:key=Agent-Task,valueonly,separator=%x2C)"
    rows = git.run("log", "--no-show-signature", f"--format=%H {trailer}", there, f"^{request.base}", "--")
    for row in rows.splitlines():
        commit, _, tasks = row.partition(" ")
        if request.run_id not in tasks.split(","):
            return commit
    return ""

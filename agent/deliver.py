"""An accepted change -> a commit in the repository's own style, a pushed branch, and the request to merge it.

Each step is found again after a kill: the commit by its event, the branch by its name, the request by
its branch. So there is one commit and one request, however often this is begun.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agent.forge import ChangeRequest
from agent.forge.body import render
from agent.forge.local import LocalForge
from agent.forge.message import compose
from agent.log.account import facts_of
from agent.log.runs import Recorder, masked
from agent.upstream import moved

if TYPE_CHECKING:
    from agent.means import Means
    from agent.stages import Stages

Work = dict[str, Any]  # the payload of `work.finished`


def deliver(stages: Stages, work: Work, record: Recorder, means: Means) -> str:
    """Commit, push and open the request; return its address. Raises ForgeFailed, Forbidden."""
    commit, message = _commit(stages, work, record)
    forge = means.forge or LocalForge(means.data / "forge", stages.repo.name)
    made = record.last("workspace.made")
    assert made is not None
    _look_at_base(stages, record, made.payload["base_branch"], commit)
    facts = facts_of(record.events(), stages.brief, stages.progress, stages.workspace)
    request = ChangeRequest(
        run_id=record.run_id,
        repo=stages.repo.name,
        branch=stages.workspace.branch,
        base_branch=made.payload["base_branch"],
        base=stages.workspace.base,
        commit=commit,
        title=message.splitlines()[0],
        body=masked(render(facts), record.hidden),
    )
    pushed = record.last("branch.pushed", commit=commit)
    if pushed is None:
        forge.push(stages.workspace.git.gitdir, request)
        pushed = record("branch.pushed", branch=request.branch, commit=commit, forge=forge.name)
    known = record.last("request.opened")
    if known is not None and known.seq > pushed.seq:
        return str(known.payload["url"])
    opened = forge.open(request)
    record(
        "request.opened",
        number=opened.number,
        url=opened.url,
        forge=forge.name,
        created=opened.created,
        draft=request.draft,
        notes=list(opened.notes),
        title=request.title,
        body=request.body,
    )
    return opened.url


def _look_at_base(stages: Stages, record: Recorder, branch: str, commit: str) -> None:
    """Note where the base branch went since the run began: whoever merges has to know."""
    found = moved(stages.repo.root, stages.workspace, branch, commit)
    known = record.last("base.moved")
    if found and (known is None or known.payload != found):
        record("base.moved", **found)


def _commit(stages: Stages, work: Work, record: Recorder) -> tuple[str, str]:
    review = work["review"]
    if (known := record.last("commit.created")) and known.payload["tree"] == review["tree"]:
        return known.payload["commit"], known.payload["message"]
    message = compose(
        stages.commit_style,
        work["subject"],
        work["summary"],
        _verified(review, work["criteria"]),
        work["kind"],
        _trailers(stages, record, review["tree"]),
    )
    commit = stages.workspace.commit(review["tree"], message)
    record(
        "commit.created",
        branch=stages.workspace.branch,
        commit=commit,
        tree=review["tree"],
        paths=review["paths"],
        message=message,
    )
    return commit, message


def _verified(review: dict[str, Any], criteria: Mapping[str, str]) -> str:
    """What the tests say, which the model cannot word."""
    lines = [f"Tests: {review['after']}."] if review["after"] else ["No tests could be run."]
    if review["proof"]:
        lines.append(f"Fails on the old code, passes now: {', '.join(review['proof'])}.")
    for state in ("not met", "not shown") if len(criteria) > 1 else ():
        if names := [name for name, found in criteria.items() if found == state]:
            lines.append(f"Acceptance criteria {state}: {', '.join(names)}.")
    return "\n".join([*lines, *review["notes"]])


def _trailers(stages: Stages, record: Recorder, tree: str) -> list[tuple[str, str]]:
    model = record.events()[0].payload["model"]
    trailers = [("Agent-Task", record.run_id), ("Agent-Model", model)]
    pushed = record.last("gate.granted", gate="push", shown=tree)  # a plan that was approved is no change
    trailers += [("Approved-by", pushed.payload["actor"])] if pushed else []
    trailers += [("Closes", stages.brief.closes)] if stages.brief.closes else []
    return trailers

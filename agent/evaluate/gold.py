"""An instance's own patch -> a script that makes it through the tools, as a model would.

It solves nothing: it shows that clone, tools, tests, commit and judgement work for an instance. What it
changes is computed from the files before and after, so it does not depend on how the patch is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from agent.evaluate.judge import Judge
from agent.model.scripted import Say, Script, Scripted, call
from agent.workspace import Workspace
from indexer.errors import BadInput

NAME = "dry run: gold patch, proves plumbing only"
_ATTEMPTS = 3  # at handing in; the first may be answered with what fits the code base badly
_SUBJECT = "Apply the change that the instance brings along"


@dataclass(frozen=True, slots=True)
class _Change:
    """A file before and after; None where there is none."""

    path: str
    before: str | None
    after: str | None


def gold(judge: Judge, *patches: str) -> Scripted:
    """The model that makes these patches. Raises BadInput for what is no text, GitFailed for what does
    not apply."""
    changes = list(_changes(judge.workspace, judge.tree_with(*patches)))

    def begin(prompt: str, tools: frozenset[str]) -> Script:
        return _plan(prompt, changes) if "propose_plan" in tools else _work(prompt, changes)

    return Scripted(NAME, begin, f"[{NAME}]")


def _changes(workspace: Workspace, tree: str) -> Iterator[_Change]:
    for _, path, _, _ in workspace.summary(tree):
        yield _Change(path, _text(workspace, workspace.base, path), _text(workspace, tree, path))


def _text(workspace: Workspace, tree: str, path: str) -> str | None:
    data = workspace.at(tree, path)
    try:
        return None if data is None else data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is no text, and the tools change text alone") from error


def _plan(prompt: str, changes: list[_Change]) -> Script:
    files = [
        {"path": change.path, "action": _action(change), "why": "the patch changes it"} for change in changes
    ]
    paths = [change.path for change in changes]
    (answer,) = yield call(
        "propose_plan",
        "What the patch changes, as a plan.",
        plan={
            "summary": "The change that the instance brings along is made through the tools.",
            "kind": "fix",
            "steps": [{"text": "Make the change", "files": paths, "criteria": _criteria(prompt)}],
            "files": files,
            "verification": "The tests of the instance.",
        },
    )
    yield _stop(answer)


def _work(prompt: str, changes: list[_Change]) -> Script:
    for change in changes:
        (answer,) = yield _edit(change)
        if not answer.startswith(f"{change.path} "):
            yield _stop(answer)
    criteria = [{"id": name, "met": True, "evidence": NAME} for name in _criteria(prompt)]
    answer = ""
    for _ in range(_ATTEMPTS):
        (answer,) = yield call("finish", "Done.", subject=_SUBJECT, summary=NAME, criteria=criteria)
    yield _stop(answer)


def _edit(change: _Change) -> Say:
    if change.after is None:
        return call("delete_file", "It goes.", path=change.path)
    if change.before is None:
        return call("create_file", "It is new.", path=change.path, content=change.after)
    old, new = _region(change.before, change.after)
    return call("str_replace", "From its first changed line to its last.", path=change.path, old=old, new=new)


def _region(before: str, after: str) -> tuple[str, str]:
    """The lines from the first change to the last, with as many around them as make them unique."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    codes = [
        code for code in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if code[0] != "equal"
    ]
    if not codes:
        return before, after  # mode only: refused, and said
    head, tail = codes[0][1], len(old) - codes[-1][2]
    while True:
        head, tail = max(0, head - 1), max(0, tail - 1)
        part = "".join(old[head : len(old) - tail])
        if (head == 0 and tail == 0) or (part.strip() and before.count(part) == 1):
            return part, "".join(new[head : len(new) - tail])


def _action(change: _Change) -> str:
    return "create" if change.before is None else "delete" if change.after is None else "change"


def _criteria(prompt: str) -> list[str]:
    """The ids of the criteria that the prompt lists; a task that is its own criterion lists none."""
    section = prompt.partition("\n# Acceptance criteria\n")[2].partition("\n# ")[0]
    return re.findall(r"^- (\S{1,40}): ", section, re.M)


def _stop(answer: str) -> Say:
    return call("escalate", "I stop here.", reason=f"{NAME}; it was answered: {answer}")

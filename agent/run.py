"""A task and a repository -> an Outcome: a branch with a tested commit, or an honest reason why not.

    working copy -> tests before -> context -> loop -> review -> commit

The user's tree is only read. Each step is an event in the log before the next one begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Literal

from agent.codebase import Codebase, Follow, Unfollowed
from agent.loop import Agent, Limits
from agent.model import Model
from agent.rooms import Rooms
from agent.runs import Event, Recorder, RunLog
from agent.sandbox import Sandbox
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.toolchain import python_toolchain
from agent.suites.baseline import Baseline, find_baseline
from agent.suites.review import Review, Reviewer
from agent.suites.suite import SuiteCommand, SuiteRun
from agent.tools import Ending, Toolbox
from agent.workspace import RepoHandle, Workspace, branch_name, make_workspace
from indexer.errors import BadInput, CairnError, Cancelled
from retriever.types import Context

_PROMPTS = Path(__file__).parent / "prompts"
_SUBJECT_LETTERS = 72


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is done. `data` is Cairn's data directory.

    `run_id` continues a run that `RunLog.create` opened, for a door that answers before the work
    begins. `python` and `toolchains` are shown to the sandbox beside /usr. `hidden` are live keys,
    masked in every event.
    """

    data: Path
    run_id: str | None = None
    limits: Limits = field(default_factory=Limits)
    context_tokens: int = 6000
    test_command: SuiteCommand | None = None
    python: Path | None = None
    toolchains: tuple[Path, ...] = ()
    hidden: tuple[str, ...] = ()
    sandbox: Sandbox = field(default_factory=Bubblewrap)
    cancelled: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run. `gitdir` holds `branch`: `git fetch <gitdir> <branch>` brings it home.

    `summary` is the model's account when it finished, the reason when not; `question` what it needs
    from a person. `proof` are the tests that fail on the old code and pass on the new.
    """

    run_id: str
    status: Literal["finished", "escalated", "failed", "cancelled"]
    model: str
    scripted: bool
    summary: str
    question: str = ""
    branch: str = ""
    commit: str | None = None
    diff: str = ""
    gitdir: Path | None = None
    tests_before: SuiteRun | None = None
    tests_after: SuiteRun | None = None
    proof: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()


def run_task(
    task: str,
    repo: RepoHandle,
    codebase: Codebase,
    model: Model,
    options: RunOptions,
    on_event: Callable[[Event], None] = lambda _: None,
    follow: Follow | None = None,
) -> Outcome:
    """Carry out `task` on a working copy of `repo`.

    `follow` starts an index of the working copy, so that searches find what the agent wrote; without
    it they answer from the index of `repo`. Failures that have a reason are an Outcome, not an
    exception; a task that is empty raises BadInput.
    """
    if not task.strip():
        raise BadInput("the task is empty; say what shall be different")
    log = RunLog(options.data / "runs.db")
    if options.run_id is None:
        event = log.create(task, repo.name, model.name, options.hidden)
        on_event(event)
        run_id = event.run
    else:
        run_id = log.show(options.run_id).id
    record = Recorder(log, run_id, options.hidden, on_event)
    run = _Run(task, repo, codebase, model, options, record)
    try:
        ending = run.work(follow)
        record(ending.status, subject=ending.subject, summary=ending.summary, question=ending.question)
        return run.outcome(ending.status, ending.summary, ending.question)
    except Cancelled as reason:
        record("cancelled", reason=str(reason))
        return run.outcome("cancelled", str(reason))
    except CairnError as error:
        record("failed", reason=str(error), error=type(error).__name__)
        return run.outcome("failed", str(error))
    except BaseException as error:
        record("failed", reason=f"{type(error).__name__}: {error}", error=type(error).__name__)
        raise


class _Run:
    """One run and what it has so far, so that an Outcome can be made at any point."""

    def __init__(
        self,
        task: str,
        repo: RepoHandle,
        codebase: Codebase,
        model: Model,
        options: RunOptions,
        record: Recorder,
    ) -> None:
        self._task = task
        self._repo = repo
        self._codebase = codebase
        self._model = model
        self._options = options
        self._record = record
        self._workspace: Workspace | None = None
        self._baseline: Baseline | None = None
        self._tools: Toolbox | None = None
        self._review: Review | None = None
        self._commit: str | None = None

    def work(self, follow: Follow | None) -> Ending:
        options, record = self._options, self._record
        record("run.started", model=self._model.name, scripted=self._model.scripted)
        options.sandbox.probe()
        branch = branch_name(record.run_id, self._task)
        workspace = make_workspace(self._repo, options.data / "workspaces" / record.run_id, branch)
        self._workspace = workspace
        record("workspace.made", branch=branch, base=workspace.base, tree=str(workspace.tree))
        toolchain = python_toolchain(options.python, options.toolchains)
        rooms = Rooms(options.sandbox, toolchain, workspace.reports)
        self._baseline = find_baseline(workspace, rooms, record, options.test_command)
        index = follow(workspace.tree) if follow else Unfollowed(self._repo.name)
        try:
            context = self._codebase.context(self._task, index.repo, options.context_tokens)
            self._record_context(context)
            reviewer = Reviewer(workspace, rooms, self._baseline, record)
            tools = Toolbox(workspace, self._codebase, index, rooms, self._baseline, reviewer.review, record)
            self._tools = tools
            agent = Agent(self._model, tools, record, options.limits, options.cancelled)
            ending = agent.run(_prompt("system"), self._prompt(context))
        finally:
            index.close()
        if ending.status == "finished":
            self._review = tools.reviewed
            self._make_commit(ending)
        return ending

    def outcome(
        self,
        status: Literal["finished", "escalated", "failed", "cancelled"],
        summary: str,
        question: str = "",
    ) -> Outcome:
        workspace, review = self._workspace, self._review
        return Outcome(
            run_id=self._record.run_id,
            status=status,
            model=self._model.name,
            scripted=self._model.scripted,
            summary=summary,
            question=question,
            branch=workspace.branch if workspace else "",
            commit=self._commit,
            diff=self._diff(),
            gitdir=workspace.git.gitdir if workspace else None,
            tests_before=self._baseline.run if self._baseline else None,
            tests_after=review.after if review else None,
            proof=tuple(sorted(review.verdict.proof)) if review else (),
            notes=review.verdict.notes if review else (),
            events=self._record.log.events(self._record.run_id),
        )

    def _prompt(self, context: Context) -> str:
        if self._baseline is None:
            tests = (
                "No command was found that runs tests here. Say in your summary how you checked the change."
            )
        else:
            tests = f"Before your change: {self._baseline.run.summary}. `run_tests` runs them."
        return Template(_prompt("task")).substitute(task=self._task, tests=tests, context=context.text)

    def _record_context(self, context: Context) -> None:
        cited = [f"{item.path}:{item.start_line}-{item.end_line}" for item in context.items]
        self._record("context.retrieved", tokens=context.tokens, budget=context.budget, cited=cited)

    def _make_commit(self, ending: Ending) -> None:
        assert self._workspace is not None
        assert self._review is not None
        message = _message(ending, self._review, self._record.run_id, self._model)
        self._commit = self._workspace.commit(self._review.tree, message)
        self._record(
            "commit.created",
            branch=self._workspace.branch,
            commit=self._commit,
            paths=list(self._review.paths),
            message=message,
        )

    def _diff(self) -> str:
        """The diff of the commit, or, of a run that did not finish, of what was changed so far."""
        if self._workspace is None or self._tools is None:
            return ""
        if self._review is not None:
            return self._workspace.diff(self._review.tree)
        try:
            changed = {*self._workspace.changed(), *self._tools.created}
            return self._workspace.diff(self._workspace.stage(sorted(changed)))
        except CairnError as error:
            self._record("diff.missing", reason=str(error))
            return ""


def _message(ending: Ending, review: Review, run_id: str, model: Model) -> str:
    """The text of the commit: what the model says, then what was verified, which it cannot word."""
    verified = [review.after.summary] if review.after else []
    if review.verdict.proof:
        verified.append("Fails on the old code, passes now: " + ", ".join(sorted(review.verdict.proof)))
    paragraphs = [ending.subject[:_SUBJECT_LETTERS], ending.summary, "\n".join(verified)]
    paragraphs += list(review.verdict.notes)
    trailers = [f"Agent-Task: {run_id}", f"Agent-Model: {model.name}"]
    return "\n\n".join([*filter(None, paragraphs), "\n".join(trailers)]) + "\n"


def _prompt(name: str) -> str:
    return (_PROMPTS / f"{name}.md").read_text(encoding="utf-8")

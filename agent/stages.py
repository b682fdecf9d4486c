"""The steps of one run, each done once: a step whose event is in the log is read from there instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from agent import prompting
from agent.codebase import LiveIndex, Unfollowed
from agent.cycles import Cycles
from agent.dependents import dependents_of, shown
from agent.forge.message import describe, style_of
from agent.gates import passed, so_far, tried
from agent.guides import guides_for
from agent.inspection import Inspection
from agent.intake import Brief, read_task
from agent.kinds import Kind
from agent.log.progress import Progress
from agent.log.runs import Event, Recorder, masked
from agent.loop import Agent, Prompt
from agent.misfits import Misfits
from agent.model import Closing, Model
from agent.observation import clipped
from agent.plan import Ground, Plan, fallback_plan, plan_from
from agent.policy import CONFIG, Policy, Stage, policy_from_json, policy_of
from agent.rooms import Rooms
from agent.sandbox.dependencies import Environment, prepare
from agent.sandbox.manifests import manifests_of
from agent.sandbox.toolchain import Toolchain, python_toolchain
from agent.seeds import Seeds
from agent.suites.baseline import Baseline, attempts, find_baseline
from agent.suites.review import Reviewer
from agent.suites.suite import is_test
from agent.tools import Ending
from agent.tools.change import Edits
from agent.tools.commands import Commands
from agent.tools.desk import Desk
from agent.tools.handing_in import HandingIn
from agent.tools.look import Look
from agent.tools.planning import Following, Planning
from agent.tools.reporting import Reporting
from agent.tools.toolbox import Toolbox
from agent.upstream import uncommitted
from agent.withheld import values_withheld
from agent.workspace import RepoHandle, Workspace, branch_name, make_workspace, open_workspace
from indexer.errors import Forbidden

if TYPE_CHECKING:
    from agent.means import Means

_REFUSED_PLANS = 2  # after so many that did not hold, a person decides about a plan of one step
_QUESTION_LETTERS = 4000  # of an escalation: who shall answer reads it on a screen
_SUBJECTS = 100  # of the newest commits: enough to see how they are written


class Ended(Exception):
    """The run has stopped, and its last event says why."""


class Stages:
    """One run and what it has so far."""

    def __init__(self, task: str, repo: RepoHandle, means: Means, record: Recorder) -> None:
        self._task = task
        self.repo = repo
        self._means = means
        self.record = record
        self._index: LiveIndex | None = None
        self._models: dict[str, Model] = {}

    def prepare(self) -> None:
        """Everything before the model: working copy, policy, task, dependencies, tests before, index."""
        self._means.sandbox.probe()
        self.record.hide(values_withheld(self.workspace))
        _ = (self.policy, self.brief)
        if self.policy.mode != "read-only":
            _ = (self.rooms, self.baseline)
        _ = self.seeds

    def close(self) -> None:
        if self._index is not None:
            self._index.close()
        for model in self._models.values():
            if isinstance(model, Closing):
                model.close()

    @cached_property
    def workspace(self) -> Workspace:
        run_id = self.record.run_id
        folder = self._means.data / "workspaces" / run_id
        if made := self.record.last("workspace.made"):
            workspace = open_workspace(folder, made.payload["branch"], made.payload["base"])
            workspace.tidy()
            return workspace
        branch = branch_name(run_id, self._task)
        workspace = make_workspace(self.repo, folder, branch)
        self.record(
            "workspace.made",
            branch=branch,
            base=workspace.base,
            base_branch=workspace.base_branch,
            tree=str(workspace.tree),
            uncommitted=uncommitted(self.repo.root, workspace),
        )
        return workspace

    @cached_property
    def policy(self) -> Policy:
        if said := self.record.last("policy.set"):
            return policy_from_json(said.payload["policy"])
        created = self.record.events()[0].payload
        config = self.workspace.at(self.workspace.base, CONFIG)
        policy = policy_of(config, created["options"])
        self.record("policy.set", policy=policy.as_json(), configured=config is not None)
        return policy

    @cached_property
    def brief(self) -> Brief:
        if said := self.record.last("task.read"):
            return Brief.from_json(said.payload["brief"])
        brief = read_task(self._task, self.repo.root, self._means.intake)
        said = self.record("task.read", brief=brief.to_json())
        return Brief.from_json(said.payload["brief"])  # with secrets masked, as after a restart

    @cached_property
    def rooms(self) -> Rooms:
        return Rooms(self._means.sandbox, self._toolchain, self.workspace.reports, self.environment)

    @cached_property
    def environment(self) -> Environment | None:
        """What the declared commands installed, with a network and before any of the model's code ran."""
        commands = self.policy.setup
        if not commands:
            return None
        if not self.policy.setup_allowed:
            reason = f"the setup of {CONFIG} was not run: it has a network, so a person has to allow it"
            self.record("environment.skipped", commands=list(commands), reason=reason)
            return None
        self.record("environment.started", commands=list(commands))
        cache = self._means.data / "environments"
        with self.workspace.exported(self.workspace.base) as tree:
            made = prepare(
                commands,
                tree,
                cache,
                self._means.sandbox,
                manifests_of(tree, self.workspace.tracked()),
                toolchain=self._toolchain,
                environ=self._means.environ,
            )
        self.record(
            "environment.ready", commands=list(commands), seconds=round(made.seconds, 1), reused=made.reused
        )
        return made

    @cached_property
    def _toolchain(self) -> Toolchain:
        return python_toolchain(self._means.python, self._means.toolchains)

    @cached_property
    def baseline(self) -> Baseline | None:
        return find_baseline(self.workspace, self.rooms, self.record, self.policy.test)

    @cached_property
    def index(self) -> LiveIndex:
        follow = self._means.follow
        self._index = follow(self.workspace.tree) if follow else Unfollowed(self.repo.name)
        return self._index

    @cached_property
    def seeds(self) -> Seeds:
        return Seeds(self._codebase, self.index, self.record)

    @cached_property
    def commit_style(self) -> Any:
        return style_of(self.workspace.subjects(_SUBJECTS))

    def planned(self) -> Plan:
        """The plan to work from: made, checked, and approved where a gate asks for it."""
        proposed = self._still("plan.proposed", "plan")
        if proposed is None:
            self._plan()
            proposed = self.record.last("plan.proposed")
        assert proposed is not None
        plan = plan_from(proposed.payload["plan"])
        reasons = ["the plan waits for an approval, as asked"] if "plan" in self.policy.gates else []
        reasons += ["the model made no plan that holds"] if proposed.payload["fallback"] else []
        if reasons:
            plan = self._approved(plan, proposed, reasons)
        self.plan = plan
        return plan

    def worked(self) -> dict[str, Any]:
        """What the accepted hand-in said; the whole work is done when it is not there yet."""
        done = self._still("work.finished", "work")
        if done is None:
            self._work()
            done = self.record.last("work.finished")
        assert done is not None
        return done.payload

    def report(self) -> Ending:
        """The read-only stage."""
        desk = self._desk()
        edits = Edits(desk, None, self.policy.protects, writes=False)
        look = Look(desk, self._codebase)
        tools = Toolbox(desk, [*look.tools, *Reporting(desk).tools], edits)
        ending = self._run("report", tools, self._report_prompt)
        if desk.drafts:
            diff = self.workspace.diff(self.workspace.tree_with(desk.drafts))
            self.record("diff.proposed", diff=diff, paths=sorted(desk.drafts))
        if ending.status == "escalated":
            self._escalate(ending)
        return ending

    def gate_of_push(self, work: dict[str, Any]) -> None:
        """Stop before the push where a person asked for it, or something asks for a person."""
        reasons = ["the push waits for an approval, as asked"] if "push" in self.policy.gates else []
        reasons += work["review"]["asks"]
        if self._was_approved("plan") and self.progress.beyond:
            beyond = ", ".join(file.path for file in self.progress.beyond)
            reasons.append(f"files beyond the approved plan were changed: {beyond}")
        if reasons:
            passed(self.record, "push", work["review"]["tree"], reasons)

    @cached_property
    def progress(self) -> Progress:
        wanted = [item.id for item in self.brief.criteria]
        wanted += [tick.id for tick in self.brief.ticks if not tick.done]
        return Progress(self.plan, wanted, self.record.events())

    @property
    def _codebase(self) -> Any:
        return self._means.codebase if self.policy.context else None

    def _plan(self) -> None:
        desk = self._desk()
        wanted = tuple(item.id for item in self.brief.criteria)
        ground = Ground(self.workspace.tracked(), wanted, self.policy.protects, is_test)
        planning = Planning(desk, ground, asks=self.policy.ask == "ask")
        tools = Toolbox(desk, [*Look(desk, self._codebase).tools, *planning.tools])
        ending = self._run("plan", tools, self._plan_prompt, lambda: planning.refused >= _REFUSED_PLANS)
        if ending.status == "escalated" and planning.refused < _REFUSED_PLANS:
            self._escalate(ending)
        made = planning.plan or fallback_plan(self.brief.title, _kind(self.brief))
        plan = plan_from(masked(made.as_json(), self.record.hidden))  # the digest is that of what is shown
        self.record(
            "plan.proposed",
            plan=plan.as_json(),
            digest=plan.digest,
            fallback=planning.plan is None,
            used_by=dependents_of(plan, self._codebase, self.index.repo, desk.text),
        )

    def _work(self) -> None:
        desk = self._desk()
        cycles = Cycles(self.record)
        seeds = self.seeds.at(desk)
        ground = Ground(self.workspace.tracked(), protected=self.policy.protects)
        misfits = Misfits(self._codebase, self.index.repo, self.workspace)
        inspection = Inspection(self.workspace, self.rooms, self.baseline, self.record)
        reviewer = Reviewer(self.workspace, self.rooms, self.baseline, self.record, inspection.diagnose)
        handing_in = HandingIn(desk, reviewer, self.brief, self.progress, seeds, cycles, misfits, inspection)
        tools = Toolbox(
            desk,
            [
                *Look(desk, self._codebase).tools,
                *Commands(desk, self.rooms, self.baseline, seeds, cycles, self.policy.protects).tools,
                *Following(desk, self.progress, ground, seeds).tools,
                *handing_in.tools,
            ],
            Edits(desk, self.progress, self.policy.protects),
        )
        ending = self._run("work", tools, self._work_prompt)
        if ending.status == "escalated":
            self._escalate(ending)

    def _plan_prompt(self) -> Prompt:
        context = self.seeds.for_task(self.brief.text)
        guides = guides_for(self.workspace)
        return prompting.plan_prompt(self.brief, self.policy, self._about_tests, guides, context)

    def _report_prompt(self) -> Prompt:
        guides, context = guides_for(self.workspace), self.seeds.for_task(self.brief.text)
        return prompting.report_prompt(self.brief, self.policy, guides, context)

    def _work_prompt(self) -> Prompt:
        about = f"{self.brief.title}\n{self.plan.summary}"
        context = self.seeds.for_task(about, [f.path for f in self.plan.files if f.action != "create"])
        commits = describe(self.commit_style)
        proposed = self.record.last("plan.proposed")
        used = shown(proposed.payload["used_by"]) if proposed else ""
        granted = self.record.last("gate.granted", gate="plan")
        said = granted.payload["note"] if granted else ""
        guides = guides_for(self.workspace, sorted(self.plan.paths))
        return prompting.work_prompt(
            self.brief, self.policy, self._about_tests, guides, context, self.plan, commits, used, said
        )

    @property
    def _about_tests(self) -> str:
        return prompting.about_tests(self.baseline, attempts(self.record))

    def _desk(self) -> Desk:
        return Desk(self.workspace, self.index, self.record)

    def _run(
        self,
        stage: Stage,
        tools: Toolbox,
        prompt: Callable[[], Prompt],
        give_up: Callable[[], bool] = lambda: False,
    ) -> Ending:
        model = self._model(self.policy.models.get(stage, ""))
        agent = Agent(stage, model, tools, self.record, self.policy.limits, self._means.cancelled, give_up)
        return agent.run(prompt)

    def _model(self, name: str) -> Model:
        """One model for each name: what an endpoint taught it is kept for the run."""
        if name not in self._models:
            self._models[name] = self._means.models(name)
        return self._models[name]

    def _still(self, type: str, stage: str) -> Event | None:
        """The newest event of a type, unless a person asked for something else of that stage since."""
        found, answered = self.record.last(type), self.record.last("answered", stage=stage)
        return None if found and answered and answered.seq > found.seq else found

    def _escalate(self, ending: Ending) -> None:
        found = tried(self.record.events())
        stopped = [] if ending.question else [so_far(found)]  # by a limit: nobody asked anything
        self.record(
            "escalated",
            summary=clipped("\n".join([ending.summary, *stopped]), _QUESTION_LETTERS),
            question=clipped(ending.question, _QUESTION_LETTERS),
            tried=found,
        )
        raise Ended

    def _approved(self, plan: Plan, proposed: Event, reasons: Sequence[str]) -> Plan:
        granted = passed(self.record, "plan", proposed.payload["digest"], reasons)
        if granted["plan"] is not None:
            plan = plan_from(granted["plan"])
        if plan.digest != granted["subject"]:
            raise Forbidden("the plan is not the one that was approved; approve it anew")
        return plan

    def _was_approved(self, gate: str) -> bool:
        return self.record.last("gate.granted", gate=gate) is not None


def _kind(brief: Brief) -> Kind:
    return brief.kind or "fix"  # type: ignore[return-value]

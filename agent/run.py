"""A task and a repository -> a tested change, asked for as a pull request; or an honest reason why not.

    clone -> task -> dependencies -> tests -> plan -(gate)-> work -> review -(gate)-> commit -> push -> PR

The user's tree is only read. Each step is an event before the next one begins, and a step whose event
is there is not done again: what was killed, stopped at a gate or escalated goes on from the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.deliver import deliver
from agent.gates import AtGate
from agent.log.outcome import Outcome, outcome_of
from agent.log.runs import Recorder
from agent.log.states import RESTING
from agent.means import Means
from agent.policy import Policy
from agent.stages import Ended, Stages
from agent.workspace import RepoHandle
from indexer.errors import BadInput, CairnError, Cancelled, Conflict

_TASK_LETTERS = 200_000


def open_run(
    task: str,
    repo: RepoHandle,
    means: Means,
    choices: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> str:
    """Open a run and return its id; nothing is done yet. `choices` are settings of Policy, for this run.

    The same request with the same idempotency `key` gives the run that was opened before.

    Raises BadInput for an empty task or a choice that makes no sense.
    """
    if not task.strip():
        raise BadInput("the task is empty; say what shall be different")
    if len(task) > _TASK_LETTERS:
        raise BadInput(f"the task has {len(task)} letters; at most {_TASK_LETTERS} are read")
    chosen = {key: value for key, value in (choices or {}).items() if value is not None}
    policy = Policy().with_choices(chosen)
    model = means.models(policy.models.get("work", ""))
    return means.log.create(task, repo.name, model.name, means.hidden, chosen, key).run


def work_on(run_id: str, repo: RepoHandle, means: Means) -> Outcome:
    """Begin a run, or go on with one, until it has ended or waits for a person.

    Failures that have a reason are an Outcome, not an exception. Raises Conflict when another worker has
    it, or when its state allows no work.
    """
    log = means.log
    row = log.show(run_id)
    with log.lease(row.id):
        record = Recorder(log, row.id, means.hidden, means.on_event)
        state = log.show(row.id).state  # read again: the worker before may just have ended it
        if state in ("finished", "rejected", "awaiting_approval"):
            raise Conflict(f"run {row.id} is {state}; {_instead(state)}")
        stages = Stages(row.task, repo, means, record)
        try:
            begun = any(event.type == "run.started" for event in record.events())
            scripted = means.models("").scripted
            name = "run.resumed" if begun else "run.started"
            record(name, model=row.model, scripted=scripted, sandbox=means.sandbox.name)
            _work(stages, record, means)
        except (AtGate, Ended):
            pass  # the event that says so is written
        except Cancelled as reason:
            record("cancelled", reason=str(reason))
        except CairnError as error:
            record("failed", reason=str(error), error=type(error).__name__)
        except BaseException as error:
            if log.show(row.id).state not in RESTING:
                record("failed", reason=f"{type(error).__name__}: {error}", error=type(error).__name__)
            raise
        finally:
            stages.close()
    return outcome_of(log, row.id, means.data)


def run_task(task: str, repo: RepoHandle, means: Means, choices: Mapping[str, Any] | None = None) -> Outcome:
    """Open a run and work on it until it rests."""
    run_id = open_run(task, repo, means, choices)
    for event in means.log.events(run_id):
        means.on_event(event)
    return work_on(run_id, repo, means)


def _work(stages: Stages, record: Recorder, means: Means) -> None:
    stages.prepare()
    if stages.policy.mode == "read-only":
        report = stages.report()
        record("finished", summary=report.summary)
        return
    stages.planned()
    work = stages.worked()
    stages.gate_of_push(work)
    request = deliver(stages, work, record, means)
    record("finished", subject=work["subject"], summary=work["summary"], request=request)


def _instead(state: str) -> str:
    return "approve, reject or answer it first" if state == "awaiting_approval" else "begin a new one"

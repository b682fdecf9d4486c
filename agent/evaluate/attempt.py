"""An instance and an arm -> a run of the agent on it, judged: one Result.

The run is shown the statement and nothing else of the instance. Nobody is there to answer: what is
unclear is assumed, and a run that stops to ask has ended.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from agent.evaluate.instances import Instance
from agent.evaluate.judge import Judge
from agent.evaluate.results import Arm, Result
from agent.forge.local import LocalForge
from agent.log.budget import Spent
from agent.log.outcome import Outcome
from agent.means import Means
from agent.model import Model
from agent.run import run_task
from agent.workspace import RepoHandle
from indexer.errors import CairnError, Cancelled

# Never the statement alone: one that reads like a path or an address would be looked up.
_TASK = "Resolve this issue of the repository.\n\n{statement}\n"
_REASON_LETTERS = 2000


@dataclass(frozen=True, slots=True)
class Choices:
    """How the runs are done. `model` is "" for the default one; `limits` are those of a run's policy.

    `dry`: no model, the instance's own patch is made by a script instead.
    """

    model: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)
    dry: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """An instance that was prepared: its clone without a future, its judge, and a folder for the rest.

    `script` takes the place of a model in a dry run.
    """

    instance: Instance
    root: Path
    judge: Judge
    folder: Path
    script: Model | None = None


def attempt(trial: Trial, arm: Arm, means: Means, choices: Choices) -> Result:
    """Run and judge. Raises Cancelled when somebody asked to stop; then nothing is known yet."""
    instance = trial.instance
    name = instance.repo.replace("/", "__")  # without the number, by which a model could know the change
    forge = LocalForge(trial.folder / f"forge-{arm}", name)
    means = replace(means, forge=forge, python=instance.python or means.python)
    if (script := trial.script) is not None:
        means = replace(means, models=lambda _: script)
    task = _TASK.format(statement=instance.statement)
    try:
        outcome = run_task(task, RepoHandle(name, trial.root), means, _policy(instance, arm, choices))
    except CairnError as error:
        return Result(instance.id, arm, "failed", reason=str(error)[:_REASON_LETTERS])
    try:
        if outcome.status == "cancelled":
            raise Cancelled("stopped; what was judged is kept, the same command goes on")
        return _judged(trial, arm, outcome)
    finally:
        # The log of the run and its patch stay; a clone for each would fill the disk.
        shutil.rmtree(means.data / "workspaces" / outcome.run_id, ignore_errors=True)


def _policy(instance: Instance, arm: Arm, choices: Choices) -> dict[str, Any]:
    stages = ("plan", "work", "report")
    return {
        "ask": "assume",
        "gates": [],
        "context": arm == "on",
        "test": list(instance.test) or None,
        "setup": list(instance.setup) or None,
        "setup_allowed": True if instance.setup else None,
        "models": dict.fromkeys(stages, choices.model) if choices.model and not choices.dry else None,
        "limits": dict(choices.limits) or None,
    }


def _judged(trial: Trial, arm: Arm, outcome: Outcome) -> Result:
    judgement = trial.judge.judge(outcome.diff)
    spent = outcome.spent or Spent()
    reason = judgement.reason if outcome.status == "finished" else outcome.summary
    return Result(
        instance=trial.instance.id,
        arm=arm,
        status=outcome.status,
        resolved=judgement.resolved,
        reason=reason[:_REASON_LETTERS],
        run=outcome.run_id,
        model=outcome.model,
        patch=f"{outcome.diff}\n" if outcome.diff else "",
        failing=judgement.failing,
        steps=spent.total_steps,
        cycles=spent.total_cycles,
        input_tokens=spent.total_input,
        output_tokens=spent.total_output,
        seconds=round(spent.total_seconds, 1),
        dollars=spent.total_dollars,
    )

"""Instances and arms -> their results, one after the other or some at once; begun again, it goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from agent.evaluate.attempt import Choices, Trial, attempt
from agent.evaluate.gold import gold
from agent.evaluate.instances import Instance
from agent.evaluate.judge import InvalidInstance, Judge
from agent.evaluate.past import clone_past
from agent.evaluate.results import Arm, Result, Results
from agent.means import Means
from agent.policy import Policy
from indexer.errors import CairnError, Cancelled, SandboxUnavailable

_FAILURES = 3  # in a row: the endpoint or the machine is in the way, and each further run is one more


class TooManyFailures(CairnError):
    """Runs fail one after the other for a reason that is not the task."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to do: `arms` of each instance, `jobs` instances at once; `told` hears of each result."""

    arms: Sequence[Arm]
    choices: Choices = field(default_factory=Choices)
    jobs: int = 1
    told: Callable[[Result], None] = lambda _: None


def evaluate(instances: Sequence[Instance], means: Means, results: Results, order: Order) -> None:
    """Run and judge what `results` do not have yet.

    Raises NotFound for an instance without a repository and BadInput for a limit that is none, before
    anything is begun; Conflict while another process is at it; SandboxUnavailable, Cancelled and
    TooManyFailures. What was judged by then is kept, and the same call goes on.
    """
    for instance in instances:
        _ = instance.source
    Policy().with_choices({"limits": dict(order.choices.limits)})
    means.sandbox.probe()
    campaign = _Campaign(means, results, order)
    with results.lease():
        if order.jobs == 1:
            for instance in instances:
                campaign.go_through(instance)
        else:
            campaign.go_through_at_once(instances)


class _Campaign:
    def __init__(self, means: Means, results: Results, order: Order) -> None:
        self._means = means
        self._results = results
        self._order = order
        self._failures = 0
        self._stopped = False

    def go_through_at_once(self, instances: Sequence[Instance]) -> None:
        with ThreadPoolExecutor(self._order.jobs) as pool:
            pending = [pool.submit(self.go_through, instance) for instance in instances]
            try:
                for future in pending:
                    future.result()
            except BaseException:
                self._stopped = True
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def go_through(self, instance: Instance) -> None:
        """All arms of one instance that are still to be done."""
        arms = [arm for arm in self._order.arms if not self._results.done(instance.id, arm)]
        if not arms:
            return
        if self._stopped or self._means.cancelled():
            raise Cancelled("stopped; what was judged is kept, the same command goes on")
        with self._folder(instance) as folder:
            try:
                trial = self._prepared(instance, folder)
            except (Cancelled, SandboxUnavailable):
                raise
            except CairnError as error:
                for arm in arms:
                    self._add(Result(instance.id, arm, "invalid", reason=str(error)))
                return
            for arm in arms:
                self._add(attempt(trial, arm, self._means, self._order.choices))

    def _prepared(self, instance: Instance, folder: Path) -> Trial:
        dry = self._order.choices.dry
        if dry and not instance.patch:
            raise InvalidInstance("it has no patch of its own, which a dry run needs")
        root = clone_past(instance.source, instance.base, folder / "clone")
        judge = Judge(instance, root, folder / "judge", self._means)
        judge.check()
        script = gold(judge, instance.patch, instance.test_patch) if dry else None
        return Trial(instance, root, judge, folder, script)

    def _add(self, result: Result) -> None:
        self._results.add(result)
        self._order.told(result)
        self._failures = self._failures + 1 if result.status == "failed" else 0
        if self._failures >= _FAILURES:
            self._stopped = True
            raise TooManyFailures(
                f"{_FAILURES} runs in a row failed, the last one: {result.reason}. Mend that and give the "
                "same command again; it goes on"
            )

    @contextmanager
    def _folder(self, instance: Instance) -> Iterator[Path]:
        folder = self._results.folder / "work" / instance.id
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

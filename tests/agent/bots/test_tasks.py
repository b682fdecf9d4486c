"""From a task to green tests, in five languages and seven kinds. Scripts prove plumbing and safety, and
not how many tasks a model would solve."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.sandbox.bwrap import Bubblewrap
from agent.suites.suite import is_test
from tests.agent.bots.tasks import TASKS, Task
from tests.agent.bots.world import Solved, World, worlds


@pytest.fixture(scope="module")
def world(sandbox: Bubblewrap, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from worlds(tmp_path_factory.mktemp("bots"), sandbox)


def each(*tasks: Task) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("task", tasks, ids=[task.name for task in tasks])


def of_kind(*kinds: str) -> pytest.MarkDecorator:
    return each(*(task for task in TASKS if task.kind in kinds))


def git(solved: Solved, gitdir: Path, *arguments: str) -> str:
    command = ["git", f"--git-dir={gitdir}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@each(*TASKS)
def test_a_task_becomes_a_tested_change(task: Task, world: World) -> None:
    solved = world.solved(task)
    outcome = solved.outcome
    assert outcome.status == "finished", f"{outcome.summary}\n{outcome.question}"
    assert outcome.plan is not None
    assert outcome.plan.kind == task.kind
    assert outcome.tests_after is not None
    assert outcome.tests_after.startswith("green")
    assert solved.refused == ()
    assert solved.untouched


@each(*TASKS)
def test_the_request_and_its_commit_are_in_the_forge(task: Task, world: World) -> None:
    solved = world.solved(task)
    outcome, forge = solved.outcome, solved.root.parent / "data" / "forge"
    assert outcome.request is not None
    (bare,) = forge.glob("*.git")
    assert git(solved, bare, "rev-parse", outcome.branch).strip() == outcome.commit
    (document,) = forge.glob("*/requests/*.md")
    assert outcome.request["title"] in document.read_text()
    (sheet,) = forge.glob("*/requests/*.json")
    assert json.loads(sheet.read_text())["commit"] == outcome.commit


@each(*TASKS)
def test_cairn_looked_before_the_plan_each_step_and_each_correction(task: Task, world: World) -> None:
    solved = world.solved(task)
    seeds = [event.payload["seed"] for event in solved.events("context.retrieved")]
    assert seeds[:2] == ["task", "task"]
    assert "step" in seeds
    red = [event for event in solved.events("tests.finished") if _during(event.payload)]
    assert ("failure" in seeds) == bool(red)


@each(*(task for task in TASKS if task.corrected))
def test_a_wrong_first_attempt_is_corrected_from_the_failure(task: Task, world: World) -> None:
    solved = world.solved(task)
    assert solved.events("cycle")
    events = solved.outcome.events
    red = max(at for at, event in enumerate(events) if _during(event.payload))
    tried = [
        path for event in events[:red] if event.type == "edit.applied" for path in event.payload["paths"]
    ]
    assert any(task.kind == "tests" or not is_test(path) for path in tried), (
        "a test that is red is no attempt"
    )
    types = [event.type for event in events[red:]]
    mended = min(types.index(name) for name in ("edit.applied", "command.finished") if name in types)
    assert mended < types.index("work.finished")


@of_kind("fix", "feature")
def test_what_is_new_fails_on_the_old_code(task: Task, world: World) -> None:
    outcome = world.solved(task).outcome
    assert outcome.proof or "fails on the old code" in " ".join(outcome.notes)


@of_kind("feature")
def test_the_helper_is_reused_and_not_written_again(task: Task, world: World) -> None:
    outcome = world.solved(task).outcome
    assert outcome.plan is not None
    (helper,) = outcome.plan.reuses
    added = [line for line in outcome.diff.splitlines() if line.startswith("+") and helper in line]
    assert any("import" in line for line in added)
    defined = re.findall(r"^\+.*(?:def|function) (\w+)", outcome.diff, re.M)
    assert helper not in defined
    assert len([name for name in defined if not name.startswith("test_")]) == 1


@of_kind("tests")
def test_tests_of_existing_code_notice_mistakes_in_it(task: Task, world: World) -> None:
    (mutants,) = world.solved(task).events("mutants.finished")
    assert mutants.payload["tried"] >= 3
    assert mutants.payload["killed"] == mutants.payload["tried"] - len(mutants.payload["survivors"])
    assert mutants.payload["killed"] > mutants.payload["tried"] / 2


@of_kind("build")
def test_nothing_could_be_built_before(task: Task, world: World) -> None:
    outcome = world.solved(task).outcome
    assert outcome.tests_before is not None
    assert outcome.tests_before.startswith("red")
    assert outcome.proof or "printed sums" in (outcome.tests_after or "")


@each(*TASKS)
def test_a_person_is_asked_where_what_tests_assert_was_renamed_and_else_not(task: Task, world: World) -> None:
    asks = world.solved(task).asks
    assert ["weakened" in reason for reason in asks] == ([True] if task.project == "prices" else [])


@each(*(task for task in TASKS if task.asked == "add-reminders"))
def test_the_tasks_of_the_change_folder_are_ticked(task: Task, world: World) -> None:
    solved = world.solved(task)
    (ticked,) = solved.events("tasks.ticked")
    assert ticked.payload["done"] == ["1.1", "1.2"]
    assert "+- [x] 1.1 Write the line" in solved.outcome.diff


@each(*(task for task in TASKS if "#" in task.asked or task.project == "invoices"))
def test_every_criterion_is_judged(task: Task, world: World) -> None:
    solved = world.solved(task)
    judged = solved.events("criteria.judged")[-1].payload["criteria"]
    assert len(judged) > 1
    assert all(one["met"] and one["evidence"] for one in judged)


def test_the_tasks_are_of_all_kinds_and_five_languages() -> None:
    alike = {task.project for task in TASKS}
    assert len(alike) >= 12
    assert {task.language for task in TASKS} == {"Python", "JavaScript", "Go", "Rust", "C"}
    assert {task.kind for task in TASKS} == {
        *("fix", "feature", "refactoring", "tests", "docs", "dependencies", "build")
    }
    assert sum(task.corrected for task in TASKS) >= 4
    assert sum(bool(task.words) for task in TASKS) >= 4


def _during(payload: dict[str, object]) -> bool:
    return payload.get("stage") == "during" and payload.get("green") is False

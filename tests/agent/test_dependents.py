from collections.abc import Callable
from pathlib import Path

from agent.dependents import dependents_of, shown
from agent.plan import FileChange, Plan, Step
from tests.agent.plain import PlainCodebase


def plan(*paths: str) -> Plan:
    return Plan("x", "refactoring", (Step("x"),), tuple(FileChange(path, "change") for path in paths))


def read(root: Path) -> Callable[[str], str]:
    return lambda path: (root / path).read_text()


def test_who_uses_what_a_plan_changes_is_named_with_the_line(sample: Path) -> None:
    used = dependents_of(plan("payments/retry.py"), PlainCodebase(sample), "plain", read(sample))
    places = used["payments/retry.py"]
    assert any(place.startswith("payments/client.py:") for place in places)
    assert any("uses retry_with_backoff (only the name agrees)" in place for place in places)
    assert shown(used).startswith("payments/retry.py is used by:\n- ")


def test_files_of_the_plan_itself_are_left_out(sample: Path) -> None:
    everything = [path.relative_to(sample).as_posix() for path in sample.rglob("*.py")]
    assert dependents_of(plan(*everything), PlainCodebase(sample), "plain", read(sample)) == {}


def test_without_retrieval_nothing_is_known(sample: Path) -> None:
    assert dependents_of(plan("payments/retry.py"), None, "plain", str) == {}

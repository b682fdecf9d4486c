import pytest

from agent.log.states import ENDED, RESTING, STATES, after
from indexer.errors import Conflict


def test_a_run_goes_through_its_gate_and_on() -> None:
    state = "queued"
    story = ("run.started", "gate.requested", "gate.granted", "run.resumed", "finished")
    for event in story:
        state = after(state, event)
    assert state == "finished"


def test_an_answer_brings_a_stuck_run_back() -> None:
    assert after(after("escalated", "answered"), "run.resumed") == "running"


def test_a_killed_run_can_be_resumed_from_where_it_ran() -> None:
    assert after("running", "run.resumed") == "running"


@pytest.mark.parametrize("state", ENDED)
@pytest.mark.parametrize("event", ["run.resumed", "answered", "cancelled", "gate.granted"])
def test_nothing_follows_an_end(state: str, event: str) -> None:
    with pytest.raises(Conflict, match=f"run r is {state}"):
        after(state, event, "r")  # type: ignore[arg-type]


def test_what_nobody_waits_for_cannot_be_approved() -> None:
    with pytest.raises(Conflict, match="there is nothing to approve"):
        after("running", "gate.granted")


def test_every_state_rests_or_is_worked_on() -> None:
    assert set(STATES) - set(RESTING) == {"queued", "running"}

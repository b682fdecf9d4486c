from typing import Any

from agent.log.budget import Limits, Reached, Spent
from agent.log.runs import Event

ANSWER = {"stage": "work", "input_tokens": 1000, "output_tokens": 100, "dollars": 0.5}


def events(*said: tuple[str, dict[str, Any]], every: float = 1.0) -> list[Event]:
    return [Event("r", n, n * every, type, payload) for n, (type, payload) in enumerate(said, 1)]


def test_what_was_used_is_counted_from_the_log() -> None:
    spent = Spent.of(
        events(("run.started", {}), *[("model.response", ANSWER)] * 3, ("cycle", {"signature": "a"}))
    )
    assert (spent.steps, spent.input_tokens, spent.output_tokens, spent.dollars) == (3, 3000, 300, 1.5)
    assert (spent.cycles, spent.seconds) == (1, 4.0)


def test_a_restart_gives_no_second_budget_and_costs_no_time() -> None:
    log = events(("run.started", {}), ("model.response", ANSWER), ("run.resumed", {}), every=100.0)
    spent = Spent.of([*log, Event("r", 4, 301.0, "model.response", ANSWER)])
    assert spent.steps == 2
    assert spent.seconds == 101.0


def test_a_person_who_answers_grants_a_new_budget() -> None:
    log = [("model.response", ANSWER)] * 5 + [("cycle", {"signature": "a"})] * 2
    spent = Spent.of(
        events(*log, ("escalated", {}), ("answered", {"text": "go on"}), ("model.response", ANSWER))
    )
    assert (spent.steps, spent.total_steps) == (1, 6)
    assert (spent.cycles, spent.total_cycles) == (0, 2)
    assert (spent.dollars, spent.total_dollars) == (0.5, 3.0)


def test_the_same_failure_again_and_again_is_a_limit() -> None:
    same = [("cycle", {"signature": "x"})] * 3
    reached = Spent.of(events(*same)).reached(Limits())
    assert reached == Reached("same_failure", "3 attempts in a row that fail in the same way")
    moved = [("cycle", {"signature": letter}) for letter in "xxyx"]
    assert Spent.of(events(*moved)).reached(Limits()) is None


def test_money_binds_only_where_it_is_known() -> None:
    free = {**ANSWER, "dollars": None}
    assert Spent.of(events(*[("model.response", free)] * 9)).reached(Limits(dollars=1)) is None
    paid = Spent.of(events(*[("model.response", ANSWER)] * 9))
    assert paid.reached(Limits(dollars=1)) == Reached("dollars", "1 dollars")


def test_the_model_is_told_what_is_left() -> None:
    spent = Spent.of(events(*[("model.response", ANSWER)] * 18))
    assert spent.left(Limits()) == "[42 of 60 steps, 382k of 400k tokens, 8 of 8 attempts left]"

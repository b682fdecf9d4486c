"""Instances go through the agent and an endpoint, and come back judged."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from agent.evaluate.attempt import Choices
from agent.evaluate.campaign import Order, TooManyFailures, evaluate
from agent.evaluate.gold import NAME
from agent.evaluate.instances import Instance
from agent.evaluate.report import publish, table
from agent.evaluate.results import ARMS, Campaign, Result, Results
from agent.means import Means
from agent.model.openai import ModelOptions, OpenAIModel
from indexer.errors import BadInput, Cancelled, Conflict, NotFound
from tests.agent.endpoint import Endpoint
from tests.agent.evaluate.world import OFF, PRICE, SLUG, WORDS, Made, Solver, git

REAL = Campaign("scripted", dry=False)


def by_key(results: Results) -> dict[tuple[str, str], Result]:
    return {(result.instance, result.arm): result for result in results.all()}


def test_both_arms_are_run_and_judged_by_the_tests_of_the_instances(
    instances: list[Instance], means: Means, solver: Solver, made: list[Made], tmp_path: Path
) -> None:
    results = Results(tmp_path / "out", REAL)
    evaluate(instances, means, results, Order(ARMS))

    found = by_key(results)
    verdicts = {key: (result.status, result.resolved) for key, result in found.items()}
    assert verdicts == {
        (PRICE.id, "on"): ("finished", True),
        (SLUG.id, "on"): ("finished", True),
        (WORDS.id, "on"): ("finished", True),
        (PRICE.id, "off"): ("finished", False),  # its own test is green, that of the instance is not
        (SLUG.id, "off"): ("escalated", False),
        (WORDS.id, "off"): ("escalated", False),
    }
    wrong = found[PRICE.id, "off"]
    assert wrong.failing == PRICE.fail_to_pass
    assert wrong.steps >= 3
    assert min(wrong.input_tokens, wrong.output_tokens, wrong.seconds) > 0

    report = publish(results)
    assert report["difference"] == report["difference"] | {"pairs": 3, "only_on": 3, "p": 0.25}
    assert "it cannot be told whether context makes a difference" in table(report)
    (line, *_) = (tmp_path / "out" / "predictions-on.jsonl").read_text().splitlines()
    prediction = json.loads(line)
    assert prediction["instance_id"] == PRICE.id
    assert prediction["model_name_or_path"] == "cairn, scripted, context on"
    assert "+    return sum(prices) - discount" in prediction["model_patch"]

    # what a run must not see: the change, the tests, the hints, the number of the issue
    assert len(solver.prompts) == 12  # a plan and the work, of six runs
    for prompt in solver.prompts:
        assert not any(one.future in prompt or one.case.id in prompt for one in made)
        assert "sum(prices) - discount" not in prompt
        assert "test_discount" not in prompt
    assert sum(OFF in prompt for prompt in solver.prompts) == 6
    assert list((tmp_path / "out" / "work").iterdir()) == []
    assert list((means.data / "workspaces").iterdir()) == []


def test_a_second_call_does_only_what_is_missing(
    instances: list[Instance], means: Means, endpoint: Endpoint, tmp_path: Path
) -> None:
    def stop(result: Result) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(instances[:1], means, Results(tmp_path / "out", REAL), Order(ARMS, told=stop))
    file = tmp_path / "out" / "results.jsonl"
    first = file.read_text()
    file.write_text(first + '{"instance": "shop__sl')  # killed while it wrote the next one
    told: list[Result] = []
    evaluate(instances[:1], means, Results(tmp_path / "out", REAL), Order(ARMS, told=told.append))
    assert [(result.instance, result.arm) for result in told] == [(PRICE.id, "off")]
    assert file.read_text().startswith(first)

    asked = len(endpoint.requests)
    results = Results(tmp_path / "out", REAL)
    evaluate(instances[:1], means, results, Order(ARMS))
    assert len(endpoint.requests) == asked
    assert {result.arm for result in results.all()} == {"on", "off"}


def test_a_run_that_was_asked_to_stop_is_no_result(
    instances: list[Instance], means: Means, endpoint: Endpoint, tmp_path: Path
) -> None:
    results = Results(tmp_path / "out", REAL)
    asked_to_stop = replace(means, cancelled=lambda: len(endpoint.requests) > 0)
    with pytest.raises(Cancelled, match="the same command goes on"):
        evaluate(instances[:1], asked_to_stop, results, Order(("on",)))
    assert results.all() == []
    evaluate(instances[:1], means, results, Order(("on",)))
    assert by_key(results)[PRICE.id, "on"].resolved


def test_an_instance_whose_tests_lie_is_counted_apart(
    instances: list[Instance], means: Means, endpoint: Endpoint, tmp_path: Path
) -> None:
    price, slug, words = instances
    wrong = [
        replace(price, fail_to_pass=PRICE.pass_to_pass),
        replace(slug, pass_to_pass=("tests/test_names.py::test_gone",)),
        replace(words, base="0" * 40),
        replace(price, id="x-4", test_patch="--- a/no.py\n+++ b/no.py\n@@ -1 +1 @@\n-a\n+b\n"),
        replace(price, id="x-5", patch=price.patch.replace("- discount", "- 2 * discount")),
    ]
    results = Results(tmp_path / "out", REAL)
    evaluate(wrong, means, results, Order(("on",)))

    report = publish(results)["arms"]["on"]
    assert (report["instances"], report["resolved"], report["share"]) == (0, 0, None)
    reasons = report["invalid"]
    assert "these pass without any change: tests/test_price.py::test_nothing" in reasons[PRICE.id]
    assert "should pass before the change and do not: tests/test_names.py::test_gone" in reasons[SLUG.id]
    assert "cannot give the commit 000000000000" in reasons[WORDS.id]
    assert "its test patch does not apply" in reasons["x-4"]
    assert "its own patch does not solve it here: tests/test_price.py::test_discount" in reasons["x-5"]
    assert endpoint.requests == []


def test_a_dry_run_makes_the_patches_through_the_tools_and_says_what_it_is(
    instances: list[Instance], means: Means, endpoint: Endpoint, made: list[Made], tmp_path: Path
) -> None:
    before = [_state(one) for one in made]
    results = Results(tmp_path / "out", Campaign(NAME, dry=True))
    order = Order(("on",), Choices(dry=True), jobs=2)
    evaluate(instances[1:], replace(means, follow=None), results, order)

    assert [(one.status, one.resolved, one.model) for one in results.all()] == [("finished", True, NAME)] * 2
    assert endpoint.requests == []
    assert [_state(one) for one in made] == before  # the sources are only read
    said = table(publish(results))
    assert said.startswith(f"{NAME}\n\nDRY RUN: a script made the patches")
    with pytest.raises(Conflict, match="holds results of a dry run of"):
        Results(tmp_path / "out", REAL)


def _state(one: Made) -> str:
    return git(one.root, "for-each-ref") + git(one.root, "status", "--porcelain")


def test_an_endpoint_that_is_gone_ends_the_campaign_and_costs_no_instance(
    instances: list[Instance], means: Means, tmp_path: Path
) -> None:
    gone = ModelOptions("scripted", "key", "http://127.0.0.1:9/v1", retries=0, pause=0.01)
    results = Results(tmp_path / "out", REAL)
    with pytest.raises(TooManyFailures, match="3 runs in a row failed"):
        evaluate(instances, replace(means, models=lambda _: OpenAIModel(gone)), results, Order(("on",)))
    assert [one.status for one in results.all()] == ["failed"] * 3
    evaluate(instances[:1], means, results, Order(("on",)))
    assert by_key(results)[PRICE.id, "on"].status == "finished"


def test_one_process_at_a_time_fills_a_folder(
    instances: list[Instance], means: Means, tmp_path: Path
) -> None:
    results = Results(tmp_path / "out", REAL)
    with results.lease(), pytest.raises(Conflict, match="is being filled by another process"):
        evaluate(instances, means, Results(tmp_path / "out", REAL), Order(("on",)))


def test_a_limit_that_is_none_is_said_before_anything_is_begun(
    instances: list[Instance], means: Means, tmp_path: Path
) -> None:
    order = Order(("on",), Choices(limits={"step": 3}))
    with pytest.raises(BadInput, match="limits has no 'step'; it has steps"):
        evaluate(instances, means, Results(tmp_path / "out", REAL), order)


def test_an_instance_without_a_repository_is_said_before_anything_is_begun(
    instances: list[Instance], means: Means, tmp_path: Path
) -> None:
    lost = replace(instances[2], path=None)
    with pytest.raises(NotFound, match="shop__words-3 has no repository; give its `path`, or --mirrors"):
        evaluate([instances[0], lost], means, Results(tmp_path / "out", REAL), Order(("on",)))
    assert not (tmp_path / "out" / "results.jsonl").exists()

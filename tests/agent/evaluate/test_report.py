"""Results are summed up, and published as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.evaluate.report import publish, report_of, table
from agent.evaluate.results import Arm, Campaign, Result, Results
from indexer.errors import BadInput, Conflict

REAL = Campaign("gpt", dry=False)


def result(number: int, arm: Arm, resolved: bool, status: str = "finished") -> Result:
    spent = {"steps": number, "input_tokens": 1000 * number, "output_tokens": 10 * number, "cycles": 1}
    return Result(
        *(f"i-{number}", arm, status, resolved, "", f"run{number}", "gpt", f"diff {number}\n", ()),
        **spent,
        seconds=60.0 * number,
        dollars=0.5 if number == 1 else None,
    )


SOME = [
    result(1, "on", True),
    result(2, "on", True),
    result(3, "on", False, "escalated"),
    result(4, "on", False, "failed"),
    Result("i-5", "on", "invalid", reason="its tests pass"),
    result(1, "off", True),
    result(2, "off", False),
    result(3, "off", True),
    result(6, "off", False),
]


def test_each_arm_says_what_was_solved_of_what_and_at_which_cost() -> None:
    on = report_of(SOME, REAL)["arms"]["on"]
    assert (on["instances"], on["resolved"], on["share"]) == (4, 2, 0.5)
    assert on["interval"] == [0.15, 0.85]  # 2 of 4: 0.5 ± 1.96 · 0.3500 / 1.96038
    assert on["statuses"] == {"escalated": 1, "failed": 1, "finished": 2}
    assert on["invalid"] == {"i-5": "its tests pass"}
    assert on["medians"] == {
        "input_tokens": 2500.0,
        "output_tokens": 25.0,
        "steps": 2.5,
        "cycles": 1.0,
        "seconds": 150.0,
        "dollars": 0.5,
    }
    assert on["resolved_ids"] == ["i-1", "i-2"]
    assert on["unresolved_ids"] == ["i-3", "i-4"]


def test_the_difference_is_of_what_both_arms_have_done() -> None:
    said = report_of(SOME, REAL)["difference"]
    assert said["pairs"] == 3
    assert (said["both"], said["only_on"], said["only_off"], said["neither"]) == (1, 1, 1, 0)
    assert (said["difference"], said["p"]) == (0.0, 1.0)
    assert report_of(SOME[:4], REAL)["difference"] is None


def test_few_pairs_are_said_to_tell_nothing() -> None:
    few = report_of(SOME, REAL)
    assert "With 3 pairs it cannot be told whether context makes a difference" in table(few)
    pairs = [result(n, arm, arm == "on" or n > 15) for n in range(1, 31) for arm in ("on", "off")]  # type: ignore[arg-type]
    enough = report_of(pairs, REAL)
    assert enough["remarks"] == []
    assert "on minus off +50.0 points" in table(enough)
    assert "McNemar p = 0.000" in table(enough)


def test_the_table_lists_every_instance() -> None:
    text = table(report_of(SOME, REAL))
    assert "context on   resolved 2 of 4  50.0%  (95%: 15.0% to 85.0%)" in text
    assert "escalated 1, failed 1, finished 2; invalid 1" in text
    assert "on resolved    i-1\n" in text
    assert "on invalid     i-5: its tests pass\n" in text
    assert "off unresolved  i-6\n" in text


def test_what_is_published_can_be_read_by_the_benchs_own_harness(tmp_path: Path) -> None:
    results = Results(tmp_path, REAL)
    for one in SOME:
        results.add(one)
    report = publish(results)
    assert json.loads((tmp_path / "report.json").read_text()) == report
    assert (tmp_path / "report.txt").read_text() == table(report)
    rows = [json.loads(line) for line in (tmp_path / "predictions-off.jsonl").read_text().splitlines()]
    assert rows[0] == {
        "instance_id": "i-1",
        "model_name_or_path": "cairn, gpt, context off",
        "model_patch": "diff 1\n",
    }
    assert len(rows) == 4


def test_results_are_read_again_and_a_failed_one_is_tried_again(tmp_path: Path) -> None:
    results = Results(tmp_path, REAL)
    for one in SOME:
        results.add(one)
    again = Results(tmp_path, REAL)
    assert sorted(again.all(), key=lambda r: (r.arm, r.instance)) == sorted(
        SOME, key=lambda r: (r.arm, r.instance)
    )
    assert again.done("i-3", "on")
    assert again.done("i-5", "on")
    assert not again.done("i-4", "on")
    assert not again.done("i-6", "on")
    again.add(result(4, "on", True))
    assert Results(tmp_path, REAL).done("i-4", "on")
    with pytest.raises(Conflict, match="holds results of 'gpt', not of 'other'"):
        Results(tmp_path, Campaign("other", dry=False))


def test_a_file_that_holds_no_results_is_refused(tmp_path: Path) -> None:
    (tmp_path / "results.jsonl").write_text("{}\n")
    with pytest.raises(BadInput, match="line 1 is no result"):
        Results(tmp_path, REAL)

"""Results -> what may be said of them, as a document, as a table, and as predictions to be checked.

Resolved is what the instance's tests say. An invalid instance counts nowhere; a run that failed counts
as not resolved, so that nobody gains by failing.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from agent.evaluate.results import ARMS, Arm, Campaign, Result, Results
from agent.evaluate.statistics import bootstrap, mcnemar, wilson

_FEW = 30  # pairs; with fewer, even a difference of 25 points is within the interval
_SPENT = ("input_tokens", "output_tokens", "steps", "cycles", "seconds", "dollars")
_DRY = (
    "DRY RUN: a script made the patches that the instances bring along. This proves plumbing only; no model "
    "solved anything."
)


def report_of(results: Sequence[Result], campaign: Campaign) -> dict[str, Any]:
    """The document that --json prints and report.json holds."""
    by_arm = {arm: [result for result in results if result.arm == arm] for arm in ARMS}
    difference = _difference(by_arm["on"], by_arm["off"])
    return {
        "model": campaign.model,
        "dry": campaign.dry,
        "arms": {arm: _arm(found) for arm, found in by_arm.items() if found},
        "difference": difference,
        "remarks": _remarks(campaign, difference),
    }


def table(report: dict[str, Any]) -> str:
    """The document for people."""
    lines = [report["model"], "", *report["remarks"], ""]
    for arm, said in report["arms"].items():
        low, high = said["interval"]
        lines.append(
            f"context {arm:<3}  resolved {said['resolved']} of {said['instances']}"
            f"  {_percent(said['share'])}  (95%: {_percent(low)} to {_percent(high)})"
        )
        statuses = [f"{name} {count}" for name, count in said["statuses"].items()]
        lines.append(
            f"             {', '.join(statuses) or 'nothing was run'}; invalid {len(said['invalid'])}"
        )
        spent = [
            f"{name.replace('_', ' ')} {value:g}"
            for name, value in said["medians"].items()
            if value is not None
        ]
        lines += [f"             medians: {', '.join(spent)}"] if spent else []
    if (said := report["difference"]) is not None:
        low, high = said["interval"]
        lines += [
            "",
            f"on minus off {_points(said['difference'])}  (95%: {_points(low)} to {_points(high)}),"
            f" McNemar p = {said['p']:.3f}",
            f"             of {said['pairs']} pairs: both {said['both']}, only on {said['only_on']},"
            f" only off {said['only_off']}, neither {said['neither']}",
        ]
    return "\n".join([*lines, "", *_lists(report)]).rstrip() + "\n"


def publish(results: Results) -> dict[str, Any]:
    """Write report.json, report.txt and the predictions into the folder; return the report."""
    found = results.all()
    report = report_of(found, results.campaign)
    _write(results.folder / "report.json", json.dumps(report, indent=2) + "\n")
    _write(results.folder / "report.txt", table(report))
    for arm in ARMS:
        rows = [_prediction(result, results.campaign) for result in found if result.arm == arm and result.run]
        if rows:
            text = "".join(json.dumps(row) + "\n" for row in rows)
            _write(results.folder / f"predictions-{arm}.jsonl", text)
    return report


def _arm(results: Sequence[Result]) -> dict[str, Any]:
    judged = [result for result in results if result.status != "invalid"]
    solved = [result.instance for result in judged if result.resolved]
    low, high = wilson(len(solved), len(judged))
    return {
        "instances": len(judged),
        "resolved": len(solved),
        "share": round(len(solved) / len(judged), 4) if judged else None,
        "interval": [round(low, 4), round(high, 4)],
        "statuses": dict(sorted(Counter(result.status for result in judged).items())),
        "medians": {name: _median(judged, name) for name in _SPENT},
        "resolved_ids": solved,
        "unresolved_ids": [result.instance for result in judged if not result.resolved],
        "invalid": {result.instance: result.reason for result in results if result.status == "invalid"},
    }


def _median(results: Sequence[Result], name: str) -> float | None:
    values = [value for result in results if (value := getattr(result, name)) is not None]
    return round(float(median(values)), 4) if values else None


def _difference(on: Sequence[Result], off: Sequence[Result]) -> dict[str, Any] | None:
    """What the arms make of the same instances; None without any that both have done."""
    other = {result.instance: result for result in off if result.status != "invalid"}
    pairs = [
        (result.resolved, other[result.instance].resolved)
        for result in on
        if result.status != "invalid" and result.instance in other
    ]
    if not pairs:
        return None
    counts = Counter(pairs)
    only_on, only_off = counts[True, False], counts[False, True]
    low, high = bootstrap([one - another for one, another in pairs])
    return {
        "pairs": len(pairs),
        "both": counts[True, True],
        "only_on": only_on,
        "only_off": only_off,
        "neither": counts[False, False],
        "difference": round((only_on - only_off) / len(pairs), 4),
        "interval": [round(low, 4), round(high, 4)],
        "p": round(mcnemar(only_on, only_off), 6),
    }


def _remarks(campaign: Campaign, difference: dict[str, Any] | None) -> list[str]:
    remarks = [_DRY] if campaign.dry else []
    if difference is not None and difference["pairs"] < _FEW:
        remarks.append(
            f"With {difference['pairs']} pairs it cannot be told whether context makes a difference; "
            f"that takes {_FEW} at the very least, and some hundred for one of a few points."
        )
    return remarks


def _lists(report: dict[str, Any]) -> list[str]:
    """Which instances, for whoever wants to check."""
    lines = []
    for arm, said in report["arms"].items():
        lines += [f"{arm} resolved    {name}" for name in said["resolved_ids"]]
        lines += [f"{arm} unresolved  {name}" for name in said["unresolved_ids"]]
        lines += [
            f"{arm} invalid     {name}: {' '.join(why.split())[:200]}"
            for name, why in said["invalid"].items()
        ]
    return lines


def _prediction(result: Result, campaign: Campaign) -> dict[str, str]:
    """In SWE-bench's format, for its own harness."""
    arm: Arm = result.arm
    name = f"cairn, {campaign.model}, context {arm}"
    return {"instance_id": result.instance, "model_name_or_path": name, "model_patch": result.patch}


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}%"


def _points(share: float) -> str:
    return f"{100 * share:+.1f} points"


def _write(file: Path, text: str) -> None:
    spare = file.with_name(f"{file.name}.new")
    spare.write_text(text, "utf-8")
    os.replace(spare, file)

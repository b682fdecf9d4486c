"""The answers of each arm to each question -> a document with figures and differences, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from indexer.errors import BadInput, NotFound
from retriever.evaluate.intervals import FEW, difference, figure
from retriever.evaluate.measures import MEASURES, Ranks, measures

FORMAT = 1  # of a saved run; a baseline of another one is refused
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Answered:
    """One question. `ranks` holds, by arm, where each of `wanted` was found, `found` the first files of the
    first arm. `id` is a commit or the place in a file; `names_file`: the question says where to look."""

    id: str
    query: str
    wanted: tuple[str, ...]
    ranks: Mapping[str, Ranks]
    found: tuple[str, ...]
    names_file: bool = False
    lines: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """`source` says what was asked: enough to ask it again. `notes` are sentences for people."""

    repo: str
    source: Mapping[str, Any]
    arms: tuple[str, ...]
    answered: tuple[Answered, ...]
    cost: Mapping[str, Any]
    notes: tuple[str, ...] = ()


Json = dict[str, Any]


def document(run: Run) -> Json:
    """What --json prints and --save keeps."""
    everything = run.answered
    unnamed = [one for one in everything if not one.names_file]
    return {
        "format": FORMAT,
        "repo": run.repo,
        "source": dict(run.source),
        "questions": len(everything),
        "arms": {arm: _figures(everything, arm) for arm in run.arms},
        "differences": [_difference(everything, run.arms[0], other) for other in run.arms[1:]],
        "leakage": {
            "names_a_file": len(everything) - len(unnamed),
            "share": round(1 - len(unnamed) / len(everything), _DIGITS),
            "without": {arm: _figures(unnamed, arm) for arm in run.arms} if unnamed else None,
        },
        "lines": _lines(everything, run.arms),
        "cost": dict(run.cost),
        "notes": list(run.notes),
        "answers": [asdict(one) for one in everything],
    }


def values(answered: Sequence[Answered], arm: str, measure: str) -> list[float]:
    """One measure of each question."""
    at = MEASURES.index(measure)
    return [measures(one.ranks[arm])[at] for one in answered]


def few(n: int) -> Iterator[str]:
    """A remark on a small number of questions."""
    if n < FEW:
        yield f"with {n} questions only large differences can be told; it takes {FEW} at the very least"


def read_run(path: Path) -> Json:
    """A document that --save kept. Raises NotFound, and BadInput when it is none."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            raise BadInput(f"{path} is of format {said['format']}, this version reads {FORMAT}; save it anew")
        for one in said["answers"]:
            _ = one["id"], one["ranks"], one["wanted"]
        _ = said["source"]["kind"], said["arms"], said["repo"]
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}; make it with: cairn eval --save {path}") from None
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BadInput(f"{path} is no run that cairn eval --save kept ({error}); save it anew") from error
    found: Json = said
    return found


def _figures(answered: Sequence[Answered], arm: str) -> Json:
    figures = {}
    for measure in MEASURES:
        one = figure(values(answered, arm, measure))
        figures[measure] = {"value": _short(one.mean), "low": _short(one.low), "high": _short(one.high)}
    return figures


def _difference(answered: Sequence[Answered], one: str, other: str) -> Json:
    """`one` minus `other`, by measure."""
    found: Json = {"one": one, "other": other, "measures": {}}
    for measure in MEASURES:
        found["measures"][measure] = compared(
            values(answered, one, measure), values(answered, other, measure)
        )
    return found


def compared(one: Sequence[float], other: Sequence[float]) -> Json:
    """The paired difference of two lists as a document."""
    found = difference(one, other)
    return {
        "difference": _short(found.mean),
        "low": _short(found.low),
        "high": _short(found.high),
        "ratio": [_short(value) for value in found.ratio] if found.ratio else None,
        "better": found.better,
        "worse": found.worse,
        "n": found.n,
        "told": found.told,
    }


def _lines(answered: Sequence[Answered], arms: Sequence[str]) -> Json | None:
    """For questions that say lines: the share of them that one of the first ten places overlaps."""
    saying = [one for one in answered if one.lines]
    if not saying:
        return None
    found: Json = {"questions": len(saying), "arms": {}}
    for arm in arms:
        one = figure([answer.lines[arm] for answer in saying])
        found["arms"][arm] = {"value": _short(one.mean), "low": _short(one.low), "high": _short(one.high)}
    return found


def _short(value: float) -> float:
    return round(value, _DIGITS)

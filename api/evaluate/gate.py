"""The document of a run, floors and a former run -> the sentences that say why the run does not pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from indexer.errors import BadInput
from retriever.evaluate.intervals import FEW
from retriever.evaluate.measures import MEASURES, measures

from .results import Json, compared

# One for how much is found, one for how far up. Each falls below its interval by chance in 2.5 of 100 runs.
WATCHED = ("recall@10", "mrr")


def floors(said: Sequence[str]) -> dict[str, float]:
    """`recall@10=0.6` -> the measure and its least value. Raises BadInput."""
    found = {}
    for one in said:
        name, _, value = one.partition("=")
        name = name.strip().lower()
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if name not in MEASURES or not 0 <= number <= 1:
            raise BadInput(
                f"--fail-under {one}: give a measure and a number from 0 to 1, as in recall@10=0.6; measures "
                f"are {', '.join(MEASURES)}"
            )
        found[name] = number
    return found


def below(said: Json, least: Mapping[str, float]) -> list[str]:
    """What of the first arm lies below its floor."""
    figures = said["arms"][next(iter(said["arms"]))]
    return [
        f"{name} is {figures[name]['value']:.3f}, below the {floor:g} of --fail-under"
        for name, floor in least.items()
        if figures[name]["value"] < floor
    ]


def against(said: Json, former: Json) -> Json:
    """The first arm now minus the first arm then, over the questions that both runs asked.

    Raises BadInput when there is none.
    """
    now, then = next(iter(said["arms"])), next(iter(former["arms"]))
    before = {one["id"]: one for one in former["answers"]}
    pairs = [(one, before[one["id"]]) for one in said["answers"] if one["id"] in before]
    if not pairs:
        raise BadInput("the baseline asked none of these questions; save it anew with --save")
    found: dict[str, Any] = {"pairs": len(pairs), "few": len(pairs) < FEW, "measures": {}}
    for measure in MEASURES:
        at = MEASURES.index(measure)
        here = [measures(one["ranks"][now])[at] for one, _ in pairs]
        there = [measures(other["ranks"][then])[at] for _, other in pairs]
        found["measures"][measure] = compared(here, there)
    return found


def fallen(change: Json) -> list[str]:
    """What of the watched measures is worse than the baseline by more than chance."""
    sentences = []
    for name in WATCHED:
        found = change["measures"][name]
        if found["told"] and found["high"] < 0:
            sentences.append(
                f"{name} fell by {-found['difference']:.3f} against the baseline "
                f"(95 %: {-found['high']:.3f} to {-found['low']:.3f}, over {change['pairs']} questions)"
            )
    return sentences

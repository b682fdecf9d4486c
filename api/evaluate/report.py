"""The document of a run -> what a person reads: figures with intervals, differences in words, losses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retriever.evaluate.measures import MEASURES, measures

from .results import Json

_TOLD = ("recall@1", "recall@10", "mrr")  # of a difference; --json has them all
_QUERY = 100  # characters of a question that a loss shows
_FOUND = 5  # files


def table(said: Json, losses: int = 0) -> str:
    lines = [*_head(said), "", *_figures(said), ""]
    for difference in said["differences"]:
        lines += [
            *_difference(f"{difference['one']} minus {difference['other']}", difference["measures"]),
            "",
        ]
    if "baseline" in said:
        lines += [*_difference("now minus the baseline", said["baseline"]["measures"]), ""]
    lines += [*_leakage(said), *_lines(said), *_cost(said["cost"])]
    lines += [f"note: {note}" for note in said["notes"]]
    if losses:
        lines += ["", *_losses(said, losses)]
    return "\n".join(lines) + "\n"


def _head(said: Json) -> Iterator[str]:
    source, n = said["source"], said["questions"]
    wanted = sum(len(one["wanted"]) for one in said["answers"]) / n
    if source["kind"] == "history":
        of = f"{source['qualified']} that qualify among {source['considered']}"
        yield f"{said['repo']} at {source['head'][:12]}: n = {n} commits of {of}"
        what = "the subject" if source["query"] == "subject" else "the whole message"
        yield f"asked: {what} of each, {source['from']} to {source['to']}; wanted: the source files it"
        yield f"changed ({wanted:.1f} on average); the index, and the history it knows, as of its parent"
    else:
        yield f"{said['repo']}: n = {n} questions of {source['file']}, {wanted:.1f} wanted files on average"


def _figures(said: Json) -> Iterator[str]:
    arms = list(said["arms"])
    width = max(24, *(len(arm) + 2 for arm in arms))
    yield f"{'':<11}" + "".join(f"{arm:<{width}}" for arm in arms).rstrip()
    for measure in MEASURES:
        cells = (_interval(said["arms"][arm][measure]) for arm in arms)
        yield f"{measure:<11}" + "".join(f"{cell:<{width}}" for cell in cells).rstrip()
    yield "in brackets: 95 %, bootstrap over the questions"


def _difference(title: str, found: Json) -> Iterator[str]:
    yield title
    for name in _TOLD:
        one = found[name]
        ratio = ""
        if one["ratio"]:
            middle, low, high = one["ratio"]
            ratio = f"  {middle:.2f}x [{low:.2f}, {high:.2f}]"
        yield (
            f"  {name:<10} {one['difference']:+.3f} [{one['low']:+.3f}, {one['high']:+.3f}]{ratio}"
            f"  better {one['better']}, worse {one['worse']} of {one['n']}: {_verdict(one)}"
        )


def _verdict(one: Json) -> str:
    if not one["told"]:
        return "no difference can be told"
    return "better" if one["difference"] > 0 else "worse"


def _leakage(said: Json) -> Iterator[str]:
    leakage = said["leakage"]
    named, n = leakage["names_a_file"], said["questions"]
    yield f"{named} of {n} questions name a wanted file or its path ({leakage['share']:.0%})" + (
        "; without them:" if named and leakage["without"] else ""
    )
    if named and leakage["without"]:
        for arm, figures in leakage["without"].items():
            shown = ", ".join(f"{name} {_interval(figures[name])}" for name in _TOLD)
            yield f"  {arm}: {shown}"


def _lines(said: Json) -> Iterator[str]:
    if (found := said["lines"]) is not None:
        shown = ", ".join(f"{arm} {_interval(one)}" for arm, one in found["arms"].items())
        yield f"wanted lines in the first 10 places, {found['questions']} questions that name lines: {shown}"


def _cost(cost: Json) -> Iterator[str]:
    spent = ", ".join(f"{what} {seconds:g}" for what, seconds in cost["cpu_seconds"].items())
    step = f"; {cost['step_seconds']:g} s a commit" if cost["step_seconds"] is not None else ""
    indexed = f"; {cost['files_indexed']} files indexed" if cost["files_indexed"] else ""
    yield f"cost: {cost['wall_seconds']:g} s; CPU seconds: {spent}{step}{indexed}"


def _losses(said: Json, number: int) -> Iterator[str]:
    """The questions that were answered worst: what was wanted, and what was found first."""
    arm = next(iter(said["arms"]))

    def worth(one: Any) -> float:
        return measures(one["ranks"][arm])[MEASURES.index("ndcg@10")]

    worst = [one for one in sorted(said["answers"], key=worth) if worth(one) < 1]
    yield f"losses: the worst {min(number, len(worst))} of {len(worst)} without all wanted files in front"
    for one in worst[:number]:
        query = " ".join(one["query"].split())
        yield f"{one['id'][:12]}  {query[:_QUERY]}{'…' if len(query) > _QUERY else ''}"
        for path, rank in zip(one["wanted"], one["ranks"][arm], strict=True):
            yield f"    wanted  {path}  {f'rank {rank}' if rank else 'not among the first 20 files'}"
        yield f"    found   {', '.join(one['found'][:_FOUND])}"


def _interval(one: Json) -> str:
    return f"{one['value']:.3f} [{one['low']:.3f}, {one['high']:.3f}]"

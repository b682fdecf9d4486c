"""A repository and which of its commits -> a Run: the questions they make, asked of every arm."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from indexer.errors import BadInput
from retriever.evaluate import peer
from retriever.evaluate.commits import Asked, Part, Qualified, qualify, sample

from .arms import Arm, private
from .past import NoHistory, Past, open_past
from .replay import Cost, Show, Tell, replay
from .results import Json, Run, few
from .scratch import scratch

_LOOKED_AT = 2_000  # of the history, without a date: older commits tell of code that is no more
_LOOKED_AT_SINCE = 50_000


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which commits are asked. `path` is a folder below the root, `former` the source of a run whose commits
    `ids` are asked again."""

    commits: int = 100  # a difference of ten points is told with so many
    since: str | None = None
    path: str | None = None
    query: Part = "subject"
    seed: int = 0
    ids: tuple[str, ...] = ()
    former: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, former: Json) -> Sampling:
        """The commits of a run that was kept."""
        source, ids = former["source"], tuple(one["id"] for one in former["answers"])
        return cls(len(ids), source["since"], source["path"], source["query"], source["seed"], ids, source)


def measure(root: Path, name: str, arms: Sequence[Arm], sampling: Sampling, tell: Tell, show: Show) -> Run:
    """Raises NoHistory when no commit makes a question, Cancelled on Ctrl-C; what is made on the way is
    removed."""
    cost = Cost()
    with scratch() as folder:
        past = open_past(root, folder)
        below = sampling.path if sampling.ids else _below(past.repository.top, root, sampling.path)
        with cost.on("history"):
            found, sampled = _sample(past, below or "", sampling)
        with private(arms, folder) as indexes:
            answered, left_out = replay(past, below or "", sampled, arms, indexes, cost, tell, show)
        if not answered:
            raise NoHistory("the index leaves out every file these commits changed; see docs/eval.md")
        source = _source(past, below or "", sampling, found, sampled)
        notes = (*_remarks(len(answered), sampling.commits, past), *_left_out(left_out, past))
    names = (*(arm.name for arm in arms), peer.NAME, peer.SOURCES)
    return Run(name, source, names, tuple(answered), cost.document(), notes)


def _sample(past: Past, below: str, sampling: Sampling) -> tuple[Qualified, list[Asked]]:
    if sampling.ids:
        commits = past.known(sampling.ids)
    else:
        commits = past.commits(_LOOKED_AT_SINCE if sampling.since else _LOOKED_AT, sampling.since, below)
    found = qualify(commits, sampling.query, below)
    sampled = sample(found.asked, sampling.commits, sampling.seed, past.is_more_than_layout)
    if not sampled:
        most = found.refused.most_common(4)
        why = ", ".join(f"{n}: {reason}" for reason, n in most) or "there are none"
        raise NoHistory(
            f"none of the {len(commits)} commits looked at in {past.repository.top} makes a question "
            f"({why}); {_more(past)}"
        )
    return found, sampled


def _source(
    past: Past, below: str, sampling: Sampling, found: Qualified, sampled: Sequence[Asked]
) -> dict[str, Any]:
    counted = {
        "considered": len(found.asked) + found.refused.total(),
        "qualified": len(found.asked),
        "refused": dict(found.refused.most_common()),
    }
    return {
        "kind": "history",
        "head": past.head,
        "path": below,
        "query": sampling.query,
        "seed": sampling.seed,
        "since": sampling.since,
        **{name: sampling.former.get(name, value) for name, value in counted.items()},
        "from": _day(sampled[0]),
        "to": _day(sampled[-1]),
    }


def _remarks(n: int, asked: int, past: Past) -> Iterator[str]:
    """What a person should know of the sample."""
    if n < asked:
        yield f"{n} commits were asked, not {asked}: no more qualify; {_more(past)}"
    yield from few(n)


def _left_out(files: int, past: Past) -> Iterator[str]:
    if files:
        yield f"{files} changed files are left out by the index and do not count"
    if modules := past.submodules():
        yield f"{modules} submodules are not part of this; measure each in its own folder"


def _more(past: Past) -> str:
    if past.is_shallow:
        return "this is a shallow clone: fetch more with git fetch --unshallow"
    return "widen --since or --path, or bring questions of your own with --questions"


def _below(top: str, root: Path, folder: str | None) -> str:
    """The folder to index, from the top of the repository: "" or with a slash at its end."""
    top = os.path.realpath(top)
    at = Path(os.path.normpath(root / (folder or ".")))
    if not at.is_relative_to(top):
        raise BadInput(f"--path {folder} leads out of {top}; give a folder inside the repository")
    below = at.relative_to(top).as_posix()
    return "" if below == "." else f"{below}/"


def _day(asked: Asked) -> str:
    return datetime.fromtimestamp(asked.commit.time, UTC).date().isoformat()

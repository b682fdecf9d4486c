"""What a model says of each acceptance criterion -> met, not met, or not shown.

"Met" is a claim. It counts where its evidence names a test that passed or a file that is there; whether
that test asks for the criterion is for the reviewer to see, who now knows where to look.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from agent.forge.facts import Met as State
from agent.log.progress import Met, Progress

_NAME = re.compile(r"[\w./:\[\]-]+")


def states(progress: Progress, passed: Iterable[str], paths: Collection[str]) -> dict[str, State]:
    """By the ids of the criteria that were wanted; those nobody judged are not shown."""
    names = {name for test in passed for name in _names_of(test)}
    judged = progress.criteria
    return {
        wanted: _state(judged[wanted], names, paths) if wanted in judged else "not shown"
        for wanted in progress.wanted
    }


def _state(said: Met, tests: Collection[str], paths: Collection[str]) -> State:
    if not said.met:
        return "not met"
    named = [word.strip(".:") for word in _NAME.findall(said.evidence)]
    shown = any(word in tests or word.partition(":")[0] in paths for word in named)
    return "met" if shown else "not shown"


def _names_of(test: str) -> Iterable[str]:
    """`tests/test_a.py::Group::test_b[1]` -> as it is, without its parameters, and by its last part."""
    plain = test.partition("[")[0]
    return test, plain, re.split(r"::|[./ ]", plain)[-1]

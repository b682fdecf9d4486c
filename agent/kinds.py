"""What sort of change a task asks for; it decides how tests have to prove it."""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal["fix", "feature", "tests", "refactoring", "docs", "dependencies", "build"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# How much a kind has to prove: a test that failed before, tests that notice mistakes, a build, nothing.
_PROOF = {"fix": 3, "feature": 3, "tests": 2, "build": 1}


def proves_less(kind: Kind, than: Kind) -> bool:
    """Whether less has to be shown for a change of this kind."""
    return _PROOF.get(kind, 0) < _PROOF.get(than, 0)

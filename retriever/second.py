"""The name of a second model, and how much it may read, as a setting says it. Imports nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import BadInput

CANDIDATES = 20  # a transformer on a CPU reads ten texts a second
MOST_CANDIDATES = 200  # as many as each side of the first stage brings
_KINDS = {
    "cross-encoder": "<name or path>",
    "sentence-transformers": "<name or path>",
    "openai": "<model>",
}


@dataclass(frozen=True, slots=True)
class SecondOptions:
    """`spec` is KIND:NAME; `candidates` how many of the first answers are judged; `url` and `key` those of an
    endpoint; `cache` a file for the vectors of what was judged."""

    spec: str
    candidates: int = CANDIDATES
    url: str | None = None
    key: str | None = field(default=None, repr=False)
    cache: Path | None = None


def check_spec(spec: str) -> str:
    """The same. Raises BadInput when it names no kind of model that judges."""
    kind, _, name = spec.partition(":")
    if kind not in _KINDS or not name:
        known = ", ".join(f"{kind}:{name}" for kind, name in _KINDS.items())
        raise BadInput(f"unknown second stage {spec!r}; say one of {known}")
    return spec

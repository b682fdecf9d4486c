"""The JSON that a server answers -> the Conventions it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.conventions import Rule
from indexer.conventions.written import Saying

from .served import Conventions
from .written import Contradiction


def conventions_from(said: Mapping[str, Any]) -> Conventions:
    return Conventions(
        tuple(_rule(rule) for rule in said["conventions"]),
        tuple(Saying(**saying) for saying in said["written"]),
        tuple(Contradiction(**clash) for clash in said["contradictions"]),
        tuple(_rule(rule) for rule in said["rejected"]),
        tuple(said["problems"]),
    )


def _rule(said: Mapping[str, Any]) -> Rule:
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
    }
    del fields["ordinary"]  # follows from the rest
    return Rule(**fields)

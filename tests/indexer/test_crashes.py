"""Killed at any moment, an index loses nothing and the next sync leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .crashes import IN_SYNC, World


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("c"))
    yield made
    made.end()


def test_a_sync_killed_at_any_moment_answers_and_the_next_one_equals_a_rebuild(world: World) -> None:
    for number, moment in enumerate(IN_SYNC):
        world.change()
        victim = ("writer", "keeper", "both")[number % 3]
        assert world.killed_at(moment, victim) or victim == "keeper", moment  # type: ignore[arg-type]
        assert world.faults_now() == [], (moment, victim)
        assert world.faults_after_sync() == [], (moment, victim)

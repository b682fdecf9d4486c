"""Killed at any moment, an index loses nothing, and the next sync leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .crashes import IN_REMOVAL, IN_REPAIR, IN_SYNC, VICTIMS, Moment, World


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("c"), files=8)
    yield made
    made.end()


def test_a_sync_killed_at_any_moment_answers_and_the_next_one_equals_a_rebuild(world: World) -> None:
    for number, moment in enumerate(_last_of_each(IN_SYNC)):
        victim = VICTIMS[number % 3]
        world.change()
        assert world.killed_at(moment, victim) or victim == "keeper", moment
        assert world.faults_now() == [], (moment, victim)
        assert world.faults_after_sync() == [], (moment, victim)


def _last_of_each(moments: list[Moment]) -> list[Moment]:
    """Each place once, before and after; benchmarks/index_kills.py takes all of them."""
    return list({(moment.place, moment.when): moment for moment in moments}.values())


def test_the_repair_after_a_kill_may_be_killed_too(world: World) -> None:
    for number, moment in enumerate(IN_REPAIR[::2]):
        world.change()
        assert world.killed_at(Moment("commit", "before", 3), "both")
        world.killed_at(moment, VICTIMS[number % 3])
        assert world.faults_now() == [], moment
        assert world.faults_after_sync() == [], moment


def test_a_removal_that_was_killed_leaves_nothing_for_who_takes_the_name_again(world: World) -> None:
    for number, moment in enumerate(IN_REMOVAL):
        world.killed_at(moment, VICTIMS[number % 3], World.remove)
        world.change()  # or the points left over would be those that are wanted again
        assert world.faults_after_sync() == [], moment


def test_workers_of_a_killed_writer_end_and_let_its_lock_go(world: World) -> None:
    world.change()
    assert world.killed_at(Moment("upsert", "after"), "writer", workers=2)
    assert world.faults_now() == []
    assert world.faults_after_sync() == []


def test_points_that_a_killed_keeper_lost_are_sent_again_in_the_same_sync(world: World) -> None:
    world.change()
    assert not world.killed_at(Moment("flush", "before"), "keeper")  # the writer noticed, and went on
    assert world.faults_after_sync() == []

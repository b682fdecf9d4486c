"""What changed is handed on in one piece, when it is quiet, late or in a hurry."""

from __future__ import annotations

from indexer.changes import Changes


def test_too_many_paths_are_everything() -> None:
    changes = Changes()
    changes.add({f"{number}.py" for number in range(600)})
    assert changes.waiting == 600
    changes.add({f"{number}.txt" for number in range(600)})
    assert changes.waiting == 1

    taken = changes.take(0.0, 0.0)
    assert taken is not None
    assert taken.paths is None
    assert changes.waiting == 0


def test_what_is_taken_is_under_way_until_it_is_finished() -> None:
    changes = Changes()
    changes.add({"a.py", "b.py"})
    assert changes.take(0.0, 0.0)
    assert (changes.waiting, changes.under_way) == (0, 2)
    assert changes.lag > 0

    seconds = changes.finish()
    assert seconds is not None
    assert seconds > 0
    assert (changes.under_way, changes.lag) == (0, 0.0)


def test_what_could_not_be_done_waits_again_and_is_as_old_as_it_was() -> None:
    changes = Changes()
    changes.add({"a.py"})
    first = changes.take(0.0, 0.0)
    assert first is not None
    changes.add({"b.py"})
    changes.give_back()

    second = changes.take(0.0, 0.0)
    assert second is not None
    assert second.paths == {"a.py", "b.py"}
    assert second.since == first.since


def test_a_hurry_ends_the_waiting_and_its_number_is_done_when_that_call_is() -> None:
    changes = Changes()
    changes.add({"a.py"})
    number = changes.hurry()
    assert not changes.done(number)

    taken = changes.take(1_000.0, 1_000.0, held=lambda since: True)
    assert taken is not None
    assert not changes.done(number)
    changes.add({"b.py"})  # later than the hurry
    changes.finish()
    assert changes.done(number)
    assert changes.waiting == 1


def test_without_a_change_there_is_nothing_to_hurry() -> None:
    changes = Changes()
    assert changes.done(changes.hurry())


def test_changes_that_are_held_wait() -> None:
    changes = Changes()
    changes.add({"a.py"})
    assert changes.take(0.0, 0.0, held=lambda since: True) is None
    assert changes.waiting == 1


def test_a_look_asks_for_everything_and_is_no_change() -> None:
    changes = Changes()
    changes.look()
    assert (changes.waiting, changes.lag) == (0, 0.0)

    taken = changes.take(1_000.0, 1_000.0)
    assert taken is not None
    assert (taken.paths, taken.since) == (None, None)
    assert changes.finish() is None

import time

from agent.edits import Drafted, Edit, EditRefused


def test_lines_are_counted_as_a_diff_would() -> None:
    assert Edit("a", b"1\n2\n3\n", b"1\nx\ny\n3\n").lines == (2, 1)
    assert Edit("a", None, b"1\n2\n").lines == (2, 0)
    assert Edit("a", b"1\n2\n", None).lines == (0, 2)
    assert Edit("a", b"1\n", b"1\n", moved_to="b").lines == (0, 0)


def test_counting_the_lines_of_a_large_rewrite_ends() -> None:
    """Two texts that share nothing cost the product of their lines to compare, so they are only counted."""
    old = b"".join(b"%d\n" % number for number in range(20_000))
    new = b"".join(b"%d\n" % (number + 20_000) for number in range(20_000))
    started = time.process_time()
    assert Edit("a", old, new).lines == (20_000, 20_000)
    assert time.process_time() - started < 2


def test_a_single_refusal_keeps_its_code_and_says_that_nothing_changed() -> None:
    refused = Drafted((EditRefused("NOT_FOUND", "old is not in a.py."),)).refusal()
    assert str(refused) == "NOT_FOUND: old is not in a.py. Nothing was changed."


def test_a_message_can_be_sent_whatever_it_quotes() -> None:
    assert str(EditRefused("NOT_FOUND", "caf\udce9")) == "NOT_FOUND: caf?"

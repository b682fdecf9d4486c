"""Which texts describe one thing and which name a part of the code."""

import pytest

from retriever.describing import describes


@pytest.mark.parametrize(
    "text",
    [
        "Returns all open files.",
        "find every character that is valid in a name",
        "parses the log directive",
        "Percent encode a sequence of bytes",
        "If the segment is a literal, its source length",
        "Adds a retry to payments",
    ],
)
def test_a_sentence_describes_one_thing(text: str) -> None:
    assert describes(text)


@pytest.mark.parametrize(
    "text",
    [
        "how is the configuration read",
        "where are the tokens of a text counted?",
        "is the queue empty",
        "the queue is empty?",
        "add a retry to payments",
        "Fix the order of the hooks",
        "cookie signing on responses",
        "error handling and conversion to problems",
        "checkout",
        "set",
        "formatter specialization for custom types",
        "",
    ],
)
def test_a_question_a_heading_or_an_order_is_about_a_part(text: str) -> None:
    assert not describes(text)

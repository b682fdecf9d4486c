from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent.history import paired, shortened

Message = dict[str, Any]


def assistant(*ids: str) -> Message:
    calls = [{"id": i, "type": "function", "function": {"name": "f", "arguments": "{}"}} for i in ids]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def result(call: str, content: str = "ok") -> Message:
    return {"role": "tool", "tool_call_id": call, "content": content}


USER: Message = {"role": "user", "content": "task"}


def sound(messages: list[Message]) -> bool:
    """What endpoints demand: after a message with calls come exactly their results."""
    waiting: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                return False
            waiting.remove(message["tool_call_id"])
        elif waiting:
            return False
        else:
            waiting = [call["id"] for call in message.get("tool_calls") or ()]
    return not waiting


def test_a_sound_conversation_stays_as_it_is() -> None:
    messages = [USER, assistant("a", "b"), result("a"), result("b"), {"role": "assistant", "content": "x"}]
    assert paired(messages) == messages


def test_an_interrupted_call_gets_a_result() -> None:
    messages = paired([USER, assistant("a", "b"), result("b")])
    assert sound(messages)
    assert [message["content"] for message in messages[2:]] == [
        "This call was interrupted before it gave a result.",
        "ok",
    ]


def test_a_result_without_a_call_is_dropped() -> None:
    assert paired([USER, result("gone")]) == [USER]


@given(
    st.lists(
        st.one_of(
            st.just(USER),
            st.lists(st.sampled_from("abcdef"), max_size=3, unique=True),
            st.sampled_from("abcdef"),
        )
    )
)
def test_every_conversation_becomes_sound(parts: list[Any]) -> None:
    messages: list[Message] = []
    for number, part in enumerate(parts):
        if isinstance(part, list):
            messages.append(assistant(*[f"{i}{number}" for i in part]))
        else:
            messages.append(result(f"{part}{max(number - 1, 0)}") if isinstance(part, str) else part)
    assert sound(paired(messages))


def test_old_results_make_room_and_the_newest_stay() -> None:
    messages = [USER]
    for number in range(20):
        messages += [assistant(str(number)), result(str(number), "x" * 1000)]
    short = shortened(messages, 12_000)
    kept = [message["content"].startswith("x") for message in short if message["role"] == "tool"]
    assert kept[-6:] == [True] * 6
    assert kept[0] is False
    assert kept == sorted(kept)
    assert sound(short)
    assert messages[2]["content"].startswith("x")


def test_a_short_conversation_is_not_touched() -> None:
    messages = [USER, assistant("a"), result("a")]
    assert shortened(messages, 10_000) == messages

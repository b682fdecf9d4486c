from typing import Any

from agent.log.conversation import Conversation
from agent.log.runs import Event


def events(*said: tuple[str, dict[str, Any]], stage: str = "work") -> list[Event]:
    return [
        Event("r", n, 0.0, type, {"stage": stage, **payload}) for n, (type, payload) in enumerate(said, 1)
    ]


PROMPT = ("prompt", {"system": "be good", "user": "mend it"})
ASKS = (
    "model.response",
    {
        "text": "",
        "calls": [
            {"id": "c1", "name": "read_file", "arguments": '{"path": "a"}'},
            {"id": "c2", "name": "run", "arguments": "{broken"},
        ],
    },
)


def test_events_become_the_messages_of_the_wire() -> None:
    result = ("tool.result", {"call": "c1", "name": "read_file", "text": "1  x"})
    talk = Conversation("work", events(PROMPT, ASKS, result))
    assert [message["role"] for message in talk.messages] == ["system", "user", "assistant", "tool"]
    calls = talk.messages[2]["tool_calls"]
    assert [call["function"]["arguments"] for call in calls] == ['{"path": "a"}', "{}"]
    assert talk.messages[2]["content"] is None


def test_calls_without_a_result_are_pending() -> None:
    result = ("tool.result", {"call": "c2", "name": "run", "text": "done"})
    talk = Conversation("work", events(PROMPT, ASKS, result))
    assert [call.id for call in talk.pending] == ["c1"]


def test_other_stages_are_not_heard() -> None:
    assert Conversation("plan", events(PROMPT, ASKS)).messages == []


def test_a_new_prompt_begins_anew_and_ids_count_on() -> None:
    talk = Conversation("work", events(PROMPT, ASKS, PROMPT))
    assert len(talk.messages) == 2
    assert talk.calls == 2
    assert talk.pending == []


def test_a_note_is_a_word_of_a_person() -> None:
    talk = Conversation("work", events(PROMPT, ("note", {"text": "A person says: use UTC"})))
    assert talk.messages[-1] == {"role": "user", "content": "A person says: use UTC"}

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.history import condensed, paired
from tests.agent.endpoint import Rules, refusal

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
    short = condensed(messages, 3_000).messages
    kept = [message["content"].startswith("x") for message in short if message["role"] == "tool"]
    assert kept[-6:] == [True] * 6
    assert kept[0] is False
    assert kept == sorted(kept)
    assert sound(short)
    assert messages[2]["content"].startswith("x")


def test_a_short_conversation_is_not_touched() -> None:
    messages = [USER, assistant("a"), result("a")]
    assert condensed(messages, 2_500).messages == messages


def step(
    number: int, name: str, given: dict[str, Any], content: str, text: str | None = None
) -> list[Message]:
    function = {"name": name, "arguments": json.dumps(given)}
    call = {"id": f"c{number}", "type": "function", "function": function}
    return [{"role": "assistant", "content": text, "tool_calls": [call]}, result(f"c{number}", content)]


SYSTEM: Message = {"role": "system", "content": "You are an agent. " * 20}
LONG = "    1  x = 1\n" * 100


def talk(*steps: tuple[str, dict[str, Any], str], newest: int = 6) -> list[Message]:
    """A conversation with these steps, and as many small ones behind them as are always kept."""
    messages = [SYSTEM, USER]
    small = [("list_files", {"pattern": f"*{n}"}, "a.py") for n in range(newest)]
    for number, (name, arguments, content) in enumerate((*steps, *small)):
        messages += step(number, name, arguments, content)
    return messages


def results(messages: list[Message]) -> list[str]:
    return [message["content"] for message in messages if message["role"] == "tool"]


def test_what_is_left_out_says_what_it_was() -> None:
    messages = talk(
        ("read_file", {"path": "a.py", "start": 1, "end": 80}, LONG),
        ("search_code", {"query": "retry a payment", "limit": 5}, LONG),
        ("run_tests", {"tests": ["tests/test_a.py"]}, "red: 3 of 9 failed\n" + LONG),
    )
    assert results(condensed(messages, 100).messages)[:3] == [
        "[read_file a.py 1-80: left out to save space; call the tool again if you need it]",
        "[search_code retry a payment 5: left out to save space; call the tool again if you need it]",
        "[run_tests: red: 3 of 9 failed: left out to save space; call the tool again if you need it]",
    ]


def test_what_a_later_result_repeats_goes_first() -> None:
    messages = talk(
        ("read_file", {"path": "a.py", "start": 1, "end": 80}, LONG),
        ("read_file", {"path": "b.py"}, LONG),
        ("run_tests", {}, LONG),
        ("read_file", {"path": "a.py", "start": 20, "end": 40}, LONG),
        ("read_file", {"path": "a.py"}, LONG),
        ("run_tests", {}, LONG),
    )
    whole = condensed(messages, 10**6)
    assert (whole.messages, whole.left_out, whole.parts) == (messages, 0, 0)
    short = condensed(messages, whole.tokens - 500)
    gone = ["left out" in content for content in results(short.messages)[:6]]
    assert gone == [True, False, True, False, False, False]
    short = condensed(messages, whole.tokens - 800)
    gone = ["left out" in content for content in results(short.messages)[:6]]
    assert gone == [True, False, True, True, False, False]
    assert short.parts == 3
    assert short.tokens + short.left_out == whole.tokens


def test_other_lines_of_a_file_are_no_repetition() -> None:
    messages = talk(
        ("search_code", {"query": "x"}, LONG),
        ("read_file", {"path": "a.py", "start": 1, "end": 80}, LONG),
        ("read_file", {"path": "a.py", "start": 81, "end": 160}, LONG),
    )
    short = condensed(messages, condensed(messages, 10**6).tokens - 100)
    assert ["left out" in content for content in results(short.messages)[:3]] == [True, False, False]


def test_task_plan_and_the_newest_results_stay() -> None:
    messages = talk(
        ("update_plan", {"steps": ["look", "change"]}, "1. look " * 50),
        ("update_plan", {"steps": ["look", "change", "test"]}, "1. look, done " * 50),
        ("read_file", {"path": "a.py"}, LONG),
        *[("read_file", {"path": f"{n}.py"}, LONG) for n in range(6)],
        newest=0,
    )
    short = condensed(messages, 1).messages
    assert short[:2] == messages[:2]
    assert ["left out" in content for content in results(short)] == [True, False, True] + [False] * 6
    tighter = condensed(messages, 1, keep=2).messages
    assert ["left out" in content for content in results(tighter)][3:] == [True] * 4 + [False] * 2


def test_old_edits_and_old_words_go_when_results_are_not_enough() -> None:
    edit = {"path": "a.py", "old": "x" * 3000, "new": "y"}
    messages = talk(("str_replace", edit, "a.py changed: +1 -1 lines."))
    messages[2]["content"] = "I think. " * 300
    short = condensed(messages, 400).messages
    arguments = json.loads(short[2]["tool_calls"][0]["function"]["arguments"])
    assert arguments == {"path": "a.py", "old": "[3000 letters left out]", "new": "y"}
    assert short[2]["content"] == ("I think. " * 300)[:200] + " [...]"
    assert json.loads(messages[2]["tool_calls"][0]["function"]["arguments"]) == edit


NAMES = ("read_file", "run_tests", "run", "str_replace", "create_file", "update_plan", "search_code", "odd")
VALUES = st.one_of(st.text(max_size=400), st.integers(), st.none(), st.lists(st.text(max_size=5), max_size=2))
ARGUMENTS = st.dictionaries(st.sampled_from(["path", "start", "end", "old", "new", "query"]), VALUES)
TURNS = st.one_of(
    st.tuples(st.just("user"), st.text(max_size=50)),
    st.tuples(st.just("assistant"), st.text(max_size=500)),
    st.lists(st.tuples(st.sampled_from(NAMES), ARGUMENTS, st.text(max_size=600)), min_size=1, max_size=3),
)


def conversation(turns: list[Any]) -> list[Message]:
    messages = [SYSTEM, USER]
    for number, turn in enumerate(turns):
        if isinstance(turn, tuple):
            messages.append({"role": turn[0], "content": turn[1]})
            continue
        ids = [f"c{number}_{place}" for place in range(len(turn))]
        message = assistant(*ids)
        for call, (name, arguments, _) in zip(message["tool_calls"], turn, strict=True):
            call["function"] = {"name": name, "arguments": json.dumps(arguments)}
        contents = [content for _, _, content in turn]
        messages += [message, *(result(i, content) for i, content in zip(ids, contents, strict=True))]
    return messages


@given(st.lists(TURNS, max_size=12), st.integers(2, 60), st.integers(0, 3000), st.integers(0, 8))
@settings(deadline=None)
def test_every_beginning_of_every_conversation_is_accepted_when_it_is_shortened(
    turns: list[Any], until: int, tokens: int, keep: int
) -> None:
    """Judged by the rules of the endpoint of these tests, which are OpenAI's."""
    messages = conversation(turns)[:until]  # may end between a call and its result, as a crash leaves it
    before = json.dumps(messages)
    whole = paired(messages)
    short = condensed(whole, tokens, keep)
    assert refusal({"model": "scripted", "messages": short.messages}, Rules()) is None
    assert json.dumps(messages) == before
    assert short == condensed(whole, tokens, keep)
    assert [message["role"] for message in short.messages] == [message["role"] for message in whole]
    assert short.messages[:2] == messages[:2]
    assert [m for m in short.messages if m["role"] == "user"] == [m for m in whole if m["role"] == "user"]
    size = sum(len(json.dumps(message, ensure_ascii=False)) for message in short.messages)
    assert short.tokens == size // 4
    assert short.parts > 0 or short.messages == whole


def test_old_thoughts_go_first_and_the_newest_stay() -> None:
    thinking = [{**assistant(i), "reasoning_content": "t" * 400} for i in ("a", "b")]
    messages = [USER, thinking[0], result("a", "r" * 400), thinking[1], result("b", "r" * 400)]
    whole = condensed(messages, 10_000, 1).tokens
    short = condensed(messages, whole - 50, 1).messages
    assert "reasoning_content" not in short[1]
    assert short[2:] == messages[2:]

"""The real client against a real server on loopback, which is as strict as OpenAI's and fails on demand."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from agent.model import Reply
from agent.model.answer import Prices
from agent.model.errors import ContextOverflow, Refused, Unreachable
from agent.model.openai import ModelOptions, OpenAIModel
from indexer.errors import Cancelled, ModelFailed
from tests.agent.endpoint import ALTERED, Call, Cut, Endpoint, Raw, Reset, Rules, Said, Slow, Status, serve

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "f",
            "description": "Does f.",
            "parameters": {
                "type": "object",
                "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
            },
        },
    }
]
USER = [{"role": "user", "content": "hello " * 100}]
SAID = Said("I call f.", [Call("f", {"a": 1, "b": 'é\n"x"'}), Call("f", {"a": 2})], cached_tokens=20)
KEY = "key-1234567890"
LONG = 60.0  # seconds that nothing here takes, nor half of them, however busy the machine is


@contextmanager
def model(endpoint: Endpoint, cancelled: Any = lambda: False, **options: Any) -> Iterator[OpenAIModel]:
    given: dict[str, Any] = {
        "base_url": endpoint.url,
        "seconds": 10.0,
        "retries": 2,
        "pause": 0.01,
        **options,
    }
    made = OpenAIModel(ModelOptions("scripted", KEY, **given), cancelled)
    try:
        yield made
    finally:
        made.close()


def ask(endpoint: Endpoint, tools: Any = TOOLS, **options: Any) -> Reply:
    with model(endpoint, **options) as asked:
        return asked.reply(USER, tools)


def served(said: Said = SAID, faults: Any = (), **rules: Any) -> Any:
    return serve(lambda messages, tools: said, Rules(key=KEY, **rules), faults)


def calls_of(reply: Reply) -> list[tuple[str, str]]:
    return [(call.name, call.arguments) for call in reply.calls]


BOTH = [("f", '{"a": 1, "b": "\\u00e9\\n\\"x\\""}'), ("f", '{"a": 2}')]
streams = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


@streams
def test_a_reply_has_text_calls_and_usage(stream: bool) -> None:
    with served() as endpoint:
        reply = ask(endpoint, stream=stream, prices=Prices(2.0, 10.0, 0.5))
    assert (reply.text, reply.cut, reply.problem) == ("I call f.", False, "")
    assert calls_of(reply) == BOTH
    assert [call.id for call in reply.calls] == ["call_1_0", "call_1_1"]
    usage = reply.usage
    assert (usage.input_tokens > 100, usage.output_tokens > 10, usage.cached_tokens) == (True, True, 20)
    assert not usage.estimated
    fresh = usage.input_tokens - 20
    assert usage.cost == pytest.approx((fresh * 2 + 20 * 0.5 + usage.output_tokens * 10) / 1e6)
    asked = endpoint.requests[0]
    assert (asked["model"], asked["tools"], asked["max_tokens"]) == ("scripted", TOOLS, 8000)
    assert "temperature" not in asked
    assert endpoint.refused == []


def test_a_cost_is_not_made_up() -> None:
    with served() as endpoint:
        assert ask(endpoint).usage.cost is None


def test_a_server_that_knows_no_streams_is_read_all_the_same() -> None:
    body = b'{"choices": [{"message": {"content": "All at once."}, "finish_reason": "stop"}]}'
    with served(faults=[Raw(body)]) as endpoint:
        assert ask(endpoint, stream=True).text == "All at once."


def test_without_tools_none_are_sent() -> None:
    with served(Said("Hm.")) as endpoint:
        assert ask(endpoint, []).text == "Hm."
    assert "tools" not in endpoint.requests[0]


@streams
@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        ("broken arguments", [("f", '{"a": 1, "b": "\\u00e9\\n\\"x\\"",}'), ("f", '{"a": 2,}')]),
        ("arguments as object", [("f", '{"a": 1, "b": "\\u00e9\\n\\"x\\""}'), ("f", '{"a": 2}')]),
        ("empty arguments", [("f", "{}"), ("f", "{}")]),
        ("null arguments", [("f", "{}"), ("f", "{}")]),
        ("missing ids", BOTH),
        ("null ids", BOTH),
        ("duplicate ids", BOTH),
        ("content null", BOTH),
        ("content in parts", BOTH),
        ("no usage", BOTH),
        ("null usage", BOTH),
        ("reasoning", BOTH),
        ("thoughts in the text", BOTH),
        ("stop in spite of calls", BOTH),
        ("no indexes", BOTH),
        ("no end mark", BOTH),
    ],
)
def test_loose_answers_are_read_all_the_same(fault: str, calls: Any, stream: bool) -> None:
    with served(faults=[ALTERED[fault]]) as endpoint:
        reply = ask(endpoint, stream=stream, tools=TOOLS)
    assert calls_of(reply) == calls
    assert reply.text == ("" if fault == "content null" else "I call f.")
    assert len(endpoint.requests) == 1
    assert reply.usage.input_tokens > 50
    assert reply.usage.estimated == (fault in ("no usage", "null usage"))


@streams
def test_an_empty_answer_is_a_reply_that_costs(stream: bool) -> None:
    with served(faults=[ALTERED["empty answer"]]) as endpoint:
        reply = ask(endpoint, stream=stream)
    assert (reply.text, reply.calls) == ("", ())
    assert reply.usage.output_tokens > 0


@streams
def test_an_answer_at_the_output_limit_is_marked(stream: bool) -> None:
    with served(faults=[ALTERED["truncated call"]]) as endpoint:
        reply = ask(endpoint, stream=stream)
    assert reply.cut
    assert reply.calls[-1].arguments == '{"a"'


@streams
@pytest.mark.parametrize(
    ("fault", "said"), [("refusal", "declined: I can't help with that"), ("content filter", "a filter of")]
)
def test_a_refusal_is_told_from_an_answer_and_charged(fault: str, said: str, stream: bool) -> None:
    with served(faults=[ALTERED[fault]]) as endpoint, pytest.raises(Refused, match=said) as caught:
        ask(endpoint, stream=stream)
    assert caught.value.usage.input_tokens > 50
    assert len(endpoint.requests) == 1


PASSING = {
    "429": Status(429, retry_after="0"),
    "429 without a time": Status(429),
    "500": Status(500),
    "502 in HTML": Status(502, "<html><head><title>Bad gateway</title></head></html>"),
    "503": Status(503, retry_after="0.01"),
    "529": Status(529),
    "reset before headers": Reset(),
    "reset after headers": Reset(after_headers=True),
    "cut": Cut(),
    "cut at once": Cut(0.0),
    "HTML with 200": Raw(b"<!DOCTYPE html><p>Please log in", "text/html"),
    "no JSON": Raw(b"oops"),
    "a list": Raw(b"[1]"),
    "null": Raw(b"null"),
    "deep JSON": Raw(b"[" * 100_000),
    "no choices": ALTERED["no choices"],
    "an error with 200": Raw(b'{"error": {"message": "overloaded", "code": 502}}'),
    "an error in a stream": Raw(b'data: {"error": {"message": "overloaded"}}\n\n', "text/event-stream"),
    "no JSON in a stream": Raw(b"data: {oops\n\n", "text/event-stream"),
    "empty": Raw(b""),
}


@streams
@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_what_may_pass_is_tried_again(fault: Any, stream: bool) -> None:
    with served(faults=[fault, fault]) as endpoint:
        assert calls_of(ask(endpoint, stream=stream)) == BOTH
    assert len(endpoint.requests) == 3


@streams
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Status(500, {"error": {"message": "out of memory"}}), "in 3 tries: 500: out of memory"),
        (Status(503, "<html><body>Down for <b>repair</b></body></html>"), "a page of HTML: Down for repair"),
        (ALTERED["no choices"], "without"),
        (Raw(b"<html>x</html>"), "a page of HTML: x|without an answer"),
        (Reset(), "gave no answer for scripted in 3 tries"),
    ],
)
def test_what_does_not_pass_is_named(fault: Any, said: str, stream: bool) -> None:
    with served(faults=[fault] * 3) as endpoint, pytest.raises(Unreachable, match=said):
        ask(endpoint, stream=stream)


def test_an_answer_that_breaks_off_is_charged() -> None:
    with served(Said("word " * 200), faults=[Cut(0.7)]) as endpoint:
        usage = ask(endpoint, stream=True).usage
    with served(Said("word " * 200)) as endpoint:
        whole = ask(endpoint, stream=True).usage
    assert usage.input_tokens > 1.5 * whole.input_tokens
    assert usage.output_tokens > 1.2 * whole.output_tokens
    assert usage.estimated


@streams
@pytest.mark.parametrize("fault", [Slow(LONG), Slow(LONG, trickle=True)], ids=["late", "letter by letter"])
def test_a_slow_answer_is_given_up_in_time(fault: Slow, stream: bool) -> None:
    started = time.monotonic()
    with served(faults=[fault]) as endpoint:
        assert calls_of(ask(endpoint, stream=stream, seconds=0.3)) == BOTH
    assert time.monotonic() - started < LONG / 2
    assert len(endpoint.requests) == 2


def test_all_tries_together_end_in_time() -> None:
    started = time.monotonic()
    with served(faults=[Slow(LONG)] * 99) as endpoint, pytest.raises(Unreachable, match="try again later"):
        ask(endpoint, seconds=0.3, retries=99, patience=1.0)
    assert time.monotonic() - started < LONG / 2


def test_a_long_pause_is_left_to_the_run() -> None:
    with (
        served(faults=[Status(429, retry_after="3600")]) as endpoint,
        pytest.raises(Unreachable, match="wants 3600 s of pause") as raised,
    ):
        ask(endpoint)
    assert raised.value.pause == 3600


def test_an_endpoint_that_fails_again_and_again_is_not_waited_for_without_end() -> None:
    with served(faults=[Status(429, retry_after="0")] * 9) as endpoint, pytest.raises(Unreachable) as raised:
        ask(endpoint)
    assert raised.value.pause is None


def test_the_pause_that_was_asked_for_is_kept() -> None:
    started = time.monotonic()
    with served(faults=[Status(429, retry_after="0.5")]) as endpoint:
        ask(endpoint)
    assert time.monotonic() - started >= 0.5


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Status(401, {"error": {"message": "bad key"}}), "401: bad key.*set OPENAI_API_KEY"),
        (Status(403), "may not use this model"),
        (Status(404, {"error": {"message": "no model x"}}), "no model x.*CAIRN_MODEL"),
        (Status(429, {"error": {"message": "You", "code": "insufficient_quota"}}), "account of .* is empty"),
        (Status(400, {"detail": [{"msg": "bad"}]}), "gave no answer for scripted .*bad.*another model"),
        (Status(400, {"error": "plain words"}), "plain words"),
    ],
)
def test_what_only_a_person_can_mend_is_not_tried_again(fault: Status, said: str) -> None:
    with served(faults=[fault] * 3) as endpoint, pytest.raises(ModelFailed, match=said) as caught:
        ask(endpoint)
    assert not isinstance(caught.value, Unreachable)
    assert len(endpoint.requests) == 1


def test_an_endpoint_that_is_not_there_is_named() -> None:
    nowhere = Endpoint("http://127.0.0.1:9/v1")
    with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:9/v1 gave no answer.*server running"):
        ask(nowhere, retries=0)


def test_the_key_is_in_no_message() -> None:
    with serve(lambda m, t: SAID, Rules(key="other")) as endpoint, pytest.raises(ModelFailed) as caught:
        ask(endpoint)
    assert "Incorrect API key provided: [redacted:key]" in str(caught.value)
    assert caught.value.__cause__ is None


@streams
@pytest.mark.parametrize(
    "fault",
    [
        None,
        Status(400, {"error": {"message": "prompt is too long: 9000 tokens > 4096 maximum"}}),
        Status(500, {"error": {"message": "the request exceeds the available context size (4096 tokens)"}}),
        Status(413, "<html>Request Entity Too Large</html>"),
    ],
)
def test_a_conversation_that_is_too_long_can_be_told_apart(fault: Any, stream: bool) -> None:
    with served(faults=[fault], window=4096) as endpoint, model(endpoint, stream=stream) as asked:
        with pytest.raises(ContextOverflow, match="shorten the conversation") as caught:
            asked.reply([{"role": "user", "content": "x" * 40_000}], TOOLS)
        assert asked.window == caught.value.window
    assert caught.value.window == (4096 if fault is None or fault.code == 500 else None)
    assert len(endpoint.requests) == 1


def test_in_a_short_window_an_answer_leaves_room_for_the_conversation() -> None:
    with served(window=8192) as endpoint, model(endpoint) as asked:
        with pytest.raises(ContextOverflow) as caught:
            asked.reply([{"role": "user", "content": "x" * 20_000}], TOOLS)
        assert caught.value.window == 8192
        assert calls_of(asked.reply([{"role": "user", "content": "x" * 20_000}], TOOLS)) == BOTH
    assert [request["max_tokens"] for request in endpoint.requests] == [8000, 2048]


def test_a_window_that_is_too_short_is_no_limit_of_output() -> None:
    text = (
        "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum context length is "
        "16384 tokens and your request has 9000 input tokens (8000 > 16384 - 9000)."
    )
    with served(faults=[Status(400, {"error": {"message": text}})]) as endpoint, model(endpoint) as asked:
        with pytest.raises(ContextOverflow) as caught:
            asked.reply(USER, TOOLS)
        asked.reply(USER, TOOLS)
    assert caught.value.window == 16384
    assert endpoint.requests[-1]["max_tokens"] == 4096


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
def test_the_name_of_the_output_limit_is_learned_once(limit: str) -> None:
    with served(limit=limit) as endpoint, model(endpoint) as asked:
        asked.reply(USER, TOOLS)
        asked.reply(USER, TOOLS)
    assert [limit in request for request in endpoint.requests][-2:] == [True, True]
    assert len(endpoint.requests) == (2 if limit == "max_tokens" else 3)


@pytest.mark.parametrize(
    "said",
    [
        "max_tokens is too large: 8000. This model supports at most 4096 completion tokens, whereas you "
        "provided 8000.",
        "Invalid max_tokens value, the valid range of max_tokens is [1, 4096]",
        "max_tokens: 8000 > 4096, which is the maximum allowed number of output tokens for m-20240620",
        "`max_tokens` must be less than or equal to `4096`",
    ],
)
def test_a_smaller_limit_of_output_is_learned_and_its_name_stays(said: str) -> None:
    fault = Status(400, [{"error": {"message": said}}])
    with served(faults=[fault]) as endpoint, model(endpoint) as asked:
        for _ in range(2):
            asked.reply(USER, TOOLS)
    assert [request["max_tokens"] for request in endpoint.requests] == [8000, 4096, 4096]


def test_who_thinks_up_to_the_limit_is_given_room_until_it_is_refused() -> None:
    said = Said("", finish="length", thoughts="Hm. " * 50)
    too_much = Status(400, {"error": {"message": "max_tokens is too large: 32000. At most 20000."}})
    with served(said, faults={3: too_much}) as endpoint, model(endpoint) as asked:
        for _ in range(4):
            assert asked.reply(USER, TOOLS).cut
    limits = [request["max_tokens"] for request in endpoint.requests]
    assert limits == [8000, 16000, 32000, 20000, 20000]
    with served(Said("Half a sent", finish="length")) as endpoint, model(endpoint) as asked:
        for _ in range(2):
            assert asked.reply(USER, TOOLS).cut
    assert [request["max_tokens"] for request in endpoint.requests] == [8000, 8000]


def test_a_number_that_is_refused_without_another_is_named() -> None:
    fault = Status(400, {"error": {"message": "max_tokens is too large: 8000."}})
    with served(faults=[fault]) as endpoint, pytest.raises(ModelFailed, match="too large"):
        ask(endpoint)


def test_temperature_and_usage_are_given_up_where_they_are_refused() -> None:
    options = {"stream": True, "temperature": 0.2}
    with served(temperature=False, stream_options=False) as endpoint, model(endpoint, **options) as asked:
        assert calls_of(asked.reply(USER, TOOLS)) == BOTH
    assert len(endpoint.requests) == 3
    assert not {"temperature", "stream_options"} & set(endpoint.requests[-1])


SEALED = Said("I call f.", [Call("f", {"a": 1}, seal={"google": {"s": "x+/="}})])
THOUGHT = Said("I call f.", [Call("f", {"a": 1})], thoughts="Hm, f it is.")


@streams
@pytest.mark.parametrize(
    ("said", "wants_back"), [(THOUGHT, "reasoning_content"), (SEALED, "extra_content"), (THOUGHT, None)]
)
def test_thoughts_are_sent_back_to_an_endpoint_that_asks_for_them_and_to_no_other(
    said: Said, wants_back: Any, stream: bool
) -> None:
    with served(said, wants_back=wants_back) as endpoint, model(endpoint, stream=stream) as asked:
        reply = asked.reply(USER, TOOLS)
        calls = [{**HISTORY[2]["tool_calls"][0]}]
        calls[0] |= {"extra_content": reply.calls[0].seal} if said is SEALED else {}
        answer = {**HISTORY[2], "tool_calls": calls, **reply.thoughts}
        for _ in range(2):
            assert calls_of(asked.reply([*HISTORY[:2], answer, HISTORY[3]], TOOLS)) == [("f", '{"a": 1}')]
        sent = endpoint.requests[-1]["messages"][2]
        # one that thought nothing, or whose thoughts were left out of a long conversation
        answer.pop("reasoning_content", None)
        assert calls_of(asked.reply([*HISTORY[:2], answer, HISTORY[3]], TOOLS)) == [("f", '{"a": 1}')]
    assert len(endpoint.refused) == (1 if wants_back else 0)
    assert all("tools" in request for request in endpoint.requests)
    assert sent.get("reasoning_content", "") == (said.thoughts if wants_back else "")
    assert sent["tool_calls"][0].get("extra_content") == said.calls[0].seal


CALLED = 'I call f.\n\n```tool\n{"tool": "f", "arguments": {"a": 1}}\n```\n'
HISTORY = [
    {"role": "system", "content": "You are an agent."},
    *USER,
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 7}'}}],
    },
    {"role": "tool", "tool_call_id": "c1", "content": "seven"},
]


@pytest.mark.parametrize(
    "fault",
    [
        Status(400, {"error": {"message": "llama2 does not support tools"}}),
        Status(404, {"error": {"message": "No endpoints found that support tool use."}}),
        Status(422, {"detail": "Extra inputs are not permitted: tools"}),
        Status(500, {"error": {"message": "tools param requires --jinja flag"}}),
        Status(400, {"error": {"message": '"auto" tool choice requires --enable-auto-tool-choice'}}),
    ],
)
def test_an_endpoint_without_tools_is_asked_in_text(fault: Status) -> None:
    with (
        served(Said(CALLED), [fault], alternating=True) as endpoint,
        model(endpoint) as asked,
    ):
        for _ in range(2):
            reply = asked.reply(HISTORY, TOOLS)
            assert (reply.text, calls_of(reply)) == ("I call f.", [("f", '{"a": 1}')])
    assert len(endpoint.requests) == 3
    assert endpoint.refused == []
    text = endpoint.requests[-1]
    assert "tools" not in text
    assert [message["role"] for message in text["messages"]] == ["system", "user", "assistant", "user"]
    assert "- f(a?: integer, b?: string): Does f." in text["messages"][0]["content"]
    assert text["messages"][3]["content"] == "[result of f]\nseven"


def test_our_own_mistakes_are_not_taken_for_an_endpoint_without_tools() -> None:
    with (
        served() as endpoint,
        model(endpoint) as asked,
        pytest.raises(ModelFailed, match="must be followed by tool messages"),
    ):
        asked.reply(HISTORY[:-1], TOOLS)
    assert len(endpoint.requests) == 1


def test_calls_in_the_text_are_obeyed_and_twice_in_a_row_change_the_way_of_asking() -> None:
    with served(Said(CALLED)) as endpoint, model(endpoint) as asked:
        for _ in range(3):
            assert calls_of(asked.reply(USER, TOOLS)) == [("f", '{"a": 1}')]
    assert ["tools" in request for request in endpoint.requests] == [True, True, False]


def test_native_means_native_and_text_means_text() -> None:
    with served(Said(CALLED)) as endpoint:
        assert ask(endpoint, tools=TOOLS).calls
        with model(endpoint, tools="native") as asked:
            assert asked.reply(USER, TOOLS).calls == ()
        with model(endpoint, tools="text") as asked:
            assert calls_of(asked.reply(USER, TOOLS)) == [("f", '{"a": 1}')]
    assert ["tools" in request for request in endpoint.requests] == [True, True, False]


def test_a_broken_block_comes_back_as_a_problem() -> None:
    with served(Said(CALLED.replace("}}", "},}"))) as endpoint, model(endpoint, tools="text") as asked:
        reply = asked.reply(USER, TOOLS)
    assert reply.calls == ()
    assert "This call is no JSON" in reply.problem


def test_half_a_message_in_text_has_no_calls() -> None:
    said = Said(CALLED + "```tool\n{", finish="length")
    with served(said) as endpoint, model(endpoint, tools="text") as asked:
        reply = asked.reply(USER, TOOLS)
    assert (reply.cut, reply.calls) == (True, ())


def test_a_cancelled_run_stops_in_a_pause() -> None:
    stop = threading.Event()
    with served(faults=[Status(429, retry_after="60")]) as endpoint, model(endpoint, stop.is_set) as asked:
        threading.Timer(0.2, stop.set).start()
        started = time.monotonic()
        with pytest.raises(Cancelled, match="while scripted was asked"):
            asked.reply(USER, TOOLS)
    assert time.monotonic() - started < LONG / 2


@streams
def test_a_cancelled_run_stops_while_an_answer_comes(stream: bool) -> None:
    stop = threading.Event()
    with (
        served(faults=[Slow(LONG, trickle=True)]) as endpoint,
        model(endpoint, stop.is_set, stream=stream) as asked,
    ):
        threading.Timer(0.2, stop.set).start()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            asked.reply(USER, TOOLS)
    assert time.monotonic() - started < LONG / 2


@streams
def test_an_endless_answer_does_not_fill_the_memory(stream: bool) -> None:
    endless = Raw(b"x" * 21_000_000, "text/event-stream" if stream else "application/json")
    with served(faults=[endless]) as endpoint, pytest.raises(Unreachable, match="longer than 20000000 bytes"):
        ask(endpoint, retries=0)


def test_half_characters_and_strange_names_do_not_poison_the_history() -> None:
    said = Said("a\ud800b", [Call("functions.f", "{}"), Call("f g" + "x" * 80, "[" * 100_000)])
    with served(said) as endpoint:
        reply = ask(endpoint)
    assert reply.text == "a?b"
    assert [call.name for call in reply.calls] == ["f", "f_g" + "x" * 61]
    assert reply.calls[1].arguments == "(nested too deeply)"


def test_a_task_with_half_a_character_can_be_sent() -> None:
    with served() as endpoint, model(endpoint) as asked:
        asked.reply([{"role": "user", "content": "caf\udce9"}], TOOLS)
    assert endpoint.requests[0]["messages"][0]["content"] == "caf?"


def test_a_password_in_the_address_is_in_no_message() -> None:
    with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:9/v1 gave") as caught:
        ask(Endpoint("http://me:sesame@127.0.0.1:9/v1"), retries=0)
    assert "sesame" not in str(caught.value)


def test_a_server_that_accepts_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(Unreachable, match="Timeout"):
            ask(Endpoint(url), seconds=0.2, retries=0)

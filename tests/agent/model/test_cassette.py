from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.model import Message, Model, Reply
from agent.model.cassette import Recording, Replay
from agent.model.errors import ContextOverflow
from agent.model.openai import ModelOptions, OpenAIModel
from indexer.errors import BadInput, ModelFailed
from tests.agent.endpoint import Call, Rules, Said, serve

TOKEN = "ghp_" + "a1B2" * 9
TOOLS: list[dict[str, Any]] = [
    {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
]


def bot(messages: Sequence[Message], tools: Any) -> Said:
    return Said(f"I saw {messages[-1]['content']} and {TOKEN}.", [Call("f", {"n": len(messages)})])


def play(model: Model, results: Sequence[str] = ("done after 0.31 s", "hunter22-sesame")) -> list[Reply]:
    """A small loop: each answer goes into the history, as the model gave it."""
    messages: list[Message] = [{"role": "user", "content": "task"}]
    replies = []
    for content in results:
        replies.append(model.reply(messages, TOOLS))
        function = {"name": "f", "arguments": replies[-1].calls[0].arguments}
        call = {"id": f"c{len(messages)}", "type": "function", "function": function}
        messages.append({"role": "assistant", "content": replies[-1].text, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": call["id"], "content": content})
    replies.append(model.reply(messages, TOOLS))
    return replies


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    with serve(bot) as endpoint:
        model = OpenAIModel(ModelOptions("scripted", "key", endpoint.url))
        play(Recording(model, path, hidden=["hunter22-sesame"]))
        model.close()
    return path


def test_a_recorded_run_plays_again_without_an_endpoint(cassette: Path) -> None:
    model = Replay(cassette, hidden=["hunter22-sesame"])
    assert (model.name, model.scripted) == ("replay of run.jsonl", True)
    replies = play(model, ("done after 12.5 s", "hunter22-sesame"))
    assert [reply.calls[0].arguments for reply in replies] == ['{"n": 1}', '{"n": 3}', '{"n": 5}']
    assert replies[0].text.startswith("I saw task")
    assert replies[0].usage.input_tokens > 0


def test_no_secret_is_recorded(cassette: Path) -> None:
    text = cassette.read_text()
    assert TOKEN not in text
    assert "hunter22" not in text
    assert text.count("[redacted:") >= 4


def test_a_run_that_goes_another_way_says_at_which_step(cassette: Path) -> None:
    with pytest.raises(ModelFailed, match=r"request of step 2 is not the one recorded in .*run\.jsonl"):
        play(Replay(cassette, hidden=["hunter22-sesame"]), ("failed after 0.31 s", "x"))


def test_a_run_that_is_longer_than_its_recording_says_so(cassette: Path) -> None:
    lines = cassette.read_text().splitlines(keepends=True)
    cassette.write_text("".join(lines[:2]))
    with pytest.raises(ModelFailed, match="ends after 2 steps"):
        play(Replay(cassette, hidden=["hunter22-sesame"]))


def test_an_overflow_is_part_of_a_run(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    long = [{"role": "user", "content": "x" * 10_000}]
    with serve(bot, Rules(window=1000)) as endpoint:
        model = OpenAIModel(ModelOptions("scripted", "key", endpoint.url, output_tokens=100))
        with pytest.raises(ContextOverflow):
            Recording(model, path).reply(long, TOOLS)
        model.close()
    with pytest.raises(ContextOverflow, match="maximum context length") as caught:
        Replay(path).reply(long, TOOLS)
    assert caught.value.window == 1000


def test_a_recording_is_not_written_over(cassette: Path) -> None:
    with pytest.raises(BadInput, match="holds a recording already"):
        Recording(Replay(cassette), cassette)


@pytest.mark.parametrize("text", [None, "{", "\n"])
def test_what_is_no_recording_is_refused(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "run.jsonl"
    if text is not None:
        path.write_text(text)
    with pytest.raises(BadInput, match="is no recording"):
        Replay(path)


def test_requests_leave_nothing_but_a_hash(cassette: Path) -> None:
    entries = [json.loads(line) for line in cassette.read_text().splitlines()]
    assert [entry["step"] for entry in entries] == [1, 2, 3]
    assert all(len(entry["request"]) == 64 for entry in entries)

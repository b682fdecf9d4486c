from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.model.text_calls import read_calls
from agent.model.text_conversation import in_text, manual
from tests.agent.endpoint import Rules, refusal


def tool(name: str, **properties: str) -> dict[str, Any]:
    parameters = {
        "type": "object",
        "properties": {key: {"type": kind} for key, kind in properties.items()},
        "required": list(properties)[:1],
        "additionalProperties": False,
    }
    return {"type": "function", "function": {"name": name, "description": "", "parameters": parameters}}


READ = tool("read_file", path="string", start="integer")
TOOLS = [
    READ,
    tool("run", command="string"),
    tool("str_replace", path="string", old="string", new="string"),
    tool("create_file", path="string", content="string"),
]


def calls(text: str, tools: Any = TOOLS) -> list[tuple[str, dict[str, Any]]]:
    written = read_calls(text, tools)
    assert written.problem == ""
    return [(call.name, json.loads(call.arguments)) for call in written.calls]


def tagged(name: str, **arguments: str) -> str:
    inner = "".join(f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in arguments.items())
    return f"<function={name}>\n{inner}</function>"


TWO_LINES = "ls &&\n  pwd"
A = ("read_file", {"path": "a.py"})
B = ("read_file", {"path": "b.py", "start": 3})
JSON_A = '{"tool": "read_file", "arguments": {"path": "a.py"}}'
JSON_B = '{"name": "read_file", "arguments": {"path": "b.py", "start": 3}}'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"I look.\n\n```tool\n{JSON_A}\n```\n", [A]),
        (f"```tool\n{JSON_A}\n```\nand\n```tool\n{JSON_B}\n```", [A, B]),
        (f"```tool\n{JSON_A}\n{JSON_B}\n```", [A, B]),
        (f"```tool\n[{JSON_A},\n {JSON_B}]\n```", [A, B]),
        (f"```json\n{JSON_B}\n```", [B]),
        (f"```\n{JSON_B}\n```", [B]),
        (f"```JSON tool\r\n{JSON_B}\r\n```\r\n", [B]),
        (f"~~~tool\n{JSON_A}\n~~~", [A]),
        (f"````tool\n{JSON_A}\n````", [A]),
        (f"<tool_call>\n{JSON_B}\n</tool_call>", [B]),
        (f"Hm. Well.\n<tool_call>{JSON_A}</tool_call><tool_call>{JSON_B}</tool_call>", [A, B]),
        (f"<tool_call>\n{tagged('read_file', path='b.py', start='3')}\n</tool_call>", [B]),
        (f"<tool_call>{tagged('run', command=TWO_LINES)}{tagged('run')}</tool_call>",
         [("run", {"command": TWO_LINES}), ("run", {})]),
        (f"<tool_call>{tagged('read_file', path='3', start='x')}</tool_call>",
         [("read_file", {"path": "3", "start": "x"})]),
        (JSON_A, [A]),
        (f"[{JSON_A}]", [A]),
        ('```tool\n{"tool": "read_file", "arguments": "{\\"path\\": \\"a.py\\"}"}\n```', [A]),
        ('```tool\n{"name": "read_file", "parameters": {"path": "a.py"}, "id": "1"}\n```', [A]),
        ('```json\n{"type": "function", "function": {"name": "run", "arguments": "{}"}}\n```', [("run", {})]),
        ('```tool\n{"tool": "run"}\n```', [("run", {})]),
        ('```tool\n{"tool": "run", "arguments": {"command": "echo \\"```\\""}}\n```',
         [("run", {"command": 'echo "```"'})]),
        ('```tool\n{"tool": "unknown", "arguments": {}}\n```', [("unknown", {})]),
    ],
)  # fmt: skip
def test_calls_are_found_in_every_usual_form(text: str, found: list[Any]) -> None:
    assert calls(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Just talking.",
        "```python\nprint(1)\n```",
        '```json\n{"name": "package", "version": "1.0", "arguments": {}}\n```',
        '```json\n{"name": "run", "version": "1.0"}\n```',
        "```json\n{not: json}\n```",
        f"Write it like this:\n````markdown\n```tool\n{JSON_A}\n```\n````\n",
        "````\na.py\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n````",
        "A title\n=======\n",
        "```python\nnot closed",
        "[1] is a note {a}",
    ],
)
def test_what_is_no_call_stays_text(text: str) -> None:
    written = read_calls(text, TOOLS)
    assert (written.calls, written.problem) == ((), "")
    assert written.text == text.strip()


SEARCH, END = "<<<<<<< SEARCH\n", ">>>>>>> REPLACE\n"
EDIT = f"src/a.py\n{SEARCH}x = 1\n=======\nx = 2\n{END}"


def made(path: str, content: str) -> tuple[str, dict[str, Any]]:
    return "create_file", {"path": path, "content": content}


CHANGED = ("str_replace", {"path": "src/a.py", "old": "x = 1\n", "new": "x = 2\n"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"I change it.\n\n{EDIT}", [CHANGED]),
        (f"```python\n{EDIT}```", [CHANGED]),
        (f"src/a.py\n```python\n{EDIT.partition(chr(10))[2]}```", [CHANGED]),
        (f"`src/a.py`:\n{EDIT.partition(chr(10))[2]}", [CHANGED]),
        (f"### **src/a.py**\n\n{EDIT.partition(chr(10))[2]}", [CHANGED]),
        (f"File: src/a.py\n{EDIT.partition(chr(10))[2]}", [CHANGED]),
        (EDIT + EDIT, [CHANGED, CHANGED]),
        (EDIT + "\n" + EDIT.partition("\n")[2], [CHANGED, CHANGED]),
        (f"```\n{EDIT}```\n```\n{EDIT.partition(chr(10))[2]}```", [CHANGED, CHANGED]),
        (EDIT.replace("x = 2\n", ""), [("str_replace", {"path": "src/a.py", "old": "x = 1\n", "new": ""})]),
        (f"`Makefile`\n{SEARCH}=======\nall:\n\ttrue\n{END}", [made("Makefile", "all:\n\ttrue\n")]),
        (f"a.md\n{SEARCH}=======\n```tool\nx\n```\n{END}", [made("a.md", "```tool\nx\n```\n")]),
        (f"{EDIT}\n```tool\n{JSON_A}\n```", [CHANGED, A]),
    ],
)  # fmt: skip
def test_edits_are_written_without_json(text: str, found: list[Any]) -> None:
    assert calls(text) == found


def test_what_is_around_the_blocks_is_the_text() -> None:
    written = read_calls(
        f"I see.\n\n```python\n{EDIT}```\n\nNow:\n```tool\n{JSON_A}\n```\nThat is all.", TOOLS
    )
    assert written.text == "I see.\n\n\nNow:\nThat is all."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"```tool\n{JSON_A}\n", "opened in line 1 is not closed"),
        (f"```tool\n{JSON_A}\n```\n```tool\n{JSON_A[:-3]}", "no JSON"),
        (f"```tool\n{JSON_A[:-1]},}}\n```", "no JSON .*Nothing of this message was done"),
        (f"```tool\n{JSON_A}\n```\n```python\nx = 1", "opened in line 4 is not closed"),
        (f"```python\n```tool\n{JSON_A}\n```", "inside the one of line 1"),
        ("```tool\n\n```", "holds no call"),
        ("```tool\nread_file a.py\n```", "no JSON"),
        ('```tool\n{"tool": "run", "tool": "read_file"}\n```', "stands twice"),
        ('```tool\n{"tool": "run", "command": "ls"}\n```', "command belongs into the arguments of run"),
        ('```tool\n{"tool": "run", "arguments": ["ls"]}\n```', "no object"),
        ('```tool\n{"tool": "run", "arguments": "ls"}\n```', "arguments of run are no JSON"),
        ('```tool\n{"tool": "run it", "arguments": {}}\n```', "a call is"),
        ('```tool\n{"tool": "run", "arguments": {"command": NaN}}\n```', "NaN is no JSON"),
        ('```tool\n' + "[" * 50_000 + "\n```", "no JSON"),
        ('```json\n{"tool": "run", "arguments": {"command": "ls",}}\n```', "no JSON"),
        ('{"tool": "run", "arguments": {"command": "ls",}}', "no JSON"),
        (f"<tool_call>{JSON_A}", "<tool_call> of line 1 is not closed"),
        ("<tool_call></tool_call>", "holds no call"),
        ("<tool_call><function=run><parameter=command>ls</function></tool_call>", "cannot be told apart"),
        ("<tool_call><function=run></tool_call>", "is not closed"),
        (f"<tool_call>{tagged('run', command='</parameter>')}</tool_call>", "cannot be told apart"),
        (f"<tool_call>{tagged('run')} and so on</tool_call>", "is not closed"),
        (EDIT.removesuffix(END), "edit of line 2 is not closed: >>>>>>> REPLACE is missing"),
        (EDIT.replace("=======\n", ""), "where ======= was expected"),
        (EDIT + f"src/b.py\n{SEARCH}x\n", "edit of line 8 is not closed"),
        (EDIT.replace("x = 2", "Title\n======="), "use a tool block"),
        (EDIT.replace("x = 2", "<<<<<<< SEARCH"), "cannot stand in the edit"),
        (END, "ends an edit that was not begun"),
        (EDIT.partition("\n")[2], "has no path"),
        (f"Now I change the file:\n{EDIT.partition(chr(10))[2]}", "has no path"),
        (f"Changed\n{EDIT.partition(chr(10))[2]}", "has no path"),
        (f"```tool\n{JSON_A}\n```\n" * 70, "at most 64 calls"),
    ],
)  # fmt: skip
def test_what_is_half_or_unclear_is_not_done_at_all(text: str, said: str) -> None:
    written = read_calls(text, TOOLS)
    assert written.calls == ()
    assert written.text == text
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(written.problem)


def test_without_tools_to_edit_an_edit_is_a_problem() -> None:
    assert "no tool here for the edit" in read_calls(EDIT, [READ]).problem


PIECES = st.sampled_from(
    ["```tool\n", "```\n", "````\n", "```json\n", "~~~\n", JSON_A, JSON_B, JSON_A[:20], "{", "}", "\n",
     " ", "a.py\n", SEARCH, "=======\n", END, EDIT, "<tool_call>", "</tool_call>",
     "<function=run>", "</function>", "text\n", "x = 1\n",
     "\r\n", "[", "]", "\\", '"']
)  # fmt: skip


@given(st.lists(PIECES, max_size=25))
@settings(deadline=None)
def test_any_mixture_is_read_or_refused_and_never_raises(pieces: list[str]) -> None:
    written = read_calls("".join(pieces), TOOLS)
    assert not (written.calls and written.problem)
    for call in written.calls:
        assert isinstance(json.loads(call.arguments), dict)


@given(st.integers(0, 10_000), st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=4))
@settings(deadline=None)
def test_a_message_cut_anywhere_runs_nothing_but_whole_blocks(place: int, kinds: list[int]) -> None:
    """Each call is one that was written in full before the cut, in its place."""
    blocks = [f"```tool\n{JSON_A}\n```\n", EDIT, f"<tool_call>{JSON_B}</tool_call>\n"]
    text = "Now.\n" + "and\n".join(blocks[kind] for kind in kinds)
    whole = calls(text)
    part = text[: place % len(text)]
    written = read_calls(part, TOOLS)
    assert [(call.name, json.loads(call.arguments)) for call in written.calls] == whole[: len(written.calls)]


@given(st.text(st.characters(codec="utf-8"), max_size=300))
@settings(deadline=None)
def test_any_text_at_all_never_raises(text: str) -> None:
    read_calls(text, TOOLS)


@pytest.mark.parametrize(
    "text",
    ["```json\n[", "<tool_call>", "<tool_call><function=run><parameter=a>", "<function=run></function>",
     "<parameter=a></parameter>", "1 ", "```\n{}\n```\n", "{" * 10, "a.py\n<<<<<<< SEARCH\n", "\n", "`" * 9],
)  # fmt: skip
def test_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    long = text * (300_000 // len(text))
    tag = f"<tool_call>{long}</tool_call>"
    for flood in (
        long,
        tag,
        f"<tool_call><function=run>{tag}",
        f"```tool\n{long}\n```",
        f"```tool\n{JSON_A}\n```\n{long}",
    ):
        started = time.process_time()
        read_calls(flood, TOOLS)
        assert time.process_time() - started < 5  # measured: 0.5 s


ARGUMENTS = st.dictionaries(
    st.sampled_from(["path", "old", "new", "content", "command"]),
    st.one_of(
        st.text(st.characters(codec="utf-8"), max_size=30),
        st.sampled_from(["a.py", "a b.py", SEARCH, "x\n", "x\ny\n", "", "\n", "=======\n", "```\n", "a\r\n"]),
        st.integers(),
    ),
)  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(["run", "str_replace", "create_file"]), ARGUMENTS), min_size=1, max_size=4
    )
)
@example([("create_file", {"path": "", "content": ""})])
@settings(deadline=None)
def test_what_is_written_of_old_calls_reads_as_the_same_calls(made: list[tuple[str, dict[str, Any]]]) -> None:
    message = asking(*made)
    text = in_text([{"role": "user", "content": "x"}, message], TOOLS)[2]["content"]
    assert calls(text) == made


def asking(*made: tuple[str, dict[str, Any]], text: str | None = None) -> dict[str, Any]:
    return {
        "role": "assistant",
        "content": text,
        "tool_calls": [
            {
                "id": f"c{place}",
                "type": "function",
                "function": {"name": name, "arguments": json.dumps(arguments)},
            }
            for place, (name, arguments) in enumerate(made)
        ],
    }


def test_old_edits_are_shown_as_edits() -> None:
    talk = in_text([{"role": "user", "content": "x"}, asking(CHANGED, A, text="I change it.")], TOOLS)
    assert talk[2]["content"] == f"I change it.\n\n{EDIT.strip()}\n\n```tool\n{JSON_A}\n```"
    assert talk[3] == {"role": "user", "content": "Go on."}


@given(st.lists(st.sampled_from(["user", "assistant", "call", "system"]), max_size=12))
def test_roles_alternate_in_text(roles: list[str]) -> None:
    messages: list[dict[str, Any]] = []
    for role in roles:
        if role == "call":
            messages += [asking(A), {"role": "tool", "tool_call_id": "c0", "content": "1  x"}]
        else:
            messages.append({"role": role, "content": role})
    before = json.dumps(messages)
    request = {"model": "scripted", "messages": in_text(messages, TOOLS)}
    assert refusal(request, Rules(alternating=True)) is None
    assert request["messages"][-1]["role"] == "user"
    assert json.dumps(messages) == before


def test_the_manual_holds_every_tool_with_its_arguments() -> None:
    described = {
        "type": "function",
        "function": {
            "name": "finish",
            "description": "Hand in.",
            "parameters": {
                "type": "object",
                "properties": {
                    "kind": {"type": "string", "enum": ["fix", "docs"], "description": "what it is"},
                    "paths": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["kind"],
            },
        },
    }
    text = manual([*TOOLS, described])
    assert '- finish(kind: "fix" | "docs", paths?: list of string): Hand in.\n    kind: what it is' in text
    assert "<<<<<<< SEARCH" in text
    assert "<<<<<<< SEARCH" not in manual([READ])
    assert manual([]) == ""

"""A conversation with tools -> the same conversation in plain text, for endpoints that know no tools.

Roles alternate and the system message comes first, because many chat templates refuse all else. What is
written here for old calls is what `text_calls` reads: the model is shown its own words as it should go on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from agent.model import Message, ToolSchema
from agent.model.text_syntax import DIVIDER, REPLACE, SEARCH, EditTools, edit_tools, path_in

_MANUAL = """\
# Tools

You have tools. To call one, write a block like this, a JSON object in a fence named `tool`:

```tool
{"tool": "NAME", "arguments": {"NAME OF ARGUMENT": VALUE}}
```

Several blocks in one message run in their order. End your message after the last one: the results come
in the next message. Without a block nothing happens.
"""
_EDITS = f"""
To change a file do not write JSON, write the path alone on a line and the edit under it. The SEARCH part
holds whole lines as they are now, once in that file; an empty SEARCH part makes a new file:

path/of/file.py
{SEARCH}
the lines as they are
{DIVIDER}
the lines to put there
{REPLACE}
"""
_BEGUN, _GO_ON = "(The conversation begins.)", "Go on."


def in_text(messages: Sequence[Message], tools: Sequence[ToolSchema]) -> list[Message]:
    """Rewrite calls, results and tools as text; the messages given stay as they are."""
    edits = edit_tools(tools)
    system = [_words(message) for message in messages if message["role"] in ("system", "developer")]
    talk: list[Message] = []
    asked: dict[str, str] = {}  # id of a call -> what its result is headed with
    for message in messages:
        role = message["role"]
        if role == "assistant":
            calls = message.get("tool_calls") or ()
            asked |= {call["id"]: _heading(call["function"]) for call in calls}
            written = (_written(call["function"], edits) for call in calls)
            _add(talk, role, "\n\n".join(filter(None, (_words(message), *written))))
        elif role == "tool":
            _add(talk, "user", f"[{asked.get(message['tool_call_id'], 'result')}]\n{_words(message)}")
        elif role == "user":
            _add(talk, role, _words(message))
    if not talk or talk[0]["role"] == "assistant":
        talk.insert(0, {"role": "user", "content": _BEGUN})
    if talk[-1]["role"] == "assistant":
        talk.append({"role": "user", "content": _GO_ON})
    head = "\n\n".join(filter(None, (*system, manual(tools))))
    return [{"role": "system", "content": head}, *talk] if head else talk


def manual(tools: Sequence[ToolSchema]) -> str:
    """The tools and how to call them, as text."""
    if not tools:
        return ""
    edits = _EDITS if edit_tools(tools).change else ""
    return f"{_MANUAL}{edits}\nThe tools:\n\n" + "\n".join(_entry(tool["function"]) for tool in tools)


def _entry(function: dict[str, Any]) -> str:
    parameters = function.get("parameters", {})
    properties, required = parameters.get("properties", {}), parameters.get("required", ())
    heads = [
        f"{name}{'' if name in required else '?'}: {_kind(schema)}" for name, schema in properties.items()
    ]
    lines = [f"- {function['name']}({', '.join(heads)}): {function.get('description', '')}"]
    lines += [
        f"    {name}: {schema['description']}"
        for name, schema in properties.items()
        if schema.get("description")
    ]
    return "\n".join(lines)


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("type", "any"))


def _add(talk: list[Message], role: str, text: str) -> None:
    """Put a turn behind the last one, into it if it is of the same role."""
    if talk and talk[-1]["role"] == role:
        talk[-1]["content"] = f"{talk[-1]['content']}\n\n{text}"
    else:
        talk.append({"role": role, "content": text or "(nothing)"})


def _words(message: Message) -> str:
    content = message.get("content") or ""
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return str(content)


def _heading(function: dict[str, Any]) -> str:
    arguments = _arguments(function)
    path = arguments.get("path")
    return f"result of {function['name']}" + (f" {path}" if isinstance(path, str) else "")


def _written(function: dict[str, Any], edits: EditTools) -> str:
    arguments = _arguments(function)
    if block := _edit_block(function["name"], arguments, edits):
        return block
    call = json.dumps({"tool": function["name"], "arguments": arguments}, ensure_ascii=False)
    return f"```tool\n{call}\n```"


def _edit_block(name: str, arguments: dict[str, Any], edits: EditTools) -> str:
    """An edit as SEARCH/REPLACE, or nothing where that would not read as the same edit again."""
    if edits.create and name == edits.create[0]:
        keys, (path, new), old = edits.create[1:], _texts(arguments, edits.create[1:]), ""
    elif edits.change and name == edits.change[0]:
        keys, (path, old, new) = edits.change[1:], _texts(arguments, edits.change[1:])
        if not old.strip():
            return ""
    else:
        return ""
    if set(arguments) != set(keys) or not path or path_in(path) != path or not (_whole(old) and _whole(new)):
        return ""
    return f"{path}\n{SEARCH}\n{old}{DIVIDER}\n{new}{REPLACE}"


def _texts(arguments: dict[str, Any], keys: Iterable[str]) -> list[str]:
    """The values, with a text that fits no block in place of what is no text."""
    values = [arguments.get(key) for key in keys]
    return [value if isinstance(value, str) else "\r" for value in values]


def _whole(text: str) -> bool:
    """Whether the text is whole lines, none of which a reader could take for a marker."""
    lines = text.split("\n")
    marks = ("<<<<<", "=====", ">>>>>")
    return lines[-1] == "" and "\r" not in text and not any(line.startswith(marks) for line in lines)


def _arguments(function: dict[str, Any]) -> dict[str, Any]:
    try:
        read = json.loads(function.get("arguments") or "{}")
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}

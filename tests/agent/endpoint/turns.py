"""The messages of a request -> what OpenAI's API refuses in them: roles, contents, calls without results."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.agent.endpoint.terms import Refusal, Rules, name_wrongs

_ROLES = ("system", "assistant", "user", "function", "tool", "developer")
_FIELDS = {  # of a message
    "system": {"content", "name"},
    "developer": {"content", "name"},
    "user": {"content", "name"},
    "assistant": {"content", "name", "tool_calls", "refusal", "audio", "function_call"},
    "tool": {"content", "tool_call_id"},
    "function": {"content", "name"},
}


def message_wrongs(messages: list[Any], rules: Rules) -> Iterator[Refusal]:
    if not messages:
        text = "Invalid 'messages': empty array. Expected an array with minimum length 1."
        yield Refusal(400, text, "messages", "empty_array")
    waiting: list[str] = []
    asked_at = 0
    for place, message in enumerate(messages):
        at = f"messages[{place}]"
        if not isinstance(message, dict):
            yield Refusal(400, f"Invalid type for '{at}': expected an object.", at, "invalid_type")
            return
        role = message.get("role")
        if role not in _ROLES:
            text = f"Invalid value: '{role}'. Supported values are: {', '.join(map(repr, _ROLES))}."
            yield Refusal(400, text, f"{at}.role", "invalid_value")
            return
        if unknown := set(message) - _FIELDS[role] - {"role", rules.wants_back}:
            text = f"Unknown parameter: '{at}.{min(unknown)}'."
            yield Refusal(400, text, f"{at}.{min(unknown)}", "unknown_parameter")
        yield from _content(message, at)
        if role == "tool":
            given = message.get("tool_call_id")
            if not isinstance(given, str):
                yield Refusal(400, f"Missing required parameter: '{at}.tool_call_id'.", f"{at}.tool_call_id")
            if given not in waiting:
                text = (
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
                    "with 'tool_calls'."
                )
                yield Refusal(400, text, f"messages.[{place}].role")
                return
            waiting.remove(given)
            continue
        if waiting:
            break
        if role == "assistant" and rules.wants_back:
            yield from _kept_back(message, place, rules)
        if "tool_calls" in message:
            yield from _calls(message["tool_calls"], f"{at}.tool_calls", rules)
            yield from _old_arguments(message["tool_calls"], rules)
            waiting, asked_at = [call["id"] for call in message["tool_calls"]], place
    if waiting:
        text = (
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            "'tool_call_id'. The following tool_call_ids did not have response messages: "
            + ", ".join(waiting)
        )
        yield Refusal(400, text, f"messages.[{asked_at}].role")
    yield from _turns(messages, rules)


def _kept_back(message: dict[str, Any], place: int, rules: Rules) -> Iterator[Refusal]:
    """In the words of DeepSeek and of Gemini."""
    if rules.wants_back == "reasoning_content" and "reasoning_content" not in message:
        text = f"Missing `reasoning_content` field in the assistant message at message index {place}."
        yield Refusal(400, text)
    calls = message.get("tool_calls") or () if rules.wants_back == "extra_content" else ()
    if any("extra_content" not in call for call in calls):
        text = "Function call is missing a thought_signature in functionCall parts."
        yield Refusal(400, text, code="INVALID_ARGUMENT")


def _content(message: dict[str, Any], at: str) -> Iterator[Refusal]:
    content = message.get("content")
    if isinstance(content, str):
        return
    if content is None:
        if message["role"] != "assistant" or not message.get("tool_calls"):
            text = "Invalid value for 'content': expected a string, got null."
            yield Refusal(400, text, f"{at.replace('[', '.[')}.content", "invalid_type")
        return
    parts = content if isinstance(content, list) and content else [None]
    for part in parts:
        if not isinstance(part, dict) or not isinstance(part.get("type"), str):
            text = f"Invalid type for '{at}.content': expected a string or an array of parts."
            yield Refusal(400, text, f"{at}.content", "invalid_type")
            return


def _calls(calls: Any, at: str, rules: Rules) -> Iterator[Refusal]:
    if not isinstance(calls, list) or not calls:
        text = f"Invalid '{at}': empty array. Expected an array with minimum length 1."
        yield Refusal(400, text, at, "empty_array")
        return
    for place, call in enumerate(calls):
        here = f"{at}[{place}]"
        function = call.get("function") if isinstance(call, dict) else None
        if (
            not isinstance(function, dict)
            or call.get("type") != "function"
            or set(function) - {"name", "arguments"}
        ):
            yield Refusal(400, f"Invalid value: '{here}' must be of type 'function' and hold one.", here)
            return
        if unknown := set(call) - {"id", "type", "function", rules.wants_back}:
            yield Refusal(400, f"Unknown parameter: '{here}.{min(unknown)}'.", here, "unknown_parameter")
        if not isinstance(call.get("id"), str) or not call["id"]:
            text = f"Missing required parameter: '{here}.id'."
            yield Refusal(400, text, f"{here}.id", "missing_required_parameter")
            return
        yield from name_wrongs(function.get("name"), f"{here}.function.name")
        if not isinstance(function.get("arguments"), str):
            text = f"Invalid type for '{here}.function.arguments': expected a string."
            yield Refusal(400, text, f"{here}.function.arguments", "invalid_type")
    ids = [call["id"] for call in calls]
    if len(set(ids)) < len(ids):
        yield Refusal(400, f"Duplicate value for 'tool_call_id' in '{at}'.", at, "invalid_value")


def _old_arguments(calls: list[dict[str, Any]], rules: Rules) -> Iterator[Refusal]:
    for call in calls if rules.json_arguments else ():
        try:
            read = json.loads(call["function"]["arguments"])
        except ValueError:
            read = None
        if not isinstance(read, dict):
            yield Refusal(500, "Failed to parse the arguments of a call as JSON", kind="server_error")


def _turns(messages: list[dict[str, Any]], rules: Rules) -> Iterator[Refusal]:
    """What chat templates of local models are strict about; the API itself is not."""
    roles = [message["role"] for message in messages]
    if not rules.system and "system" in roles:
        yield Refusal(400, "System role not supported")
    talk = [role for role in roles if role != "system"]
    wanted = [("user", "assistant")[place % 2] for place in range(len(talk))]
    if rules.alternating and (talk != wanted or "system" in roles[1:]):
        yield Refusal(400, "Conversation roles must alternate user/assistant/user/assistant/...")

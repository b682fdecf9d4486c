"""A demonstration without a model: it carries out one task on the sample project, by rules.

It is no tape. Each step reads what the tool before it returned: which helper the search found, how
the code calls it, which operation does not, how the tests are written. On another task, or where it
does not find what it needs, it says so and stops. Everything it says is labelled as scripted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from agent.model import LETTERS_PER_TOKEN, Message, Reply, ToolCall, ToolSchema, Usage, codemod

TASK = "add a payment retry mechanism"
_LABEL = "[scripted demonstration]"
_KEY_HINT = "For other tasks set OPENAI_API_KEY, and OPENAI_BASE_URL for an endpoint of your own."


@dataclass(frozen=True, slots=True)
class _Step:
    """What is said and done next."""

    why: str
    tool: str
    arguments: dict[str, Any]


_Script = Generator[_Step, str, None]


class ScriptedModel:
    """Plays the demonstration through the same seam as a model. One instance plays one run at a time."""

    name = "scripted demonstration"
    scripted = True

    def __init__(self) -> None:
        self._script: _Script | None = None

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        if messages[-1]["role"] == "tool" and self._script is not None:
            step = self._next(str(messages[-1]["content"]))
        else:
            self._script = _demonstration(str(messages[-1]["content"]))
            step = next(self._script)
        arguments = json.dumps(step.arguments)
        read = sum(len(str(message.get("content"))) for message in messages)
        usage = Usage(read // LETTERS_PER_TOKEN, len(arguments) // LETTERS_PER_TOKEN)
        return Reply(f"{_LABEL} {step.why}", (ToolCall("", step.tool, arguments),), usage)

    def _next(self, result: str) -> _Step:
        assert self._script is not None
        try:
            return self._script.send(result)
        except StopIteration:
            return _stop(f"the last step did not end the run: {result}")
        except codemod.Unexpected as unexpected:
            return _stop(str(unexpected))


def _demonstration(prompt: str) -> _Script:
    """Reuse the retry helper in the operation that lacks it: test first, then the code."""
    task = prompt.partition("# Tests")[0]
    if not (re.search(r"\bretr", task, re.I) and re.search(r"\bpayment", task, re.I)):
        yield _stop(f"the task is not {TASK!r}")
        return
    found = yield _Step(
        "Is there a retry helper already?", "search_code", {"query": "retry a failed payment"}
    )
    helper = codemod.helper_in(found)
    known = "which the context names as well" if helper in prompt else "which the context did not name"
    shown = yield _Step(f"There is {helper}, {known}. How does it decide?", "get_symbol", {"name": helper})
    home = codemod.home_of(shown, helper)
    uses = yield _Step("Who uses it, and who does not?", "find_references", {"name": helper})
    path = codemod.user_of(uses, home)
    code = codemod.unnumbered((yield _Step("That is where the operations are.", "read_file", {"path": path})))
    gap = codemod.find_gap(code, helper)
    tests = yield _Step(
        f"{gap.guarded} is retried, {gap.bare} is not. How are they tested?",
        "list_files",
        {"pattern": f"*test_{path.rpartition('/')[2]}"},
    )
    test_path = codemod.first_path(tests)
    test_code = codemod.unnumbered((yield _Step("The pattern to follow:", "read_file", {"path": test_path})))
    test = codemod.derive_test(test_code, gap)
    yield _Step(
        f"A test for {gap.bare}, made like that of {gap.guarded}. It must fail first.",
        "str_replace",
        {"path": test_path, "old": test.anchor, "new": test.source + test.anchor},
    )
    report = yield _Step("Red?", "run_tests", {"tests": [test_path]})
    if not report.startswith("red") or test.name not in report:
        yield _stop(f"{test.name} should have failed on the old code, but: {report.splitlines()[0]}")
        return
    yield _Step(
        f"Red. Now {gap.bare} goes through {helper} like the others.",
        "str_replace",
        {"path": path, "old": gap.old, "new": gap.new},
    )
    report = yield _Step("Green?", "run_tests", {})
    if not report.startswith("green"):
        yield _stop(f"the tests are not green after the change: {report}")
        return
    yield _Step(
        "Green.",
        "finish",
        {
            "subject": f"{gap.bare.capitalize()} tries again when the provider stumbles",
            "summary": f"{_LABEL}\n{gap.bare} sent its request once, {gap.guarded} went through {helper}.\n"
            "Now both do, with the same number of attempts. No second helper was added.",
            "kind": "feature",
        },
    )


def _stop(reason: str) -> _Step:
    text = (
        f"This is the scripted demonstration, not a model. It only knows the task {TASK!r} on the sample "
        f"project in examples/payments, and stops because {reason}. {_KEY_HINT}"
    )
    return _Step("I stop here.", "escalate", {"reason": text, "question": "Which model shall do this task?"})

"""A demonstration without a model: it carries out one task on the sample project, by rules.

It is no tape. Each step reads what the tool before it returned: which helper the search found, how
the code calls it, which operation does not, how the tests are written. On another task, or where it
does not find what it needs, it says so and stops. Everything it says is labelled as scripted.
"""

from __future__ import annotations

import re
from collections.abc import Generator

from agent.model import codemod
from agent.model.scripted import Heard, Say, Script, Scripted, call

TASK = "add a payment retry mechanism"
NAME = "scripted demonstration"
_LABEL = "[scripted demonstration]"
_KEY_HINT = "For other tasks set OPENAI_API_KEY, and OPENAI_BASE_URL for an endpoint of your own."


def demonstration() -> Scripted:
    return Scripted(NAME, _begin, _LABEL)


def _begin(prompt: str, tools: frozenset[str]) -> Script:
    task = prompt.partition("# Tests")[0]
    if not (re.search(r"\bretr", task, re.I) and re.search(r"\bpayment", task, re.I)):
        yield _stop(f"the task is not {TASK!r}")
        return
    try:
        if "propose_plan" in tools:
            yield from _planning(prompt)
        elif "report" in tools:
            yield from _analysis(prompt)
        else:
            yield from _work(prompt)
    except codemod.Unexpected as unexpected:
        yield _stop(str(unexpected))


def _look(prompt: str) -> Generator[Say, Heard, tuple[str, str, str]]:
    """Find the retry helper and the file whose operations use it. Returns helper, path and its code."""
    (found,) = yield call("search_code", "Is there a retry helper already?", query="retry a failed payment")
    helper = codemod.helper_in(found)
    known = "which the context names as well" if helper in prompt else "which the context did not name"
    (shown,) = yield call("get_symbol", f"There is {helper}, {known}. How does it decide?", name=helper)
    home = codemod.home_of(shown, helper)
    (uses,) = yield call("find_references", "Who uses it, and who does not?", name=helper)
    path = codemod.user_of(uses, home)
    (code,) = yield call("read_file", "That is where the operations are.", path=path)
    return helper, path, codemod.unnumbered(code)


def _planning(prompt: str) -> Script:
    helper, path, code = yield from _look(prompt)
    gap = codemod.find_gap(code, helper)
    pattern = f"*test_{path.rpartition('/')[2]}"
    (tests,) = yield call("list_files", "Where are its tests?", pattern=pattern)
    test_path = codemod.first_path(tests)
    yield call(
        "propose_plan",
        f"{gap.guarded} is retried, {gap.bare} is not.",
        plan={
            "summary": f"{gap.bare} goes through {helper}, as {gap.guarded} does; no second helper is made.",
            "kind": "feature",
            "steps": [
                {
                    "text": f"Test that {gap.bare} tries again when the provider stumbles",
                    "files": [test_path],
                },
                {"text": f"Send the request of {gap.bare} through {helper}", "files": [path]},
            ],
            "files": [
                {"path": test_path, "action": "change", "why": "the new test, made like that of the other"},
                {"path": path, "action": "change", "why": f"{gap.bare} is retried"},
            ],
            "tests": [{"path": test_path, "what": f"{gap.bare} is tried again after a timeout"}],
            "risks": [f"{gap.bare} may take as long as all attempts together"],
            "verification": "The new test fails on the old code and passes on the new.",
            "reuses": [helper],
        },
    )


def _analysis(prompt: str) -> Script:
    helper, path, code = yield from _look(prompt)
    gap = codemod.find_gap(code, helper)
    yield call("str_replace", f"A proposal: {gap.bare} too.", path=path, old=gap.old, new=gap.new)
    yield call(
        "report",
        "That is what there is to say.",
        summary=f"{_LABEL} There is a retry helper, {helper}. {gap.guarded} uses it, {gap.bare} does not.",
        suggestions=[
            {
                "title": f"Send {gap.bare} through {helper} too",
                "place": path,
                "why": "a stumble of the provider fails it at once",
                "how": "see the proposed diff",
            }
        ],
    )


def _work(prompt: str) -> Script:
    """Reuse the retry helper in the operation that lacks it: test first, then the code."""
    yield call("update_plan", "First the test.", step=1, status="doing")
    helper, path, code = yield from _look(prompt)
    gap = codemod.find_gap(code, helper)
    pattern = f"*test_{path.rpartition('/')[2]}"
    why = f"{gap.guarded} is retried, {gap.bare} is not. How are they tested?"
    (tests,) = yield call("list_files", why, pattern=pattern)
    test_path = codemod.first_path(tests)
    (shown,) = yield call("read_file", "The pattern to follow:", path=test_path)
    test = codemod.derive_test(codemod.unnumbered(shown), gap)
    yield call(
        "str_replace",
        f"A test for {gap.bare}, made like that of {gap.guarded}. It must fail first.",
        path=test_path,
        old=test.anchor,
        new=test.source + test.anchor,
    )
    (report,) = yield call("run_tests", "Red?", tests=[test_path])
    if not report.startswith("red") or test.name not in report:
        raise codemod.Unexpected(f"{test.name} should have failed on the old code: {report.splitlines()[0]}")
    yield call("update_plan", "Red.", step=2, status="doing")
    why = f"Now {gap.bare} goes through {helper} like the others."
    yield call("str_replace", why, path=path, old=gap.old, new=gap.new)
    (report,) = yield call("run_tests", "Green?")
    if not report.startswith("green"):
        raise codemod.Unexpected(f"the tests are not green after the change: {report}")
    yield call(
        "finish",
        "Green.",
        subject=f"{gap.bare.capitalize()} tries again when the provider stumbles",
        summary=f"{_LABEL}\n{gap.bare} sent its request once, {gap.guarded} went through {helper}.\n"
        "Now both do, with the same number of attempts. No second helper was added.",
    )


def _stop(reason: str) -> Say:
    text = (
        f"This is the scripted demonstration, not a model. It only knows the task {TASK!r} on the sample "
        f"project in examples/payments, and stops because {reason}. {_KEY_HINT}"
    )
    question = "Which model shall do this task?"
    return call("escalate", "I stop here.", reason=text, question=question)

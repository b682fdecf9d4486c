"""What a stage knows -> its first prompt, from the templates in prompts/."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from string import Template

from agent.intake import Brief
from agent.loop import Prompt
from agent.plan import Plan
from agent.policy import Policy, Stage
from agent.suites.baseline import Baseline
from agent.suites.verdict import some

_FOLDER = Path(__file__).parent / "prompts"
_ASKS = (
    "- If the task can be read in two ways that lead to different code, call `ask` once, before you plan.\n"
    "  Do not ask what the code base answers."
)
_ASSUMES = "- Where the task can be read in two ways, choose the likelier one and say so under assumptions."
_NO_TESTS = "No command ran tests here{tried}. Say in your summary how you checked the change."
_GUIDES = """
# What the people here ask for

It says how code, tests and commits are done in this repository. It does not change your task.

"""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r" {0,3}#{1,5}(?:\s|$)")
_NO_CONTEXT = "None was found for this task. Look for yourself."


def plan_prompt(brief: Brief, policy: Policy, tests: str, guides: str, context: str) -> Prompt:
    asking = _ASKS if policy.ask == "ask" else _ASSUMES
    return Prompt(
        _system("plan", policy, asking=asking),
        _filled("plan", brief, tests=tests, guides=guides, context=context),
    )


def work_prompt(
    brief: Brief,
    policy: Policy,
    tests: str,
    guides: str,
    context: str,
    plan: Plan,
    commits: str,
    used: str = "",
    said: str = "",
) -> Prompt:
    """`used` is who depends on the planned files, `said` what a person remarked who approved the plan."""
    planned = plan.text() + (f"\n\nWho else uses what you will change:\n{used}" if used else "")
    planned += f"\n\nThe person who approved this plan says: {said}" if said else ""
    more = {"tests": tests, "guides": guides, "context": context, "plan": planned, "commits": commits}
    return Prompt(_system("work", policy), _filled("work", brief, **more))


def report_prompt(brief: Brief, policy: Policy, guides: str, context: str) -> Prompt:
    tests = "They are not run here."
    return Prompt(
        _system("report", policy), _filled("report", brief, tests=tests, guides=guides, context=context)
    )


def _system(stage: Stage, policy: Policy, **values: str) -> str:
    name = "system" if stage == "work" else f"{stage}_system"
    text = Template(_template(name)).substitute(values).rstrip()
    own = policy.prompts.get(stage, "").strip()
    return f"{text}\n\nFor this repository:\n\n{own}\n" if own else f"{text}\n"


def _filled(name: str, brief: Brief, **values: str) -> str:
    context = nested(values.pop("context")) or _NO_CONTEXT
    guides = f"{_GUIDES}{found}\n" if (found := nested(values.pop("guides"))) else ""
    return Template(_template(name)).substitute(
        task=nested(_task(brief)), criteria=_criteria(brief), guides=guides, context=context, **values
    )


def nested(text: str) -> str:
    """Markdown with its headings one level lower, so that no text passes for a section of the prompt."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) and not mark[2].strip() else fence
        elif mark:
            fence = mark[1]
        elif _HEADING.match(line):
            line = f"#{line.lstrip(' ')}"
        lines.append(line)
    return "\n".join(lines)


def _task(brief: Brief) -> str:
    notes = [f"[{note}]" for note in brief.notes]
    open_points = ["Open points that the text itself marks:", *(f"- {point}" for point in brief.open_points)]
    return "\n\n".join([brief.text, *notes, *(["\n".join(open_points)] if brief.open_points else [])])


def _criteria(brief: Brief) -> str:
    """The criteria as a section of their own; a task that is its own criterion has none."""
    items = [f"- {item.id}: {item.text}" for item in brief.criteria] if len(brief.criteria) > 1 else []
    items += [f"- {tick.id}: {tick.text}" for tick in brief.ticks if not tick.done]
    return "\n# Acceptance criteria\n\n" + "\n".join(items) + "\n" if items else ""


def about_tests(baseline: Baseline | None, tried: Sequence[str]) -> str:
    """How the tests are run and what they say of the unchanged code, for the prompts of plan and work."""
    if baseline is None:
        return _NO_TESTS.format(tried=f" (tried: {'; '.join(tried)})" if tried else "")
    shown = baseline.command.shown
    if baseline.broken:
        return f"The code does not build, so no test can run ({shown}):\n{baseline.run.report()}"
    lines = [f"Before your change: {baseline.run.summary}. `run_tests` runs them ({shown})."]
    if failed := baseline.run.results.failed - baseline.flaky:
        lines.append(f"Fail already: {some(failed)}. Mend them only if the task asks for it.")
    if baseline.flaky:
        lines.append(f"Fail only sometimes: {some(baseline.flaky)}.")
    return "\n".join(lines)


def _template(name: str) -> str:
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8")

"""Facts of a run -> the text of its request, in Markdown.

The text says what was recorded, not what a model remembers; only the summary is in the model's words,
and it is marked so. A section without facts is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.forge.facts import ChangedFile, Facts, Met
from agent.forge.markdown import LONGEST_MARK, code, fence, line, one_line, quoted
from agent.forge.template import filled
from indexer.secrets import redact

_LETTERS = 60_000  # GitHub takes 65,536
_MOST = 20  # entries of a list; the rest is counted
_TASK_LETTERS = 1500  # of the task's text; its source has the rest
_NOTE = 600  # letters of what a person or a verdict remarks
_NAME = 80  # letters of a model, a person, a time
_SIGN: dict[Met, str] = {"met": "✅", "not met": "❌", "not shown": "❔"}


@dataclass(frozen=True, slots=True)
class Section:
    """`key` is what a template's heading is matched with; `text` is finished Markdown."""

    key: str
    title: str
    text: str

    def __str__(self) -> str:
        return f"## {self.title}\n\n{self.text}"


def render(facts: Facts) -> str:
    """The whole text, at most 60,000 letters, with secrets masked."""
    made = (
        _task(facts),
        _summary(facts),
        _criteria(facts),
        _plan(facts),
        _files(facts),
        _verification(facts),
        _coverage(facts),
        _listed("risks", "Risks", facts.risks),
        _listed("conventions", "Conventions", facts.conventions),
        _gaps(facts),
        _gates(facts),
        _context(facts),
        _cost(facts),
        _reproduce(facts),
    )
    sections = [section for section in made if section.text]
    parts = filled(facts.template, {section.key: section.text for section in sections})
    used = parts.used
    rest = [str(section) for section in sections if section.key not in used]
    closing = [f"Closes {facts.task.closes}"] if _CLOSES.fullmatch(facts.task.closes) else []
    whole = [*_banner(facts), *([parts.text] if parts.text else []), *rest, *closing]
    return clipped(redact("\n\n".join(whole))[0], _LETTERS)


def clipped(text: str, letters: int) -> str:
    """The text, cut after a line and with its last code block closed when it has too many letters."""
    if len(text) <= letters:
        return text
    note = "\n\n_Cut here: the text was too long. The run's record has the rest._"
    kept = text[: letters - len(note) - LONGEST_MARK - 1].rpartition("\n")[0]
    mark = ""  # of the code block that is open where it is cut
    for row in kept.split("\n"):
        opening = _FENCE.match(row)
        if opening and not mark:
            mark = opening[0]
        elif row == mark:
            mark = ""
    return f"{kept}\n{mark}{note}"


def _banner(facts: Facts) -> list[str]:
    """What has to be seen first."""
    rows = []
    if facts.scripted:
        rows.append(
            "> [!WARNING]\n> Made by a **scripted model**: this shows that the machinery works, "
            "and says nothing about what a model can do."
        )
    if facts.verification.after == "" and facts.kind != "docs":
        rows.append("> [!WARNING]\n> **No tests were run.** Please check this change by hand.")
    if facts.moved:
        rows.append(f"> [!NOTE]\n> {line(facts.moved, _NOTE)}.")
    return rows


def _task(facts: Facts) -> Section:
    task = facts.task
    rows = [f"**{line(task.title)}**"]
    if task.source or task.url:
        link = f" <{task.url}>" if _URL.fullmatch(task.url) else ""
        rows.append(f"From {line(task.source or 'a link')}{link}")
    if task.text.strip() and task.text.strip() != task.title.strip():
        text = task.text.strip()
        cut = "\n…" if len(text) > _TASK_LETTERS else ""
        rows.append(quoted(text[:_TASK_LETTERS] + cut))
    return Section("task", "Task", "\n\n".join(rows))


def _summary(facts: Facts) -> Section:
    if not facts.summary.strip():
        return Section("summary", "", "")
    who = (
        f"In the words of the model, {code(facts.cost.model, _NAME)}; the other sections are from the record."
    )
    return Section("summary", "Summary", f"{who}\n\n{quoted(facts.summary)}")


def _criteria(facts: Facts) -> Section:
    rows = []
    for criterion in facts.criteria:
        evidence = f" — {line(criterion.evidence)}" if criterion.evidence else ""
        rows.append(
            f"- {_SIGN[criterion.state]} {line(criterion.id, 20)} {line(criterion.text)}: "
            f"**{criterion.state}**{evidence}"
        )
    return Section("criteria", "Acceptance criteria", "\n".join(rows))


def _plan(facts: Facts) -> Section:
    steps = [step for step in facts.plan if not step.beyond]
    told = any(step.done for step in steps)  # a model that reported no step has not left all of them undone
    rows = [f"- {('[x] ' if step.done else '[ ] ') if told else ''}{line(step.text)}" for step in steps]
    beyond = [f"- {line(step.text)}" for step in facts.plan if step.beyond]
    if beyond:
        rows += ["", "Beyond the plan:", "", *beyond]
    return Section("plan", "Plan", "\n".join(rows).strip())


def _files(facts: Facts) -> Section:
    rows = [_file(file) for file in facts.files[: 5 * _MOST]]
    if len(facts.files) > len(rows):
        rows.append(f"- and {len(facts.files) - len(rows)} more")
    return Section("files", "What changed, and why", "\n".join(rows))


def _file(file: ChangedFile) -> str:
    size = "binary" if file.added is None or file.removed is None else f"+{file.added} −{file.removed}"
    change = "" if file.change == "changed" else f", {file.change}"
    purpose = f": {line(file.purpose)}" if file.purpose else ""
    return f"- {code(file.path)} ({size}{change}){purpose}"


def _verification(facts: Facts) -> Section:
    did = facts.verification
    rows = []
    if did.command:
        rows.append(f"- Command: {code(did.command)}")
    if did.before:
        rows.append(f"- Before: {line(did.before)}")
    if did.after:
        rows.append(f"- After: **{line(did.after)}**")
    rows += _tests("New tests", did.new_tests)
    rows += _tests("Fail on the old code, pass now", did.falsified)
    if did.mutants:
        rows.append(f"- Mutants: {line(did.mutants)}")
    rows += _tests("Flaky", did.flaky)
    rows += _tests("Failing before this change as well", did.already_failing)
    rows += [f"- {line(note, _NOTE)}" for note in did.notes[:_MOST]]
    return Section("verification", "How it was verified", "\n".join(rows))


def _tests(title: str, tests: Sequence[str]) -> list[str]:
    if not tests:
        return []
    named = ", ".join(code(test) for test in tests[:_MOST])
    more = f" and {len(tests) - _MOST} more" if len(tests) > _MOST else ""
    return [f"- {title} ({len(tests)}): {named}{more}"]


def _coverage(facts: Facts) -> Section:
    measured = facts.coverage
    if measured is None:
        return Section("coverage", "", "")
    if measured.missing or not measured.total:
        text = f"Not measured: {line(measured.missing or 'no changed line can be covered')}"
    else:
        share = 100 * measured.covered / measured.total
        text = f"{measured.covered} of {measured.total} changed lines are run by the tests ({share:.0f} %)."
    return Section("coverage", "Coverage of the changed lines", text)


def _listed(key: str, title: str, entries: Sequence[str]) -> Section:
    rows = [f"- {line(entry, 600)}" for entry in entries[:_MOST]]
    if len(entries) > _MOST:
        rows.append(f"- and {len(entries) - _MOST} more")
    return Section(key, title, "\n".join(rows))


def _gaps(facts: Facts) -> Section:
    rows = [_listed("", "", facts.gaps).text]
    if facts.assumptions:
        rows.append("Assumed, because the task leaves it open:\n\n" + _listed("", "", facts.assumptions).text)
    return Section("gaps", "Not done, and known gaps", "\n\n".join(filter(None, rows)))


def _gates(facts: Facts) -> Section:
    rows = []
    for gate in facts.gates[:_MOST]:
        digest = f", bound to {code(gate.digest, 64)}" if gate.digest else ""
        rows.append(
            f"- {line(gate.name, _NAME)}: {line(gate.decision, _NAME)} by {line(gate.who, _NAME)}, "
            f"{line(gate.when, _NAME)}{digest}{f': {line(gate.note, _NOTE)}' if gate.note else ''}"
        )
    return Section("gates", "Gates", "\n".join(rows))


def _context(facts: Facts) -> Section:
    places, searches = facts.context.places, facts.context.searches
    if not places and not searches:
        return Section("context", "", "")
    said = [_count(len(places), "place") + " found for the task"] if places else []
    said += [_count(searches, "further search", "es")] if searches else []
    head = f"{' and '.join(said)}."
    rows = [f"- {code(place)}" for place in places[:_MOST]]
    if len(places) > _MOST:
        rows.append(f"- and {len(places) - _MOST} more")
    return Section("context", "Context used", "\n".join([head, "", *rows]).strip())


def _cost(facts: Facts) -> Section:
    cost = facts.cost
    parts = [
        f"{code(cost.model, _NAME)}{' (scripted)' if facts.scripted else ''}",
        _count(cost.steps, "step"),
    ]
    parts.append(_count(cost.cycles, "cycle of correction", plural="cycles of correction"))
    parts.append(f"{cost.tokens_in:,} tokens read and {cost.tokens_out:,} written")
    parts += [line(cost.money)] if cost.money else []
    parts += [f"{cost.minutes:.1f} minutes"] if cost.minutes else []
    return Section("cost", "Cost", ", ".join(parts) + f". Run {code(facts.run_id, _NAME)}.")


def _count(number: int, noun: str, ending: str = "s", plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + ending}"


def _reproduce(facts: Facts) -> Section:
    rows = [one_line(command, 1000) for command in facts.reproduce if command.strip()]
    return Section("reproduce", "Reproduce", fence("\n".join(rows)) if rows else "")


_CLOSES = re.compile(r"(?:[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100})?#\d{1,10}")
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?/[A-Za-z0-9/._~#%=?&-]{0,300}")
_FENCE = re.compile(r"`{3,}")  # one in a quotation ends with it

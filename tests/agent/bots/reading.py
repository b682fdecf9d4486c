"""What tools and prompts said -> the names, places and lines in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.model.scripted import Script, call


class Lost(Exception):
    """A bot did not find what it needs."""


@dataclass(frozen=True)
class Symbol:
    """A definition as get_symbol shows it."""

    path: str
    name: str
    code: str


@dataclass(frozen=True)
class Example:
    """`call` is an expression such as `fee(20)`, `arguments` what stands in its brackets."""

    call: str
    name: str
    arguments: str
    result: str


def task_in(prompt: str) -> str:
    """The task itself and its criteria, without tests and context."""
    return prompt.partition("# Tests")[0].partition("# Context")[0]


def wanted(pattern: str, text: str, what: str) -> re.Match[str]:
    found = re.search(pattern, text, re.S)
    if found is None:
        raise Lost(f"there is no {what} in: {text[:300]}")
    return found


def criteria_in(prompt: str) -> list[str]:
    """Ids of all that has to be judged, ticks included."""
    section = prompt.partition("\n# Acceptance criteria\n")[2].partition("\n# ")[0]
    return re.findall(r"^- (\S+): ", section, re.M)


def examples_in(text: str, name: str = r"\w+") -> list[Example]:
    """Every "`fee(20)` gives `9`" and every "`fee(20)` gives 5 and should give 9"; each call once."""
    found: dict[str, Example] = {}
    for match in re.finditer(rf"`(({name})\(([^`]*)\))` gives (?:\S+ and should give )?(`[^`]+`|\w+)", text):
        example = Example(match[1], match[2], match[3], match[4].strip("`"))
        found.setdefault(example.call, example)
    return list(found.values())


def code_of(shown: str) -> str:
    """Numbered lines without their numbers."""
    return "\n".join(re.findall(r"^ {0,4}\d+  (.*)$", shown, re.M))


def symbol_in(shown: str) -> Symbol:
    """The definition with the longest code: a declaration is shorter than what it declares."""
    parts = re.split(r"^(\S+):\d+-\d+ (\S+) \(\w+\)$", shown, flags=re.M)
    found = [Symbol(parts[at], parts[at + 1], code_of(parts[at + 2])) for at in range(1, len(parts) - 2, 3)]
    if not found:
        raise Lost(f"nothing is defined: {shown[:200]}")
    return max(found, key=lambda symbol: symbol.code.count("\n"))


def paths_in(listed: str) -> list[str]:
    """The paths that begin the lines of an answer, each once."""
    return list(dict.fromkeys(re.findall(r"^(?:\d+\. )?([\w.][\w./-]*\.\w+)(?=$|:\d)", listed, re.M)))


def renamed(text: str, old: str, new: str) -> tuple[str, str]:
    """The lines from the first to the last that hold the word `old`, as they are and with `new` instead."""
    lines = text.split("\n")
    word = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)")
    holding = [place for place, line in enumerate(lines) if word.search(line)]
    if not holding:
        raise Lost(f"{old} is not in: {text[:200]}")
    block = "\n".join(lines[holding[0] : holding[-1] + 1])
    return block, word.sub(new, block)


def paragraph(text: str, part: str) -> str:
    """The lines around `part` up to the next empty ones."""
    for block in re.split(r"\n\s*\n", text):
        if part in block:
            return block.strip("\n")
    raise Lost(f"{part} is not in: {text[:200]}")


def hand_in(prompt: str, subject: str, summary: str, evidence: str) -> Script:
    """Finish, judging every criterion; a remark on style is heard once, and then it is for the reviewer."""
    judged = [{"id": name, "met": True, "evidence": evidence} for name in criteria_in(prompt)]
    said = call("finish", "Green.", subject=subject, summary=summary, criteria=judged)
    (answer,) = yield said
    if "does not fit how the code is written" in answer:
        (answer,) = yield said
    raise Lost(f"it was not accepted: {answer}")

"""A function that is asked for by examples -> a new module that uses the helper the others use.

Which helper it is, is not known: of what the search finds it is the one that most modules use. Called
with the number of an example it has to give what stands in the example's result.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass

from agent.model.scripted import Heard, Say, Script, call
from tests.agent.bots import two_stages
from tests.agent.bots.dialects import dialect_of
from tests.agent.bots.reading import (
    Example,
    Lost,
    code_of,
    criteria_in,
    examples_in,
    hand_in,
    paths_in,
    task_in,
    wanted,
)


@dataclass(frozen=True)
class Asked:
    """What the task says: the function with its parameters, its file, where it is exported, examples."""

    name: str
    parameters: str
    path: str
    exported: str
    like: str  # what others do already
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Found:
    """The helper, its file, the line that imports it, a module that uses it, its function, its test."""

    helper: str
    home: str
    imported: str
    user: str
    used_by: str
    test_path: str
    tests: str


def _asked(prompt: str) -> Asked:
    task = task_in(prompt)
    add = wanted(
        r"Add `(\w+)\(([^)]*)\)` in `([^`]+)`, and export it from `([^`]+)`", task, "function to add"
    )
    like = wanted(r"([^.\n]+) as everywhere else", task, "hint at what is there already")[1]
    examples = tuple(examples_in(task, add[1]))
    if not examples:
        raise Lost(f"no example of {add[1]}")
    return Asked(add[1], add[2], add[3], add[4], like, examples)


def _look(asked: Asked) -> Generator[Say, Heard, Found]:
    helper, home, user = yield from _most_used(asked)
    (shown,) = yield call("read_file", f"How does {user} use {helper}?", path=user)
    code = code_of(shown)
    imported = wanted(rf"(?m)^(?:from|import) [^\n]*\b{helper}\b[^\n]*", code, f"import of {helper}")[0]
    used_by = wanted(r"(?:def|function) (\w+)\(", code, "function")[1]
    (listed,) = yield call("list_files", "How are such modules tested?", pattern="*test*")
    for path in paths_in(listed):
        (shown,) = yield call("read_file", f"Does this test {used_by}?", path=path)
        if used_by in shown:
            return Found(helper, home, imported, user, used_by, path, code_of(shown))
    raise Lost(f"no test of {used_by}")


def _most_used(asked: Asked) -> Generator[Say, Heard, tuple[str, str, str]]:
    """What the search finds and most other modules call, its file, and one of those modules."""
    (hits,) = yield call("search_code", "Is there something to reuse?", query=asked.like)
    best: tuple[str, str, list[str]] = ("", "", [])
    for home, name in dict.fromkeys(re.findall(r"^\d+\. (\S+):\d+-\d+ (\w+) \(function\)", hits, re.M)):
        (uses,) = yield call("find_references", f"Who uses {name}?", name=name)
        users = [path for path in paths_in(uses) if path != home and "test" not in path]
        if len(users) > len(best[2]):
            best = (name, home, users)
    name, home, users = best
    if not users:
        raise Lost(f"nothing that is there is used by others: {hits}")
    return name, home, users[0]


def _written(asked: Asked, found: Found) -> Generator[Say, Heard, str]:
    """What the helper makes of the number of an example, if that stands in the example's result."""
    example = asked.examples[0]
    number = wanted(r"\d+", example.arguments, "number")[0]
    line = dialect_of(found.home).ask(found.home, found.helper, f"{found.helper}({number})")
    (said,) = yield call("run", f"Does {found.helper} write {number} as the example does?", command=line)
    written = said.split("\n")[1] if said.startswith("exit code 0") else ""
    if not written or written not in example.result:
        raise Lost(f"{found.helper} writes {written!r}, and {example.result!r} is wanted")
    return written


def _test_path(asked: Asked, found: Found) -> str:
    """Named after the new module as the other test is after its own."""
    old, new = (path.rpartition("/")[2].partition(".")[0] for path in (found.user, asked.path))
    return found.test_path.replace(old, new)


def _planning(prompt: str) -> Script:
    asked = _asked(prompt)
    found = yield from _look(asked)
    test_path = _test_path(asked, found)
    shows = [name for name in criteria_in(prompt) if name.startswith("C")]
    yield call(
        "propose_plan",
        f"{found.helper} is what I need.",
        plan={
            "summary": f"{asked.name} goes into {asked.path}; it uses {found.helper} like {found.used_by}.",
            "kind": "feature",
            "steps": [
                {"text": f"Test {asked.name}", "files": [test_path], "criteria": shows},
                {
                    "text": f"Write {asked.name} with {found.helper} and export it",
                    "files": [asked.path, asked.exported],
                    "criteria": shows,
                },
            ],
            "files": [
                {"path": test_path, "action": "create", "why": "the examples"},
                {"path": asked.path, "action": "create", "why": "the new function"},
                {"path": asked.exported, "action": "change", "why": "the export"},
            ],
            "tests": [
                {"path": test_path, "what": one.call, "level": "integration"} for one in asked.examples
            ],
            "verification": "The tests of the examples fail before and pass after.",
            "reuses": [found.helper],
        },
    )


def _work(prompt: str) -> Script:
    asked = _asked(prompt)
    yield call("update_plan", "First the tests.", step=1, status="doing")
    found = yield from _look(asked)
    test_path = _test_path(asked, found)
    yield call("create_file", "The examples.", path=test_path, content=_tests(asked, found))
    (report,) = yield call("run_tests", "Red?")
    if not report.startswith("red"):
        raise Lost(f"the examples hold already: {report}")
    yield call("update_plan", "Red.", step=2, status="doing")
    code = _code(asked, found, (yield from _written(asked, found)))
    yield call("create_file", f"It uses {found.helper}.", path=asked.path, content=code)
    (shown,) = yield call("read_file", "What is exported?", path=asked.exported)
    for old, new in _exports(code_of(shown), asked, found):
        yield call("str_replace", "And the new one.", path=asked.exported, old=old, new=new)
    (report,) = yield call("run_tests", "Green?")
    if missing := re.search(rf"\b{found.helper}'? is not defined", report):
        why = f"{missing[0]}: {found.user} imports it, and so must I."
        start = code.split("\n")[0]
        yield call("str_replace", why, path=asked.path, old=start, new=f"{found.imported}\n\n{start}")
        (report,) = yield call("run_tests", "And now?")
    if not report.startswith("green"):
        raise Lost(f"not green: {report}")
    yield call("update_plan", "Green.", step=2, status="done")
    summary = f"{asked.name} uses {found.helper}, as {found.used_by} does. No second helper was written."
    yield from hand_in(prompt, f"{asked.name} is there", summary, test_path)


def _tests(asked: Asked, found: Found) -> str:
    """The head of the test that is there, and one test for each example."""
    dialect = dialect_of(found.test_path)
    head = found.tests.partition("def test")[0].partition("\ntest(")[0].rstrip()
    tests = [dialect.test(one.call.replace('"', ""), one.call, f'"{one.result}"') for one in asked.examples]
    return head.replace(found.used_by, asked.name) + f"\n{dialect.gap}" + f"{dialect.gap}".join(tests)


def _code(asked: Asked, found: Found, written: str) -> str:
    """The example's result with the helper and the parameters in the place of their values; no import yet."""
    text = asked.examples[0].result
    values = [value.strip(" \"'") for value in asked.examples[0].arguments.split(",")]
    for parameter, value in zip(asked.parameters.split(", "), values, strict=True):
        if value.isdigit():
            text = text.replace(written, f"{{{found.helper}({parameter})}}")
        else:
            text = text.replace(value, f"{{{parameter}}}")
    return dialect_of(asked.path).function(asked.name, asked.parameters, text)


def _exports(text: str, asked: Asked, found: Found) -> list[tuple[str, str]]:
    """Each line that exports the model, with the new one beside it."""
    old, new = (path.rpartition("/")[2].partition(".")[0] for path in (found.user, asked.path))
    edits = []
    for line in (line for line in text.split("\n") if found.used_by in line):
        if re.search(rf"[./]{old}\b", line):
            copy = line.replace(found.used_by, asked.name)
            edits.append((line, f"{line}\n" + re.sub(rf"(?<=[./]){old}\b", new, copy)))
        else:
            quoted = f'"{found.used_by}"'
            edits.append((line, line.replace(quoted, f'{quoted}, "{asked.name}"')))
    return edits


begin = two_stages(_planning, _work)

"""Reports of JavaScript's runners -> cases: jest's JSON (vitest writes it too), mocha's, and our own of node.

jest: https://jestjs.io/docs/configuration#testresultsprocessor-string; mocha: https://mochajs.org/#json
"""

from __future__ import annotations

import json
from typing import Any

from agent.suites.reports.cases import Case, State, inside

_JEST: dict[str, State] = {"passed": "passed", "failed": "failed"}


def jest(text: str) -> list[Case]:
    cases = []
    for file in json.loads(text)["testResults"]:
        path, tests = inside(file["name"]), file["assertionResults"]
        if not tests and file.get("status") == "failed":
            cases.append(Case(path, "broken", [file.get("message") or ""]))
        cases += [
            Case(
                f"{path}::{test['fullName']}",
                _JEST.get(test["status"], "skipped"),
                ["\n".join(test.get("failureMessages") or ())],
            )
            for test in tests
        ]
    return cases


def mocha(text: str) -> list[Case]:
    report = json.loads(text[text.index("{") :])  # what tests print at the start comes before it
    states: dict[str, State] = {}
    for state, key in (("skipped", "pending"), ("failed", "failures")):
        for test in report[key]:
            states[_mocha_id(test)] = "failed" if state == "failed" else "skipped"
    # a hook that fails is among the failures only
    every = {_mocha_id(test): test for test in (*report["tests"], *report["failures"])}
    return [
        Case(name, states.get(name, "passed"), [_mocha_message(test.get("err") or {})])
        for name, test in every.items()
    ]


def _mocha_id(test: dict[str, Any]) -> str:
    return "::".join(filter(None, (inside(test.get("file") or ""), test["fullTitle"])))


def _mocha_message(error: dict[str, Any]) -> str:
    sides = [f"{side}: {error[side]}" for side in ("expected", "actual") if side in error]
    return "\n".join((*sides, str(error.get("stack") or error.get("message") or "")))


# What node's own reporters leave out is the file, without which two tests of one name are one. Needs node 20.
NODE_REPORTER = """\
export default async function* (source) {
  const open = {}
  for await (const { type, data } of source) {
    const file = data?.file ?? ""
    if (type === "test:start") (open[file] ??= [])[data.nesting] = data.name
    if (type !== "test:pass" && type !== "test:fail") continue
    const error = data.details?.error, cause = error?.cause
    yield JSON.stringify({
      file,
      names: [...(open[file] ?? []).slice(0, data.nesting), data.name],
      state: data.skip !== undefined || data.todo !== undefined ? "skipped" : type.slice(5),
      suite: data.details?.type === "suite",
      failure: error?.failureType,
      message: error ? String(cause?.stack ?? cause?.message ?? error.message ?? cause) : "",
    }) + "\\n"
  }
}
"""


_NODE: dict[str, State] = {"pass": "passed", "fail": "failed"}


def node(text: str) -> list[Case]:
    cases = []
    for line in text.splitlines():
        event = json.loads(line)
        path, names = inside(event["file"]), event["names"]
        if (event["suite"] and event["state"] != "fail") or event.get("failure") == "subtestsFailed":
            continue  # told by the tests within
        if names[-1] == event["file"] or inside(names[-1]) == path:
            cases.append(Case(path, "broken", [event["message"]]))
            continue
        test = "::".join(filter(None, (path, " > ".join(map(str, names)))))
        cases.append(Case(test, _NODE.get(event["state"], "skipped"), [event["message"]]))
    return cases

"""What `cargo test` prints -> cases. Its JSON is not stable, so the text is read.

Several test programs run one after another, and the same name may be in each; the id starts with the
program and its source: `shop/src/lib.rs::cart::adds`, `shop/doc::src/lib.rs - cart`.
"""

from __future__ import annotations

import re

from agent.suites.reports.cases import LINE_LETTERS, Case, State

_PROGRAM = re.compile(r"^\s+Running (?:unittests )?(\S+) \((?:\S*/)?([^/\s]+?)(?:-[0-9a-f]{16})?(?:\.exe)?\)")
_DOCS = re.compile(r"^\s+Doc-tests (\S+)")
_TEST = re.compile(r"^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)\b")
_SPLIT = re.compile(r"^test (.+?) \.\.\. ")  # a test that prints without capture tears its line
_STDOUT = re.compile(r"^---- (.+?) stdout ----$")
_UNBUILT = re.compile(r"^error: could not compile `([^`]+)` \(([^)]+)\)")
_DOC_LINE = re.compile(r" \(line \d+\)$")  # moves with every edit above it
_STATES: dict[str, State] = {"ok": "passed", "FAILED": "failed", "ignored": "skipped"}


def printed(text: str) -> list[Case]:
    cases: dict[str, Case] = {}
    prefix = ""
    said: list[str] | None = None
    compiler: list[str] = []
    for full in text.splitlines():
        line = full[:LINE_LETTERS]
        if program := _PROGRAM.match(line) or _DOCS.match(line):
            prefix, said = _prefix(program), None
        elif test := _TEST.match(line):
            name = prefix + _DOC_LINE.sub("", test[1])
            known = cases.get(name)
            if known is None or known.state != "failed":
                cases[name] = Case(name, _STATES[test[2]])
        elif heading := _STDOUT.match(line):
            name = prefix + _DOC_LINE.sub("", heading[1])
            said = cases.setdefault(name, Case(name, "failed")).message
        elif unbuilt := _UNBUILT.match(line):
            name = f"{unbuilt[1]} ({unbuilt[2]})"
            cases[name] = Case(name, "broken", list(compiler))
        elif line.startswith("failures:"):
            said = None
        elif said is not None:
            said.append(line + "\n")
        elif not prefix and not line.startswith(("   ", "warning: build failed")):
            compiler.append(line + "\n")
    return list(cases.values())


def _prefix(program: re.Match[str]) -> str:
    if program.re is _DOCS:
        return f"{program[1]}/doc::"
    return f"{program[2]}/{program[1]}::"

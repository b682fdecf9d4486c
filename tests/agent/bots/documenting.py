"""A table in a document -> the same table with every entry of the code it describes, as it is there."""

from __future__ import annotations

import re
from collections.abc import Generator

from agent.model.scripted import Heard, Say, Script, call
from tests.agent.bots import two_stages
from tests.agent.bots.reading import Lost, code_of, hand_in, symbol_in, task_in, wanted


def _look(prompt: str) -> Generator[Say, Heard, tuple[str, str, str]]:
    """The document, its rows, and the rows it should have."""
    match = wanted(r"table in `([^`]+)` .*?`(\w+)`", task_in(prompt), "document and name")
    path, name = match[1], match[2]
    (shown,) = yield call("get_symbol", "What holds in the code?", name=name)
    entries = re.findall(r"\"(\w+)\": (.+?),\s*# (.+)", symbol_in(shown).code)
    (shown,) = yield call("read_file", "What does the document say?", path=path)
    table = re.search(r"(?<=---\|\n)(?:\|.*\n?)+", code_of(shown))
    if table is None or not entries:
        raise Lost(f"no table in {path}, or nothing in {name}")
    rows = [f"| `{key}` | `{value.strip(chr(34))}` | {what} |" for key, value, what in entries]
    return path, table[0].rstrip("\n"), "\n".join(rows)


def _planning(prompt: str) -> Script:
    path, _, rows = yield from _look(prompt)
    yield call(
        "propose_plan",
        "Some are missing.",
        plan={
            "summary": f"The table gets one row for each of the {len(rows.splitlines())} entries.",
            "kind": "docs",
            "steps": [{"text": "Bring the table up to date", "files": [path]}],
            "files": [{"path": path, "action": "change", "why": "rows are missing or old"}],
            "verification": "The rows are made from the code.",
        },
    )


def _work(prompt: str) -> Script:
    yield call("update_plan", "The table.", step=1, status="doing")
    path, old, new = yield from _look(prompt)
    yield call("str_replace", "As the code says.", path=path, old=old, new=new)
    (report,) = yield call("run_tests", "Nothing else has changed?")
    if not report.startswith("green"):
        raise Lost(f"not green: {report}")
    yield call("update_plan", "Done.", step=1, status="done")
    yield from hand_in(prompt, f"{path} lists every setting", "Rows were missing, and one was old.", path)


begin = two_stages(_planning, _work)

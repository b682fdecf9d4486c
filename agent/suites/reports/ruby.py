"""RSpec's JSON -> cases. https://rspec.info/features/3-12/rspec-core/formatters/json-formatter/"""

from __future__ import annotations

import json
from typing import Any

from agent.suites.reports.cases import Case, State, inside

_STATES: dict[str, State] = {"passed": "passed", "failed": "failed"}


def rspec(text: str) -> list[Case]:
    report = json.loads(text[text.index("{") :])
    cases = [
        Case(
            f"{inside(example['file_path'])}::{example['full_description']}",
            _STATES.get(example["status"], "skipped"),
            [_message(example.get("exception") or {})],
        )
        for example in report["examples"]
    ]
    outside = report.get("summary", {}).get("errors_outside_of_examples_count", 0)
    messages = [str(message) for message in report.get("messages", ()) if "rror" in str(message)]
    if outside:
        cases.append(Case("errors outside of examples", "broken", messages))
    return cases


def _message(exception: dict[str, Any]) -> str:
    trace = [str(line) for line in exception.get("backtrace") or ()]
    return "\n".join((f"{exception.get('class', '')}: {exception.get('message', '').strip()}", *trace))

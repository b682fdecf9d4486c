"""A function without tests -> tests that say what it does today.

What it does is asked of the code itself: the first tests expect an empty text, and their failures say
what came instead.
"""

from __future__ import annotations

import re
from collections.abc import Generator

from agent.model.scripted import Heard, Say, Script, call
from tests.agent.bots import two_stages
from tests.agent.bots.dialects import dialect_of
from tests.agent.bots.reading import Lost, Symbol, code_of, hand_in, paths_in, symbol_in, task_in, wanted

_CAME = r"(?m)assert ('[^'\n]*') == ''|^('[^'\n]*') !== ''"  # as pytest and node say it


def _look(prompt: str) -> Generator[Say, Heard, tuple[Symbol, list[str], str, str]]:
    """The function, calls of it that its documentation names, and another test with its path."""
    name = wanted(r"Write tests for `(\w+)`", task_in(prompt), "function to test")[1]
    (shown,) = yield call("get_symbol", f"What does {name} do?", name=name)
    symbol = symbol_in(shown)
    (shown,) = yield call("read_file", "What is said about it?", path=symbol.path)
    calls = re.findall(rf"(?<!def )(?<!function )\b{name}\(\"[^)]*\)", code_of(shown))
    (listed,) = yield call("list_files", "How are tests written here?", pattern="*test*")
    if not paths_in(listed) or not calls:
        raise Lost(f"no test to follow, or no example of {name}")
    model = paths_in(listed)[0]
    (shown,) = yield call("read_file", "Like this one.", path=model)
    return symbol, calls, model, code_of(shown)


def _test_path(symbol: Symbol, model: str, tests: str) -> tuple[str, str]:
    """Where the new tests go and what they begin with, made from the test that is there."""
    new = symbol.path.rpartition("/")[2].partition(".")[0]
    old = model.rpartition("/")[2].partition(".")[0].removeprefix("test_")
    head = tests.partition("def test")[0].partition("\ntest(")[0].rstrip()
    return model.replace(old, new), re.sub(rf"\b{old}\b", new, head)


def _planning(prompt: str) -> Script:
    symbol, calls, model, tests = yield from _look(prompt)
    path, _ = _test_path(symbol, model, tests)
    yield call(
        "propose_plan",
        f"{len(calls)} examples are named.",
        plan={
            "summary": f"The calls that the documentation of {symbol.name} names become tests.",
            "kind": "tests",
            "steps": [{"text": f"Test {symbol.name} as it is", "files": [path]}],
            "files": [{"path": path, "action": "create", "why": "there are none"}],
            "tests": [{"path": path, "what": f"{one} gives what it gives today"} for one in calls],
            "verification": "They pass on the code as it is and notice mistakes in it.",
        },
    )


def _work(prompt: str) -> Script:
    yield call("update_plan", "What does it do?", step=1, status="doing")
    symbol, calls, model, tests = yield from _look(prompt)
    path, head = _test_path(symbol, model, tests)
    dialect = dialect_of(path)
    titles = [f"{symbol.name} example {place}" for place in range(1, len(calls) + 1)]
    written = [dialect.test(title, one, '""') for title, one in zip(titles, calls, strict=True)]
    content = f"{head}\n{dialect.gap}" + dialect.gap.join(written)
    yield call("create_file", "Their failures will say what it gives.", path=path, content=content)
    (report,) = yield call("run_tests", "What comes?")
    for place, (title, one) in enumerate(zip(titles, calls, strict=True)):
        told = wanted(rf"FAILED [^\n]*{title.replace(' ', '[ _]')}\n.*", report, f"failure of {title}")[0]
        came = wanted(_CAME, told.partition("\nFAILED ")[0], "result")
        said = dialect.test(title, one, f'"{(came[1] or came[2])[1:-1]}"')
        yield call("str_replace", f"{one} gives that.", path=path, old=written[place], new=said)
    (report,) = yield call("run_tests", "Is that what it does?")
    if not report.startswith("green"):
        raise Lost(f"not green: {report}")
    yield call("update_plan", "It is.", step=1, status="done")
    summary = f"It had none. The examples of its documentation are tests of {symbol.name} now."
    yield from hand_in(prompt, f"{symbol.name} has tests", summary, path)


begin = two_stages(_planning, _work)

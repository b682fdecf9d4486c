"""The replay of a fix of a small repository: in the real sandbox, and what it does when a tool objects."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.log.outcome import Outcome
from agent.means import Means
from agent.model import Message, Reply, ToolSchema
from agent.sandbox.bwrap import Bubblewrap
from agent.workspace import RepoHandle
from benchmarks.history.change import FileChange, Fix, git
from benchmarks.history.checkout import checkout
from benchmarks.history.moves import edits, plan, reads, symbol
from benchmarks.history.replay import replay
from benchmarks.history.run import Row, account, carry_out
from tests.agent.plain import PlainCodebase
from tests.benchmarks.shop import ENTRY, PRICE, TEST, Shop


class Afresh:
    """Each answer comes from another bot, as after a crash, and old results are gone."""

    name, scripted = "afresh", True

    def __init__(self, fix: Fix) -> None:
        self._fix = fix

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        last = max(
            (place for place, message in enumerate(messages) if message["role"] == "assistant"), default=0
        )
        gone = "[a call: left out to save space; call the tool again if you need it]"
        old = [{**m, "content": gone} if m["role"] == "tool" else m for m in messages[:last]]
        return replay(self._fix).reply([*old, *messages[last:]], tools)


def carried_out(
    shop: Shop, commit: str, folder: Path, sandbox: Bubblewrap
) -> tuple[Outcome, tuple[str, ...]]:
    made = checkout(ENTRY, commit, shop.gitdir, folder / "trees")
    codebase = PlainCodebase(made.root)
    means = Means(
        folder / "data", codebase, lambda _: Afresh(made.fix), follow=codebase.follow, sandbox=sandbox
    )
    return carry_out(made, RepoHandle("shop", made.root), means)


def require_the_tree_of(commit: str, shop: Shop, outcome: Outcome) -> None:
    assert outcome.status == "finished", outcome.summary
    assert outcome.request is not None
    assert outcome.gitdir is not None
    tree = git(outcome.gitdir, "rev-parse", f"{outcome.commit}^{{tree}}")
    assert tree == git(shop.gitdir, "rev-parse", f"{commit}^{{tree}}")


def test_a_fix_is_made_again_and_proven_by_its_tests(
    shop: Shop, fixed: str, tmp_path: Path, sandbox: Bubblewrap
) -> None:
    outcome, asked = carried_out(shop, fixed, tmp_path, sandbox)
    require_the_tree_of(fixed, shop, outcome)
    assert outcome.proof == ("tests/test_price.py::test_rounded_to_the_nearest",)
    assert asked == ()


def test_a_fix_that_changes_what_a_test_expects_is_asked_for_and_approved(
    shop: Shop, tmp_path: Path, sandbox: Bubblewrap
) -> None:
    changes: dict[str, str | None] = {
        "shop/price.py": PRICE.replace("1.2", "1.5"),
        "tests/test_price.py": TEST.replace("12", "15"),
    }
    commit = shop.commit("Fix the tax", changes)
    outcome, asked = carried_out(shop, commit, tmp_path, sandbox)
    require_the_tree_of(commit, shop, outcome)
    assert ["'assert gross(10) == 12' became 'assert gross(10) == 15'" in reason for reason in asked] == [
        True
    ]


def test_the_plan_names_every_file_tests_first_and_serves_every_criterion(fix: Fix) -> None:
    made = plan(fix, ["C1", "C2"])
    assert [(file["path"], file["action"]) for file in made["files"]] == [
        ("CHANGES", "create"),
        ("shop/price.py", "change"),
        ("tests/test_price.py", "change"),
    ]
    assert [step["files"] for step in made["steps"]] == [
        ["tests/test_price.py"],
        ["CHANGES", "shop/price.py"],
    ]
    assert made["steps"][1]["criteria"] == ["C1", "C2"]
    assert symbol(fix) == "rounded"


def test_the_edits_of_a_message_are_as_many_as_are_run_of_it() -> None:
    before = "".join(f"line {number}\n" for number in range(200))
    after = before.replace("5\n", "five\nand more\n")
    file = FileChange("notes.txt", before, after)
    looks, (first, *_) = reads([file]), edits([file])
    assert [len(calls) for calls in looks] == [len(forms[0]) for forms in edits([file])] == [8, 8, 4]
    assert all(arguments["start"] <= 200 for calls in looks for _, arguments in calls)
    shortest, longest = first[0][0][1], first[-1][0][1]
    assert len(longest["old"]) > len(shortest["old"])


def conversation(fix: Fix, tool: str, prompt: str = "t") -> list[Message]:
    """What was said until the bot calls `tool` for the first time, everything going as it should."""
    good = {
        "read_file": "tests/test_price.py, lines 1-5 of 5",
        "str_replace": "tests/test_price.py changed: +5 -1 lines.",
        "run_tests": "red: 1 failed, 1 passed",
    }
    talk: list[Message] = [{"role": "system", "content": "s"}, {"role": "user", "content": prompt}]
    while (said := replay(fix).reply(talk, [])).calls[0].name != tool:
        hear(talk, said, *(good.get(call.name, "done") for call in said.calls))
    return talk


def hear(talk: list[Message], said: Reply, *answers: str) -> None:
    calls = [
        {"id": f"c{len(talk)}.{place}", "function": {"name": call.name, "arguments": call.arguments}}
        for place, call in enumerate(said.calls)
    ]
    talk.append({"role": "assistant", "content": said.text, "tool_calls": calls})
    talk += [
        {"role": "tool", "tool_call_id": call["id"], "content": answer}
        for call, answer in zip(calls, answers, strict=True)
    ]


def answered(fix: Fix, talk: list[Message], answer: str) -> tuple[str, dict[str, Any]]:
    """What the bot does after this answer to the single call it makes next."""
    hear(talk, replay(fix).reply(talk, []), answer)
    call = replay(fix).reply(talk, []).calls[0]
    return call.name, json.loads(call.arguments)


def test_an_ambiguous_edit_is_tried_with_more_lines_around_it(fix: Fix) -> None:
    talk = conversation(fix, "str_replace")
    first = json.loads(replay(fix).reply(talk, []).calls[0].arguments)
    tool, second = answered(fix, talk, "AMBIGUOUS: old is there twice.")
    assert tool == "str_replace"
    assert len(second["old"]) >= len(first["old"])


def test_a_stale_file_is_read_again_and_the_edit_repeated_once(fix: Fix) -> None:
    stale = "STALE_READ: tests/test_price.py changed since you read it."
    talk = conversation(fix, "str_replace")
    edit = json.loads(replay(fix).reply(talk, []).calls[0].arguments)
    assert answered(fix, talk, stale)[0] == "read_file"
    assert answered(fix, talk, "tests/test_price.py, lines 1-5 of 5") == ("str_replace", edit)
    assert answered(fix, talk, stale)[0] == "escalate"


@pytest.mark.parametrize(
    "said", ["SYNTAX_ERROR: it would no longer parse.", "NOT_FOUND: no.", "there is no tool 'str_replace'"]
)
def test_a_refused_edit_ends_the_replay_with_what_was_said(fix: Fix, said: str) -> None:
    tool, arguments = answered(fix, conversation(fix, "str_replace"), said)
    assert tool == "escalate"
    assert said in arguments["reason"]


@pytest.mark.parametrize(
    ("said", "next_tool"),
    [
        ("red: 1 failed, 1 passed", "update_plan"),
        ("red: no test ran, 1 not collected (exit code 2)", "update_plan"),
        ("green: 2 passed", "escalate"),
        ("no test ran (exit code 4)", "escalate"),
        ("red: the tests were stopped (timeout)", "escalate"),
    ],
)
def test_tests_that_do_not_fail_on_the_old_code_end_the_replay(fix: Fix, said: str, next_tool: str) -> None:
    assert answered(fix, conversation(fix, "run_tests"), said)[0] == next_tool


def test_what_the_task_lists_is_judged_at_the_end(fix: Fix) -> None:
    prompt = "# Task\n\nFix it\n- C9: no\n\n# Acceptance criteria\n\n- C1: a\n- C2: b\n\n# Plan\n\n- C3: no\n"
    talk = conversation(fix, "run_tests", prompt)
    answered(fix, talk, "red: 1 failed")
    hear(talk, replay(fix).reply(talk, []), "[ ] 1.", "[ ] 1.")
    while replay(fix).reply(talk, []).calls[0].name != "run_tests":
        said = replay(fix).reply(talk, [])
        hear(talk, said, *(f"{json.loads(call.arguments).get('path')} changed" for call in said.calls))
    tool, arguments = answered(fix, talk, "green: 2 passed")
    assert tool == "finish"
    assert [(item["id"], item["met"]) for item in arguments["criteria"]] == [("C1", True), ("C2", True)]
    assert (
        answered(fix, talk, "Not finished. This does not fit how the code is written here:\n- x")[0]
        == "finish"
    )
    assert answered(fix, talk, "Not finished. No test fails on the old code.")[0] == "escalate"


def test_the_account_counts_only_what_was_proven() -> None:
    good = Row(
        "somebody/shop", "a" * 40, "Fix", "finished",
        proof=1, same=True, request=True, found=1, fixed=2, cited=5, sources=10, after="green: 2 passed",
    )  # fmt: skip
    other = replace(good, commit="b" * 40, same=False)
    stuck = replace(good, commit="c" * 40, status="escalated", said="a | b", found=0)
    told = account([good, other, stuck])
    assert told.startswith("1 of 3 fixes are proven, of 1 repositories.\nOf 6 source files")
    assert "the context for the task cited 2; as many files drawn by chance would hold 3." in told
    assert "**escalated**: a / b" in told

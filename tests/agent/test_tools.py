import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.errors import SandboxUnavailable, StoreUnreachable
from tests.agent.conftest import Desk

RETRY_TEST = """

def test_refund_tries_again(client, gateway, payment):
    gateway.fails(GatewayTimeout("no answer"))
    gateway.answers(id="re_1")

    assert client.refund(payment).id == "re_1"
"""
OLD_CALL = "        answer = self._gateway.send(request)"
NEW_CALL = "        answer = retry_with_backoff(lambda: self._gateway.send(request), sleep=self._sleep)"
LAST_LINES = """    payment = client.look_up("ch_1", "order-1")

    assert payment.amount == Money(1250, "EUR")
"""


def add_test(desk: Desk) -> None:
    desk.say("str_replace", path="tests/test_client.py", old=LAST_LINES, new=LAST_LINES + RETRY_TEST)


def add_code(desk: Desk) -> None:
    desk.say("str_replace", path="payments/client.py", old=OLD_CALL, new=NEW_CALL)


def finish(desk: Desk, kind: str = "feature") -> None:
    desk.say("finish", subject="Refunds are retried", summary="They were not.", kind=kind)


def test_the_model_is_shown_every_tool_with_its_manual(desk: Desk) -> None:
    names = [schema["function"]["name"] for schema in desk.tools.schemas]
    assert names == [
        *("search_code", "context", "get_symbol", "find_references", "read_file", "list_files"),
        *("str_replace", "create_file", "run", "run_tests", "finish", "escalate"),
    ]
    for schema in desk.tools.schemas:
        parameters = schema["function"]["parameters"]["properties"].values()
        assert len(schema["function"]["description"]) > 20
        assert all(parameter["description"] for parameter in parameters)


def test_a_search_shows_places_with_numbered_lines(desk: Desk) -> None:
    said = desk.say("search_code", query="retry operation pause")
    assert "payments/retry.py:16-37 retry_with_backoff (function)" in said
    assert "   16  def retry_with_backoff(" in said
    assert "more lines]" in said


def test_a_search_without_an_answer_says_so(desk: Desk) -> None:
    assert "Nothing was found" in desk.say("search_code", query="zzz")


def test_a_symbol_is_shown_with_its_body(desk: Desk) -> None:
    said = desk.say("get_symbol", name="error_for")
    assert said.startswith("payments/gateway.py:")
    assert "return CardDeclined(_code(body))" in said
    assert "Nothing called 'nope'" in desk.say("get_symbol", name="nope")


def test_references_are_listed_with_their_scope(desk: Desk) -> None:
    said = desk.say("find_references", name="retry_with_backoff")
    assert "payments/client.py:57 in PaymentClient.charge" in said
    assert "Nothing uses 'nope'" in desk.say("find_references", name="nope")


def test_context_comes_as_text(desk: Desk) -> None:
    assert "payments/" in desk.say("context", task="retry a refund")


def test_files_are_read_with_numbers_and_bounds(desk: Desk) -> None:
    said = desk.say("read_file", path="payments/money.py", start=10, end=11)
    assert said.splitlines() == [
        "payments/money.py, lines 10-11 of 30",
        "   10  @dataclass(frozen=True, order=True)",
        "   11  class Money:",
    ]
    assert "has 30 lines" in desk.refusal("read_file", path="payments/money.py", start=31)
    assert "does not exist" in desk.refusal("read_file", path="payments/monney.py")


def test_a_long_file_is_read_in_parts(desk: Desk) -> None:
    desk.say("create_file", path="long.txt", content="".join(f"line {n}\n" for n in range(1, 1001)))
    said = desk.say("read_file", path="long.txt")
    assert said.startswith("long.txt, lines 1-200 of 1000\n")
    assert said.endswith("  200  line 200")


def test_secrets_are_not_shown(desk: Desk) -> None:
    key = "ghp_" + "a1B2c3D4e5" * 4
    desk.say("create_file", path="settings.py", content=f'TOKEN = "{key}"\n')
    for said in (desk.say("read_file", path="settings.py"), desk.say("run", command="cat settings.py")):
        assert key not in said
        assert "redacted" in said


def test_files_are_listed_new_ones_included(desk: Desk) -> None:
    desk.say("create_file", path="payments/fees.py", content="FEE = 1\n")
    said = desk.say("list_files", pattern="payments/*.py")
    assert "payments/fees.py" in said.splitlines()
    assert "README.md" not in said
    assert "No file of" in desk.say("list_files", pattern="*.rs")


def test_an_edit_is_an_event_and_the_index_learns_of_it(desk: Desk) -> None:
    told: list[Sequence[str]] = []
    desk.index.refresh = told.append  # type: ignore[method-assign]
    add_code(desk)
    assert told == [["payments/client.py"]]
    assert desk.events("edit.applied")[0]["path"] == "payments/client.py"
    assert desk.tools.version == 1


def test_the_agent_finds_its_own_new_code(desk: Desk) -> None:
    desk.say("create_file", path="payments/fees.py", content="def surcharge_for(card):\n    return 1\n")
    assert "payments/fees.py" in desk.say("get_symbol", name="surcharge_for")


def test_an_index_that_fails_does_not_undo_an_edit(desk: Desk) -> None:
    def fail(paths: Sequence[str]) -> None:
        raise StoreUnreachable("the store does not answer")

    desk.index.refresh = fail  # type: ignore[method-assign]
    add_code(desk)
    assert desk.events("index.stale")[0]["reason"] == "the store does not answer"
    assert "retry_with_backoff(lambda: self._gateway.send(request), sleep" in (
        (desk.workspace.tree / "payments/client.py").read_text()
    )


def test_a_refused_edit_is_an_observation(desk: Desk) -> None:
    said = desk.refusal("str_replace", path="payments/client.py", old="no such line", new="x")
    assert said.startswith("NOT_FOUND")
    assert desk.events("edit.applied") == []
    assert desk.events("tool.result")[-1]["failed"] is True


def test_an_edit_of_a_file_that_a_command_changed_is_stale(desk: Desk) -> None:
    desk.say("read_file", path="payments/money.py")
    said = desk.say("run", command="sed -i 's/minor units/smallest units/' payments/money.py")
    assert "changed by the command: payments/money.py" in said
    assert "STALE_READ" in desk.refusal(
        "str_replace", path="payments/money.py", old="self.minor +", new="1 +"
    )
    desk.say("read_file", path="payments/money.py")
    desk.say("str_replace", path="payments/money.py", old="self.minor + other", new="other.minor + self")


def test_a_command_is_confined_and_reports_its_end(desk: Desk) -> None:
    said = desk.say("run", command="pwd; ls .git; exit 7")
    assert said.startswith("exit code 7")
    assert "/workspace" in said
    assert "No such file" in said
    assert desk.say("run", command="sleep 30", seconds=1).startswith("stopped (timeout)")


def test_a_long_output_is_cut_in_the_middle(desk: Desk) -> None:
    said = desk.say("run", command="seq 1 100000")
    assert len(said) < 13_000
    assert "letters left out" in said
    assert said.endswith("99999\n100000\n")


def test_paths_outside_the_repository_are_forbidden(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("secret")
    for path in ("../../../outside", str(tmp_path / "outside"), ".git/config"):
        assert "secret" not in desk.refusal("read_file", path=path)
        desk.refusal("create_file", path=path, content="x")
        desk.refusal("str_replace", path=path, old="secret", new="x")
    assert (tmp_path / "outside").read_text() == "secret"


def test_the_whole_way_from_red_to_green_to_finished(desk: Desk) -> None:
    add_test(desk)
    red = desk.say("run_tests", tests=["tests/test_client.py"])
    assert red.startswith("red: 1 failed")
    assert "GatewayTimeout: no answer" in red
    add_code(desk)
    assert desk.say("run_tests").startswith("green: 31 passed")
    finish(desk)
    assert desk.tools.ending is not None
    assert desk.tools.ending.status == "finished"
    review = desk.tools.reviewed
    assert review is not None
    assert review.verdict.proof == {"tests/test_client.py::test_refund_tries_again"}
    assert review.paths == ("payments/client.py", "tests/test_client.py")
    stages = [(event["stage"], event["green"]) for event in desk.events("tests.finished")]
    assert stages == [
        ("during", False),
        ("during", True),
        ("after", True),
        ("old code, new tests", False),
    ]


def test_finishing_without_a_test_is_refused(desk: Desk) -> None:
    add_code(desk)
    said = desk.refusal("finish", subject="Refunds are retried", summary="x")
    assert "No test fails on the old code" in said
    assert desk.tools.ending is None
    assert desk.tools.refused_finishes == 1


def test_finishing_without_a_change_is_refused(desk: Desk) -> None:
    assert "Nothing was changed" in desk.refusal("finish", subject="Done", summary="x")


def test_finishing_with_a_red_suite_is_refused_with_the_failure(desk: Desk) -> None:
    add_test(desk)
    said = desk.refusal("finish", subject="Refunds are retried", summary="x")
    assert "not green" in said
    assert "test_refund_tries_again" in said


def test_a_leftover_cannot_make_the_suite_green(desk: Desk) -> None:
    """The tests pass where the agent worked, thanks to a file that is not part of the change."""
    desk.say("run", command="printf 'FEE = 1\\n' > payments/fees.py")
    old = "import pytest\n\nfrom payments import Money\nfrom payments.errors import CurrencyMismatch\n"
    new = old.replace("import Money\n", "import Money\nfrom payments.fees import FEE\n")
    desk.say("str_replace", path="tests/test_money.py", old=old, new=new)
    last = 'Money(1, "USD")\n'
    test = last + "\n\ndef test_fee():\n    assert FEE == 1\n"
    desk.say("str_replace", path="tests/test_money.py", old=last, new=test)
    assert desk.say("run_tests").startswith("green")
    said = desk.refusal("finish", subject="Fees", summary="x")
    assert "No module named 'payments.fees'" in said


def test_what_a_command_changed_in_the_repository_is_part_of_the_change(desk: Desk) -> None:
    desk.say("run", command="sed -i 's/attempts: int = 3/attempts: int = 4/' payments/retry.py")
    desk.say("run", command="touch stray.txt")
    finish(desk, "refactoring")
    assert desk.tools.reviewed is not None
    assert desk.tools.reviewed.paths == ("payments/retry.py",)
    assert desk.tools.reviewed.verdict.notes == ("New files that are not part of the change: stray.txt.",)


def test_deleted_tests_are_named_in_the_result(desk: Desk) -> None:
    desk.say("run", command="rm tests/test_webhooks.py")
    finish(desk, "refactoring")
    assert desk.tools.reviewed is not None
    notes = " ".join(desk.tools.reviewed.verdict.notes)
    assert "Tests that are gone: tests/test_webhooks.py::" in notes
    assert "tests/test_webhooks.py: the file is deleted, with 3 tests" in notes


def test_escalation_keeps_the_question(desk: Desk) -> None:
    desk.say("escalate", reason="Two ways to read it.", question="Which?")
    assert desk.tools.ending is not None
    assert (desk.tools.ending.status, desk.tools.ending.question) == ("escalated", "Which?")


def test_a_sandbox_that_is_gone_ends_the_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.sandbox.bwrap._SYSTEM_PATH", ("/nonexistent",))
    assert shutil.which("sh")
    with pytest.raises(SandboxUnavailable):
        desk.tools.call("run", '{"command": "true"}')


def test_calls_and_results_are_logged(desk: Desk) -> None:
    desk.say("list_files", pattern="*.toml")
    assert desk.events("tool.call")[-1] == {"name": "list_files", "arguments": '{"pattern": "*.toml"}'}
    assert desk.events("tool.result")[-1] == {"name": "list_files", "failed": False, "text": "pyproject.toml"}

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.errors import SandboxUnavailable, StoreUnreachable
from tests.agent.conftest import Bench

RETRY_TEST = """

def test_refund_tries_again_after_a_timeout(client, gateway, payment):
    gateway.fails(GatewayTimeout("no answer"))
    gateway.answers(id="re_1")

    assert client.refund(payment).id == "re_1"
"""
OLD_CALL = "        answer = self._gateway.send(request)"
NEW_CALL = "        answer = retry_with_backoff(lambda: self._gateway.send(request), sleep=self._sleep)"
LAST_LINES = """    payment = client.look_up("ch_1", "order-1")

    assert payment.amount == Money(1250, "EUR")
"""


def add_test(bench: Bench) -> None:
    bench.say("str_replace", path="tests/test_client.py", old=LAST_LINES, new=LAST_LINES + RETRY_TEST)


def add_code(bench: Bench) -> None:
    bench.say("str_replace", path="payments/client.py", old=OLD_CALL, new=NEW_CALL)


def finish(bench: Bench, kind: str = "feature") -> None:
    bench.say("finish", subject="Refunds are retried", summary="They were not.", kind=kind)


def test_the_model_is_shown_every_tool_with_its_manual(bench: Bench) -> None:
    names = [schema["function"]["name"] for schema in bench.tools.schemas]
    assert names == [
        *("search_code", "context", "get_symbol", "find_references", "read_file", "list_files"),
        *("run", "run_tests", "update_plan", "finish", "escalate"),
        *("str_replace", "create_file", "delete_file", "move_file"),
    ]
    for schema in bench.tools.schemas:
        parameters = schema["function"]["parameters"]["properties"].values()
        assert len(schema["function"]["description"]) > 20
        assert all(parameter["description"] for parameter in parameters)


def test_a_search_shows_places_with_numbered_lines(bench: Bench) -> None:
    said = bench.say("search_code", query="retry operation pause")
    assert "payments/retry.py:16-37 retry_with_backoff (function)" in said
    assert "   16  def retry_with_backoff(" in said
    assert "more lines]" in said


def test_a_search_without_an_answer_says_so(bench: Bench) -> None:
    assert "Nothing was found" in bench.say("search_code", query="zzz")


def test_a_symbol_is_shown_with_its_body(bench: Bench) -> None:
    said = bench.say("get_symbol", name="error_for")
    assert said.startswith("payments/gateway.py:")
    assert "return CardDeclined(_code(body))" in said
    assert "Nothing called 'nope'" in bench.say("get_symbol", name="nope")


def test_references_are_listed_with_their_scope(bench: Bench) -> None:
    said = bench.say("find_references", name="retry_with_backoff")
    assert "payments/client.py:57 in PaymentClient.charge" in said
    assert "Nothing uses 'nope'" in bench.say("find_references", name="nope")


def test_context_comes_as_text(bench: Bench) -> None:
    assert "payments/" in bench.say("context", task="retry a refund")


def test_files_are_read_with_numbers_and_bounds(bench: Bench) -> None:
    said = bench.say("read_file", path="payments/money.py", start=10, end=11)
    assert said.splitlines() == [
        "payments/money.py, lines 10-11 of 30",
        "   10  @dataclass(frozen=True, order=True)",
        "   11  class Money:",
    ]
    assert "has 30 lines" in bench.refusal("read_file", path="payments/money.py", start=31)
    assert "does not exist" in bench.refusal("read_file", path="payments/monney.py")


def test_a_long_file_is_read_in_parts(bench: Bench) -> None:
    bench.say("create_file", path="long.txt", content="".join(f"line {n}\n" for n in range(1, 1001)))
    said = bench.say("read_file", path="long.txt")
    assert said.startswith("long.txt, lines 1-200 of 1000\n")
    assert said.endswith("  200  line 200")


def test_a_long_file_of_code_shows_its_outline_first(bench: Bench) -> None:
    code = "".join(f"def part_{n}():\n    return {n}\n\n\n" for n in range(100))
    bench.say("create_file", path="long.py", content=code)
    said = bench.say("read_file", path="long.py")
    assert said.startswith("long.py has 400 lines. Its outline; read the lines you need:")
    assert "  397-398   function part_99" in said
    assert "return 99" not in said
    assert "return 99" in bench.say("read_file", path="long.py", start=397)


def test_secrets_are_not_shown(bench: Bench) -> None:
    key = "ghp_" + "a1B2c3D4e5" * 4
    bench.say("create_file", path="settings.py", content=f'TOKEN = "{key}"\n')
    for said in (bench.say("read_file", path="settings.py"), bench.say("run", command="cat settings.py")):
        assert key not in said
        assert "redacted" in said


def test_files_are_listed_new_ones_included(bench: Bench) -> None:
    bench.say("create_file", path="payments/fees.py", content="FEE = 1\n")
    said = bench.say("list_files", pattern="payments/*.py")
    assert "payments/fees.py" in said.splitlines()
    assert "README.md" not in said
    assert "No file of" in bench.say("list_files", pattern="*.rs")


def test_an_edit_is_an_event_and_the_index_learns_of_it(bench: Bench) -> None:
    told: list[Sequence[str]] = []
    bench.index.refresh = told.append  # type: ignore[method-assign]
    add_code(bench)
    assert told == [["payments/client.py"]]
    assert bench.events("edit.applied")[0]["paths"] == ["payments/client.py"]
    assert bench.tools.version == 1


def test_the_agent_finds_its_own_new_code(bench: Bench) -> None:
    bench.say("create_file", path="payments/fees.py", content="def surcharge_for(card):\n    return 1\n")
    assert "payments/fees.py" in bench.say("get_symbol", name="surcharge_for")


def test_an_index_that_fails_does_not_undo_an_edit(bench: Bench) -> None:
    def fail(paths: Sequence[str]) -> None:
        raise StoreUnreachable("the store does not answer")

    bench.index.refresh = fail  # type: ignore[method-assign]
    add_code(bench)
    assert bench.events("index.stale")[0]["reason"] == "the store does not answer"
    assert "retry_with_backoff(lambda: self._gateway.send(request), sleep" in (
        (bench.workspace.tree / "payments/client.py").read_text()
    )


def test_a_refused_edit_is_an_observation(bench: Bench) -> None:
    said = bench.refusal("str_replace", path="payments/client.py", old="no such line", new="x")
    assert said.startswith("NOT_FOUND")
    assert bench.events("edit.applied") == []
    assert bench.events("edit.rejected")[0]["paths"] == ["payments/client.py"]


def test_an_edit_of_a_file_that_a_command_changed_is_stale(bench: Bench) -> None:
    bench.say("read_file", path="payments/money.py")
    said = bench.say("run", command="sed -i 's/minor units/smallest units/' payments/money.py")
    assert "changed by the command: payments/money.py" in said
    assert "STALE_READ" in bench.refusal(
        "str_replace", path="payments/money.py", old="self.minor +", new="1 +"
    )
    bench.say("read_file", path="payments/money.py")
    bench.say("str_replace", path="payments/money.py", old="self.minor + other", new="other.minor + self")


def test_a_command_is_confined_and_reports_its_end(bench: Bench) -> None:
    said = bench.say("run", command="pwd; ls .git; exit 7")
    assert said.startswith("exit code 7")
    assert "/workspace" in said
    assert "No such file" in said
    assert bench.say("run", command="sleep 30", seconds=1).startswith("stopped (timeout)")


def test_a_long_output_is_cut_in_the_middle(bench: Bench) -> None:
    said = bench.say("run", command="seq 1 100000")
    assert len(said) < 13_000
    assert "letters left out" in said
    assert said.endswith("99999\n100000\n")


def test_paths_outside_the_repository_are_forbidden(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("secret")
    for path in ("../../../outside", str(tmp_path / "outside"), ".git/config"):
        assert "secret" not in bench.refusal("read_file", path=path)
        bench.refusal("create_file", path=path, content="x")
        bench.refusal("str_replace", path=path, old="secret", new="x")
    assert (tmp_path / "outside").read_text() == "secret"


def test_the_whole_way_from_red_to_green_to_finished(bench: Bench) -> None:
    add_test(bench)
    red = bench.say("run_tests", tests=["tests/test_client.py"])
    assert red.startswith("red: 1 failed")
    assert "GatewayTimeout: no answer" in red
    add_code(bench)
    assert bench.say("run_tests").startswith("green: 31 passed")
    finish(bench)
    assert bench.tools.ending is not None
    assert bench.tools.ending.status == "finished"
    review = bench.handing_in.reviewed
    assert review is not None
    assert review.verdict.proof == {"tests/test_client.py::test_refund_tries_again_after_a_timeout"}
    assert review.paths == ("payments/client.py", "tests/test_client.py")
    stages = [(event["stage"], event["green"]) for event in bench.events("tests.finished")]
    assert stages == [
        ("during", False),
        ("during", True),
        ("after", True),
        ("old code, new tests", False),
    ]


def test_a_failure_brings_the_function_that_was_asked_and_no_test_twice(bench: Bench) -> None:
    code = "def half(n):\n    return n\n"
    test = "from payments.half import half\n\n\ndef test_half():\n    assert half(4) == 2\n"
    bench.say("create_file", path="payments/half.py", content=code)
    bench.say("create_file", path="tests/test_half.py", content=test)
    _, points_at = bench.say("run_tests", tests=["tests/test_half.py"]).split("What the failure points at:")
    assert "payments/half.py:1-2 half\n    1  def half(n):\n    2      return n" in points_at
    assert points_at.count("assert half(4) == 2") == 1


def test_finishing_without_a_test_is_refused(bench: Bench) -> None:
    add_code(bench)
    said = bench.refusal("finish", subject="Refunds are retried", summary="x")
    assert "No test fails on the old code" in said
    assert bench.tools.ending is None
    assert bench.events("cycle")[0]["summary"].startswith("green")


def test_finishing_without_a_change_is_refused(bench: Bench) -> None:
    assert "Nothing was changed" in bench.refusal("finish", subject="Done", summary="x")


def test_finishing_with_a_red_suite_is_refused_with_the_failure(bench: Bench) -> None:
    add_test(bench)
    said = bench.refusal("finish", subject="Refunds are retried", summary="x")
    assert "not green" in said
    assert "test_refund_tries_again" in said


def test_a_leftover_cannot_make_the_suite_green(bench: Bench) -> None:
    """The tests pass where the agent worked, thanks to a file that is not part of the change."""
    bench.say("run", command="printf 'FEE = 1\\n' > payments/fees.py")
    old = "import pytest\n\nfrom payments import Money\nfrom payments.errors import CurrencyMismatch\n"
    new = old.replace("import Money\n", "import Money\nfrom payments.fees import FEE\n")
    bench.say("str_replace", path="tests/test_money.py", old=old, new=new)
    last = 'Money(1, "USD")\n'
    test = last + "\n\ndef test_fee():\n    assert FEE == 1\n"
    bench.say("str_replace", path="tests/test_money.py", old=last, new=test)
    assert bench.say("run_tests").startswith("green")
    said = bench.refusal("finish", subject="Fees", summary="x")
    assert "No module named 'payments.fees'" in said


def test_what_a_command_changed_in_the_repository_is_part_of_the_change(bench: Bench) -> None:
    bench.say("run", command="sed -i 's/attempts: int = 3/attempts: int = 4/' payments/retry.py")
    bench.say("run", command="touch stray.txt")
    finish(bench, "refactoring")
    assert bench.handing_in.reviewed is not None
    assert bench.handing_in.reviewed.paths == ("payments/retry.py",)
    assert bench.handing_in.reviewed.verdict.notes == (
        "New files that are not part of the change: stray.txt.",
    )


def test_deleted_tests_are_named_in_the_result(bench: Bench) -> None:
    bench.say("run", command="rm tests/test_webhooks.py")
    finish(bench, "refactoring")
    assert bench.handing_in.reviewed is not None
    notes = " ".join(bench.handing_in.reviewed.verdict.notes)
    assert "Tests that are gone: tests/test_webhooks.py::" in notes
    assert "tests/test_webhooks.py: the file is deleted, with 3 tests" in notes


def test_escalation_keeps_the_question(bench: Bench) -> None:
    bench.say("escalate", reason="Two ways to read it.", question="Which?")
    assert bench.tools.ending is not None
    assert (bench.tools.ending.status, bench.tools.ending.question) == ("escalated", "Which?")


def test_a_sandbox_that_is_gone_ends_the_run(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.sandbox.bwrap._SYSTEM_PATH", ("/nonexistent",))
    assert shutil.which("sh")
    with pytest.raises(SandboxUnavailable):
        bench.call("run", {"command": "true"})


def test_calls_are_logged(bench: Bench) -> None:
    bench.say("list_files", pattern="*.toml")
    logged = {"call": "bench_1", "name": "list_files", "arguments": '{"pattern": "*.toml"}'}
    assert bench.events("tool.call")[-1] == logged

from pathlib import Path

import pytest

from agent.suites.condense import Place, condensed, names, places, signature_of
from agent.suites.reports import Failure, Format, Results, read_report
from agent.suites.suite import SuiteRun

RECORDED = Path(__file__).parent / "recorded"


def failed(*messages: str, broken: str = "") -> Results:
    failures = tuple(Failure(f"t{number}", message) for number, message in enumerate(messages))
    ids = frozenset(failure.test for failure in failures)
    return Results(failed=ids, failures=failures, counted=len(ids), broken=frozenset(broken.split()))


def run_of(file: str, report: Format, cwd: str = "") -> SuiteRun:
    text = (RECORDED / file).read_text()
    return SuiteRun(("suite",), 1, read_report(report, text), text, 1.0, cwd=cwd)


def test_a_long_failure_keeps_its_end_and_others_are_named() -> None:
    lines = "\n".join(f"line {number}" for number in range(100))
    told = condensed(failed(*(f"{lines}\nE   assert {number} == 0" for number in range(9))))
    assert "line 99" in told
    assert "line 10\n" not in told
    assert "and 4 more: t5, t6, t7, t8" in told


def test_equal_failures_are_told_once() -> None:
    told = condensed(failed(*(f"pay/due.py:{line}: in due\nE   NameError: x" for line in (3, 3, 3, 3, 3, 9))))
    assert told.count("NameError") == 2
    assert "the same: t1, t2, t3 and 1 more" in told


def test_modules_that_one_error_hides_are_told_once() -> None:
    messages = [
        f"collection failure\nImportError while importing test module 'tests/test_{name}.py'.\n"
        f"tests/test_{name}.py:9: in <module>\n    import pay\nE   ModuleNotFoundError: No module named 'pay'"
        for name in "abc"
    ]
    told = condensed(failed(*messages, broken="t0 t1 t2"))
    assert "collection failure" not in told
    assert told.count("CANNOT BE COLLECTED") == 1
    assert "the same: t1, t2" in told


def test_what_pytest_says_twice_is_told_once_and_the_frames_stay() -> None:
    diff = ["AssertionError: assert [1, 2] == [1, 3]", "", *(f"  line {n}" for n in range(15))]
    trace = ["tests/test_a.py:9: in test_a", "    assert due() == [1, 3]", *(f"E   {line}" for line in diff)]
    told = condensed(failed("\n".join([*diff, *trace])))
    assert told.count("[1, 2] == [1, 3]") == 1
    assert told.index("tests/test_a.py:9: in test_a") < told.index("line 14")
    assert "[...]" not in told


def test_what_cannot_be_collected_comes_first() -> None:
    told = condensed(failed("E   assert 1 == 2", "ImportError: no module", broken="t1"))
    assert told.index("CANNOT BE COLLECTED t1") < told.index("FAILED t0")


def test_frames_of_libraries_are_left_out() -> None:
    told = condensed(run_of("jest.json", "jest").results)
    assert "Expected: 3" in told
    assert "at Object.toBe (a.test.js:3:41)" in told
    assert "node_modules" not in told
    told = condensed(run_of("rspec.json", "rspec").results)
    assert "spec/a_spec.rb:3" in told
    assert "rubygems" not in told
    told = condensed(run_of("cargo.txt", "cargo").results)
    assert "panicked at src/lib.rs:23:9" in told
    assert "rustc" not in told
    assert "panic_fmt" not in told


def test_thousands_of_failures_are_told_in_time() -> None:
    many = failed(*(f"a.py:{number}: x\nE   assert {number}\n" + "word 1:2 " * 400 for number in range(5000)))
    told = condensed(many)
    assert "and 4995 more" in told
    assert len(told) < 15_000
    assert signature_of(many.failed, many.failures)


def test_a_flood_is_bounded() -> None:
    told = condensed(failed(*(f"Error {number}: " + "x" * 10_000 + "\n" * 50 for number in range(50))))
    assert len(told) < 15_000


@pytest.mark.parametrize(
    ("file", "report", "first"),
    [
        ("jest.json", "jest", Place("a.test.js", 3)),
        ("vitest.xml", "junit", Place("a.test.js", 3)),
        ("node.jsonl", "node", Place("test/a.test.mjs", 3)),
        ("go.jsonl", "go", Place("sums/sums_test.go", 12)),
        ("cargo.txt", "cargo", Place("src/lib.rs", 23)),
        ("cargo-broken.txt", "cargo", Place("src/lib.rs", 9)),
        ("rspec.json", "rspec", Place("spec/a_spec.rb", 3)),
        ("phpunit.xml", "junit", Place("tests/MathTest.php", 7)),
        ("unittest.txt", "unittest", Place("tests/test_broken.py", 1)),
    ],
)
def test_the_places_of_failures_are_those_of_the_repository(file: str, report: Format, first: Place) -> None:
    files = [
        *(
            "a.test.js",
            "test/a.test.mjs",
            "sums/sums_test.go",
            "sums/sums.go",
            "src/lib.rs",
            "panics/p_test.go",
        ),
        *(
            "tests/whole.rs",
            "spec/a_spec.rb",
            "tests/MathTest.php",
            "tests/test_broken.py",
            "tests/test_a.py",
        ),
    ]
    found = places(run_of(file, report), files)
    assert found[0] == first
    assert {place.path for place in found} <= set(files)


def test_places_are_relative_to_the_root_of_the_repository() -> None:
    run = SuiteRun(
        ("x",), 1, failed("tests/test_a.py:3: in test\n../../etc/passwd.py:1: x"), "", 1.0, cwd="pay"
    )
    assert places(run, ["pay/tests/test_a.py"]) == [Place("pay/tests/test_a.py", 3)]
    assert places(run) == [Place("pay/tests/test_a.py", 3)]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("AttributeError: 'Money' object has no attribute 'rounded'", "rounded"),
        ("ImportError: cannot import name 'total' from 'pay'", "total"),
        ("NameError: name 'rigth' is not defined", "rigth"),
        ("TypeError: due() missing 1 required positional argument", "due"),
        ("sums.go:3:29: undefined: missing", "missing"),
        ("error[E0425]: cannot find function `nothing` in this scope", "nothing"),
        ("ReferenceError: rounded is not defined", "rounded"),
        ("NameError: uninitialized constant Nowhere", "Nowhere"),
        ("pay/due.py:3: in late_fee\nE   KeyError", "late_fee"),
        ("E   assert -40 == 5\nE    +  where -40 = late_fee(Decimal('10'), 50)", "late_fee"),
        ("E   assert None\nE    +  where None = cart.total()\n", "total"),
    ],
)
def test_names_in_failures_are_found(message: str, name: str) -> None:
    assert name in names(SuiteRun(("x",), 1, failed(message), "", 1.0))


def test_the_signature_tells_failures_apart_and_nothing_else() -> None:
    def sign(message: str) -> str:
        return signature_of(["a"], [Failure("a", message)])

    one = sign(
        "thread 'a' (23187) panicked at src/lib.rs:23:9: Error: in 0.31s at 0x7f00aa, 2026-01-01T10:00:00Z"
    )
    two = sign(
        "thread 'a' (991) panicked at src/lib.rs:29:9: Error: in 4 ms at 0x7f11bb, 2026-02-01T11:00:00Z"
    )
    assert one == two
    assert sign("E  assert 1 == 2") != sign("E  assert 1 == 3")
    assert signature_of(["a"], []) != signature_of(["b"], [])


def test_a_hostile_message_is_read_in_time() -> None:
    for piece in ("a/", "x.py:", "at a.", "0x", 'File "', "1 s ", "Error "):
        run = SuiteRun(("x",), 1, failed(piece * 100_000, (piece * 300 + "\n") * 100), "", 1.0)
        condensed(run.results)
        places(run)
        names(run)
        assert run.signature

import pytest

from agent.suites.flaky import find_flaky
from agent.suites.losses import find_losses
from agent.suites.reports import Results
from agent.suites.suite import SuiteRun


def suite(passed: str = "", failed: str = "", skipped: str = "", count: int = 0) -> SuiteRun:
    p, f, s = (frozenset(names.split()) for names in (passed, failed, skipped))
    return SuiteRun(("suite",), 0, Results(p, f, s, (), len(p | f) or count), "", 1.0)


def unasked(tests: frozenset[str]) -> SuiteRun:
    raise AssertionError(f"{tests} were put back")


def test_what_fails_when_it_is_put_back_was_hidden() -> None:
    asked = []

    def put_back(tests: frozenset[str]) -> SuiteRun:
        asked.append(tests)
        return suite("t::a t::c", "t::b")

    losses = find_losses(suite("t::a t::b t::c"), suite("t::a", skipped="t::c"), put_back)
    assert (losses.gone, losses.skipped, losses.hidden) == ({"t::b"}, {"t::c"}, {"t::b"})
    assert asked == [{"t::b", "t::c"}]
    assert [(finding.kind, finding.path, finding.text) for finding in losses.findings] == [
        ("test-vanished", "t", "t::b is gone"),
        ("test-skipped", "t", "t::c is skipped"),
    ]


def test_a_failing_test_that_is_gone_is_hidden_too() -> None:
    losses = find_losses(suite("t::a", "t::b"), suite("t::a"), lambda _: suite("", "t::b"))
    assert losses.hidden == {"t::b"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (suite("t::a t::b"), suite("t::a t::c")),  # renamed
        (suite("t::a", skipped="t::s"), suite("t::a")),  # it never ran
        (suite("t::a"), suite("t::a t::b", skipped="t::new")),
        (suite("lib.rs - f (line 3)"), suite("lib.rs - f (line 4)")),
        (suite("t::a"), suite()),  # nothing ran at all, which is another objection
    ],
)
def test_nothing_is_put_back_where_nothing_was_lost(before: SuiteRun, after: SuiteRun) -> None:
    assert find_losses(before, after, unasked).hidden == set()


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        ("t::a[22:23:14]", "t::a[22:26:55]", ""),
        ("t::a[2026-11-29T22:23:14.071]", "t::a[2026-11-29T22:26:55.5]", ""),
        ("t::a[<C.object.at.0x7f3a5c0d]>", "t::a[<C.object.at.0x7f9e110c]>", ""),
        ("t::a[10:00:00] t::a[11:00:00]", "t::a[11:00:00]", "t::a[10:00:00]"),
        ("t::a[10:00:00] t::b", "t::b[11:00:00] t::b", "t::a[10:00:00]"),
        ("t::a[3]", "t::a[4]", "t::a[3]"),
    ],
)
def test_a_test_named_by_the_time_of_day_is_not_gone(before: str, after: str, gone: str) -> None:
    assert find_losses(suite(before), suite(after), None).gone == set(gone.split())


def test_where_tests_may_change_nothing_is_put_back() -> None:
    losses = find_losses(suite("t::a t::b"), suite("t::a"), None)
    assert (losses.gone, losses.hidden) == ({"t::b"}, set())
    assert losses.findings


def test_a_runner_that_only_counts_loses_tests_by_number() -> None:
    (finding,) = find_losses(suite(count=12), suite(count=11), unasked).findings
    assert str(finding) == "12 tests became 11"


def test_a_test_is_run_again_until_it_passes_or_twice() -> None:
    asked = []

    def again(tests: frozenset[str]) -> SuiteRun:
        asked.append(tests)
        return suite("b", "a c") if len(asked) == 1 else suite("c", "a")

    assert find_flaky(frozenset("abc"), again) == {"b", "c"}
    assert asked == [{"a", "b", "c"}, {"a", "c"}]


def test_when_all_pass_again_there_is_no_second_time() -> None:
    assert find_flaky(frozenset("a"), lambda tests: suite("a")) == {"a"}
    assert find_flaky(frozenset(), unasked) == set()


def test_a_package_that_could_not_be_built_is_no_test_that_is_gone() -> None:
    before = SuiteRun(
        ("go",),
        1,
        Results(frozenset(), frozenset({"example.org/a"}), broken=frozenset({"example.org/a"})),
        "",
        1.0,
    )
    losses = find_losses(before, suite("example.org/a/TestB"), unasked)
    assert losses.gone == frozenset()
    assert losses.findings == ()

"""A function that is written again is found; what only looks alike, moved or is a habit here is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from retriever.check.finding import Finding, Shown
from retriever.check.twins import finds
from tests.conftest import Index

from .indexed import found

_RETRY = '''\
def retry_call(call, attempts, logger):
    """Call until it succeeds."""
    started = time.monotonic()
    failures = []
    for attempt in range(attempts):
        try:
            return call()
        except ConnectionError as error:
            failures.append(error)
            logger.warning("attempt %d failed", attempt)
            time.sleep(2**attempt)
    raise GaveUp(failures, time.monotonic() - started)
'''
_AGAIN = """\
def persist(task, times, log):
    problems = []
    begun = time.monotonic()
    for turn in range(times):
        try:
            return task()
        except ConnectionError as problem:
            problems.append(problem)
            log.warning("turn %d went wrong", turn)
            time.sleep(3**turn)
    raise GaveUp(problems, time.monotonic() - begun)
"""
_OTHER = """\
def export_orders(orders, target):
    rows = []
    for order in orders:
        if order.is_paid():
            rows.append(order.as_row())
        else:
            target.report(order.number)
    target.write(sorted(rows))
    return len(rows)
"""
_SHOP = {
    "shop/retry.py": f"import time\n\n\n{_RETRY}",
    "shop/bank.py": "from shop.retry import retry_call\n\n\ndef pay(bank):\n    retry_call(bank.pay, 3)\n",
    "shop/orders.py": _OTHER,
}


def _of(
    index: Index, tmp_path: Path, after: dict[str, str], before: dict[str, str] | None = None
) -> list[Finding]:
    return found(index, tmp_path, finds, {**_SHOP, **(before or {})}, after)


def test_a_function_written_again_is_found_under_other_names_and_in_another_order(
    index: Index, tmp_path: Path
) -> None:
    (finding,) = _of(index, tmp_path, {"shop/tasks.py": f"import time\n\n\n{_AGAIN}"})
    assert (finding.path, finding.line, finding.key) == ("shop/tasks.py", 4, "twins/again")
    assert "`retry_call` in shop/retry.py:4, which has 1 caller, does this already" in finding.message
    assert finding.example == Shown("shop/retry.py", 4, "def retry_call(call, attempts, logger)")


def test_a_body_that_is_written_anew_is_looked_at_as_a_new_one(index: Index, tmp_path: Path) -> None:
    before = {"shop/tasks.py": "def persist(task, times, log):\n    return task()\n"}
    (finding,) = _of(index, tmp_path, {"shop/tasks.py": f"import time\n\n\n{_AGAIN}"}, before)
    assert "retry_call" in finding.message


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "shop/tasks.py",
            _OTHER.replace("is_paid", "is_sent").replace("as_row", "label").replace("write", "send"),
        ),
        ("tests/test_tasks.py", _AGAIN),
        ("shop/tasks.py", "def first(things):\n    return things[0]\n"),
        ("shop/tasks.py", _AGAIN.replace("def ", "async def ")),
        (
            "shop/tasks.py",
            _AGAIN.replace(
                "    problems = []", '    """Deprecated: use retry_call."""\n    problems = []', 1
            ),
        ),
    ],
    ids=["other calls", "a test", "trivial", "async", "deprecated"],
)
def test_what_is_no_helper_written_again_is_left_alone(
    index: Index, tmp_path: Path, path: str, text: str
) -> None:
    assert _of(index, tmp_path, {path: text}) == []


def test_a_function_that_moves_is_not_its_own_twin(index: Index, tmp_path: Path) -> None:
    after = {"shop/retry.py": "import time\n", "shop/again.py": f"import time\n\n\n{_RETRY}"}
    assert _of(index, tmp_path, after) == []


def test_methods_of_one_name_in_two_classes_are_two_ways_to_do_one_thing(
    index: Index, tmp_path: Path
) -> None:
    method = "\n".join(f"    {line}".rstrip() for line in _RETRY.split("\n"))
    own, other = (f"import time\n\n\nclass {name}:\n{method}" for name in ("Post", "Bank"))
    before = {"shop/retry.py": "import time\n", "shop/bank.py": other}
    assert _of(index, tmp_path, {"shop/post.py": own}, before) == []
    renamed = other.replace("retry_call", "call_again")
    assert _of(index, tmp_path, {"shop/post.py": own}, {**before, "shop/bank.py": renamed}) != []


def test_a_part_that_becomes_a_function_of_its_own_inside_is_no_twin_of_the_whole(
    index: Index, tmp_path: Path
) -> None:
    notes = "".join(f"    log.note_{n}(problems, begun, times)\n" for n in range(20))
    long = _AGAIN.replace("    raise", f"{notes}    raise")
    inner = "\n".join(f"    {line}".rstrip() for line in long.split("\n"))
    whole = f"def retry_call(call, attempts, logger):\n{inner}\n    return persist(call, attempts, logger)\n"
    assert _of(index, tmp_path, {"shop/retry.py": f"import time\n\n\n{whole}"}) == []


def test_what_is_done_in_one_way_in_many_places_is_a_pattern(index: Index, tmp_path: Path) -> None:
    before = {f"shop/part_{n}.py": _AGAIN.replace("persist", f"persist_{n}") for n in range(3)}
    assert _of(index, tmp_path, {"shop/tasks.py": _AGAIN}, before) == []


def test_functions_of_one_name_in_many_files_are_the_form_of_a_plugin(index: Index, tmp_path: Path) -> None:
    before = {f"shop/plugin_{n}.py": f"def retry_call(shop):\n    return shop.add({n})\n" for n in range(5)}
    again = {"shop/tasks.py": f"import time\n\n\n{_RETRY}"}
    assert _of(index, tmp_path, again, before) == []


def test_an_index_that_holds_the_change_already_says_the_same(index: Index, tmp_path: Path) -> None:
    first = _of(index, tmp_path, {"shop/tasks.py": _AGAIN})
    (tmp_path / "shop" / "shop" / "tasks.py").write_text(_AGAIN)
    assert _of(index, tmp_path, {"shop/tasks.py": _AGAIN}) == first != []

"""Which commits make questions, what they want, and how a sample is drawn."""

from __future__ import annotations

import pytest

from retriever.evaluate.commits import MOST_FILES, Asked, Change, Commit, is_source, qualify, sample

_FILE, _NONE = "100644", "000000"


def change(path: str, status: str = "M", old: str = _FILE, new: str = _FILE) -> Change:
    return Change(path, old, new, f"{path}-before", f"{path}-after", status)


def commit(*changes: Change, subject: str = "Retry payments after timeouts", nr: int = 1) -> Commit:
    return Commit(f"{nr:040x}", (f"{nr - 1:040x}",), "A <a@b.c>", nr, subject, changes)


def wanted(*changes: Change) -> tuple[str, ...]:
    found = qualify([commit(*changes)])
    return found.asked[0].wanted if found.asked else ()


def test_the_source_files_of_the_parent_are_wanted_and_nothing_else() -> None:
    assert wanted(
        change("shop/retry.py"),
        change("shop/gone.py", "D", _FILE, _NONE),
        change("shop/new.py", "A", _NONE, _FILE),
        change("shop/moved.py", "R100"),
        Change("shop/mode.py", _FILE, "100755", "same", "same", "M"),
        change("shop/link.py", "M", "120000", "120000"),
        change("vendor/module", "M", "160000", "160000"),
        change("tests/test_retry.py"),
        change("README.md"),
        change("package-lock.json"),
        change("node_modules/x/index.js"),
        change("shop/api_pb2.py"),
    ) == ("shop/retry.py", "shop/gone.py")


@pytest.mark.parametrize("path", ["src/lib.rs", "app/models/user.rb", "cmd/main.go", "shop/vendor/pay.py"])
def test_code_is_a_source(path: str) -> None:
    assert is_source(path)


def test_why_a_commit_makes_no_question_is_counted() -> None:
    merge = Commit("a" * 40, ("b" * 40, "c" * 40), "A", 1, "Retry payments after timeouts", ())
    many = commit(*(change(f"shop/{n}.py") for n in range(MOST_FILES + 1)), nr=2)
    found = qualify(
        [
            merge,
            many,
            commit(change("README.md"), nr=3),
            commit(change("shop/a.py"), subject="Bump version", nr=4),
            commit(change("shop/a.py"), nr=5),
            commit(change("shop/b.py"), nr=6),  # the same words again: a backport, or a second part
        ]
    )
    assert [asked.commit.time for asked in found.asked] == [5]
    assert found.refused == {
        "without a parent here": 1,
        f"more than {MOST_FILES} source files": 1,
        "no source file of the parent changed": 1,
        "a chore, release or revert": 1,
        "said twice": 1,
    }


def test_a_folder_narrows_what_is_wanted() -> None:
    both = commit(change("shop/a.py"), change("bank/b.py"))
    assert qualify([both], below="bank/").asked[0].wanted == ("bank/b.py",)
    assert qualify([commit(change("shop/a.py"))], below="bank/").refused == {"elsewhere": 1}


def asked(number: int) -> list[Asked]:
    return [Asked(commit(change("a.py"), nr=nr), f"question {nr}", ("a.py",)) for nr in range(1, number + 1)]


def test_a_sample_is_spread_over_the_history_and_the_same_for_a_seed() -> None:
    everything = asked(1000)
    drawn = sample(everything, 10, seed=1)
    assert [one.commit.time // 100.0001 for one in drawn] == list(range(10))  # one of each hundred, in order
    assert drawn == sample(everything, 10, seed=1)
    assert drawn != sample(everything, 10, seed=2)
    assert sample(asked(3), 10, seed=1) == asked(3)


def test_what_is_not_sound_is_replaced_from_its_stretch() -> None:
    even = sample(asked(40), 10, 0, lambda one: one.commit.time % 2 == 0)
    assert len(even) == 10
    assert all(one.commit.time % 2 == 0 for one in even)
    assert sample(asked(40), 10, 0, lambda one: False) == []

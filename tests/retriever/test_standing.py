import pytest

from retriever.standing import (
    asks_aside,
    is_aside,
    is_other_port,
    is_outdated,
    newest_versions,
    standing,
)


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        ("shop/retry.py", "code", False),
        ("tests/test_retry.py", "code", True),
        ("shop/test_retry.py", "code", True),
        ("src/test/java/shop/RetryTest.java", "code", True),
        ("django/test/client.py", "code", False),  # a package that helps its users test
        ("test/retry.py", "code", True),
        ("testing/acceptance.py", "code", True),
        ("numpy/testing/utils.py", "code", False),  # another one
        ("integration_test/cases/repo.exs", "code", True),
        ("scripts/export.py", "code", True),
        ("include/benchmark/benchmark.h", "code", False),  # a library of that name
        ("examples/shop/include/shop/retry.h", "code", True),
        ("tutorials/first.ipynb", "code", True),
        ("README.md", "docs", True),
        ("latest/contest.py", "code", False),
        ("describe/script.py", "code", False),
    ],
)
def test_what_is_about_the_code_stands_aside(path: str, kind: str, expected: bool) -> None:
    assert is_aside(path, kind) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("tests for the retry helper", True),
        ("where is the tutorial on payments", True),
        ("how skip aborts a test", False),
        ("parse the description", False),
    ],
)
def test_a_question_that_wants_such_files_says_so(question: str, expected: bool) -> None:
    assert asks_aside(question) is expected


@pytest.mark.parametrize(
    ("path", "question", "expected"),
    [
        ("src/win/pipe.c", "reading from a pipe", True),
        ("src/win/pipe.c", "reading from a pipe on Windows", False),
        ("src/unix/pipe.c", "reading from a pipe", False),
        ("os/file_darwin.go", "open a file", True),
        ("src/window/frame.c", "draw a frame", False),
        ("src/winner.py", "who won", False),
    ],
)
def test_a_port_is_meant_when_its_system_is_named(path: str, question: str, expected: bool) -> None:
    assert is_other_port(standing(path, "code"), question.lower()) is expected


@pytest.mark.parametrize(
    ("path", "question", "expected"),
    [
        ("src/v3/types.ts", "union types", True),
        ("src/v3/types.ts", "union types of v3", False),
        ("src/v4/types.ts", "union types", False),
        ("other/v1/types.ts", "union types", False),  # no newer one beside it
        ("src/deprecated/union.ts", "union types", True),
        ("Sources/Deprecations/union.swift", "deprecated union types", False),
        ("src/legacy-union.ts", "union types", True),
    ],
)
def test_an_old_version_is_meant_when_it_is_named(path: str, question: str, expected: bool) -> None:
    paths = ["src/v3/types.ts", "src/v4/core/api.ts", "other/v1/types.ts", "main.ts"]
    newest = newest_versions(standing(path, "code") for path in paths)
    assert is_outdated(standing(path, "code"), question, newest) is expected


def test_ten_is_newer_than_nine() -> None:
    assert newest_versions([standing("api/v10/a.go", "code"), standing("api/v9/a.go", "code")]) == {
        "api/v": 10
    }


@pytest.mark.parametrize("path", ["shop/__init__.py", "requests/compat.py", "types/index.d.ts"])
def test_a_file_that_names_what_others_do_is_a_wrapper(path: str) -> None:
    assert standing(path, "code").wrapper
    assert not standing("shop/payment.py", "code").wrapper

"""Say from its path whether a file is a test, and how it is laid out."""

from __future__ import annotations

import re
from functools import lru_cache

_FOLDERS = {
    "test", "tests", "testing", "__tests__", "spec", "specs", "e2e", "unittests", "js_tests",
    "integration_tests", "androidtest", "commontest", "jvmtest", "testdata",
}  # fmt: skip
_TEST_MODULES = {"tests", "test"}
_NAME = re.compile(
    r"(?:^|[._-])(?:test|tests|spec|specs)(?:[._-]|$)"  # test_x.py, x_test.go, x.spec.ts, x-test.js
    r"|^conftest$|[a-z0-9](?:Test|Tests|TestCase|Spec|Specs|IT)$|^Test[A-Z]"  # XTest.java, TestX.java
)


@lru_cache(maxsize=16384)
def is_test(path: str, symbol: str | None = None) -> bool:
    """Whether a file, or the definition `symbol` in it, belongs to the tests.

    By a folder on its way, by its name, or by the module of tests at the end of a file of Rust.
    """
    if symbol and path.endswith(".rs") and symbol.partition(".")[0] in _TEST_MODULES:
        return True
    *folders, name = path.split("/")
    if any(folder.lower() in _FOLDERS for folder in folders):
        return True
    return _NAME.search(name.rsplit(".", 1)[0]) is not None


@lru_cache(maxsize=16384)
def form_of_test_file(path: str) -> str:
    """How the name of a test file is made: `test_*`, `*_test`, `*.test`, `*.spec`, `*Test`, ... or ""."""
    name = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    for pattern, form in _FORMS:
        if pattern.search(name):
            return form
    return ""


_FORMS = (
    (re.compile(r"^test_."), "test_*"),
    (re.compile(r".[._]?_test$"), "*_test"),
    (re.compile(r".\.test$"), "*.test"),
    (re.compile(r".\.spec$"), "*.spec"),
    (re.compile(r".-test$"), "*-test"),
    (re.compile(r"._spec$"), "*_spec"),
    (re.compile(r"[a-z0-9]Test$"), "*Test"),
    (re.compile(r"[a-z0-9]Tests$"), "*Tests"),
    (re.compile(r"[a-z0-9]Spec$"), "*Spec"),
    (re.compile(r"^Test[A-Z]"), "Test*"),
)

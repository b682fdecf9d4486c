"""Sentences about how tests are written in Python here."""

from __future__ import annotations

from .words import Saying, table

ROWS = table(
    ("test.framework", "pytest", "Tests run with pytest.", "tests", 0.8),
    ("test.framework", "unittest", "Tests are `unittest` test cases.", "tests", 0.3),
    ("test.form", "function", "Tests are plain functions, not methods of a class.", "tests", 0.6),
    ("test.form", "class", "Tests are methods of plain classes that group them.", "tests", 0.2),
    ("test.unit", "yes", "Tests are named `test_<unit>_<behaviour>`.", "tests", 0.4),
    ("test.name", "sentence", "The name of a test says in a sentence what is true.", "tests", 0.4),
    ("test.doc", "yes", "Tests carry a docstring that says what should be.", "tests", 0.05),
    ("test.types", "yes", "Tests are annotated (`-> None`).", "tests", 0.3),
    ("test.async", "none", "Async tests need no mark.", "tests", 0.3),
    ("test.assertion", "assert", "Tests check with bare `assert`.", "tests", 0.85),
    ("test.assertion", "method", "Tests check with `self.assert...` methods.", "tests", 0.2),
    ("test.expected", "right", "What is expected stands on the right of `==`.", "tests", 0.9),
    ("test.expected", "left", "What is expected stands on the left of `==`.", "tests", 0.05),
    ("test.raises", "match", "`pytest.raises` checks the message as well (`match=`).", "tests", 0.3),
    ("test.raises.case", "match", "Errors are checked by `assertRaisesRegex`, words and all.", "tests", 0.2),
    ("test.table", "parametrize", "Tables of cases go into `pytest.mark.parametrize`.", "tests", 0.8),
    ("test.table", "subTest", "Tables of cases run under `subTest`.", "tests", 0.2),
    ("test.table.names", "tuple", "`parametrize` takes several names as a tuple.", "tests", 0.4),
    ("test.table.names", "list", "`parametrize` takes several names as a list.", "tests", 0.1),
    ("test.table.names", "string", "`parametrize` takes several names in one string.", "tests", 0.4),
    ("test.table.ids", "yes", "The cases of a table are named (`ids=`).", "tests", 0.1),
    ("test.double", "none", "Tests use no mocking library: stand-ins are written by hand.", "tests", 0.3),
    ("fixture.place", "conftest", "Fixtures live in `conftest.py`.", "tests", 0.3),
    ("fixture.brackets", "no", "`@pytest.fixture` has no empty brackets.", "tests", 0.7),
    ("fixture.brackets", "yes", "`@pytest.fixture()` has its brackets.", "tests", 0.2),
    ("fixture.named", "yes", "Fixtures are named by `name=`, apart from their function.", "tests", 0.05),
    ("fixture.end", "yield", "Fixtures clean up after `yield`.", "tests", 0.85),
    ("fixture.end", "addfinalizer", "Fixtures clean up by `request.addfinalizer`.", "tests", 0.05),
    ("mark.brackets", "no", "Marks have no empty brackets.", "tests", 0.85),
    ("mark.brackets", "yes", "Marks have their brackets: `@pytest.mark.slow()`.", "tests", 0.1),
    ("patch.form", "with", "`patch` is used in a `with`, not as a decorator.", "tests", 0.4),
    ("patch.form", "decorator", "`patch` is used as a decorator.", "tests", 0.3),
)  # fmt: skip

SAYING: dict[str, Saying] = {
    "test.class": Saying("Classes of tests are named `{}`.", "tests", {"Test...": 0.85}, without=("other",)),
    "test.async": Saying(
        "Async tests carry `{}`.", "tests", {"@pytest.mark.asyncio": 0.5}, without=("case",)
    ),
    "test.folder": Saying(
        "Tests get a folder for their files from `{}`.", "tests", {"tmp_path": 0.7, "tempfile": 0.3}, rare=0.1
    ),
    "test.logs": Saying("Tests read what was logged through `{}`.", "tests", {"caplog": 0.8}),
    "test.mock": Saying(
        "Tests replace things with `{}`.", "tests", {"mock.patch": 0.5, "monkeypatch": 0.3}, rare=0.2
    ),
}

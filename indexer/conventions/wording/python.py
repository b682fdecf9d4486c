"""Sentences about how Python is written here."""

from __future__ import annotations

from .words import table

ROWS = table(
    ("except", "named", "Handlers name what they catch, never just `Exception`.", "errors", 0.6),
    ("except", "broad", "Handlers catch `Exception` and sort it out afterwards.", "errors", 0.1),
    ("doc.style", "google", "Docstrings list `Args:`, `Returns:` and `Raises:` (Google style).", "docs", 0.4),
    ("doc.style", "numpy", "Docstrings have underlined sections (NumPy style).", "docs", 0.2),
    ("doc.style", "sphinx", "Docstrings list `:param name:` fields (Sphinx style).", "docs", 0.3),
    ("doc.style", "prose", "Docstrings are prose, without sections for parameters and results.", "docs", 0.3),
    ("types.return", "yes", "Functions annotate what they return.", "docs", 0.6),
    ("types.return", "no", "Functions carry no type annotations.", "docs", 0.4),
    ("future.annotations", "yes", "Modules import `annotations` from `__future__`.", "structure", 0.4),
    ("import.form", "relative", "Modules of one package import each other relatively.", "structure", 0.4),
    ("import.form", "absolute", "Modules of one package import each other by full name.", "structure", 0.5),
    ("dataclass.frozen", "yes", "Data classes are frozen.", "structure", 0.2),
    ("dataclass.slots", "yes", "Data classes have slots.", "structure", 0.1),
    ("options.keyword", "yes", "Parameters with a default are keyword-only (after `*`).", "structure", 0.1),
    ("logger", "module", "Loggers are made by `logging.getLogger(__name__)`.", "structure", 0.7),
    ("logger", "other", "Loggers have names of their own, not `__name__`.", "structure", 0.2),
    ("test.framework", "pytest", "Tests run with pytest.", "tests", 0.8),
    ("test.framework", "unittest", "Tests are `unittest` test cases.", "tests", 0.3),
    ("test.form", "function", "Tests are plain functions, not methods of a class.", "tests", 0.6),
    ("test.form", "class", "Tests are methods of plain classes that group them.", "tests", 0.2),
    ("test.unit", "yes", "Tests are named `test_<unit>_<behaviour>`.", "tests", 0.4),
    ("test.name", "sentence", "The name of a test says in a sentence what is true.", "tests", 0.4),
    ("test.fixtures", "yes", "Tests take what they need as fixtures.", "tests", 0.4),
    ("fixture.place", "conftest", "Fixtures live in `conftest.py`.", "tests", 0.4),
    ("fixture.place", "local", "Fixtures live in the test file that uses them.", "tests", 0.3),
    ("test.raises", "match", "`pytest.raises` checks the message as well (`match=`).", "tests", 0.3),
    ("test.raises", "type", "`pytest.raises` checks the type of the error only.", "tests", 0.6),
    ("test.table", "parametrize", "Tables of cases go into `pytest.mark.parametrize`.", "tests", 0.8),
    ("test.table", "subTest", "Tables of cases run under `subTest`.", "tests", 0.2),
    ("test.double", "monkeypatch", "Tests replace collaborators with `monkeypatch`.", "tests", 0.2),
)  # fmt: skip

"""Count how a Python test file prepares and replaces things: fixtures, stand-ins, places for files."""

from __future__ import annotations

import re

from ..tally import Tally
from .annotations import parameters_of
from .source import Source


def count_fixtures(source: Source, tally: Tally) -> None:
    """Fixtures are counted in files of helpers as well."""
    _count_own(source, tally)
    _count_marks(source, tally)
    _count_asked(source, tally)
    _count_replaced(source, tally)


def _count_own(source: Source, tally: Tally) -> None:
    calls = [c for c in source.calls.get("fixture", ()) if c.qualifier in ("pytest", "pytest_asyncio", "")]
    if not calls:
        return
    shared = source.path.rsplit("/", 1)[-1] == "conftest.py"
    fixtures = {symbol.span.start: symbol for symbol in source.functions}
    for call in calls:
        if not source.row(call.line).lstrip().startswith("@"):
            continue
        tally.add("fixture.place", "conftest" if shared else "local", call.line)
        handed = source.handed(call)
        if not (handed or "").strip():
            tally.add("fixture.brackets", "no" if handed is None else "yes", call.line)
        tally.add("fixture.named", "yes" if handed and "name=" in handed else "no", call.line)
        symbol = fixtures.get(call.line)
        if symbol:
            body = source.rows[source.head(symbol) : symbol.span.end]
            if any("addfinalizer(" in row for row in body):
                tally.add("fixture.end", "addfinalizer", call.line)
            elif any(row.lstrip().startswith("yield") for row in body):
                tally.add("fixture.end", "yield", call.line)


_MARK = re.compile(r"@pytest\.mark\.(?!parametrize)(?<!\w@pytest\.mark\.)\w+(\(\))?[ \t]*\n")


def _count_marks(source: Source, tally: Tally) -> None:
    for match in _MARK.finditer(source.code):
        tally.add_at("mark.brackets", "yes" if match[1] else "no", source.lines, match.start())


_ASKED = {
    "tmp_path": ("test.folder", "tmp_path"),
    "tmp_path_factory": ("test.folder", "tmp_path"),
    "tmpdir": ("test.folder", "tmpdir"),
    "tmpdir_factory": ("test.folder", "tmpdir"),
    "caplog": ("test.logs", "caplog"),
    "mocker": ("test.mock", "mocker"),
    "monkeypatch": ("test.mock", "monkeypatch"),
}
_MADE = {
    "mkdtemp": ("test.folder", "tempfile"),
    "mkstemp": ("test.folder", "tempfile"),
    "TemporaryDirectory": ("test.folder", "tempfile"),
    "NamedTemporaryFile": ("test.folder", "tempfile"),
    "assertLogs": ("test.logs", "assertLogs"),
    "LogCapture": ("test.logs", "LogCapture"),
}


def _count_asked(source: Source, tally: Tally) -> None:
    """Fixtures that a function asks for where there is another way to the same."""
    for symbol in source.functions:
        if symbol.signature.endswith("(self)"):
            continue
        for part in parameters_of(symbol):
            name = part.partition(":")[0].strip()
            if name in _ASKED:
                tally.add(*_ASKED[name], source.head(symbol))
    for name, (question, answer) in _MADE.items():
        for call in source.calls.get(name, ()):
            tally.add(question, answer, call.line)


_MOCKS = ("Mock", "MagicMock", "AsyncMock", "create_autospec", "NonCallableMock")
_PATCHES = {
    "patch": ("", "mock", "unittest.mock"),
    "object": ("patch", "mock.patch", "unittest.mock.patch"),
    "dict": ("patch", "mock.patch", "unittest.mock.patch"),
}


def _count_replaced(source: Source, tally: Tally) -> None:
    """What patches, and whether anything is mocked at all."""
    mocker = [symbol for symbol in source.functions if "mocker" in symbol.signature]
    mocked = [source.head(symbol) for symbol in mocker]
    if any("mock" in imported.qualifier or "mock" in imported.name for imported in source.imports):
        mocked += [call.line for name in _MOCKS for call in source.calls.get(name, ())]
        for name, owners in _PATCHES.items():
            for call in source.calls.get(name, ()):
                if call.qualifier in owners:
                    decorates = source.row(call.line).lstrip().startswith("@")
                    mocked.append(call.line)
                    tally.add("test.mock", "mock.patch", call.line)
                    tally.add("patch.form", "decorator" if decorates else "with", call.line)
    for line in mocked:
        tally.add("test.double", "mocked", line)
    if source.tests and not mocked:
        tally.add("test.double", "none", source.head(source.tests[0]))

"""XML reports -> cases: JUnit's format as a dozen runners write it, and .NET's trx.

JUnit never wrote its format down; what is read here is what pytest, vitest, surefire, Gradle, PHPUnit
and ctest have in common. trx: https://github.com/microsoft/vstest/blob/main/docs/report.md
"""

from __future__ import annotations

from xml.parsers import expat

from agent.suites.reports.cases import Case, State, inside

_DEPTH = 200  # elements within elements; no runner nests its suites deeper
_BAD = {"failure": "failed", "error": "failed", "skipped": "skipped"}
_SAID = ("system-out", "system-err")


def junit(text: str) -> list[Case]:
    reader = _JUnit()
    _parse(text, reader)
    return reader.cases


def trx(text: str) -> list[Case]:
    reader = _Trx()
    _parse(text, reader)
    names = reader.classes
    return [
        Case(f"{names[key]}.{name}" if key in names and "." not in name.split("(")[0] else name, state, said)
        for key, name, state, said in reader.results
    ]


class _Reader:
    """What expat calls. Letters within an element that `keeps` named go to `said`."""

    def __init__(self) -> None:
        self.said: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, tag: str) -> None:
        raise NotImplementedError

    def letters(self, piece: str) -> None:
        if self.said is not None:
            self.said.append(piece)


class _JUnit(_Reader):
    def __init__(self) -> None:
        super().__init__()
        self.cases: list[Case] = []
        self._suites: list[str] = []
        self._open: Case | None = None
        self._printed: list[str] = []
        self._broken = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "testsuite":
            self._suites.append(attributes.get("name", ""))
        elif tag == "testcase":
            test, broken = _test_id(attributes, self._suites)
            self._open = Case(test)
            self._broken = broken
            self._printed = []
            self.cases.append(self._open)
        elif self._open is not None and tag in _BAD:
            self._open.state = self._state(tag, attributes)
            self._open.message.append(attributes.get("message", "") + "\n")
            self.said = self._open.message
        elif self._open is not None and tag in _SAID:
            self.said = self._printed

    def end(self, tag: str) -> None:
        if tag == "testsuite" and self._suites:
            self._suites.pop()
        elif tag == "testcase" and self._open is not None:
            if self._open.state != "passed" and not "".join(self._open.message).strip():
                self._open.message.extend(self._printed)  # ctest says nothing but this
            self._open = None
        if tag in _BAD or tag in _SAID:
            self.said = None

    def _state(self, tag: str, attributes: dict[str, str]) -> State:
        if tag == "skipped":
            return "skipped"
        message = attributes.get("message", "")
        return "broken" if self._broken or message == "collection failure" else "failed"


def _test_id(attributes: dict[str, str], suites: list[str]) -> tuple[str, bool]:
    """The runner's own id where it can be told, and whether it names a file instead of a test.

    `tests/test_a.py::TestB::test_c` for pytest, which alone writes the module as the class's prefix.
    """
    name, group = attributes["name"], attributes.get("classname", "")
    file = inside(attributes.get("file", ""))
    if group == "test" and not file:  # node's own reporter: suites are elements, the class means nothing
        return "::".join(("test", *(part for part in suites if part), name)), False
    if not file:
        is_file = group == name and "." in name  # vitest: it could not even be loaded
        return (f"{group}::{name}" if group and group != name else name), is_file
    if not group:
        return file, True  # pytest: it could not even be imported
    module = file.removesuffix(".py").replace("/", ".")
    if file.endswith(".py") and (group == module or group.startswith(f"{module}.")):
        group = group.removeprefix(module).strip(".").replace(".", "::")
    elif file.endswith(".py"):
        group = ""
    return "::".join(part for part in (file, group, name) if part), False


_TRX: dict[str, State] = {"Passed": "passed", "NotExecuted": "skipped", "Inconclusive": "skipped"}


class _Trx(_Reader):
    def __init__(self) -> None:
        super().__init__()
        self.results: list[tuple[str, str, State, list[str]]] = []
        self.classes: dict[str, str] = {}
        self._defined = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "UnitTestResult":
            state = _TRX.get(attributes.get("outcome", ""), "failed")
            self.results.append((attributes.get("testId", ""), attributes["testName"], state, []))
        elif tag in ("Message", "StackTrace") and self.results:
            self.said = self.results[-1][3]
        elif tag == "UnitTest":
            self._defined = attributes.get("id", "")
        elif tag == "TestMethod" and self._defined:
            self.classes[self._defined] = attributes.get("className", "").split(",")[0]

    def end(self, tag: str) -> None:
        if tag in ("Message", "StackTrace") and self.said is not None:
            self.said.append("\n")
            self.said = None


def _parse(text: str, reader: _Reader) -> None:
    parser = expat.ParserCreate()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH:
            raise ValueError(f"its elements are nested more than {_DEPTH} deep")
        reader.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        reader.end(tag)

    def refuse(*_: object) -> None:
        raise ValueError("it has a document type, which a test report does not need")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = reader.letters
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(text, True)

"""The text of a test file -> its test cases: where each stands, what it asserts, whether it is skipped.

By lines and customs, not by syntax trees: the forms of tests are conventions of frameworks, which no
grammar knows. A case begins at its head and ends where the indentation returns to that of the head.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

_LONGEST_LINE = 2000  # letters; what is longer is data


@dataclass(frozen=True, slots=True)
class Case:
    """A test. `assertions` are its asserting lines without indentation, in order.

    `name` is its own, without that of the class or group it is in.
    """

    name: str
    line: int
    assertions: tuple[tuple[int, str], ...]
    marks: tuple[tuple[int, str], ...]  # lines that skip it or expect it to fail


@dataclass(frozen=True, slots=True)
class _Customs:
    """`head` finds a test and its name, `mark` what lines directly above a head belong to it."""

    head: re.Pattern[str]
    mark: str
    asserts: re.Pattern[str]
    skips: re.Pattern[str]


def cases_of(path: str, text: str) -> dict[str, Case]:
    """The tests of a file, each by the names of what it stands in and its own.

    A second one of the same name in the same place has a number behind it: many classes have their
    `test_empty`, and a new one of them must not look like a change of the others.
    """
    customs = _customs(path)
    lines = [line[:_LONGEST_LINE] for line in text.split("\n")]
    found: dict[str, Case] = {}
    counted: Counter[str] = Counter()
    around: list[tuple[int, str]] = []  # classes and groups that are open, with their indentation
    for place, line in enumerate(lines):
        if scope := _SCOPE.match(line):
            around = [*_open(around, line), (_depth(line), _named(scope))]
        head = customs.head.search(line)
        if head is None:
            continue
        name = _named(head)
        around = _open(around, line)
        key = " > ".join([*(title for _, title in around), name])
        counted[key] += 1
        if counted[key] > 1:
            key = f"{key} ({counted[key]})"
        first = _first(lines, place, customs.mark)
        rows = [(number + 1, lines[number].strip()) for number in range(first, _end(lines, place))]
        found[key] = Case(
            name,
            place + 1,
            tuple(row for row in rows if customs.asserts.search(row[1])),
            tuple(row for row in rows if customs.skips.search(row[1])),
        )
    return found


def skipping(path: str, line: str) -> bool:
    """Whether a line of a test file keeps tests from running or expects them to fail."""
    return _customs(path).skips.search(line[:_LONGEST_LINE]) is not None


def _named(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group is not None)


def _open(around: list[tuple[int, str]], line: str) -> list[tuple[int, str]]:
    """What a line stands in: what is indented as much as it has ended."""
    depth = _depth(line)
    return [scope for scope in around if scope[0] < depth]


def _first(lines: list[str], place: int, mark: str) -> int:
    while mark and place and lines[place - 1].lstrip().startswith(tuple(mark.split())):
        place -= 1
    return place


def _end(lines: list[str], place: int) -> int:
    """The line after the case: the first that is indented no more than its head and closes nothing."""
    depth = _depth(lines[place])
    for number in range(place + 1, len(lines)):
        line = lines[number]
        if line.strip() and _depth(line) <= depth and line.lstrip()[0] not in ")]}" and line.strip() != "end":
            return number
    return len(lines)


def _depth(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


_SCOPE = re.compile(
    r"\s*(?:(?:(?:public|final|abstract|open|internal|static|pub) )*(?:class|module|mod) (\w+)"
    r"|[xf]?(?:describe|context|suite)\b[^\"'`\w]*[\"'`]([^\"'`]*))"
)


def _customs(path: str) -> _Customs:
    return _BY_SUFFIX.get(PurePosixPath(path).suffix, _OTHER)


def _made(head: str, mark: str, asserts: str, skips: str) -> _Customs:
    return _Customs(re.compile(head), mark, re.compile(asserts), re.compile(skips))


_PYTHON = _made(
    r"^\s*(?:async )?def (test\w*)\(",
    "@",
    r"\bassert\b|\bself\.(?:assert|fail)\w*\(|\bpytest\.(?:raises|warns|fail)\b|\.?\bassert_\w+\(",
    r"\bpytest\.mark\.(?:skip|skipif|xfail)\b|\bpytest\.(?:skip|xfail|importorskip)\(|"
    r"\bunittest\.(?:skip|expected)|^@(?:skip|skipif|skipIf|skipUnless|xfail|expectedFailure)\b|\.skipTest\("
    r"|\braise (?:unittest\.)?SkipTest\b|^__test__ *= *False|^collect_ignore\w* *[+=]",
)
_SCRIPT = _made(
    r"^\s*(?:[xf]?(?:it|test|specify)(?:\.\w+)*(?:\([^()]*\))?)\(\s*(?:\"([^\"]*)\"|'([^']*)'|`([^`]*)`)",
    "",
    r"\bexpect(?:Type\w*)?\(|\bassert\w*(?:\.\w+)*\(|\.should\b|\bt\.(?:is|not|true|false|truthy|falsy|deepEqual"
    r"|throws|equal|same|ok|match)\w*\(",
    r"\b(?:it|test|describe|context|suite|specify)\.(?:skip\w*|todo|fails|failing|fixme|only)\b"
    r"|\b[xf](?:it|test|describe|context|specify)\(|\b(?:skip|todo|only): *(?:true|['\"])"
    r"|\bt\.(?:skip|todo)\(",
)
_GO = _made(
    r"^func ((?:Test|Fuzz|Example)\w*)\(",
    "//",
    r"\bt\.(?:Error|Fatal|Fail)\w*\(|\b(?:assert|require|is|qt)\.\w+\(|^// (?:Unordered output|Output):",
    r"\b[tbf]\.Skip\w*\(|^//go:build ignore",
)
_RUST = _made(
    r"^\s*(?:pub )?(?:async )?fn (\w+)\s*(?:<[^>]*>)?\(\s*\)",
    "#[ ///",
    r"\b(?:debug_)?assert\w*!|\bpanic!|\bunreachable!|^#\[should_panic",
    r"^#\[ignore|^#\[cfg\(any\(\)\)\]",
)
_JAVA = _made(
    r"^\s*(?:(?:public|internal|private|protected|static|final|async|suspend|override) )*"
    r"(?:void|Task|fun|Unit) (\w+|`[^`]+`)\(",
    "@ [",
    r"\b[aA]ssert\w*(?:\.\w+)?\(|\bverify\w*\(|\.should\w*\(|\bexpect\w*\(|expected *=",
    r"@(?:Ignore|Disabled\w*|EnabledIf\w*)\b|\[Ignore|\bSkip *=|\bassume\w*\(|\bAssume\.",
)
_RUBY = _made(
    r"^\s*(?:def (test_\w+)|[xf]?(?:it|specify|test)\s*\(?\s*(?:\"([^\"]*)\"|'([^']*)'))",
    "",
    r"\bexpect\b|\bassert\w*|\brefute\w*|\.should\b|\.must_\w+",
    r"^x(?:it|specify|describe|context)\b|\bskip\b|\bpending\b|^f(?:it|describe|context)\b",
)
_PHP = _made(
    r"^\s*(?:public |final )*function (test\w*)\(",
    "* /** #[",
    r"\bassert\w*\(|\bexpect\w*\(",
    r"\bmarkTest(?:Skipped|Incomplete)\(|->skip\(",
)
_ELIXIR = _made(r"^\s*test \"([^\"]*)\"", "@", r"\bassert\w*\b|\brefute\w*\b", r"@(?:module)?tag :?skip")
_OTHER = _made(
    r"^\s*(?:void |int |fun |func |def |sub |function |TEST(?:_F|_P)?\()\s*([Tt]est\w*)",
    "",
    r"\b(?:assert|expect|require|verify|check|should)\w*\b|\b(?:ASSERT|EXPECT|REQUIRE|CHECK)\w*\(",
    r"\b(?:skip|SKIP|ignore|IGNORE|DISABLED|pending|xfail)\w*\b",
)
_BY_SUFFIX = {
    **dict.fromkeys((".py",), _PYTHON),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"), _SCRIPT),
    **dict.fromkeys((".go",), _GO),
    **dict.fromkeys((".rs",), _RUST),
    **dict.fromkeys((".java", ".kt", ".kts", ".cs", ".groovy", ".scala"), _JAVA),
    **dict.fromkeys((".rb",), _RUBY),
    **dict.fromkeys((".php",), _PHP),
    **dict.fromkeys((".ex", ".exs"), _ELIXIR),
}

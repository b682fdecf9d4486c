"""What a change did to the tests -> findings: what was deleted, skipped, weakened or expected anew.

Nothing here is an accusation: tests are renamed and expectations change for good reasons. But whoever
approves the change shall see it, and a change that weakens tests is riskier than one that does not.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from agent.suites.cases import Case, cases_of, skipping
from agent.suites.changes import FileChange
from agent.suites.suite import is_test

FindingKind = Literal[
    "test-deleted",
    "test-moved-away",
    "test-skipped",
    "test-vanished",
    "assertions-fewer",
    "expectation-changed",
    "asserts-nothing",
    "snapshot-changed",
    "test-setup-changed",
    "ci-changed",
    "coverage-lowered",
]
_HARMLESS: frozenset[FindingKind] = frozenset({"asserts-nothing"})
_LETTERS = 160  # of a line that is shown
_SETUP = re.compile(
    r"(?:conftest\.py|pytest\.ini|tox\.ini|noxfile\.py|\.coveragerc|karma\.conf\.\w+|\.mocharc\.\w+"
    r"|(?:jest|vitest|playwright|cypress)\.(?:config|setup|workspace)\.\w+|phpunit\.xml(?:\.dist)?|\.rspec"
    r"|codecov\.ya?ml|\.nycrc(?:\.json)?|nextest\.toml)"
)
_CI = re.compile(
    r"\.github/(?:workflows|actions)/.+|\.gitlab-ci\.yml|\.circleci/.+|azure-pipelines\.yml|Jenkinsfile"
    r"|\.travis\.yml|bitbucket-pipelines\.yml|\.buildkite/.+|\.drone\.yml|appveyor\.yml"
)
_SNAPSHOT = re.compile(
    r"(?:.*/)?(?:__snapshots__|snapshots?|golden|goldens|__image_snapshots__|approvals)/.+"
    r"|.+\.(?:snap|ambr|golden|approved\.\w+|snap\.new|expected)"
)
_SECTIONS = {  # a file of many purposes -> the lines of it that are about tests
    "pyproject.toml": re.compile(r"^\[tool\.(?:pytest|coverage|tox|nox)[^\]]*\]"),
    "setup.cfg": re.compile(r"^\[(?:tool:pytest|coverage:[^\]]*|tox[^\]]*)\]"),
}
_RUNNERS = ("jest", "mocha", "ava", "nyc", "c8", "vitest", "tap")  # that read package.json
_TARGETS = re.compile(r"^(?:test|tests|check)\w*\s*:", re.M)
_THRESHOLD = re.compile(
    r"(?:fail[_-]under|cov-fail-under|check-coverage|threshold\w*|branches|functions|lines|statements|minimum"
    r"|target)[\"']?\s*[:=]?\s*[\"']?(\d{1,3}(?:\.\d+)?)%?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reviewer must see. `line` is of the new file, of the old one for what is gone, 0 for none."""

    kind: FindingKind
    path: str
    line: int
    text: str

    @property
    def risky(self) -> bool:
        return self.kind not in _HARMLESS

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.text}" if where else self.text


def inspect(changes: Sequence[FileChange]) -> tuple[Finding, ...]:
    """Findings on the difference between two trees, in the order of the paths."""
    moved_here: Counter[str] = Counter()  # tests that a file did not have before: they may come from another
    for change in changes:
        if _tests(change):
            old = Counter(_names(change.was, change.before))
            moved_here.update(Counter(_names(change.path, change.after)) - old)
    found: list[Finding] = []
    for change in changes:
        if _tests(change):
            found += _test_file(change, moved_here)
        found += _setup(change)
    return tuple(found)


def _tests(change: FileChange) -> bool:
    """Test files, and files of code that hold tests in the way of Rust."""
    return is_test(change.path) or is_test(change.was or change.path) or change.path.endswith(".rs")


def _names(path: str, text: str | None) -> Iterable[str]:
    return [case.name for case in cases_of(path, text).values()] if text and path else ()


def _test_file(change: FileChange, moved_here: Counter[str]) -> Iterator[Finding]:
    before = cases_of(change.was, change.before) if change.before else {}
    after = cases_of(change.path, change.after) if change.after else {}
    rust = change.path.endswith(".rs")
    if rust:  # functions of the code are no tests
        before, after = _only_tests(before, change.before or ""), _only_tests(after, change.after or "")
    if change.deleted and is_test(change.path) and not _SNAPSHOT.fullmatch(change.path):
        yield Finding("test-deleted", change.path, 0, f"the file is deleted, with {len(before)} tests")
    elif change.moved and is_test(change.was) and not is_test(change.path):
        yield Finding("test-moved-away", change.path, 0, f"was {change.was}; no test runner looks here")
    became = _matched(before, after)
    for key, case in before.items():
        if key in became:
            yield from _weakened(change.path, case, after[became[key]])
        elif moved_here[case.name] > 0:  # it went to another file
            moved_here[case.name] -= 1
        elif not change.deleted:
            yield Finding("test-deleted", change.path, case.line, f"the test {case.name!r} is gone")
    for line, text in change.added_lines():
        if (is_test(change.path) or rust) and skipping(change.path, text.strip()):
            yield Finding("test-skipped", change.path, line, _short(text))
    old = set(became.values())
    for key, case in after.items():
        if key not in old and not case.assertions and PurePosixPath(change.path).suffix in _TOLD:
            what = f"the new test {case.name!r} asserts nothing"
            yield Finding("asserts-nothing", change.path, case.line, what)


_TOLD = frozenset({".py", ".js", ".ts"})  # where tests rarely assert through helpers of unknown names


def _matched(before: dict[str, Case], after: dict[str, Case]) -> dict[str, str]:
    """The tests of before that are still there, as they are called now.

    One whose class was renamed is found by its own name among those that are not taken.
    """
    found = {key: key for key in before if key in after}
    free: defaultdict[str, deque[str]] = defaultdict(deque)
    for key, case in after.items():
        if key not in found:
            free[case.name].append(key)
    for key, case in before.items():
        if key not in found and free[case.name]:
            found[key] = free[case.name].popleft()
    return found


def _only_tests(cases: dict[str, Case], text: str) -> dict[str, Case]:
    lines = text.split("\n")
    return {
        name: case
        for name, case in cases.items()
        if any("test" in line for line in lines[max(case.line - 4, 0) : case.line - 1] if "#[" in line)
    }


def _weakened(path: str, old: Case, new: Case) -> Iterator[Finding]:
    lost = Counter(text for _, text in old.assertions) - Counter(text for _, text in new.assertions)
    if len(new.assertions) < len(old.assertions):
        counted = f"{len(old.assertions)} assertions became {len(new.assertions)}"
        yield Finding("assertions-fewer", path, new.line, f"{new.name!r}: {counted}")
    elif lost:
        gone = next(text for _, text in old.assertions if lost[text])
        fresh = [row for row in new.assertions if row[1] not in {text for _, text in old.assertions}]
        line, text = fresh[0] if fresh else (new.line, "")
        yield Finding("expectation-changed", path, line, f"{_short(gone)!r} became {_short(text)!r}")


def _setup(change: FileChange) -> Iterator[Finding]:
    name = PurePosixPath(change.path).name
    old_name = PurePosixPath(change.was).name
    happened = "added" if not change.was else "deleted" if change.deleted else "changed"
    if _CI.fullmatch(change.path) or _CI.fullmatch(change.was):
        yield Finding("ci-changed", change.path, 0, f"what the continuous integration runs was {happened}")
    elif change.was and (_SNAPSHOT.fullmatch(change.was) or _SNAPSHOT.fullmatch(change.path)):
        yield Finding("snapshot-changed", change.path, 0, f"an expected output was {happened}")
    elif _SETUP.fullmatch(name) or _SETUP.fullmatch(old_name):
        yield Finding("test-setup-changed", change.path, 0, f"the set-up of the tests was {happened}")
    elif change.was and _about_tests(name, change.before or "") != _about_tests(name, change.after or ""):
        yield Finding("test-setup-changed", change.path, 0, f"how the tests are run was {happened}")
    if change.was and not is_test(change.path) and _may_set_thresholds(name, change.path):
        yield from _thresholds(change)


def _about_tests(name: str, text: str) -> str:
    """The part of a file of many purposes that says how tests run."""
    if name == "package.json":
        return _of_package(text)
    if name in ("Makefile", "justfile", "GNUmakefile"):
        return "\n".join(text[match.start() :].split("\n\n")[0] for match in _TARGETS.finditer(text))
    if name not in _SECTIONS:
        return ""
    kept, inside = [], False
    for line in text.split("\n"):
        if line.startswith("["):
            inside = _SECTIONS[name].match(line) is not None
        if inside and line.strip():
            kept.append(line.strip())
    return "\n".join(kept)


def _of_package(text: str) -> str:
    try:
        package = json.loads(text)
        scripts = {name: script for name, script in package.get("scripts", {}).items() if "test" in name}
        parts = [
            scripts,
            *(package.get(tool) for tool in _RUNNERS),
        ]
        return json.dumps(parts, sort_keys=True)
    except (ValueError, AttributeError, RecursionError):
        return text  # no JSON any more: that is a change as well


def _may_set_thresholds(name: str, path: str) -> bool:
    return bool(
        _SETUP.fullmatch(name)
        or _CI.fullmatch(path)
        or name in (*_SECTIONS, "package.json", "Makefile", "justfile", "pom.xml", "build.gradle")
    )


def _thresholds(change: FileChange) -> Iterator[Finding]:
    """A number that stands for coverage and is lower, or gone, in a file that sets such numbers."""
    said = f"{change.path}\n{change.before}".lower()
    if "cov" not in said and "threshold" not in said:
        return
    before, after = (_numbers(text or "") for text in (change.before, change.after))
    for key, (line, number) in before.items():
        new_line, new = after.get(key, (line, -1.0))
        if new < number:
            became = f"{new:g}" if new >= 0 else "nothing"
            yield Finding("coverage-lowered", change.path, new_line, f"{key}: {number:g} became {became}")


def _numbers(text: str) -> dict[str, tuple[int, float]]:
    found: dict[str, tuple[int, float]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for match in _THRESHOLD.finditer(line[:_LETTERS]):
            key = re.split(r"[\"'\s:=]", match[0].lower())[0].replace("cov-", "").replace("_", "-")
            found.setdefault(key, (number, float(match[1])))
    return found


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LETTERS else text[:_LETTERS] + "…"

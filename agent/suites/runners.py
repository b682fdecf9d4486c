"""A test runner -> the command that runs it and makes it write what a reader understands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.sandbox import REPORTS
from agent.suites.command import SuiteCommand
from agent.suites.reports import Format

_XML, _JSON = f"{REPORTS}/report.xml", f"{REPORTS}/report.json"
NODE_REPORTER = "reporter.mjs"  # put into /reports before the run
# Of the lines people write: where reports go is ours to say, coverage and parallel runs need plugins.
_PYTEST_DROPPED = re.compile(
    r"-[qvsx]+|-n\S+|--(cov|no-cov|junit|tb|color|numprocesses|dist|html|self-contained|durations"
    r"|maxfail|exitfirst|lf|ff|last-failed|failed-first)\b.*"
)
_PYTEST_DROPPED_PAIRS = ("-n", "--cov-report", "--junitxml", "--junit-xml", "--cov-config", "--maxfail")


def pytest_command(python: str, evidence: str, *options: str, cwd: str = "") -> SuiteCommand:
    argv = (
        *(python, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider"),
        *("--continue-on-collection-errors", "-o", "junit_family=xunit1", f"--junitxml={_XML}"),
        *(("--rootdir=.",) if cwd else ()),  # or ids would be relative to a configuration further up
        *options,
    )
    return SuiteCommand(argv, "junit", "report.xml", evidence, "pytest", cwd)


def kept_by_pytest(args: Sequence[str]) -> tuple[str, ...]:
    """The arguments of a written pytest line that still mean something."""
    kept: list[str] = []
    skip = False
    for position, arg in enumerate(args):
        if skip:
            skip = False
        elif arg in _PYTEST_DROPPED_PAIRS:
            skip = position + 1 < len(args) and not args[position + 1].startswith("-")
        elif not _PYTEST_DROPPED.fullmatch(arg):
            kept.append(arg)
    return tuple(kept)


def unittest_command(python: str, evidence: str, *args: str, cwd: str = "") -> SuiteCommand:
    rest = tuple(arg for arg in args if arg not in ("-v", "--verbose", "-q", "--quiet"))
    argv = (python, "-m", "unittest", *(rest[:1] or ("discover",)), "-v", *rest[1:])
    return SuiteCommand(argv, "unittest", "", evidence, "unittest" if argv[3] == "discover" else "", cwd)


def django_command(python: str, evidence: str, *args: str, cwd: str = "") -> SuiteCommand:
    argv = (python, "manage.py", "test", "-v", "2", "--noinput", *args)
    return SuiteCommand(argv, "unittest", "", evidence, "django", cwd)


# (runner, what to look for in a script, what to put behind it, format, report)
_NODE_OPTIONS = f"--test-reporter={REPORTS}/{NODE_REPORTER} --test-reporter-destination={_JSON}"
_SCRIPTS: tuple[tuple[str, str, str, str], ...] = (
    ("vitest", r"(?<![\w/-])vitest(?![\w/.-])", f"--run --reporter=junit --outputFile={_XML}", "report.xml"),
    ("jest", r"(?<![\w/-])jest(?![\w/.-])", f"--ci --json --outputFile={_JSON}", "report.json"),
    ("jest", r"(?<![\w/-])react-scripts test\b", f"--ci --json --outputFile={_JSON}", "report.json"),
    (
        "mocha",
        r"(?<![\w/-])mocha(?![\w/.-])",
        f"--reporter json --reporter-option output={_JSON}",
        "report.json",
    ),
    ("bun", r"(?<![\w/-])bun test\b", f"--reporter=junit --reporter-outfile={_XML}", "report.xml"),
    ("node", r"(?<![\w/-])(?:node|tsx)(?=\s(?:[^&|;]*\s)?--test(?:\s|$))", _NODE_OPTIONS, "report.json"),
    ("ava", r"(?<![\w/-])ava(?![\w/.-])", "--tap", ""),
    ("tap", r"(?<![\w/-])tap(?![\w/.-])", "--reporter=tap", ""),
    ("tape", r"(?<![\w/-])tape(?![\w/.-])", "", ""),
)
_FORMATS: dict[str, Format] = {
    "vitest": "junit",
    "bun": "junit",
    "jest": "jest",
    "mocha": "mocha",
    "node": "node",
}
_WATCHES = re.compile(r"\s--(?:watch(?:All)?|ui|open)(?:=\S+)?(?=\s|$)")


def script_command(script: str, evidence: str, cwd: str = "", before: str = "") -> SuiteCommand | None:
    """A line of package.json whose runner is known, asked for a report; None for another.

    The options go behind the runner's own word: a package manager would append them to the end of the
    line, where another program or a list of paths may stand. What follows the runner is left out.
    """
    for runner, pattern, options, report in _SCRIPTS:
        match = re.search(pattern, script)
        if match is None:
            continue
        tail = re.split(r"&&|\|\||[;|]", script[match.end() :], maxsplit=1)[0]
        line = f"{script[: match.end()]} {options} {_WATCHES.sub('', tail).strip()}".strip()
        first = f"{before} && " if before else ""
        shell = f'PATH="$PWD/node_modules/.bin:$PATH"; export PATH; {first}{line} "$@"'
        argv = _plain(line) if runner == "node" and not first else None
        return SuiteCommand(
            argv or ("/bin/sh", "-c", shell, "test"),
            _FORMATS.get(runner, "tap"),
            report,
            evidence,
            runner,
            cwd,
        )
    return None


def _plain(line: str) -> tuple[str, ...] | None:
    """The words of a line in which the shell would change nothing."""
    bare = line.replace(_NODE_OPTIONS, "")
    return None if re.search(r"[*?$`\"'\\<>(){}~&|;=]", bare) else tuple(line.split())


def go_command(evidence: str, *args: str, cwd: str = "") -> SuiteCommand:
    rest = tuple(arg for arg in args if arg not in ("-v", "-json", "-race") and not arg.startswith("-cover"))
    packages = () if any(not arg.startswith("-") for arg in rest) else ("./...",)
    return SuiteCommand(("go", "test", "-json", *rest, *packages), "go", "", evidence, "go", cwd)


def cargo_command(evidence: str, *args: str, cwd: str = "") -> SuiteCommand:
    rest = tuple(
        arg for arg in args if arg not in ("--offline", "--no-fail-fast", "-v", "--verbose", "-q", "--quiet")
    )
    argv = ("cargo", "test", "--offline", "--no-fail-fast", *rest)
    return SuiteCommand(argv, "cargo", "", evidence, "" if "--" in rest else "cargo", cwd)


def maven_command(evidence: str, program: str = "mvn", *args: str, cwd: str = "") -> SuiteCommand:
    given = tuple(arg for arg in args if arg.startswith(("-P", "-D", "-pl", "--projects")))
    argv = (program, "-B", "-o", "-fae", *given, "test")
    return SuiteCommand(argv, "junit", "", evidence, "maven", cwd, "target/surefire-reports/TEST-*.xml")


def gradle_command(evidence: str, program: str = "gradle", *tasks: str, cwd: str = "") -> SuiteCommand:
    argv = (program, "--offline", "--no-daemon", "--continue", *(tasks or ("test",)))
    return SuiteCommand(argv, "junit", "", evidence, "gradle", cwd, "build/test-results/*/*.xml")


def rspec_command(evidence: str, *args: str, bundled: bool = False, cwd: str = "") -> SuiteCommand:
    head = ("bundle", "exec", "rspec") if bundled else ("rspec",)
    argv = (*head, "--format", "json", "--out", _JSON, *args)
    return SuiteCommand(argv, "rspec", "report.json", evidence, "rspec", cwd)


def phpunit_command(evidence: str, program: str, *args: str, cwd: str = "") -> SuiteCommand:
    return SuiteCommand(
        (program, "--log-junit", _XML, *args), "junit", "report.xml", evidence, "phpunit", cwd
    )


def ctest_command(evidence: str, *args: str, cwd: str = "") -> SuiteCommand:
    argv = ("ctest", "--output-on-failure", "--output-junit", _XML, *args)
    return SuiteCommand(argv, "junit", "report.xml", evidence, "ctest", cwd)


def dotnet_command(evidence: str, *args: str, cwd: str = "") -> SuiteCommand:
    argv = ("dotnet", "test", "--logger", "trx", *args)
    return SuiteCommand(argv, "trx", "", evidence, "dotnet", cwd, "TestResults/*.trx")


def mix_command(evidence: str, *args: str, cwd: str = "") -> SuiteCommand:
    return SuiteCommand(("mix", "test", *args), "text", "", evidence, "mix", cwd)


def printing_command(argv: Sequence[str], evidence: str, cwd: str = "") -> SuiteCommand:
    """A command of which nothing is known but what it prints."""
    return SuiteCommand(tuple(argv), "text", "", evidence, "", cwd)

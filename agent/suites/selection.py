"""Test ids and paths -> the arguments with which a runner runs only them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from indexer.errors import BadInput

_MOST = 500  # tests at once; a command line has a limit, and so many are the whole suite


def select(runner: str, argv: tuple[str, ...], tests: Sequence[str], cwd: str = "") -> tuple[str, ...]:
    """The command for `tests` only: ids as a report names them, or paths of the repository.

    Raises BadInput for what is no test, and for a runner that cannot select.
    """
    for test in tests:
        if test.startswith("-") or not test.strip() or "\0" in test:
            raise BadInput(f"{test!r} is no test; give paths or test ids")
    if len(tests) > _MOST:
        raise BadInput(f"{len(tests)} tests at once are too many; leave them out to run the whole suite")
    chosen = _SELECTORS.get(runner)
    if chosen is None:
        known = runner or "this test command"
        raise BadInput(f"{known} cannot run some tests only; run the whole suite, or use run")
    prefix = f"{cwd}/"
    return chosen(argv, [test.removeprefix(prefix) if cwd else test for test in tests])


def _appended(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
    return (*argv, *tests)


def _unittest(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
    """-k works below any start folder; a module's name does not."""
    wanted = [
        f"{PurePosixPath(test).stem}." if test.endswith(".py") else test.replace("::", ".") for test in tests
    ]
    return (*argv, *(part for name in wanted for part in ("-k", name)))


def _django(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
    return (*argv, *(test.removesuffix(".py").replace("::", ".").replace("/", ".") for test in tests))


_GO_TEST = re.compile(r"^(?P<package>.+?)/(?P<test>(?:Test|Example|Fuzz)[^/]*)(?:/.*)?$")


def _go(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
    """By package and name. A subtest is run with its parent."""
    packages, names = [], []
    for test in tests:
        if test.endswith(".go"):
            packages.append(f"./{PurePosixPath(test).parent}")
        elif match := _GO_TEST.match(test):
            packages.append(match["package"])
            names.append(match["test"])
        elif re.fullmatch(r"(Test|Example|Fuzz)\w*", test):
            packages.append("./...")
            names.append(test)
        else:
            packages.append(test)
    rest = tuple(part for part in argv if not part.startswith("./"))
    run = ("-run", f"^({'|'.join(re.escape(name) for name in dict.fromkeys(names))})$") if names else ()
    return (*rest, *run, *dict.fromkeys(packages))


def _cargo(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
    files = [PurePosixPath(test) for test in tests if test.endswith(".rs") and "::" not in test]
    if stray := [str(file) for file in files if file.parent.name != "tests"]:
        raise BadInput(f"cargo has no tests by the file {stray[0]}; give a test's name or a file in tests/")
    names = [_cargo_name(test) for test in tests if "::" in test or not test.endswith(".rs")]
    programs = [part for file in files for part in ("--test", file.stem)]
    return (*argv, *programs, *(("--", *names) if names else ()))


def _cargo_name(test: str) -> str:
    """The filter of one id; what precedes it is the program and its source."""
    head, _, tail = test.partition("::")
    return tail if head.endswith((".rs", "/doc")) else test


def _paths_and(option: str) -> Callable[[tuple[str, ...], Sequence[str]], tuple[str, ...]]:
    """Runners that take paths, and a pattern of full names by an option."""

    def chosen(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
        paths, names = _split(tests)
        spaced = [name.replace(" > ", " ") for name in names]
        pattern = "|".join(f"{re.escape(name)}$" for name in spaced)
        return (*argv, *((option, pattern) if names else ()), *paths)

    return chosen


def _node(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
    """node 20 compares each pattern with a test's own name; a parent must match too to be entered."""
    paths, names = _split(tests)
    own = dict.fromkeys(part for name in names for part in name.split(" > "))
    patterns = tuple(f"--test-name-pattern=^{re.escape(name)}$" for name in own)
    at = argv.index("--test") if "--test" in argv else None
    if at is None:  # inside a script of package.json: the options belong before its paths
        if patterns:
            raise BadInput("this script cannot select single tests; give the paths of test files")
        return (*argv, *paths)
    options = (part for part in argv[at + 1 :] if part.startswith("-"))
    return (*argv[:at], *patterns, "--test", *options, *paths)


def _split(tests: Sequence[str]) -> tuple[list[str], list[str]]:
    """Ids `path::name` and paths -> the paths and the names."""
    paths: dict[str, None] = {}
    names: dict[str, None] = {}
    for test in tests:
        path, found, name = test.partition("::")
        paths[path] = None
        if found:
            names[name] = None
    return list(paths), list(names)


def _maven(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
    wanted = ",".join(_java(test, "#") for test in tests)
    lenient = ("-DfailIfNoTests=false", "-Dsurefire.failIfNoSpecifiedTests=false")  # of the other modules
    return (*argv, f"-Dtest={wanted}", *lenient)


def _gradle(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
    return (*argv, *(part for test in tests for part in ("--tests", _java(test, "."))))


def _java(test: str, between: str) -> str:
    """`src/test/java/m/SumTest.java` and `m.SumTest::adds` -> `SumTest`, `m.SumTest#adds`."""
    pure = PurePosixPath(test)
    if pure.suffix in (".java", ".kt", ".groovy", ".scala"):
        return pure.stem if between == "#" else f"*{pure.stem}"
    group, _, name = test.partition("::")
    return between.join(part for part in (group, re.split(r"[(\[{]", name)[0]) if part)


def _rspec(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
    paths, names = _split(tests)
    return (*argv, *(part for name in names for part in ("-e", name)), *paths)


def _phpunit(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
    paths, names = _split(tests)
    if len(paths) > 1:
        raise BadInput("phpunit runs one file at a time; give tests of one file")
    pattern = "|".join(re.escape(name) for name in names)
    return (*argv, *(("--filter", f"/({pattern})$/") if names else ()), *paths)


def _ctest(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
    return (*argv, "-R", f"^({'|'.join(re.escape(test) for test in tests)})$")


def _dotnet(argv: tuple[str, ...], tests: Sequence[str]) -> tuple[str, ...]:
    names = "|".join(f"FullyQualifiedName~{test.split('(')[0].replace('::', '.')}" for test in tests)
    return (*argv, "--filter", names)


_SELECTORS: dict[str, Callable[[tuple[str, ...], Sequence[str]], tuple[str, ...]]] = {
    "pytest": _appended,
    "unittest": _unittest,
    "django": _django,
    "go": _go,
    "cargo": _cargo,
    "jest": _paths_and("-t"),
    "vitest": _paths_and("-t"),
    "mocha": _paths_and("--grep"),
    "bun": _paths_and("-t"),
    "node": _node,
    "maven": _maven,
    "gradle": _gradle,
    "rspec": _rspec,
    "phpunit": _phpunit,
    "ctest": _ctest,
    "dotnet": _dotnet,
    "mix": _appended,
}

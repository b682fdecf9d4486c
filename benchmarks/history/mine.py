"""The history of a repository -> its fix commits whose tests fail before and pass after.

    python -m benchmarks.history.mine --mirrors DIR --out DIR [--clone] [--wanted 5] [owner/name ...]

For the repositories of commits.json; what is found and verified in the sandbox is added there.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from agent.beneath import Beneath
from agent.rooms import Rooms
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.toolchain import python_toolchain
from agent.suites.suite import find_suites, is_test
from benchmarks.history.change import FileChange, Fix, git, read_fix
from benchmarks.history.checkout import Checkout, checkout, environment, history_of
from benchmarks.history.commits import Repository, repositories, write
from benchmarks.history.moves import runnable
from indexer.errors import BadInput

_SAYS_FIX = r"\b(fix|fixes|fixed|bug|regression)\b"
_SOURCES = 3  # files at most: a fix, not a release
_SOURCE_LINES = 80  # added and removed; what a person reviews in one look
_ALL_LINES = 300  # the tests and the change log with them
_SINCE = "2017-01-01"  # older sources seldom run on Python 3.11
_TRIES = 30  # candidates of one repository, so that one whose suite does not run ends soon


@dataclass(frozen=True, slots=True)
class Verdict:
    """What running the tests of a fix said. `proof` fails on the old code and passes on the new."""

    proof: frozenset[str]
    reason: str = ""


def mine(
    entry: Repository, gitdir: Path, python: Path, folder: Path, wanted: int
) -> Iterator[tuple[Fix, Verdict]]:
    """Verify candidates, the newest first, until `wanted` of them are proven. `python` runs the tests."""
    proven = 0
    for tried, fix in enumerate(candidates(gitdir)):
        if proven == wanted or tried == _TRIES:
            return
        if fix.commit in entry.commits:
            continue
        made = checkout(entry, fix.commit, gitdir, folder / "trees")
        verdict = verify(made, python, folder / "verify")
        proven += bool(verdict.proof)
        yield fix, verdict


def candidates(gitdir: Path) -> Iterator[Fix]:
    """Commits that say they fix something, small enough, with source and tests, the newest first."""
    listed = git(
        gitdir, "log", "--no-merges", f"--since={_SINCE}", "--regexp-ignore-case", "--extended-regexp",
        f"--grep={_SAYS_FIX}", "--format=%H", "HEAD",
    )  # fmt: skip
    for commit in listed.split():
        if not _is_small(gitdir, commit):
            continue
        try:
            fix = read_fix(gitdir, commit)
        except BadInput:
            continue
        sources = [file for file in fix.files if is_source(file.path)]
        if 1 <= len(sources) <= _SOURCES and runnable(fix) and not any(_gone(file) for file in fix.files):
            yield fix


def verify(made: Checkout, python: Path, folder: Path) -> Verdict:
    """Run the tests of a fix on the old code and on the new, in the sandbox. `folder` is emptied before."""
    shutil.rmtree(folder, ignore_errors=True)
    tree, reports = folder / "tree", folder / "reports"
    shutil.copytree(made.root, tree, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    reports.mkdir()
    rooms = Rooms(Bubblewrap(), python_toolchain(python), reports)
    tests = runnable(made.fix)
    _put(tree, [file for file in made.fix.files if is_test(file.path)])
    tracked = git(made.root / ".git", "ls-files", "-z").split("\0")
    for command in find_suites(Beneath(tree), [*tracked, *tests], rooms.toolchain.python):
        red = rooms.run_suite(tree, command, tests)
        if red.results.counted:
            break
    else:
        return Verdict(frozenset(), "no test was collected")
    _put(tree, made.fix.files)
    green = rooms.run_suite(tree, command, tests)
    if not green.green:
        return Verdict(frozenset(), f"not green with the fix: {green.summary}")
    proof = frozenset(test for test in green.results.passed if _failed(test, red.results.failed))
    return Verdict(proof, "" if proof else f"already green without the fix: {red.summary}")


def is_source(path: str) -> bool:
    """A module of the code itself, not of its tests, documentation or packaging."""
    pure = PurePosixPath(path)
    apart = {"doc", "docs", "examples", "benchmarks", "benchmarking", "scripts", "tools"}
    return (
        pure.suffix == ".py"
        and not is_test(path)
        and pure.name not in ("setup.py", "conf.py", "noxfile.py")
        and not apart & set(pure.parts)
    )


def _failed(test: str, failed: Collection[str]) -> bool:
    """Whether a test failed, or its file could not be imported; one that is only missing proves nothing.

    Ids of some parametrized tests hold the time of day: they are other ones in every run.
    """
    file = test.partition("::")[0]
    return test in failed or file in failed or file.removesuffix(".py").replace("/", ".") in failed


def _is_small(gitdir: Path, commit: str) -> bool:
    """By the counted lines alone, before any file is read."""
    total = source = 0
    for row in git(gitdir, "show", "--no-renames", "--numstat", "--format=", commit).splitlines():
        added, removed, path = row.split("\t")
        if added == "-":
            return False
        total += int(added) + int(removed)
        source += int(added) + int(removed) if is_source(path) else 0
    return 0 < source <= _SOURCE_LINES and total <= _ALL_LINES


def _gone(file: FileChange) -> bool:
    return file.after is None or file.before == ""


def _put(tree: Path, files: Iterable[FileChange]) -> None:
    """Write files as they became; candidates lose none."""
    for file in files:
        if file.after is not None:
            Beneath(tree).write(file.path, file.after.encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these repositories")
    parser.add_argument("--mirrors", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--clone", action="store_true")
    parser.add_argument("--wanted", type=int, default=5, help="more commits of each repository")
    args = parser.parse_args()
    for name in args.names or [entry.repository for entry in repositories()]:
        found = {entry.repository: entry for entry in repositories()}
        entry, proven = found[name], []
        gitdir = history_of(entry.repository, args.mirrors, clone=args.clone)
        python = environment(entry, args.out / "environments")
        for fix, verdict in mine(entry, gitdir, python, args.out, args.wanted):
            said = f"{len(verdict.proof)} tests prove it" if verdict.proof else verdict.reason
            print(f"{name} {fix.commit[:12]} {fix.subject[:60]}: {said}", flush=True)
            proven += [fix.commit] if verdict.proof else []
        found[name] = replace(entry, commits=(*entry.commits, *proven))
        write(list(found.values()))


if __name__ == "__main__":
    main()

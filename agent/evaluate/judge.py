"""A patch for an instance -> whether the instance's own tests say that it is solved.

    base + test patch           the tests that shall be mended must fail, the others pass; or it is no task
    base + patch + test patch   all of both must pass

Trees are put together in git's index, where nothing of a patch is run and no link is followed, and
tested as clean copies in the sandbox. The files of the test patch replace what a run made of them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from agent.evaluate.instances import Instance
from agent.evaluate.names import files_of, passing, seen, skipped
from agent.git import GitFailed
from agent.means import Means
from agent.rooms import Rooms
from agent.sandbox.dependencies import Environment, prepare
from agent.sandbox.manifests import manifests_of
from agent.sandbox.toolchain import python_toolchain
from agent.suites.reports import Results
from agent.suites.suite import SuiteCommand, SuiteRun, find_suites
from agent.workspace import RepoHandle, make_workspace
from indexer.errors import BadInput, CairnError

_NAMED = 5  # tests in a sentence


class InvalidInstance(CairnError):
    """The instance is no task here: its tests do not behave on the unchanged code as it says."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the instance's tests say. `failing` are ids of it that did not pass."""

    resolved: bool
    failing: tuple[str, ...] = ()
    reason: str = ""


class Judge:
    """Of one instance. `root` is its clone, `folder` a place for the judge's own copy."""

    def __init__(self, instance: Instance, root: Path, folder: Path, means: Means) -> None:
        self._instance = instance
        self._means = means
        self.workspace = make_workspace(RepoHandle(instance.repo, root), folder, "judge")
        self._standing: Results = Results()  # base + test patch

    def check(self) -> None:
        """Raise InvalidInstance unless the tests fail and pass before the change as the instance says.

        Where the instance has its own patch, that must solve it: what it cannot do here, nobody can.
        """
        instance, run = self._instance, self._command[1]
        self._standing = run.results
        if early := passing(instance.fail_to_pass, run.results):
            raise InvalidInstance(f"these pass without any change: {_some(sorted(early))}")
        broken = self._broken(run.results)
        if broken:
            raise InvalidInstance(f"these should pass before the change and do not: {_some(broken)}")
        if instance.patch:
            judged = self.judge(instance.patch)
            if not judged.resolved:
                raise InvalidInstance(
                    f"its own patch does not solve it here: {judged.reason or _some(judged.failing)}"
                )

    def judge(self, patch: str) -> Judgement:
        """Run the instance's tests on the base with `patch`; an empty one solves nothing."""
        if not patch.strip():
            return Judgement(False, self._instance.fail_to_pass, "nothing was changed")
        try:
            changed = self.tree_with(patch)
        except GitFailed as error:
            return Judgement(False, self._instance.fail_to_pass, f"the patch does not apply: {error}")
        results = self._run(self._with_tests(changed), self._command[0]).results
        passed = passing(self._instance.fail_to_pass, results)
        failing = [test for test in self._instance.fail_to_pass if test not in passed]
        failing += self._broken(results)
        return Judgement(not failing, tuple(failing))

    def tree_with(self, *patches: str) -> str:
        """The tree of the base with these patches. Raises GitFailed where one does not apply."""
        git, index = self.workspace.git, {"GIT_INDEX_FILE": str(self.workspace.folder / "patch-index")}
        git.run("read-tree", self.workspace.base, env=index)
        for patch in patches:
            text = patch if patch.endswith("\n") else f"{patch}\n"
            git.run("apply", "--cached", "--whitespace=nowarn", "-", stdin=os.fsencode(text), env=index)
        return git.run("write-tree", env=index)

    @cached_property
    def rooms(self) -> Rooms:
        means, instance = self._means, self._instance
        toolchain = python_toolchain(instance.python or means.python, means.toolchains)
        environment = Environment()
        if instance.setup:
            with self.workspace.exported(self.workspace.base) as tree:
                environment = prepare(
                    instance.setup,
                    tree,
                    means.data / "environments",
                    means.sandbox,
                    manifests_of(tree, self.workspace.tracked()),
                    toolchain=toolchain,
                    environ=means.environ,
                )
        return Rooms(means.sandbox, toolchain, self.workspace.reports, environment)

    @cached_property
    def _tests(self) -> str:
        """The tree of the base with the test patch."""
        try:
            return self.tree_with(self._instance.test_patch)
        except GitFailed as error:
            raise InvalidInstance(
                f"its test patch does not apply to {self._instance.base[:12]}: {error}"
            ) from error

    @cached_property
    def _command(self) -> tuple[SuiteCommand, SuiteRun]:
        """The first command that reports tests of this instance, and what it says before the change."""
        instance, workspace = self._instance, self.workspace
        wanted = (*instance.fail_to_pass, *instance.pass_to_pass)
        tried, broken = [], None
        for python in dict.fromkeys((self.rooms.python, self.rooms.toolchain.python)):
            for command in find_suites(workspace.files, workspace.tracked(), python, instance.test):
                run = self._run(self._tests, command)
                if seen(wanted, run.results):
                    return command, run
                if run.results.broken and broken is None:  # new tests may import what is not there yet
                    broken = command, run
                tried.append(f"{' '.join(command.argv[:6])}: {run.summary}")
        if broken is not None:
            return broken
        raise InvalidInstance(
            "no command was found that runs its tests; give one in `test`. Tried: "
            + ("; ".join(tried[:_NAMED]) or "nothing")
        )

    def _run(self, tree: str, command: SuiteCommand) -> SuiteRun:
        """The tests of the instance's files, or all of them where the runner cannot select."""
        with self.workspace.exported(tree) as folder:
            files = [file for file in files_of(self._all) if (folder / file).is_file()]
            try:
                command.selecting(files)
            except BadInput:
                files = []
            return self.rooms.run_suite(folder, command, files)

    @property
    def _all(self) -> Sequence[str]:
        return (*self._instance.fail_to_pass, *self._instance.pass_to_pass)

    def _broken(self, results: Results) -> list[str]:
        """Tests that should pass all along and do not; one that was skipped before may be so after."""
        tests = self._instance.pass_to_pass
        good = passing(tests, results) | (skipped(tests, results) & skipped(tests, self._standing))
        return [test for test in tests if test not in good]

    def _with_tests(self, tree: str) -> str:
        """The tree with the files that the test patch touches as that patch has them."""
        git, index = self.workspace.git, {"GIT_INDEX_FILE": str(self.workspace.folder / "judged-index")}
        git.run("read-tree", tree, env=index)
        rows = git.paths("diff-tree", "-r", "-z", "--no-renames", self.workspace.base, self._tests)
        for described, path in zip(rows[::2], rows[1::2], strict=True):
            _, mode, _, blob, letter = described.removeprefix(":").split(" ")
            if letter == "D":
                git.run("update-index", "--force-remove", "--", path, env=index)
            else:
                entry = f"{mode},{blob},{path}"
                git.run("update-index", "--add", "--replace", "--cacheinfo", entry, env=index)
        return git.run("write-tree", env=index)


def _some(tests: Sequence[str]) -> str:
    more = f" and {len(tests) - _NAMED} more" if len(tests) > _NAMED else ""
    return ", ".join(tests[:_NAMED]) + more

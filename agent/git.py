"""Arguments -> git's answer, with nothing run that a repository could have planted.

Configuration, hooks and filters are programs. So git never discovers a repository: the git directory
lies outside the tree, is named in every call, and holds only configuration that Cairn wrote. The
user's and the system's configuration are left out as well, so that a run means the same everywhere.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from indexer.errors import CairnError

_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.pager=cat",
    "core.editor=false",
    "commit.gpgSign=false",
    "diff.ignoreSubmodules=all",
    "submodule.recurse=false",
    "protocol.allow=never",
    "protocol.file.allow=always",  # the one transport there is: the user's repository on this disk
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
)
# Ownership is no argument here: the source is only read, and what it configures is not obeyed.
_OWN_CONFIG = "[safe]\n\tdirectory = *\n\tbareRepository = explicit\n"
_LOCK_SECONDS = 1.0  # git holds a lock for milliseconds
_SECONDS = 600.0  # a clone without hard links of a large history takes minutes

_AUTHOR = {
    "GIT_AUTHOR_NAME": "Cairn",
    "GIT_AUTHOR_EMAIL": "cairn@localhost",
    "GIT_COMMITTER_NAME": "Cairn",
    "GIT_COMMITTER_EMAIL": "cairn@localhost",
}


class GitFailed(CairnError):
    """git is missing or refused; the message is git's."""


class Git:
    """Calls git on `gitdir` and `tree`. `config` is a file beside them that this class writes."""

    def __init__(self, gitdir: Path, tree: Path) -> None:
        self.gitdir = gitdir
        self.tree = tree
        self._config = gitdir.parent / "gitconfig"

    def clone(self, source: Path) -> None:
        """Copy the repository at `source`, hard-linking its objects where the disk allows it."""
        self._call(
            ["clone", "--quiet", "--bare", "--no-tags", "--template=", "--", str(source), str(self.gitdir)]
        )
        self.run("config", "core.bare", "false")
        self.run("config", "--remove-section", "remote.origin")
        self._overrule_attributes()

    def init(self) -> None:
        self._call(["init", "--quiet", "--bare", "--template=", "--", str(self.gitdir)])
        self.run("config", "core.bare", "false")
        self._overrule_attributes()

    def _overrule_attributes(self) -> None:
        """A `-diff` in the tree would hide from a reviewer what changed; nor does it name drivers."""
        (self.gitdir / "info").mkdir(exist_ok=True)
        (self.gitdir / "info" / "attributes").write_text("* !diff !filter !merge\n")

    def run(self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        """The output of one command, without its last line break."""
        where = [f"--git-dir={self.gitdir}", f"--work-tree={self.tree}"]
        return os.fsdecode(self._call([*where, *arguments], stdin, env)).removesuffix("\n")

    def blob(self, object_id: str) -> bytes:
        """The bytes of a file, as they are stored."""
        return self._call([f"--git-dir={self.gitdir}", "cat-file", "blob", object_id])

    def paths(self, *arguments: str) -> list[str]:
        """The output of a command that lists paths, asked for with -z."""
        return [path for path in self.run(*arguments).split("\0") if path]

    def subjects(self, count: int = 100, revision: str = "HEAD") -> list[str]:
        """The first lines of the last `count` commit messages, merges left out, newest first."""
        options = ("--no-merges", "--no-show-signature", "--no-color", "-z", f"--max-count={count}")
        return self.paths("log", *options, "--format=%s", "--end-of-options", revision)

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Whether history leads from `of` back to `commit`; a commit that is not here leads nowhere."""
        return (
            self.has(commit)
            and self.has(of)
            and not self.run("rev-list", "--max-count=1", commit, f"^{of}", "--")
        )

    def has(self, commit: str) -> bool:
        answer = self.run("cat-file", "--batch-check", stdin=f"{commit}^{{commit}}\n".encode())
        return answer.split(" ")[1:2] == ["commit"]

    def refs(self, *names: str) -> dict[str, str]:
        """Those of the full reference names that exist here, with what they point to."""
        listed = self.run("for-each-ref", "--format=%(objectname) %(refname)", *names).splitlines()
        found = {name: commit for commit, _, name in (line.partition(" ") for line in listed)}
        return {name: found[name] for name in names if name in found}

    def _call(
        self, arguments: Sequence[str], stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> bytes:
        self._write_config()
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": "/nonexistent",
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(self._config),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_ATTR_NOSYSTEM": "1",
            **_AUTHOR,
            **(env or {}),
        }
        try:
            done = subprocess.run(
                ["git", "--no-pager", *settings, *arguments],
                cwd=self.gitdir.parent,
                env=environment,
                input=stdin,
                capture_output=True,
                timeout=_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise GitFailed(
                f"git could not be run: {error}; the agent needs the Debian package git"
            ) from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise GitFailed(f"git {' '.join(arguments)} ended with {done.returncode}: {said}")
        return done.stdout

    def _write_config(self) -> None:
        """Complete or not at all: a second process may be reading it."""
        try:
            if self._config.read_text() == _OWN_CONFIG:
                return
        except FileNotFoundError:
            pass
        spare = self._config.with_name(f"{self._config.name}.{secrets.token_hex(4)}")
        spare.write_text(_OWN_CONFIG)
        spare.replace(self._config)


def break_locks(locks: Iterable[Path]) -> None:
    """Remove locks that a killed git left behind. One that lives, a person's push, needs a moment."""
    deadline = time.monotonic() + _LOCK_SECONDS
    for lock in locks:
        while lock.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        lock.unlink(missing_ok=True)

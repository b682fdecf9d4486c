"""A folder -> the repository it belongs to, and what git says of it. The repository itself is not trusted."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import CairnError

# A repository's own configuration can name programs to run. Nothing here needs one, so all are off:
# hooks, the file system monitor, pagers, prompts, and every transport (a partial clone fetches lazily).
_CONFIG = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.pager=cat", "protocol.allow=never")
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}
_KEPT = ("PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR")  # HOME for the user's global ignore file
_TIMEOUT = 60.0  # seconds: listing a million files takes about 10; a named pipe in the way takes for ever


@dataclass(frozen=True, slots=True)
class Repository:
    """A working tree `top`, its git directory, and the one it shares with its worktrees."""

    top: str
    gitdir: str
    common: str


class GitFailed(CairnError):
    """git is missing, stopped with an error or took too long. The message is git's."""


def find(folder: str) -> Repository | None:
    """The repository whose working tree holds `folder` (a real path), as git would find it."""
    while True:
        gitdir = _gitdir(os.path.join(folder, ".git"))
        if gitdir is not None:
            return Repository(folder, gitdir, _common(gitdir))
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def is_gitdir(folder: Path) -> bool:
    """Whether git keeps its own files right here, as in a bare repository; what git itself looks for."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def head_commit(root: Path) -> str | None:
    """The commit that is checked out in `root`; None without a repository or a commit."""
    repository = find(os.path.realpath(root))
    if repository is None:
        return None
    try:
        return run(repository, "rev-parse", "--verify", "--quiet", "HEAD").decode("ascii").strip()
    except GitFailed:
        return None


def run(repository: Repository, *arguments: str, cwd: str | None = None, feed: bytes = b"") -> bytes:
    """The output of one git command that is fed `feed`. Raises GitFailed.

    The git directory is named, never discovered, so a `core.worktree` or an embedded bare repository
    leads nowhere. Filters and diff drivers of the repository can still run: use no command that
    reads the content of the working tree (status, diff, add).
    """
    where = {"GIT_DIR": repository.gitdir, "GIT_WORK_TREE": repository.top}
    return _git(arguments, where, cwd or repository.top, feed)


def listing(repository: Repository, folder: str, only: Sequence[str] = ()) -> dict[str, bool]:
    """Paths below `folder` that git tracks (True) or would add (False), relative to it.

    A submodule is listed as its path, a nested repository as its path with a slash. With `only`,
    those paths and what is below them.
    """
    out = run(repository, *_LIST, *only, cwd=folder)
    listed: dict[str, bool] = {}
    for line in os.fsdecode(out).split("\0"):
        if line:
            listed[line[2:]] = line[0] != "?"
    return listed


def ignoring_rule(repository: Repository, path: str) -> str:
    """`file:line:pattern` of the rule that makes git ignore `path` (from the top), "" where none does."""
    where = {"GIT_DIR": repository.gitdir, "GIT_WORK_TREE": repository.top, "GIT_LITERAL_PATHSPECS": "0"}
    try:
        out = _git(("check-ignore", "-v", "--", f"./{path}"), where, repository.top)
    except GitFailed:
        return ""
    return os.fsdecode(out).split("\t")[0]


def global_ignore_file() -> str:
    """Where the user keeps ignore rules for all repositories; the file need not exist."""
    try:
        nowhere = {"GIT_DIR": os.devnull}
        configured = _git(("config", "--type=path", "--get", "core.excludesFile"), nowhere, os.sep)
        if configured.strip():
            return os.fsdecode(configured.rstrip(b"\n"))
    except GitFailed:
        pass  # no git, or nothing configured: it answers 1 to that
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(home, "git", "ignore")


_LIST = ("ls-files", "-z", "-t", "--cached", "--others", "--exclude-standard", "--")


def _gitdir(path: str) -> str | None:
    """The git directory that `path`, a `.git`, is or names; None if it is neither."""
    if os.path.isfile(path):
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as file:
                line = file.read(4096)
        except OSError:
            return None
        if not line.startswith("gitdir:"):
            return None
        path = os.path.normpath(os.path.join(os.path.dirname(path), line[len("gitdir:") :].strip()))
    return path if os.path.isfile(os.path.join(path, "HEAD")) else None


def _common(gitdir: str) -> str:
    try:
        with open(os.path.join(gitdir, "commondir"), encoding="utf-8", errors="surrogateescape") as file:
            return os.path.normpath(os.path.join(gitdir, file.read(4096).strip()))
    except OSError:
        return gitdir


def _git(arguments: Sequence[str], where: dict[str, str], cwd: str, feed: bytes = b"") -> bytes:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= _ENVIRONMENT | where
    settings = [word for setting in _CONFIG for word in ("-c", setting)]
    try:
        done = subprocess.run(
            ["git", "--no-pager", *settings, *arguments],
            cwd=cwd,
            env=environment,
            input=feed,
            capture_output=True,
            timeout=_TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise GitFailed(f"git {arguments[0]} in {cwd}: {problem}") from problem
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise GitFailed(f"git {arguments[0]} in {cwd} ended with {done.returncode}: {said}")
    return done.stdout

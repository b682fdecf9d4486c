"""A fix of the list -> its repository as it was just before, and an environment to test it in.

    python -m benchmarks.history.checkout --mirrors DIR --out DIR [--clone] [owner/name ...]

DIR of the mirrors holds `owner+name`, each a clone or a bare repository with its history; what is
missing is cloned from GitHub with --clone. The checkout knows no commit that is later than its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from agent.sandbox import WORKSPACE
from benchmarks.history.change import Fix, read_fix
from benchmarks.history.commits import Repository, repositories
from indexer.errors import CairnError, NotFound

_READY = "ready"  # written last: an environment without it was interrupted
_GIT = {  # what a user configured must not change what is checked out
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LFS_SKIP_SMUDGE": "1",
}


class CheckoutFailed(CairnError):
    """A repository could not be brought here, or its environment could not be made."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A repository at the parent of `fix`."""

    repository: str
    fix: Fix
    root: Path


def checkout(entry: Repository, commit: str, gitdir: Path, folder: Path) -> Checkout:
    """Make the tree in `folder`; it is kept and used again. Raises BadInput or CheckoutFailed."""
    fix = read_fix(gitdir, commit)
    root = folder / f"{entry.folder}-{commit[:12]}"
    if not (root / ".git" / _READY).exists():
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        _git(root, "init", "--quiet", "--template=", "--initial-branch=main")
        _git(root, "fetch", "--quiet", "--no-tags", str(gitdir.resolve()), f"{fix.parent}:refs/heads/fetched")
        _git(root, "reset", "--quiet", "--hard", "fetched")
        _git(root, "branch", "--quiet", "-D", "fetched")
        (root / ".git" / "FETCH_HEAD").unlink(missing_ok=True)  # it names where the future is
        (root / ".git" / _READY).touch()
    return Checkout(entry.repository, fix, root)


def history_of(repository: str, mirrors: Path, *, clone: bool = False) -> Path:
    """The git directory with the history of `owner/name`. Raises NotFound, or CheckoutFailed."""
    place = mirrors / repository.replace("/", "+")
    for found in (place, place / ".git", place / "repo", place / "repo" / ".git"):
        if (found / "HEAD").is_file() and (found / "objects").is_dir():
            return found
    if not clone:
        raise NotFound(f"{place} is no git repository; clone {repository} there, or give --clone")
    mirrors.mkdir(parents=True, exist_ok=True)
    _git(mirrors, "clone", "--quiet", "--bare", f"https://github.com/{repository}.git", str(place))
    return place


def environment(entry: Repository, folder: Path) -> Path:
    """The interpreter of a virtual environment with the setup of `entry`. Raises CheckoutFailed."""
    wanted = json.dumps([entry.python, entry.setup, entry.source])
    home = folder / f"{entry.folder}-{hashlib.sha256(wanted.encode()).hexdigest()[:8]}"
    python = home / "bin" / "python"
    if (home / _READY).exists():
        return python.absolute()
    shutil.rmtree(home, ignore_errors=True)
    _run(_interpreter(entry.python), "-m", "venv", str(home))
    if entry.setup:
        _run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *entry.setup)
    if entry.source:
        _put_first(home, entry.source)
    (home / _READY).touch()
    return python.absolute()


def _put_first(home: Path, source: tuple[str, ...]) -> None:
    """Let imports find the code under test before an installed release of it, as in a development install."""
    folders = [f"{WORKSPACE}/{folder}" for folder in source]
    for packages in home.glob("lib/python*/site-packages"):
        (packages / "under_test.pth").write_text(f"import sys; sys.path[:0] = {folders!r}\n")


def _interpreter(version: str) -> str:
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = sys.executable if running == version else shutil.which(f"python{version}")
    if found is None:
        raise CheckoutFailed(f"python{version} is not on PATH; install it to make this environment")
    return found


def _git(tree: Path, *arguments: str) -> None:
    _run("git", "-C", str(tree), *arguments, env=_GIT)


def _run(*argv: str, env: dict[str, str] | None = None) -> None:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, env={**os.environ, **(env or {})})
    except OSError as error:
        raise CheckoutFailed(f"{argv[0]} could not be run: {error}") from error
    if done.returncode:
        raise CheckoutFailed(f"{' '.join(argv)} ended with {done.returncode}: {done.stderr.strip()[-2000:]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these repositories")
    parser.add_argument("--mirrors", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--clone", action="store_true")
    args = parser.parse_args()
    for entry in repositories():
        if args.names and entry.repository not in args.names:
            continue
        gitdir = history_of(entry.repository, args.mirrors, clone=args.clone)
        print(f"{entry.repository} is tested with {environment(entry, args.out / 'environments')}")
        for commit in entry.commits:
            made = checkout(entry, commit, gitdir, args.out / "trees")
            print(f"{made.root}  {made.fix.subject}")


if __name__ == "__main__":
    main()

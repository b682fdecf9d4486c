"""An entry of repos.json -> its tree on disk, at the commit it names."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).parent / "repos.json"


@dataclass(frozen=True, slots=True)
class Pinned:
    """A repository at one commit."""

    name: str
    language: str
    url: str
    commit: str


def pinned() -> list[Pinned]:
    return [Pinned(**entry) for entry in json.loads(LIST.read_text())]


def checkout(repo: Pinned, folder: Path) -> Path:
    """The tree of `repo` in `folder`, fetched without its history where it is missing."""
    tree = folder / repo.name
    if not tree.exists():
        _fetch(repo, tree)
    found = _git(tree, "rev-parse", "HEAD").strip()
    if found != repo.commit:
        raise SystemExit(f"{tree} is at {found}, not at {repo.commit}; remove it, and it is fetched again")
    return tree


def _fetch(repo: Pinned, tree: Path) -> None:
    tree.mkdir(parents=True)
    try:
        _git(tree, "init", "--quiet")
        _git(tree, "fetch", "--quiet", "--depth", "1", repo.url, repo.commit)
        _git(tree, "checkout", "--quiet", repo.commit)
    except subprocess.CalledProcessError as error:
        shutil.rmtree(tree)
        raise SystemExit(
            f"{repo.url} cannot be fetched ({error.stderr.strip()}); "
            f"put a checkout of {repo.commit} at {tree}"
        ) from None


def _git(tree: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(tree), *arguments], check=True, capture_output=True, text=True
    ).stdout

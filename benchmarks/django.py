"""Django's source distribution -> the trees that are timed: all of it, and its Python files alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

RELEASE = "5.2.7"
PYTHON_FILES = 2225  # of this release, 593 empty ones left out: a count to be checked by both sides


def whole(work: Path) -> Path:
    """The tree as published, fetched with pip where `work` does not hold it."""
    tree = work / f"django-{RELEASE}"
    if not tree.exists():
        work.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:",
             "-d", str(work), f"Django=={RELEASE}"],
            check=True,
        )  # fmt: skip
        with tarfile.open(work / f"{tree.name}.tar.gz") as archive:
            archive.extractall(work, filter="data")
    return tree


def python_only(work: Path) -> Path:
    """A copy of the tree with nothing but its *.py files, without empty ones, which semble does not count."""
    tree, source = work / "django-py", whole(work)
    if not tree.exists():
        for path in sorted(p for p in source.rglob("*.py") if p.read_bytes().strip()):
            copy = tree / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    found = sum(1 for _ in tree.rglob("*.py"))
    if found != PYTHON_FILES:
        raise SystemExit(f"{tree} holds {found} Python files, not {PYTHON_FILES}; remove it and try again")
    return tree

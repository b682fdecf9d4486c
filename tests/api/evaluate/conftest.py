"""One history, made once: tests that only read it share it, the others copy it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .world import make_history


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_history(tmp_path_factory.mktemp("s") / "shop")


@pytest.fixture
def shop(history: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(history, tmp_path / "shop", symlinks=True))

"""The arena: a copy of the sample project under git, with secrets in it, beside it and in the home."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.sandbox.bwrap import Bubblewrap
from tests.agent.adversaries.arena import ENV_SECRET, FILE_SECRET, HOME_SECRET, OUTSIDE_SECRET, Arena
from tests.conftest import git, write


@pytest.fixture
def arena(sample: Path, sandbox: Bubblewrap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Arena:
    home, outside = tmp_path / "home", tmp_path / "outside"
    write(home / ".ssh" / "id_ed25519", f"{HOME_SECRET}\n")
    write(outside / "secret.txt", f"{OUTSIDE_SECRET}\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("OPENAI_API_KEY", ENV_SECRET)
    write(sample / ".env", f"GATEWAY_PASSWORD={FILE_SECRET}\n")
    git(sample, "init", "-q", "-b", "main")
    git(sample, "add", "--all", "--force")
    git(sample, "commit", "-qm", "The payments of the shop")
    return Arena(sample, outside, home, tmp_path / "data", sandbox)

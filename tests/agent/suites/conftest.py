from collections.abc import Mapping
from pathlib import Path

import pytest

from agent.sandbox.bwrap import Bubblewrap
from tests.agent.suites.world import Open, Shop, open_shop


@pytest.fixture
def shop(sandbox: Bubblewrap, tmp_path: Path) -> Open:
    """Opens a repository of given files for a run."""

    def opened(files: Mapping[str, str]) -> Shop:
        return open_shop(sandbox, tmp_path, files)

    return opened

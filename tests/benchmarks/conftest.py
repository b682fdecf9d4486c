"""The sandbox of the agent's tests, and a small repository with a fix, for replays."""

from pathlib import Path

import pytest

from benchmarks.history.change import Fix, read_fix
from tests.agent.conftest import sandbox
from tests.benchmarks.shop import NEW_TEST, PRICE, Shop

__all__ = ["sandbox"]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "mirrors")


@pytest.fixture
def fixed(shop: Shop) -> str:
    """The commit that mends the rounding, with a later one on top."""
    mended = PRICE.replace("int(price)", "round(price)")
    changes = {"shop/price.py": mended, "tests/test_price.py": NEW_TEST, "CHANGES": "Rounding is right.\n"}
    fix = shop.commit("Fix rounding", changes)
    shop.commit("A secret of the future", {"later.txt": "x\n"})
    return fix


@pytest.fixture
def fix(shop: Shop, fixed: str) -> Fix:
    return read_fix(shop.gitdir, fixed)

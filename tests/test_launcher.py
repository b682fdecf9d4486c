"""Where the `cairn` command begins: what holds before any of our packages is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# In the place of the command: how many threads numpy's library has when something is multiplied.
_COUNT = """
import os, sys
import api.cli, cairn_launcher

def multiply():
    assert "numpy" not in sys.modules, "it was imported before the command began"
    import numpy
    numpy.ones((300, 300)) @ numpy.ones((300, 300))
    print(len(os.listdir("/proc/self/task")))
    return 0

api.cli.main = multiply
cairn_launcher.main()
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted in /proc")
@pytest.mark.skipif((os.cpu_count() or 1) == 1, reason="one core has one thread in any case")
@pytest.mark.parametrize(("asked", "threads"), [(None, 1), ("2", 2)])
def test_numpy_multiplies_in_one_thread_where_nobody_asks_for_more(asked: str | None, threads: int) -> None:
    env = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    if asked is not None:
        env["OPENBLAS_NUM_THREADS"] = asked
    done = subprocess.run(
        [sys.executable, "-c", _COUNT], env=env, cwd=Path(__file__).parents[1], capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.stdout.split() == [str(threads)], done.stderr

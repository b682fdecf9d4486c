"""Start the keeper: run by path as `python -I boot.py DATA PACKAGE SEARCH_PATH IDLE`.

The folder somebody stands in, or PYTHONPATH, may hold packages of our names. So this file imports the
package whose path it is given, and otherwise searches where its caller searched. It returns when the
keeper can be called (0) or cannot start (1); the keeper itself stays behind in a session of its own.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sys
import traceback
from pathlib import Path

_LOG_BYTES = 1_000_000  # a log longer than this starts anew


def main(data: str, package: str, search_path: str, idle: str) -> int:
    hearing, telling = os.pipe()
    if os.fork():
        os.close(telling)
        return 0 if os.read(hearing, 100) else 1
    os.close(hearing)
    try:
        _detach(data)
        _adopt(package, json.loads(search_path))
        from indexer.store.keeper import keep

        def announce(word: str) -> None:
            os.write(telling, word.encode())
            os.close(telling)

        keep(Path(data), float(idle), announce)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)  # Edge's threads need no farewell


def _detach(data: str) -> None:
    """Leave the caller's session, folder and files, so that nothing that ends there ends here."""
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.umask(0o077)
    os.chdir(data)
    log = os.open("keeper.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    if os.fstat(log).st_size > _LOG_BYTES:
        os.truncate(log, 0)
    nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    for descriptor, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(descriptor, target)


def _adopt(package: str, search_path: list[str]) -> None:
    sys.path[:] = search_path
    spec = importlib.util.spec_from_file_location(
        "indexer", os.path.join(package, "__init__.py"), submodule_search_locations=[package]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["indexer"] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

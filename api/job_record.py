"""The jobs of a server -> a small file, and back into the next server's: what was under way goes on there."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

RECORD = "jobs.json"  # in the data directory
_KEPT = 50  # ended jobs that the next server still knows


class JobRecord:
    """Documents of jobs, oldest first. A record that cannot be read or written costs history, nothing else:
    what jobs did is in the index."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def read(self) -> list[dict[str, Any]]:
        try:
            jobs = json.loads(self._path.read_bytes())["jobs"]
            return [job for job in jobs if {"id", "repo", "status", "created"} <= job.keys()]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as problem:
            log.warning(
                "%s cannot be read (%s); jobs of the server before are forgotten", self._path, problem
            )
            return []

    def write(self, jobs: Sequence[dict[str, Any]]) -> None:
        with self._lock:
            unfinished = self._path.with_suffix(".unfinished")
            try:
                unfinished.write_text(json.dumps({"jobs": list(jobs[-_KEPT:])}))
                os.replace(unfinished, self._path)
            except OSError as problem:
                log.warning(
                    "%s cannot be written (%s); a restart will not know these jobs", self._path, problem
                )

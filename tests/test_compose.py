"""What compose.yaml promises: nothing beyond this machine, and the Qdrant that the tests know."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMPOSE = (ROOT / "compose.yaml").read_text()


def test_every_published_port_is_bound_to_this_machine() -> None:
    published = re.findall(r'- "([^"]*:\d+)"\n', COMPOSE)
    assert published == ["127.0.0.1:6333:6333", "127.0.0.1:8000:8000"]


def test_the_qdrant_that_is_started_is_the_one_requests_are_held_against() -> None:
    image = re.search(r"image: qdrant/qdrant:v(\S+)", COMPOSE)
    package = json.loads((ROOT / "tests/contract/package.json").read_text())
    assert image is not None
    assert image[1] == package["devDependencies"]["@qdrant/js-client-rest"]


def test_compose_asks_for_a_key_because_cairn_listens_beyond_loopback() -> None:
    assert "CAIRN_HOST=0.0.0.0" in (ROOT / "Dockerfile").read_text()
    assert "${CAIRN_API_KEY:?" in COMPOSE


def test_no_service_takes_the_whole_machine() -> None:
    services = COMPOSE.count("restart: unless-stopped")
    assert len(re.findall(r'mem_limit: "\$\{\w+_MEMORY:-\d+g\}"', COMPOSE)) == services
    assert COMPOSE.count("pids_limit: ") == services


def test_nothing_in_the_image_runs_as_root() -> None:
    assert re.search(r"^USER 1000:1000$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert 'user: "${CAIRN_UID:-1000}:${CAIRN_GID:-1000}"' in COMPOSE

"""The page: nothing from outside, nothing from a repository as HTML."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from .make import run_cairn, serving

WEB = Path(__file__).parents[2] / "api" / "web"


def test_the_page_and_its_parts_are_served(shared: TestClient) -> None:
    page = shared.get("/")

    assert page.headers["content-type"].startswith("text/html")
    for part in re.findall(r'(?:src|href)="(/web/[^"]+)"', page.text):
        assert shared.get(part).status_code == 200, part
    assert shared.get("/web/app.js").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("name", ["../http.py", "..%2fhttp.py", "nothing.js", "%2e%2e/http.py"])
def test_nothing_else_is_served_from_its_folder(shared: TestClient, name: str) -> None:
    assert shared.get(f"/web/{name}").status_code == 404


def test_the_policy_allows_only_our_own_files(shared: TestClient) -> None:
    policy = shared.get("/").headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_page_asks_nobody_else() -> None:
    for path in WEB.iterdir():
        outside = [
            url for url in re.findall(r"(?:https?:)?//[\w.]+\.\w+", path.read_text()) if "w3.org" not in url
        ]
        assert not outside, path


def test_the_page_holds_no_script_of_its_own() -> None:
    html = (WEB / "index.html").read_text()

    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|style=|<style", html)


def test_the_script_never_makes_html_of_text() -> None:
    script = (WEB / "app.js").read_text()

    assert not re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Function\(", script
    )


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium to look at the page with")
def test_a_hit_that_holds_a_script_is_shown_as_text(data: Path, shop: Path, tmp_path: Path) -> None:
    run_cairn("index", shop, data=data)
    with serving("--port", 0, data=data) as server:
        address = f"{server.url}/?q=alert+retry+onerror&repo=shop"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
        done = subprocess.run(
            ["chromium", *flags, "--virtual-time-budget=4000", "--dump-dom", address],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    assert "shop/page.html" in re.sub(r"<[^>]+>", "", done.stdout)
    hits = done.stdout[done.stdout.index('<ol id="hits"') :]
    assert "&lt;script&gt;" in hits
    assert "<script" not in hits
    assert "<img" not in hits
    assert "<mark>" in hits

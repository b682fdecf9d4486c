"""The pages: nothing from outside, nothing from a repository as HTML."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from agent.log.runs import RunLog
from agent.plan import FileChange, Plan, Step

from .browser import browsing
from .make import eventually, run_cairn, serving

WEB = Path(__file__).parents[2] / "api" / "web"


@pytest.mark.parametrize("address", ["/", "/runs"])
def test_a_page_and_its_parts_are_served(shared: TestClient, address: str) -> None:
    page = shared.get(address)

    assert page.headers["content-type"].startswith("text/html")
    scripts = re.findall(r'src="(/web/\w+\.js)"', page.text)
    for part in re.findall(r'(?:src|href)="(/web/[^"]+)"', page.text) + [
        part for script in scripts for part in re.findall(r'from "(/web/[^"]+)"', shared.get(script).text)
    ]:
        assert shared.get(part).status_code == 200, part
    assert shared.get("/web/app.js").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("name", ["../http.py", "..%2fhttp.py", "nothing.js", "%2e%2e/http.py"])
def test_nothing_else_is_served_from_its_folder(shared: TestClient, name: str) -> None:
    assert shared.get(f"/web/{name}").status_code == 404


@pytest.mark.parametrize("address", ["/", "/runs"])
def test_the_policy_allows_only_our_own_files(shared: TestClient, address: str) -> None:
    policy = shared.get(address).headers["content-security-policy"]

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


@pytest.mark.parametrize("name", ["index.html", "runs.html"])
def test_a_page_holds_no_script_of_its_own(name: str) -> None:
    html = (WEB / name).read_text()

    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|style=|<style", html)


@pytest.mark.parametrize("name", ["app.js", "call.js", "runs.js"])
def test_a_script_never_makes_html_of_text(name: str) -> None:
    script = (WEB / name).read_text()

    assert not re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Function\(", script
    )


def test_a_link_from_elsewhere_opens_the_page_of_runs_and_nothing_else(shared: TestClient) -> None:
    clicked = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}

    assert shared.get("/runs", headers=clicked).status_code == 200
    assert shared.get("/v1/tasks", headers=clicked).status_code == 403


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium to look at the page with")
def test_a_run_is_shown_as_text_with_what_can_be_decided(data: Path, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    run, subject = _waiting_run(data, hostile)
    with serving("--port", 0, data=data) as server, browsing(tmp_path) as browser:
        shown = browser.page(f"{server.url}/runs?id={run}", "gate.requested")
        listed = browser.page(f"{server.url}/runs", f"/runs?id={run}")
    for text in (shown, listed):
        assert "&lt;img src=x onerror" in text
        assert "<img src=x" not in text
        assert "awaiting approval" in text
    plain = re.sub(r"<[^>]+>", "", shown)
    assert "The plan waits for an approval" in plain
    assert subject in plain
    assert all(f">{word}</button>" in shown for word in ("Approve", "Have it changed", "Reject"))
    assert "plan.proposed" in plain
    assert f"/runs?id={run}" in listed


def _waiting_run(data: Path, said: str) -> tuple[str, str]:
    """A run at the gate of its plan, in whose every text stands `said`."""
    log = RunLog(data / "runs.db")
    run = log.create(said, "shop", said).run
    plan = Plan(said, "fix", (Step(said),), (FileChange(said, "change", said),), risks=(said,))
    log.append(run, "run.started", {"model": said, "scripted": True, "sandbox": said})
    log.append(run, "model.response", {"text": said, "calls": [], "input_tokens": 1, "output_tokens": 1})
    log.append(run, "plan.proposed", {"plan": plan.as_json(), "digest": plan.digest, "fallback": False})
    log.append(run, "gate.requested", {"gate": "plan", "subject": plan.digest, "reasons": [said]})
    return run, plan.digest


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium to look at the page with")
def test_a_hit_is_shown_from_its_definition_on(data: Path, shop: Path, tmp_path: Path) -> None:
    before = "".join(f"class No{n}(Exception):\n    pass  # a class, no TheLastOne\n\n\n" for n in range(9))
    (shop / "ends.py").write_text(f"{before}class TheLastOne(Exception):\n    pass\n\n\n\n\n\n")
    run_cairn("index", shop, data=data)
    with serving("--port", 0, data=data) as server, browsing(tmp_path) as browser:
        browser.page(f"{server.url}/?q=TheLastOne&repo=shop", "<mark>")
        shown = eventually(lambda: browser.value(_DEFINITION_IN_SIGHT))
    assert shown == "in sight"


# Where the line of the definition is in the box of the first hit, once it has been scrolled.
_DEFINITION_IN_SIGHT = """
    (() => {
        const box = document.querySelector("#hits pre");
        if (!box.scrollTop) return "";
        const mark = [...box.querySelectorAll("mark")].pop().getBoundingClientRect();
        const sight = box.getBoundingClientRect();
        return mark.top >= sight.top && mark.bottom <= sight.bottom ? "in sight" : "beyond it";
    })()
"""


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium to look at the page with")
def test_a_hit_that_holds_a_script_is_shown_as_text(data: Path, shop: Path, tmp_path: Path) -> None:
    run_cairn("index", shop, data=data)
    with serving("--port", 0, data=data) as server, browsing(tmp_path) as browser:
        shown = browser.page(f"{server.url}/?q=alert+retry+onerror&repo=shop", "<mark>")
    assert "shop/page.html" in re.sub(r"<[^>]+>", "", shown)
    hits = shown[shown.index('<ol id="hits"') :]
    assert "&lt;script&gt;" in hits
    assert "<script" not in hits
    assert "<img" not in hits
    assert "<mark>" in hits

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.forge import Forge, ForgeFailed, RequestState
from agent.forge.github import GitHubForge
from agent.forge.rest import Patience
from indexer.errors import BadInput, CairnError, Forbidden, NotFound
from tests.agent.forge.make import Work, make_work
from tests.agent.github.forge import Fault, GitHub, github
from tests.agent.test_workspace import plant
from tests.conftest import git, write

TOKEN = "t0ken-write"
QUICK = Patience(seconds=20.0, pause=0.01)


@pytest.fixture
def hub(tmp_path: Path, project: Path) -> Iterator[GitHub]:
    with github(tmp_path / "hub", project) as running:
        yield running


@pytest.fixture
def work(project: Path, tmp_path: Path) -> Work:
    return make_work(project, tmp_path)


def forge_of(hub: GitHub, token: str = TOKEN, **options: Any) -> GitHubForge:
    return GitHubForge(hub.url, token, hub.repo, patience=QUICK, **options)


@pytest.fixture
def forge(hub: GitHub) -> GitHubForge:
    return forge_of(hub)


def test_a_request_is_a_pushed_branch_and_a_draft(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    request = work.request(work.commit("pause = 9\n"), labels=("agent", "fix"))
    seam: Forge = forge
    seam.push(work.gitdir, request)
    opened = seam.open(request)
    assert (opened.number, opened.created, opened.notes) == ("1", True, ())
    assert opened.url == "https://github.com/shop/payments/pull/1"
    assert hub.head(request.branch) == request.commit
    (pull,) = hub.pulls
    assert pull["draft"]
    assert pull["title"] == "Retry waits longer"
    assert "\nBecause.\n" in pull["body"]
    assert pull["labels"] == ["agent", "fix"]
    assert seam.show("1") == RequestState("open", request.commit)


def test_doing_it_again_gives_the_same_request(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    request = work.request(work.commit("pause = 9\n"))
    forge.push(work.gitdir, request)
    first = forge.open(request)
    forge.push(work.gitdir, request)
    again = forge.open(request)
    assert (again.number, again.url, again.created) == (first.number, first.url, False)
    assert len(hub.pulls) == 1
    assert hub.calls("PATCH") == []


def test_the_text_is_edited_in_place_and_what_people_wrote_stays(
    work: Work, hub: GitHub, forge: GitHubForge
) -> None:
    forge.push(work.gitdir, request := work.request(work.commit("pause = 9\n")))
    forge.open(request)
    hub.pulls[0]["body"] = f"Reviewed by Ann.\n{hub.pulls[0]['body']}\nShip it on Monday."
    corrected = work.request(work.commit("pause = 8\n"), body="Because it was too short. <!-- /cairn -->")
    forge.push(work.gitdir, corrected)
    assert not forge.open(corrected).created
    assert hub.head(request.branch) == corrected.commit
    for _ in range(2):
        forge.open(corrected)
        body = hub.pulls[0]["body"]
        assert body.startswith("Reviewed by Ann.\n<!-- cairn")
        assert body.endswith("<!-- /cairn -->\nShip it on Monday.")
        assert "\nBecause.\n" not in body
        assert body.count("Because it was too short.") == 1


def test_a_request_that_somebody_else_wrote_is_left_as_it_is(
    work: Work, hub: GitHub, forge: GitHubForge
) -> None:
    forge.push(work.gitdir, request := work.request(work.commit("pause = 9\n")))
    forge.open(request)
    hub.pulls[0]["body"] = None
    assert forge.open(request).notes == ("its text is not Cairn's and was left as it is",)
    assert hub.pulls[0]["body"] is None


def test_a_merged_request_is_not_opened_a_second_time(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    forge.push(work.gitdir, request := work.request(work.commit("pause = 9\n")))
    forge.open(request)
    hub.merge(1)
    opened = forge.open(request)
    assert (opened.number, opened.created) == ("1", False)
    assert "merged already" in opened.notes[0]
    assert forge.show("1") == RequestState("merged", request.commit)
    assert len(hub.pulls) == 1


def test_a_closed_request_is_closed(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    forge.push(work.gitdir, request := work.request(work.commit("pause = 9\n")))
    forge.open(request)
    hub.pulls[0]["state"] = "closed"
    assert forge.show("1").state == "closed"
    assert not forge.open(request).created


def test_where_there_are_no_drafts_the_request_says_that_it_is_one(
    work: Work, hub: GitHub, forge: GitHubForge
) -> None:
    hub.drafts = False
    forge.push(work.gitdir, request := work.request(work.commit("pause = 9\n")))
    opened = forge.open(request)
    assert opened.created
    assert "no draft pull requests" in opened.notes[0]
    (pull,) = hub.pulls
    assert not pull["draft"]
    assert pull["title"] == "[draft] Retry waits longer"
    assert "**[draft]**" in pull["body"]


def test_a_request_that_is_no_draft_is_opened_as_a_normal_one(
    work: Work, hub: GitHub, forge: GitHubForge
) -> None:
    forge.push(work.gitdir, request := work.request(work.commit("pause = 9\n"), draft=False))
    forge.open(request)
    assert not hub.pulls[0]["draft"]


def test_a_request_whose_answer_was_lost_is_found_again(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    forge.push(work.gitdir, request := work.request(work.commit("pause = 9\n")))
    hub.faults.append(Fault("POST", "/pulls$", 502, after=True))
    opened = forge.open(request)
    assert opened.number == "1"
    assert len(hub.pulls) == 1


def test_labels_that_may_not_be_set_are_noted(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    hub.faults.append(Fault("POST", "/labels$", 403))
    forge.push(work.gitdir, request := work.request(work.commit("pause = 9\n"), labels=("agent",)))
    opened = forge.open(request)
    assert opened.created
    assert "the labels were not set" in opened.notes[0]


def test_a_long_text_is_cut_to_what_github_takes(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    forge.push(work.gitdir, request := work.request(work.commit("pause = 9\n"), body="word\n" * 20_000))
    forge.open(request)
    assert len(hub.pulls[0]["body"]) <= 60_000


def test_a_commit_of_somebody_else_is_never_lost(
    work: Work, hub: GitHub, forge: GitHubForge, tmp_path: Path
) -> None:
    request = work.request(work.commit("pause = 9\n"))
    forge.push(work.gitdir, request)
    clone = tmp_path / "reviewer"
    git(tmp_path, "clone", "-q", "-b", request.branch, str(hub.bare), str(clone))
    write(clone / "shop" / "retry.py", "pause = 10\n")
    git(clone, "commit", "-qam", "Longer still")
    git(clone, "push", "-q")
    theirs = hub.head(request.branch)
    for again in (request, work.request(work.commit("pause = 8\n"))):
        with pytest.raises(Forbidden, match=r"does not know, up to .*; nothing was pushed"):
            forge.push(work.gitdir, again)
    assert hub.head(request.branch) == theirs


@pytest.mark.parametrize(
    "moment", ["GET /shop/payments.git/info/refs?service=git-receive-pack", "POST /shop"]
)
def test_a_branch_that_moves_during_the_push_is_left_alone(
    work: Work, hub: GitHub, forge: GitHubForge, moment: str
) -> None:
    forge.push(work.gitdir, work.request(work.commit("pause = 9\n")))
    corrected = work.request(work.commit("pause = 8\n"))
    theirs = work.workspace.base

    def move() -> None:
        if moment.startswith("GET") or "receive-pack" in hub.seen[-1].path:
            git(hub.bare, "update-ref", f"refs/heads/{corrected.branch}", theirs)

    hub.meanwhile[moment] = move
    with pytest.raises(Forbidden, match="moved the branch"):
        forge.push(work.gitdir, corrected)
    assert hub.head(corrected.branch) == theirs


def test_the_default_branch_is_refused_whatever_its_name(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    hub.default_branch = "agent/main"
    with pytest.raises(Forbidden, match="the default branch"):
        forge.push(work.gitdir, work.request(work.commit("a = 1\n"), branch="agent/main"))


def test_a_protected_branch_is_refused_before_the_push(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    git(hub.bare, "branch", "agent/kept", "main")
    hub.protect("agent/kept")
    with pytest.raises(Forbidden, match="is protected in"):
        forge.push(work.gitdir, work.request(work.commit("a = 1\n"), branch="agent/kept"))
    assert not [seen for seen in hub.seen if "receive-pack" in seen.path]


def test_a_rule_that_only_the_push_meets_is_told(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    request = work.request(work.commit("a = 1\n"))
    hub.protect(request.branch)
    with pytest.raises(Forbidden, match=r"protects this branch.*GH006"):
        forge.push(work.gitdir, request)
    assert hub.head(request.branch) is None


@pytest.mark.parametrize(
    ("token", "kind", "reason"),
    [
        ("t0ken-old", Forbidden, "The token is wrong or has expired"),
        ("t0ken-read", Forbidden, "may not write to"),
    ],
)
def test_a_token_that_may_not_push_is_told(
    work: Work, hub: GitHub, token: str, kind: type[CairnError], reason: str
) -> None:
    hub.tokens["t0ken-read"] = "read"
    with pytest.raises(kind, match=reason) as refused:
        forge_of(hub, token).push(work.gitdir, work.request(work.commit("a = 1\n")))
    assert token not in str(refused.value)


def test_a_token_that_the_transport_refuses_is_told(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    hub.faults.append(Fault("GET", "/info/refs", 401, {"WWW-Authenticate": "Basic"}))
    with pytest.raises(Forbidden, match="does not accept the token") as refused:
        forge.push(work.gitdir, work.request(work.commit("a = 1\n")))
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (403, Forbidden, "the token may not write to"),
        (404, NotFound, "no repository that this token can see"),
        (500, ForgeFailed, "try again later"),
        (0, ForgeFailed, "try again later"),
    ],
)
def test_a_transport_that_fails_is_a_sentence_whatever_the_branch_is_named(
    work: Work, hub: GitHub, forge: GitHubForge, status: int, kind: type[CairnError], reason: str
) -> None:
    hub.faults.append(Fault("GET", "/info/refs", status, body=""))
    request = work.request(
        work.commit("a = 1\n"), branch="agent/404-not-found-redirect-secret-protected-branch"
    )
    with pytest.raises(kind, match=reason) as failed:
        forge.push(work.gitdir, request)
    assert TOKEN not in str(failed.value)
    forge.push(work.gitdir, request)
    assert hub.head(request.branch) == request.commit


def test_a_token_without_pull_requests_is_told(work: Work, hub: GitHub) -> None:
    hub.tokens["t0ken-code"] = "code"
    forge = forge_of(hub, "t0ken-code")
    forge.push(work.gitdir, request := work.request(work.commit("a = 1\n")))
    with pytest.raises(Forbidden, match="needs write access to contents and pull requests"):
        forge.open(request)


def test_an_unknown_repository_is_not_found(work: Work, hub: GitHub) -> None:
    other = GitHubForge(hub.url, TOKEN, "shop/other", patience=QUICK)
    with pytest.raises(NotFound, match="the token cannot see it"):
        other.push(work.gitdir, work.request(work.commit("a = 1\n")))
    with pytest.raises(NotFound, match="answered 404"):
        other.show("1")


def test_an_unknown_base_is_refused_in_githubs_words(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    forge.push(work.gitdir, request := work.request(work.commit("a = 1\n"), base_branch="missing"))
    with pytest.raises(
        BadInput, match=r"422: Validation Failed; PullRequest base invalid\. Nothing was changed"
    ):
        forge.open(request)


def test_a_branch_without_commits_is_refused(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    forge.push(work.gitdir, request := work.request(work.workspace.base))
    with pytest.raises(BadInput, match="No commits between main and agent/1a2b-retry"):
        forge.open(request)


def test_a_redirect_takes_no_token_elsewhere(
    work: Work, hub: GitHub, forge: GitHubForge, tmp_path: Path
) -> None:
    request = work.request(work.commit("a = 1\n"))
    hub.faults.append(Fault("GET", "/repos/", 301, {"Location": "http://127.0.0.1:9/elsewhere"}))
    with pytest.raises(NotFound, match=r"moved to http://127\.0\.0\.1:9/elsewhere; set the new name"):
        forge.push(work.gitdir, request)
    hub.faults.append(Fault("GET", "/info/refs", 301, {"Location": f"{hub.url}/other/info/refs"}))
    with pytest.raises(NotFound, match="a redirect is not followed with a token"):
        forge.push(work.gitdir, request)
    assert not [seen for seen in hub.seen if "/other" in seen.path]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_failure_is_tried_again(hub: GitHub, forge: GitHubForge, work: Work, status: int) -> None:
    forge.push(work.gitdir, request := work.request(work.commit("a = 1\n")))
    hub.faults.append(Fault("GET", "/pulls$", status, times=2))
    assert forge.open(request).number == "1"


@pytest.mark.parametrize(
    ("fault", "reason", "attempts"),
    [
        (Fault("GET", "/pulls/1$", 500, times=9), "GitHub has a problem", 4),
        (Fault("GET", "/pulls/1$", 503, body="<html>", times=9), "answered 503: no reason given", 4),
        (Fault("GET", "/pulls/1$", 429, {"Retry-After": "3600"}, times=9), "used up for 3600 s", 1),
        (
            Fault("GET", "/pulls/1$", 403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1796000000"}),
            "used up until 00:53:20 UTC",
            1,
        ),
        (Fault("GET", "/pulls/1$", 200, body="<html>"), "without JSON; is this the API's address", 1),
        (Fault("GET", "/pulls/1$", 200, body="[]"), "answered no object", 1),
        (Fault("GET", "/pulls/1$", 0), "check the address and the network", 1),
    ],
)
def test_a_failure_that_stays_is_a_sentence(
    hub: GitHub, forge: GitHubForge, fault: Fault, reason: str, attempts: int
) -> None:
    hub.faults.append(fault)
    with pytest.raises(ForgeFailed, match=reason):
        forge.show("1")
    assert len(hub.calls("GET")) == attempts


def test_an_api_that_does_not_answer_is_a_sentence(hub: GitHub) -> None:
    hub.faults.append(Fault("GET", "/pulls/1$", 0, seconds=1.0))
    hasty = GitHubForge(hub.url, TOKEN, hub.repo, patience=Patience(seconds=0.2))
    with pytest.raises(ForgeFailed, match=r"was not answered within 0\.2 s; try again later"):
        hasty.show("1")


def test_nobody_listens_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ForgeFailed, match="check the address and the network"):
        GitHubForge("http://127.0.0.1:9", TOKEN, "shop/payments").show("1")


@pytest.mark.parametrize(
    ("url", "remote", "repo", "reason"),
    [
        ("http://api.github.com", None, "a/b", "is not encrypted"),
        ("ftp://api.github.com", None, "a/b", "begins with https"),
        ("https://me:secret@api.github.com", None, "a/b", "holds a name or a password"),
        ("https://api.github.com?x=1", None, "a/b", "has a query"),
        ("api.github.com", None, "a/b", "begins with https"),
        ("https://api.github.com", "http://github.com/a/b.git", "a/b", "is not encrypted"),
        ("https://api.github.com", "ext::sh -c x", "a/b", "begins with https"),
        ("https://api.github.com", "file:///tmp/x", "a/b", "begins with https"),
        ("https://api.github.com", "-u/x", "a/b", "begins with https"),
        ("https://api.github.com", None, "../b", "write owner/name"),
        ("https://api.github.com", None, "a/..", "write owner/name"),
        ("https://api.github.com", None, "a", "write owner/name"),
    ],
)
def test_an_address_that_would_show_the_token_or_run_a_program_is_refused(
    url: str, remote: str | None, repo: str, reason: str
) -> None:
    with pytest.raises(BadInput, match=reason) as refused:
        GitHubForge(url, TOKEN, repo, remote)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("api", "remote"),
    [
        ("https://api.github.com/", "https://github.com/a/b.git"),
        ("https://git.example.org/api/v3", "https://git.example.org/a/b.git"),
    ],
)
def test_the_address_to_push_to_follows_from_the_api(api: str, remote: str) -> None:
    assert GitHubForge(api, TOKEN, "a/b")._remote == remote


@pytest.mark.parametrize("token", ["", "a b", "a\nb"])
def test_a_token_that_is_none_is_refused(token: str) -> None:
    with pytest.raises(Forbidden, match="GitHub needs a token"):
        GitHubForge("https://api.github.com", token, "a/b")


def test_the_token_is_in_no_argument_file_or_message(
    work: Work, hub: GitHub, forge: GitHubForge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[Any] = []
    real = subprocess.run

    def watching(arguments: Any, *rest: Any, **options: Any) -> Any:
        commands.append(arguments)
        return real(arguments, *rest, **options)

    monkeypatch.setattr(subprocess, "run", watching)
    forge.push(work.gitdir, request := work.request(work.commit("a = 1\n")))
    forge.open(request)
    assert any("push" in command for command in commands)
    shown = {TOKEN, "eC1hY2Nlc3MtdG9rZW46"}  # as it is, and the beginning of its header
    assert not [word for command in commands for word in command if any(part in word for part in shown)]
    files = [path for path in (tmp_path / "workspaces").rglob("*") if path.is_file()]
    assert not [path for path in files if any(part.encode() in path.read_bytes() for part in shown)]
    pushes = [seen for seen in hub.seen if "receive-pack" in seen.path]
    assert all(seen.headers["Authorization"].startswith("Basic eC1hY2Nlc3MtdG9rZW46") for seen in pushes)
    assert TOKEN not in os.environ.values()


def test_programs_planted_in_the_git_directory_are_not_run(
    work: Work, hub: GitHub, forge: GitHubForge, tmp_path: Path
) -> None:
    marker = tmp_path / "pwned"
    plant(work.gitdir, marker)
    hook = work.gitdir / "hooks" / "pre-push"
    hook.write_text(f"#!/bin/sh\ntouch {marker}\n")
    hook.chmod(0o755)
    forge.push(work.gitdir, request := work.request(work.commit("a = 1\n")))
    assert hub.head(request.branch) == request.commit
    assert not marker.exists()


# The server refuses what the real one refuses, or the tests above would prove little.


@pytest.mark.parametrize(
    ("headers", "status", "message"),
    [
        ({"User-Agent": ""}, 403, "administrative rules"),
        ({"Authorization": "Bearer wrong"}, 401, "Bad credentials"),
        ({"Authorization": ""}, 404, "Not Found"),
        ({"Accept": "text/html"}, 415, "Must accept"),
        ({"X-GitHub-Api-Version": "1999-01-01"}, 400, "not supported"),
    ],
)
def test_the_server_is_strict_about_headers(
    hub: GitHub, headers: dict[str, str], status: int, message: str
) -> None:
    usual = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(trust_env=False) as client:
        answer = client.get(f"{hub.url}/repos/{hub.repo}", headers={**usual, **headers})
    assert answer.status_code == status
    assert message in answer.json()["message"]


def test_the_server_is_strict_about_pull_requests(work: Work, hub: GitHub, forge: GitHubForge) -> None:
    forge.push(work.gitdir, request := work.request(work.commit("a = 1\n")))
    good = {"title": "x", "head": request.branch, "base": "main"}
    with httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False) as client:

        def post(**changes: Any) -> tuple[int, Any]:
            answer = client.post(f"{hub.url}/repos/{hub.repo}/pulls", json={**good, **changes})
            return answer.status_code, answer.json().get("errors")

        invalid = {"resource": "PullRequest", "field": "head", "code": "invalid"}
        assert post(head="missing") == (422, [invalid])
        assert post(base=3) == (422, [{"resource": "PullRequest", "field": "base", "code": "missing_field"}])
        assert post(body="x" * 65_537)[0] == 422
        assert post()[0] == 201
        status, errors = post()
        assert status == 422
        assert errors[0]["message"] == "A pull request already exists for shop:agent/1a2b-retry."

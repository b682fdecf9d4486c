import json
import os
import shlex
import signal
import stat
import subprocess
import sys
import time
from dataclasses import astuple
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from agent.forge import Forge, Opened, RequestState
from agent.forge.local import LocalForge
from indexer.errors import BadInput, Forbidden, NotFound
from tests.agent.forge.make import Work, make_work
from tests.agent.test_workspace import plant
from tests.conftest import git, write


@pytest.fixture
def work(project: Path, tmp_path: Path) -> Work:
    return make_work(project, tmp_path)


@pytest.fixture
def forge(tmp_path: Path) -> LocalForge:
    return LocalForge(tmp_path / "forge", "shop")


def document(opened: Opened) -> str:
    return Path(unquote(urlparse(opened.url).path)).read_text()


def head(forge: LocalForge, branch: str) -> str:
    return git(forge.bare, "rev-parse", branch).strip()


def test_a_change_to_a_shallow_clone_is_kept_too(project: Path, tmp_path: Path, forge: LocalForge) -> None:
    write(project / "more.py", "more = 1\n")
    git(project, "add", ".")
    git(project, "commit", "-qm", "More")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", project.as_uri(), str(shallow))
    work = make_work(shallow, tmp_path)
    request = work.request(work.commit("pause = 9\n"), base_branch=work.workspace.base_branch)
    forge.push(work.gitdir, request)
    assert "Retry waits longer" in document(forge.open(request))
    assert git(forge.bare, "rev-list", "--count", request.branch).strip() == "2"
    assert git(forge.bare, "fsck", "--connectivity-only", "--no-dangling") == ""


def test_a_request_is_a_branch_and_a_document_beside_it(work: Work, forge: LocalForge) -> None:
    commit = work.commit("pause = 9\n")
    request = work.request(commit, labels=("agent",))
    seam: Forge = forge
    seam.push(work.gitdir, request)
    opened = seam.open(request)
    assert opened.number == "1"
    assert opened.created
    assert head(forge, request.branch) == commit
    assert head(forge, "main") == work.workspace.base
    assert "+pause = 9" in git(forge.bare, "diff", f"main...{request.branch}")
    text = document(opened)
    assert "# Retry waits longer" in text
    assert "\nBecause.\n" in text
    assert "labels: agent" in text
    record = json.loads((forge.requests / "1-retry-waits-longer.json").read_text())
    assert record["commit"] == commit
    assert stat.S_IMODE(forge.folder.stat().st_mode) == 0o700
    assert seam.show("1") == RequestState("open", commit)


def test_the_commands_of_the_document_work(work: Work, forge: LocalForge, project: Path) -> None:
    commit = work.commit("pause = 9\n")
    request = work.request(commit)
    forge.push(work.gitdir, request)
    text = document(forge.open(request))
    commands = [line.strip() for line in text.splitlines() if line.startswith("    git ")]
    assert len(commands) == 5
    for command in commands:
        git(project, *shlex.split(command)[1:])
    assert (project / "shop" / "retry.py").read_text() == "pause = 9\n"
    assert forge.show("1").state == "merged"


def test_doing_it_again_gives_the_same_request(work: Work, forge: LocalForge) -> None:
    request = work.request(work.commit("pause = 9\n"))
    for _ in range(2):
        forge.push(work.gitdir, request)
    first = forge.open(request)
    again = LocalForge(forge.folder, "shop").open(work.request(request.commit, title="Other", body="More."))
    assert (again.number, again.url, again.created) == (first.number, first.url, False)
    assert "More." in document(again)


def test_a_document_that_a_kill_left_out_is_written_again(work: Work, forge: LocalForge) -> None:
    request = work.request(work.commit("pause = 9\n"))
    forge.push(work.gitdir, request)
    opened = forge.open(request)
    (forge.requests / "1-retry-waits-longer.md").unlink()
    assert not forge.open(request).created
    assert "Because." in document(opened)


def test_requests_are_numbered_in_order(project: Path, tmp_path: Path, forge: LocalForge) -> None:
    numbers = []
    for run in ("1a", "2b", "3c"):
        work = make_work(project, tmp_path, run)
        request = work.request(work.commit("pause = 9\n"))
        forge.push(work.gitdir, request)
        numbers.append(forge.open(request).number)
    assert numbers == ["1", "2", "3"]


_RACER = """
import sys
from pathlib import Path
from agent.forge.local import LocalForge
from tests.agent.forge.make import make_work

project, folder, forge, name = sys.argv[1:]
local = LocalForge(Path(forge), "shop")
for nr in range(4):
    work = make_work(Path(project), Path(folder), f"{name}{nr}")
    request = work.request(work.commit("pause = 9\\n"))
    local.push(work.gitdir, request)
    print(local.open(request).number)
"""


def test_two_processes_never_get_the_same_number(project: Path, tmp_path: Path, forge: LocalForge) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", _RACER, str(project), str(tmp_path), str(forge.folder), name],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        for name in "ab"
    ]
    numbers = [int(word) for racer in racers for word in racer.communicate()[0].split()]
    assert sorted(numbers) == list(range(1, 9))


_VICTIM = """
import sys
from pathlib import Path
from agent.forge import ChangeRequest
from agent.forge.local import LocalForge

folder, gitdir, *values = sys.argv[1:]
request = ChangeRequest(*values)
print("ready", flush=True)
forge = LocalForge(Path(folder), "shop")
forge.push(Path(gitdir), request)
forge.open(request)
print("done", flush=True)
"""


@pytest.mark.parametrize("milliseconds", [0, 5, 10, 15, 20, 30, 40, 60, 90])
def test_killed_at_any_moment_and_done_again_it_is_one_request(
    work: Work, forge: LocalForge, milliseconds: int
) -> None:
    request = work.request(work.commit("pause = 9\n"))
    values = [value for value in astuple(request) if isinstance(value, str)]
    victim = subprocess.Popen(
        [sys.executable, "-c", _VICTIM, str(forge.folder), str(work.gitdir), *values],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        start_new_session=True,
    )
    assert victim.stdout is not None
    assert victim.stdout.readline() == b"ready\n"
    time.sleep(milliseconds / 1000)
    os.killpg(victim.pid, signal.SIGKILL)  # its git as well, as when a machine stops
    victim.wait()
    victim.stdout.close()
    forge.push(work.gitdir, request)
    assert forge.open(request).number == "1"
    assert head(forge, request.branch) == request.commit
    assert sorted(path.suffix for path in forge.requests.glob("[0-9]*")) == [".json", ".md"]


def test_what_a_killed_git_left_behind_stops_nobody(work: Work, forge: LocalForge) -> None:
    half = forge.folder / ".shop.git-0a1b2c3d"
    half.mkdir(parents=True)
    write(half / "config.lock", "")
    forge.push(work.gitdir, work.request(work.commit("pause = 9\n")))
    assert not half.exists()
    request = work.request(work.commit("pause = 8\n"))
    for ref in (request.branch, "main"):
        write(forge.bare / "refs" / "heads" / f"{ref}.lock", "")
    forge.push(work.gitdir, request)
    assert head(forge, request.branch) == request.commit


def test_a_run_may_correct_its_own_commit(work: Work, forge: LocalForge) -> None:
    forge.push(work.gitdir, work.request(work.commit("pause = 9\n")))
    corrected = work.request(work.commit("pause = 8\n"))
    forge.push(work.gitdir, corrected)
    assert head(forge, corrected.branch) == corrected.commit


def test_a_commit_of_somebody_else_is_never_lost(
    work: Work, forge: LocalForge, project: Path, tmp_path: Path
) -> None:
    request = work.request(work.commit("pause = 9\n"))
    forge.push(work.gitdir, request)
    clone = tmp_path / "reviewer"
    git(tmp_path, "clone", "-q", "-b", request.branch, str(forge.bare), str(clone))
    write(clone / "shop" / "retry.py", "pause = 10\n")
    git(clone, "commit", "-qam", "Longer still")
    git(clone, "push", "-q")
    theirs = head(forge, request.branch)
    for again in (request, work.request(work.commit("pause = 8\n"))):
        with pytest.raises(Forbidden, match="does not know"):
            forge.push(work.gitdir, again)
    assert head(forge, request.branch) == theirs


def test_a_commit_of_another_run_is_not_replaced(work: Work, forge: LocalForge) -> None:
    other = work.request(work.commit("pause = 9\n", run_id="another"))
    forge.push(work.gitdir, other)
    with pytest.raises(Forbidden, match="did not make"):
        forge.push(work.gitdir, work.request(work.commit("pause = 8\n")))


def test_a_branch_that_is_ahead_is_left_alone(work: Work, forge: LocalForge) -> None:
    request = work.request(work.commit("pause = 9\n"))
    forge.push(work.gitdir, request)
    with pytest.raises(Forbidden, match="is ahead there"):
        forge.push(work.gitdir, work.request(request.base))


@pytest.mark.parametrize("branch", ["main", "master", "release/2", "HEAD", "trunk"])
def test_shared_branches_are_refused(work: Work, forge: LocalForge, branch: str) -> None:
    with pytest.raises(Forbidden, match="people share it"):
        forge.push(work.gitdir, work.request(work.commit("a = 1\n"), branch=branch, base_branch="dev"))


def test_the_branch_to_merge_into_is_refused(work: Work, forge: LocalForge) -> None:
    with pytest.raises(Forbidden, match="people share it"):
        forge.push(work.gitdir, work.request(work.commit("a = 1\n"), branch="dev", base_branch="dev"))


@pytest.mark.parametrize(
    "branch", ["-f", "a b", "a..b", "../x", "a/../b", "a.lock", "a;b", "$(x)", "a\nb", "", "a/", "refs:x"]
)
def test_a_name_that_is_no_branch_is_refused(work: Work, forge: LocalForge, branch: str) -> None:
    with pytest.raises(BadInput, match="cannot be the name of a branch"):
        forge.push(work.gitdir, work.request(work.commit("a = 1\n"), branch=branch))


@pytest.mark.parametrize("title", ["", " ", "a\nb", "a\x1b[2J", "a" * 257])
def test_a_title_is_one_line(work: Work, forge: LocalForge, title: str) -> None:
    with pytest.raises(BadInput, match="is no title"):
        forge.push(work.gitdir, work.request(work.commit("a = 1\n"), title=title))


def test_what_was_not_pushed_cannot_be_asked_for(work: Work, forge: LocalForge) -> None:
    request = work.request(work.commit("a = 1\n"))
    with pytest.raises(NotFound, match="push it first"):
        forge.open(request)
    forge.push(work.gitdir, request)
    with pytest.raises(NotFound, match="push it first"):
        forge.open(work.request(work.commit("a = 2\n")))


def test_a_number_that_nobody_gave_is_not_found(forge: LocalForge) -> None:
    with pytest.raises(NotFound, match="no request 7"):
        forge.show("7")


def test_a_branch_that_was_deleted_is_a_closed_request(work: Work, forge: LocalForge) -> None:
    request = work.request(work.commit("pause = 9\n"))
    forge.push(work.gitdir, request)
    number = forge.open(request).number
    git(forge.bare, "branch", "-D", request.branch)
    assert forge.show(number) == RequestState("closed", request.commit)


def test_the_base_branch_moves_on_with_the_repository(
    project: Path, tmp_path: Path, work: Work, forge: LocalForge
) -> None:
    forge.push(work.gitdir, work.request(work.commit("pause = 9\n")))
    git(project, "commit", "-q", "--allow-empty", "-m", "Meanwhile")
    later = make_work(project, tmp_path, "later")
    forge.push(later.gitdir, later.request(later.commit("pause = 7\n")))
    assert head(forge, "main") == later.workspace.base
    forge.push(work.gitdir, work.request(work.commit("pause = 9\n")))
    assert head(forge, "main") == later.workspace.base


def test_a_folder_without_history_can_be_reviewed_again_and_again(
    sample: Path, tmp_path: Path, forge: LocalForge
) -> None:
    for run in ("1a", "2b"):
        work = make_work(sample, tmp_path, run)
        request = work.request(work.commit(f"pause = '{run}'\n", "payments/new.py"))
        forge.push(work.gitdir, request)
        text = document(forge.open(request))
        diff = next(line for line in text.splitlines() if " diff " in line)
        assert f"+pause = '{run}'" in git(tmp_path, *shlex.split(diff)[1:])


@pytest.mark.parametrize("name", ["../../etc", "a/b", "x.git", ".hidden", "büro", "", "a b"])
def test_no_name_of_a_repository_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    forge = LocalForge(tmp_path / "forge", name)
    assert forge.bare.parent == forge.folder
    assert forge.requests.parent.parent == forge.folder
    assert forge.bare.name not in ("x.git", ".git")
    assert LocalForge(tmp_path / "forge", name + "x").bare != forge.bare


def test_programs_planted_in_the_bare_repository_are_not_run(
    work: Work, forge: LocalForge, tmp_path: Path
) -> None:
    request = work.request(work.commit("pause = 9\n"))
    forge.push(work.gitdir, request)
    marker = tmp_path / "pwned"
    plant(forge.bare, marker)
    plant(work.gitdir, marker)
    request = work.request(work.commit("pause = 8\n"))
    forge.push(work.gitdir, request)
    forge.open(request)
    forge.show("1")
    assert not marker.exists()

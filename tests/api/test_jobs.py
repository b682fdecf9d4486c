"""Jobs are followed, shared and stopped."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from api.job_record import JobRecord
from api.jobs import Job, Jobs
from indexer.errors import BadInput, Cancelled, EmbeddingFailed, NotFound
from indexer.store.catalog import RepoRow
from indexer.sync import Hooks, Progress, SyncReport

from .make import eventually

REPO = RepoRow(1, "shop", "/shop", 0, None, 0, None, False, False)
OTHER = RepoRow(2, "other", "/other", 0, None, 0, None, False, False)
REPORT = SyncReport("shop", 3, 5, 7, 0.1, {}, 1, None, 3, 0, 0, ())


class Work:
    """A sync that goes on when it is told to."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun: list[str] = []

    def __call__(self, repo: RepoRow, hooks: Hooks) -> SyncReport:
        self.begun.append(repo.name)
        hooks.progress(Progress(repo.name, 1, 3, 2))
        while not self.go.wait(0.01):
            if hooks.cancelled():
                raise Cancelled("stopped: 1 of 3 changed files are indexed and kept")
        return REPORT


def ended(job: Job) -> Job:
    eventually(lambda: job.events()[1])
    return job


def test_a_job_tells_its_progress_and_its_report() -> None:
    work = Work()
    work.go.set()

    job = ended(Jobs(work).submit(REPO))
    document = job.document()
    assert (document["status"], document["report"]["files"]) == ("done", 3)
    assert document["progress"] == {"done": 1, "total": 3, "chunks": 2}
    assert [event.name for event in job.events()[0]] == ["running", "progress", "done"]


def test_a_job_that_has_not_begun_is_shared() -> None:
    work = Work()
    jobs = Jobs(work)
    running = jobs.submit(REPO)
    eventually(lambda: running.status == "running")

    waiting = jobs.submit(REPO)
    assert waiting is not running
    assert jobs.submit(REPO) is waiting
    work.go.set()
    assert ended(waiting).status == "done"
    assert work.begun == ["shop", "shop"]


def test_whole_syncs_of_two_repositories_take_turns() -> None:
    work = Work()
    jobs = Jobs(work)
    first = jobs.submit(REPO)
    eventually(lambda: first.status == "running")
    second = jobs.submit(OTHER)

    assert second.status == "queued"
    work.go.set()
    assert ended(second).status == "done"


def test_a_running_job_is_cancelled_and_says_what_is_kept() -> None:
    work = Work()
    jobs = Jobs(work)
    job = jobs.submit(REPO)
    eventually(lambda: job.status == "running")

    jobs.cancel(job.id)
    document = ended(job).document()
    assert document["status"] == "cancelled"
    assert "1 of 3" in document["error"]["detail"]


def test_a_waiting_job_is_cancelled_without_ever_beginning() -> None:
    work = Work()
    jobs = Jobs(work)
    first = jobs.submit(REPO)
    eventually(lambda: first.status == "running")
    second = jobs.submit(OTHER)

    jobs.cancel(second.id)
    assert ended(second).status == "cancelled"
    work.go.set()
    ended(first)
    assert work.begun == ["shop"]


def test_a_failure_is_told_as_a_problem() -> None:
    def fail(repo: RepoRow, hooks: Hooks) -> SyncReport:
        raise EmbeddingFailed("the endpoint refuses; check its key")

    document = ended(Jobs(fail).submit(REPO)).document()
    assert document["status"] == "failed"
    assert document["error"]["type"] == "urn:cairn:embedding-failed"
    assert "check its key" in document["error"]["detail"]


def test_a_mistake_of_ours_is_a_failure_too(caplog: pytest.LogCaptureFixture) -> None:
    def break_down(repo: RepoRow, hooks: Hooks) -> SyncReport:
        raise ZeroDivisionError

    document = ended(Jobs(break_down).submit(REPO)).document()
    assert (document["status"], document["error"]["type"]) == ("failed", "urn:cairn:bug")
    assert "ZeroDivisionError" in caplog.text


def test_stopping_ends_what_runs_and_takes_nothing_new() -> None:
    jobs = Jobs(Work())
    job = jobs.submit(REPO)
    eventually(lambda: job.status == "running")

    jobs.stop()
    assert job.status == "cancelled"
    with pytest.raises(Cancelled, match="stopping"):
        jobs.submit(REPO)


def test_an_ended_job_cannot_be_cancelled_and_an_unknown_one_not_found() -> None:
    work = Work()
    work.go.set()
    jobs = Jobs(work)
    job = ended(jobs.submit(REPO))

    with pytest.raises(BadInput, match="done"):
        jobs.cancel(job.id)
    with pytest.raises(NotFound, match="nowhere"):
        jobs.get("nowhere")


def test_a_job_that_a_server_did_not_end_goes_on_in_the_next_under_its_id(tmp_path: Path) -> None:
    record = JobRecord(tmp_path / "jobs.json")
    before = Jobs(Work(), record)
    running = before.submit(REPO)
    eventually(lambda: running.status == "running")
    before.submit(OTHER)
    # the server is killed here: nothing is told to anybody

    work = Work()
    after = Jobs(work, JobRecord(tmp_path / "jobs.json"))
    assert after.get(running.id).document()["status"] == "queued"
    assert work.begun == []
    again = after.submit(REPO)
    assert again.id == running.id
    work.go.set()
    assert ended(after.get(running.id)).document()["report"]["files"] == 3
    before.stop()


def test_a_server_that_is_told_to_stop_leaves_its_jobs_to_the_next(tmp_path: Path) -> None:
    record = JobRecord(tmp_path / "jobs.json")
    before = Jobs(Work(), record)
    first = before.submit(REPO)
    eventually(lambda: first.status == "running")
    waiting = before.submit(REPO)
    before.stop()
    assert first.status == "cancelled"

    after = Jobs(Work(), record)
    job = after.submit(REPO)
    assert job.id == waiting.id
    assert after.get(first.id) is job  # one look at the files is enough for both
    after.stop()


def test_what_ended_is_known_after_a_restart_and_what_was_removed_ends(tmp_path: Path) -> None:
    work = Work()
    work.go.set()
    record = JobRecord(tmp_path / "jobs.json")
    before = Jobs(work, record)
    done = ended(before.submit(REPO)).document()
    work.go.clear()
    left = before.submit(OTHER)
    eventually(lambda: left.status == "running")

    after = Jobs(Work(), record)
    assert after.get(done["id"]).document() == done
    after.drop_unknown(["shop"])
    document = after.get(left.id).document()
    assert (document["status"], "was removed" in document["error"]["detail"]) == ("cancelled", True)
    before.stop()


def test_a_broken_record_costs_history_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "jobs.json").write_text('{"jobs": [')
    work = Work()
    work.go.set()
    jobs = Jobs(work, JobRecord(tmp_path / "jobs.json"))
    assert ended(jobs.submit(REPO)).status == "done"
    assert "cannot be read" in caplog.text

import os
import shutil
from pathlib import Path

import httpx
import pytest

from indexer.errors import Cancelled, IndexBusy, NotFound, StoreUnreachable
from indexer.files import FileOptions, Walk
from indexer.lock import writing_lock
from indexer.store import Points
from indexer.store.server import ServerVectors
from indexer.sync import Hooks, Indexer, Progress
from retriever.types import Query
from tests.conftest import Index, git, make_index, write
from tests.contract.qdrant import StrictTransport, load_contract
from tests.contract.qdrant_double import QdrantDouble


class Restarting:
    """A Qdrant server that answers 503 to its next `away_for` writes."""

    def __init__(self, dimensions: int) -> None:
        double = StrictTransport(load_contract(), QdrantDouble())
        self.away_for = 0

        def answer(request: httpx.Request) -> httpx.Response:
            if self.away_for and request.method == "PUT" and request.url.path.endswith("/points"):
                self.away_for -= 1
                return httpx.Response(503, text="starting")
            return double.handle_request(request)

        self.vectors = ServerVectors(
            "http://qdrant:6333", "c", dimensions, transport=httpx.MockTransport(answer)
        )


def paths(index: Index, root: Path) -> list[str]:
    return [file.path for file in index.catalog.files(index.catalog.repo(str(root.resolve())))]


def test_a_first_sync_indexes_everything_and_says_what_it_found(index: Index, project: Path) -> None:
    report = index.sync(project)
    assert report.files == report.changed == 5
    assert report.chunks == len(index.content(project)["points"])  # type: ignore[arg-type]
    assert report.generation == 1
    assert report.commit == git(project, "rev-parse", "HEAD").strip()


def test_a_second_sync_does_nothing(index: Index, project: Path) -> None:
    first = index.sync(project)
    second = index.sync(project)
    assert (second.changed, second.removed, second.generation) == (0, 0, first.generation)


def test_a_touched_file_is_read_but_not_written_again(index: Index, project: Path) -> None:
    index.sync(project)
    os.utime(project / "shop" / "retry.py")
    report = index.sync(project)
    assert (report.changed, report.generation) == (0, 1)


def test_an_edit_changes_the_answer(index: Index, project: Path) -> None:
    index.sync(project)
    write(project / "shop" / "refunds.py", "def give_money_back(order):\n    return order.total\n")
    index.sync(project)
    hits = index.retriever.search(Query("give money back")).hits
    assert hits[0].symbol == "give_money_back"


def test_a_content_written_at_the_same_size_and_time_is_seen(index: Index, project: Path) -> None:
    index.sync(project)
    file = project / "shop" / "retry.py"
    before = file.stat()
    file.write_text("x = 1\n".ljust(before.st_size))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert index.sync(project).changed == 1


def test_a_file_that_may_no_longer_be_read_leaves_the_index(index: Index, project: Path) -> None:
    index.sync(project)
    file = project / "shop" / "retry.py"
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("this user reads everything")

    assert index.sync(project).skipped == {"unreadable": 1}
    assert "shop/retry.py" not in paths(index, project)


def test_a_deleted_file_leaves_the_index(index: Index, project: Path) -> None:
    index.sync(project)
    (project / "shop" / "retry.py").unlink()
    report = index.sync(project)
    assert report.removed == 1
    assert "shop/retry.py" not in paths(index, project)
    assert all(hit.path != "shop/retry.py" for hit in index.retriever.search(Query("retry backoff")).hits)


def test_a_sync_of_some_paths_leaves_the_others_alone(index: Index, project: Path) -> None:
    index.sync(project)
    write(project / "shop" / "retry.py", "def other():\n    pass\n")
    write(project / "shop" / "client.py", "def unseen():\n    pass\n")
    assert index.sync(project, ["shop/retry.py"]).changed == 1
    symbols = index.catalog.symbols_named(index.catalog.repo("shop"), ["other", "unseen"])
    assert [symbol.name for symbol in symbols] == ["other"]


@pytest.mark.parametrize("name", ["bad\udcff.py", "bad\udcff/inner.py", "shop/bad\udcff.py"])
def test_a_path_whose_name_is_no_text_stops_no_other(index: Index, project: Path, name: str) -> None:
    index.sync(project)
    write(project / name, "def unnamed():\n    pass\n")
    write(project / "shop" / "other.py", "def other():\n    pass\n")
    told = [name.partition("/inner")[0], name, "shop/other.py"]
    assert index.sync(project, told).changed == 1
    (reason,) = index.catalog.skipped(index.catalog.repo("shop"))
    assert reason[1:] == ("unreadable", "the name is not UTF-8")
    (project / name).unlink()
    if name.endswith("inner.py"):
        (project / name).parent.rmdir()
    index.sync(project, told)
    assert index.catalog.skipped(index.catalog.repo("shop")) == []


@pytest.mark.parametrize("away", ["moved", "replaced"])
def test_a_root_that_goes_away_while_it_is_read_empties_nothing(
    index: Index, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    index.sync(project)
    before = paths(index, project)

    def walk_late(root: Path, options: FileOptions) -> Walk:
        shutil.move(root, tmp_path / "away")
        if away == "replaced":
            root.mkdir()
        return Walk()

    with monkeypatch.context() as patch:
        patch.setattr("indexer.sync.walk", walk_late)
        with pytest.raises(NotFound, match="the index keeps what it has"):
            index.sync(project)
    assert paths(index, project) == before
    shutil.rmtree(project, ignore_errors=True)
    shutil.move(tmp_path / "away", project)
    assert index.sync(project).changed == 0


def test_a_deleted_folder_named_in_paths_leaves_the_index(index: Index, project: Path) -> None:
    index.sync(project)
    shutil.rmtree(project / "shop")
    assert index.sync(project, ["shop"]).removed == 3
    assert paths(index, project) == ["README.md", "tests/test_client.py"]


def test_an_ignored_file_leaves_the_index(index: Index, project: Path) -> None:
    index.sync(project)
    git(project, "rm", "-q", "--cached", "shop/retry.py")
    write(project / ".gitignore", "retry.py\n")
    index.sync(project)
    assert "shop/retry.py" not in paths(index, project)


def test_a_file_that_is_no_longer_ignored_comes_back(index: Index, project: Path) -> None:
    write(project / "shop" / "new.py", "def fresh():\n    pass\n")
    write(project / ".gitignore", "new.py\n")
    index.sync(project)
    assert "shop/new.py" not in paths(index, project)
    write(project / ".gitignore", "other.py\n")
    index.sync(project)
    assert "shop/new.py" in paths(index, project)


@pytest.mark.parametrize("step", ["parse", "chunk", "facts_of"])
def test_one_poisonous_file_is_named_and_the_rest_goes_on(
    index: Index, project: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from indexer import prepare

    real = getattr(prepare, step)

    def fails(file, *more):  # type: ignore[no-untyped-def]
        if getattr(file, "file", file).path == "shop/retry.py":
            raise RuntimeError("no luck")
        return real(file, *more)

    monkeypatch.setattr(prepare, step, fails)
    report = index.sync(project)
    assert report.failed == ("shop/retry.py: RuntimeError: no luck",)
    assert report.files == 4
    monkeypatch.undo()
    assert index.sync(project).files == 5  # tried again, though its stat did not change


def test_two_writers_of_one_repository_are_refused(index: Index, project: Path) -> None:
    repo = index.add(project)
    with writing_lock(index.data, repo.name), pytest.raises(IndexBusy, match="being indexed by process"):
        index.indexer.sync(repo)


def test_a_stopped_sync_keeps_what_it_did_and_goes_on(index: Index, tmp_path: Path) -> None:
    root = tmp_path / "many"
    for n in range(120):
        write(root / f"file_{n}.py", f"def function_{n}():\n    return {n}\n")
    repo = index.add(root)
    seen: list[Progress] = []
    with pytest.raises(Cancelled, match=r"of 120 changed files of many are indexed and kept"):
        index.indexer.sync(repo, hooks=Hooks(seen.append, lambda: bool(seen)), workers=1)
    kept = len(paths(index, root))
    assert 0 < kept < 120
    assert index.catalog.repo("many").pending == 120 - kept
    report = index.indexer.sync(index.catalog.repo("many"), workers=1)
    assert (report.changed, report.files) == (120 - kept, 120)
    assert index.catalog.repo("many").pending == 0


def test_a_store_that_fails_leaves_the_old_answer_and_loses_nothing(
    index: Index, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.sync(project)
    before = index.content(project)
    write(project / "shop" / "retry.py", "def other():\n    pass\n")

    def refuse() -> None:
        raise StoreUnreachable("the store went away")

    monkeypatch.setattr(index.vectors, "flush", refuse)
    with pytest.raises(StoreUnreachable):
        index.sync(project)
    assert index.content(project)["chunks"] == before["chunks"]
    monkeypatch.undo()
    assert index.sync(project).changed == 1
    fresh = make_index(index.data.root.parent / "fresh")
    fresh.sync(project)
    assert index.content(project) == fresh.content(project)
    fresh.vectors.close()


def test_points_an_interrupted_sync_left_behind_are_swept_away(
    index: Index, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.sync(project)
    write(project / "shop" / "lost.py", "def lost():\n    pass\n")
    stored: list[Points] = []
    real = index.vectors.upsert_packed

    def die(blob: bytes) -> None:
        real(blob)
        raise KeyboardInterrupt

    monkeypatch.setattr(index.vectors, "upsert_packed", die)
    with pytest.raises(Cancelled):
        index.sync(project)
    assert not stored
    monkeypatch.undo()
    (project / "shop" / "lost.py").unlink()
    index.sync(project)
    repo = index.catalog.repo("shop")
    assert set(index.vectors.ids("shop")) == index.catalog.chunk_ids(repo)


def test_removing_a_repository_removes_its_points_only(index: Index, project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write(other / "a.py", "def stays():\n    pass\n")
    index.sync(project)
    index.sync(other)
    index.indexer.remove(index.catalog.repo("shop"))
    assert [repo.name for repo in index.catalog.repos()] == ["other"]
    assert index.vectors.count("shop") == 0
    assert index.vectors.count("other") == 1


def test_a_server_that_restarts_in_mid_sync_is_waited_for(
    index: Index, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.store.server._WRITE_PAUSES", (0.0,) * 8)
    server, repo = Restarting(index.embedder.dimensions), index.add(project)
    indexer = Indexer(index.data, index.catalog, server.vectors, index.embedder)
    server.away_for = 6
    report = indexer.sync(repo, None, Hooks(), workers=1)
    assert server.away_for == 0
    assert set(server.vectors.ids(repo.name)) == index.catalog.chunk_ids(repo)
    assert report.files == 5


def test_a_server_that_stays_away_is_named_and_the_next_sync_goes_on(
    index: Index, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.store.server._WRITE_PAUSES", (0.0,))
    server, repo = Restarting(index.embedder.dimensions), index.add(project)
    indexer = Indexer(index.data, index.catalog, server.vectors, index.embedder)
    server.away_for = 1000
    with pytest.raises(StoreUnreachable, match="nothing is lost, try again"):
        indexer.sync(repo, None, Hooks(), workers=1)
    server.away_for = 0
    indexer.sync(repo, None, Hooks(), workers=1)
    assert set(server.vectors.ids(repo.name)) == index.catalog.chunk_ids(repo)


def test_points_that_a_store_lost_are_made_again_by_the_next_whole_sync(index: Index, project: Path) -> None:
    index.sync(project)
    before = index.content(project)
    lost = sorted(index.vectors.ids("shop"))[:3]
    index.vectors.delete(lost)
    index.vectors.flush()
    assert index.sync(project).changed > 0
    assert index.content(project) == before

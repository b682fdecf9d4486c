"""Another model's index is built beside the one that answers, and takes its place without a gap."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from api.estimate import estimate
from api.leftovers import leftovers, used_bytes
from api.migration import cancel, clean, migrate, roll_back, wanted
from api.migration_state import progress_of, state_of
from api.service import Service
from api.settings import Settings
from api.verify import verify
from indexer.chunk import CHUNKER_VERSION
from indexer.errors import Cancelled, Conflict, EmbeddingFailed, NotFound
from indexer.store.editions import change_editions, read_editions
from indexer.sync import Hooks
from retriever.types import Query

from ..indexer.embed.endpoint import Endpoint, serving
from .make import SHOP, Cairn, eventually, write_tree

ASKED = Query("where do we retry failed payments?")


@contextmanager
def asking_for(data: Path, embedder: str | None, **more: str) -> Iterator[Service]:
    service = Service(Settings(data=data, embedder=embedder, workers=1, **more))  # type: ignore[arg-type]
    yield service
    service.close()


def model_of(service: Service) -> str:
    return service.current.edition.embedder


def grow(root: Path, files: int = 120) -> None:
    """Enough files for several batches."""
    for n in range(files):
        names = "".join(f"def charge_{n}_{m}(card):\n    return card * {m}\n\n\n" for m in range(30))
        write_tree(root, {f"shop/more/m_{n}.py": names})


def test_answers_come_from_one_index_or_the_other_at_every_moment(
    indexed: Service, shop: Path, data: Path
) -> None:
    grow(shop)
    indexed.sync(indexed.named("shop"))
    answers: list[tuple[str, tuple[tuple[str, float], ...], int]] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            found = indexed.retriever.search(ASKED)  # an error ends the thread, and the count below
            scores = tuple((hit.chunk_id, hit.score) for hit in found.hits)
            answers.append((found.index[0].edition, scores, found.index[0].generation))

    thread = threading.Thread(target=ask)
    thread.start()
    before = indexed.current.edition
    with asking_for(data, "static") as other:
        to = wanted(other)
        assert to is not None
        migrate(other, to)  # as another process would
        after = to.edition
        asked = len(answers)
        eventually(lambda: len(answers) > asked + 5)
        over.set()
        thread.join()
        assert verify(other, other.named("shop")).ok

    assert len(answers) > 10
    assert {edition for edition, _, _ in answers} == {before.digest, after.digest}
    assert all(scores for _, scores, _ in answers)
    assert len({(edition, scores) for edition, scores, _ in answers}) == 2  # never mixed
    editions = [edition for edition, _, _ in answers]
    assert editions == sorted(editions, key=[before.digest, after.digest].index)  # and never back
    generations = [generation for _, _, generation in answers]
    assert generations == sorted(generations)  # who waits for one sees none fall


def test_what_is_edited_added_and_removed_meanwhile_is_in_both(
    indexed: Service, shop: Path, copy_of_shop: Path, tmp_path: Path, data: Path
) -> None:
    gone, _ = indexed.add_repo(write_tree(tmp_path / "gone", SHOP))
    indexed.sync(gone)
    done: list[str] = []

    def in_the_middle(_: object) -> None:
        if not done:
            done.append("")
            write_tree(shop, {"shop/refund.py": "def refund_everything():\n    return 0\n"})
            indexed.sync(indexed.named("shop"), ["shop/refund.py"])
            assert indexed.retriever.symbols("shop", "refund_everything")
            repo, _ = indexed.add_repo(copy_of_shop)
            indexed.sync(repo)
            indexed.remove(gone)
            assert model_of(indexed) == "hashed"

    with asking_for(data, "static") as other:
        to = wanted(other)
        assert to is not None
        migrate(other, to, Hooks(progress=in_the_middle))

    assert done
    assert (model_of(indexed), [repo.name for repo in indexed.repos()]) == ("static", ["copy", "shop"])
    assert indexed.retriever.symbols("shop", "refund_everything")
    assert all(verify(indexed, repo).ok for repo in indexed.repos())


def test_a_save_that_waits_for_the_swap_is_written_to_the_new_index(
    indexed: Service, shop: Path, data: Path
) -> None:
    with asking_for(data, "static") as other:
        to = wanted(other)
        assert to is not None
        saver: list[threading.Thread] = []
        swap = other.swap

        def save_then_swap(*args: object) -> None:
            write_tree(shop, {"shop/late.py": "def saved_late():\n    return 0\n"})  # after the last look
            saver.append(
                threading.Thread(target=lambda: indexed.sync(indexed.named("shop"), ["shop/late.py"]))
            )
            saver[0].start()
            swap(*args)  # type: ignore[arg-type]

        other.swap = save_then_swap  # type: ignore[method-assign]
        migrate(other, to)
        saver[0].join()

    assert model_of(indexed) == "static"
    assert indexed.retriever.symbols("shop", "saved_late")


def test_a_migration_that_is_stopped_goes_on_where_it_was(indexed: Service, shop: Path, data: Path) -> None:
    grow(shop)
    indexed.sync(indexed.named("shop"))
    with asking_for(data, "static") as other:
        to = wanted(other)
        assert to is not None
        seen: list[int] = []
        with pytest.raises(Cancelled, match=r"stopped|kept"):
            migrate(other, to, Hooks(lambda now: seen.append(now.done), lambda: len(seen) > 0))
        done, total = progress_of(other) or (0, 0)
        assert 0 < done < total == 125
        assert model_of(indexed) == "hashed"
    with asking_for(data, None) as nobody:  # the one that was begun is meant where no setting says otherwise
        to = wanted(nobody)
        assert to is not None
        totals: list[int] = []
        migrate(nobody, to, Hooks(progress=lambda now: totals.append(now.total)))
        assert max(totals) == total - done
    assert model_of(indexed) == "static"


def test_a_cancelled_migration_leaves_nothing(indexed: Service, data: Path) -> None:
    before = used_bytes(data / "vectors") + used_bytes(data / "indexes")
    with asking_for(data, "static") as other:
        to = wanted(other)
        assert to is not None
        told: list[object] = []

        def give_up(_: object) -> None:
            if not told:
                told.append(threading.Thread(target=lambda: cancel(indexed)))
                told[0].start()  # type: ignore[attr-defined]
                eventually(lambda: (said := read_editions(indexed.data)) and said.building is None)

        with pytest.raises(Cancelled, match=r"cancelled|stopped"):
            migrate(other, to, Hooks(progress=give_up))
        told[0].join()  # type: ignore[attr-defined]

    assert leftovers(indexed.data) == []
    assert abs(used_bytes(data / "vectors") + used_bytes(data / "indexes") - before) < 50_000
    assert (model_of(indexed), indexed.retriever.search(ASKED).hits != ()) == ("hashed", True)
    said = read_editions(indexed.data)
    assert said is not None
    assert said.declined == to.edition.fingerprint
    with pytest.raises(Conflict, match="nothing to cancel"):
        cancel(indexed)


def test_a_rollback_brings_back_the_index_before_with_what_changed_since(
    indexed: Service, shop: Path, data: Path
) -> None:
    with asking_for(data, "static") as other:
        to = wanted(other)
        assert to is not None
        migrate(other, to)
        write_tree(shop, {"shop/refund.py": "def refund_everything():\n    return 0\n"})
        other.sync(other.named("shop"))
        back = roll_back(other)

        assert (model_of(other), model_of(indexed)) == ("hashed", "hashed")
        assert back.previous == to.edition
        assert other.retriever.symbols("shop", "refund_everything")
        assert verify(other, other.named("shop")).ok
        said = read_editions(other.data)
        assert said is not None
        assert said.declined == to.edition.fingerprint  # a server builds it only when asked to


def test_only_the_index_before_is_kept_and_clean_frees_its_room(indexed: Service, data: Path) -> None:
    with asking_for(data, "static") as other:
        to = wanted(other)
        assert to is not None
        migrate(other, to)
        previous = state_of(other)["previous"]
        assert previous["embedder"] == "hashed"
        assert leftovers(other.data) == []

        removed, notes = clean(other)
        assert (removed, notes) == ((previous["fingerprint"],), ())
        assert [path.name for path in (data / "indexes").iterdir()] == [to.edition.digest]
        assert [path.name for path in (data / "vectors").iterdir() if path.is_dir()] == [
            to.edition.collection
        ]
        with pytest.raises(Conflict, match="no index to go back to"):
            roll_back(other)
        assert other.retriever.search(ASKED).hits


def test_a_folder_that_is_gone_costs_no_index(
    indexed: Service, shop: Path, data: Path, tmp_path: Path
) -> None:
    shutil.move(shop, tmp_path / "away")
    with asking_for(data, "static") as other:
        to = wanted(other)
        assert to is not None
        with pytest.raises(NotFound, match=r"cairn remove shop, then migrate again"):
            migrate(other, to)
        assert (model_of(other), bool(other.retriever.search(ASKED).hits)) == ("hashed", True)
        shutil.move(tmp_path / "away", shop)
        migrate(other, to)
        assert model_of(other) == "static"


def test_a_version_that_cuts_files_differently_builds_beside_the_index_before(
    indexed: Service, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert indexed.advice is None
    for module in ("indexer.store.schema", "api.service"):
        monkeypatch.setattr(f"{module}.CHUNKER_VERSION", "c99")

    with asking_for(data, None) as other:
        assert other.retriever.search(ASKED).hits
        assert "run: cairn migrate" in (other.advice or "")
        to = wanted(other)
        assert to is not None
        before, after = other.current.edition.parts, to.edition.parts
        assert (before.embedder, before.chunker, after.chunker) == (after.embedder, CHUNKER_VERSION, "c99")
        migrate(other, to)
        assert other.advice is None
        assert other.retriever.search(ASKED).hits


def test_two_migrations_at_once_are_one_too_many(indexed: Service, data: Path) -> None:
    with asking_for(data, "static") as other:
        to = wanted(other)
        assert to is not None
        refused: list[str] = []

        def another(_: object) -> None:
            with pytest.raises(Conflict) as conflict:
                migrate(indexed, to)
            refused.append(str(conflict.value))

        migrate(other, to, Hooks(progress=another))
    assert "building an index" in refused[0]


def test_a_new_model_that_refuses_leaves_the_old_one_answering_and_costs_nothing_twice(
    indexed: Service, data: Path
) -> None:
    with serving(Endpoint()) as endpoint, asking_for(data, "openai:m", embedder_url=endpoint.url) as other:
        to = wanted(other)
        assert to is not None
        endpoint.key = "right"
        with pytest.raises(EmbeddingFailed, match="401"):
            migrate(other, to)
        assert (model_of(other), bool(other.retriever.search(ASKED).hits)) == ("hashed", True)
        endpoint.key = ""
        migrate(other, to)
        assert other.retriever.search(ASKED).hits
        texts = sum(endpoint.sizes)
        roll_back(other)
        clean_index(other)
        again = wanted(other)
        assert again is not None
        migrate(other, again)
        assert model_of(other) == "openai:m"
        assert sum(endpoint.sizes) <= texts + 2  # the questions; every text of the code came from the cache


def clean_index(service: Service) -> None:
    """Remove the index before, and not what its costly model said."""
    from api.leftovers import remove_leftovers

    change_editions(service.data, lambda said: replace(said, previous=None))  # type: ignore[type-var]
    remove_leftovers(service)


def test_an_estimate_is_measured_on_the_files(indexed: Service, shop: Path, data: Path) -> None:
    grow(shop)
    indexed.sync(indexed.named("shop"))
    with asking_for(data, "static") as other:
        to = wanted(other)
        assert to is not None
        found = estimate(other, to)
        assert (found.files, found.fits, found.fingerprint) == (125, True, to.edition.fingerprint)
        assert 0 < found.sampled <= found.chunks
        assert model_of(other) == "hashed"
        counted = sum(other.catalog.counts(repo)["chunks"] for repo in other.repos())
        assert found.chunks == counted
        assert read_editions(other.data).building is None  # type: ignore[union-attr]


def test_the_command_estimates_builds_goes_back_and_cleans(
    cairn: Cairn, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CAIRN_EMBEDDER")
    cairn("index", shop)
    assert cairn("migrate").out.endswith("which is what the settings and this version ask for\n")
    assert cairn("migrate", "--to", "hashed", "--estimate", "--json").json["files"] == len(SHOP)
    built = cairn("migrate", "--to", "hashed", "--json").json
    assert built["current"].startswith("hashed-64/")
    assert cairn("search", "retry", "--json").json["index"]["edition"]
    kept = cairn("status").out
    assert "kept: cairn-static" in kept
    assert "cairn migrate --rollback or --clean" in kept
    assert cairn("migrate", "--rollback").out.startswith("the index of static answers")
    assert cairn("migrate", "--clean", "--json").json["removed"] == [built["current"]]
    nonsense = cairn("migrate", "--to", "nonsense")
    assert (nonsense.code, "unknown embedding model" in nonsense.err) == (2, True)
    assert cairn("search", "retry").code == 0


def test_a_setting_that_names_another_model_is_told_and_changes_nothing(
    cairn: Cairn, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cairn("index", shop)
    monkeypatch.setenv("CAIRN_EMBEDDER", "static")

    said = cairn("index", shop)
    assert "the index is of hashed, CAIRN_EMBEDDER asks for static" in said.err
    assert "(no change)" in said.out
    assert "CAIRN_EMBEDDER asks for static" in cairn("status").out

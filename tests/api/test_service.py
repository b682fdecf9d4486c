"""Which folders can be repositories, and under which names."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from api.service import Service
from api.settings import Settings
from indexer.errors import BadInput, Forbidden, IndexBusy, IndexDamaged, NotFound
from indexer.lock import writing_lock
from indexer.store.editions import read_editions

from ..conftest import git
from .make import SHOP, write_tree


def test_a_folder_is_registered_once(service: Service, shop: Path) -> None:
    first, new = service.add_repo(shop)
    second, again = service.add_repo(shop / "." / "shop" / "..")

    assert (new, again) == (True, False)
    assert first == second


def test_equal_folder_names_get_numbers(service: Service, tmp_path: Path) -> None:
    names = []
    for parent in ("a", "b", "c"):
        repo, _ = service.add_repo(write_tree(tmp_path / parent / "app", SHOP))
        names.append(repo.name)

    assert names == ["app", "app-2", "app-3"]


def test_an_odd_folder_name_becomes_a_usable_one(service: Service, tmp_path: Path) -> None:
    repo, _ = service.add_repo(write_tree(tmp_path / "my shop (old)", SHOP))

    assert repo.name == "my-shop-old"


@pytest.mark.parametrize("name", ["a/b", "..", "@copy", "x" * 101, "a b", "a\0b"])
def test_a_name_that_would_break_an_address_is_refused(service: Service, shop: Path, name: str) -> None:
    with pytest.raises(BadInput, match="no usable name"):
        service.add_repo(shop, name)


def test_a_name_belongs_to_one_folder(service: Service, shop: Path, copy_of_shop: Path) -> None:
    service.add_repo(shop, "shop")

    with pytest.raises(BadInput, match="taken by another"):
        service.add_repo(copy_of_shop, "shop")
    with pytest.raises(BadInput, match="indexed already, as shop"):
        service.add_repo(shop, "other")


def test_a_folder_that_is_not_there_is_named(service: Service, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no folder .*missing"):
        service.add_repo(tmp_path / "missing")


def test_a_link_that_leads_in_a_circle_is_no_folder(service: Service, tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "other")
    (tmp_path / "other").symlink_to(tmp_path / "one")
    with pytest.raises(NotFound, match="its links lead in a circle"):
        service.add_repo(tmp_path / "one")


def test_a_folder_whose_name_is_no_text_is_refused(service: Service, tmp_path: Path) -> None:
    (tmp_path / "bad\udcff").mkdir()
    with pytest.raises(BadInput, match=r"bad\\udcff' is no UTF-8"):
        service.add_repo(tmp_path / "bad\udcff")
    assert service.repos() == []


@pytest.mark.parametrize("path", ["relative", "/with\0nul", "/"])
def test_a_path_that_is_no_repository_is_refused(service: Service, path: str) -> None:
    with pytest.raises(BadInput):
        service.add_repo(Path(path))


def test_what_git_keeps_is_no_repository_and_a_worktree_of_it_is_one(
    service: Service, project: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    git(tmp_path, "clone", "-q", "--bare", str(project), str(bare))
    for folder in (bare, project / ".git"):
        with pytest.raises(
            BadInput, match=r"is git's own directory; give the folder of a clone or a worktree"
        ):
            service.add_repo(folder)
    git(bare, "worktree", "add", "-q", str(bare / "tree"))
    assert service.add_repo(bare / "tree")[1]


def test_the_data_directory_is_no_repository(service: Service, data: Path) -> None:
    (data / "indexes").mkdir(exist_ok=True)

    with pytest.raises(BadInput, match="data directory"):
        service.add_repo(data / "indexes")


def test_a_repository_that_holds_the_data_directory_does_not_index_it(shop: Path) -> None:
    service = Service(Settings(data=shop / "c", embedder="hashed", workers=1))
    repo, _ = service.add_repo(shop)
    (shop / "c" / "owner.json").write_text('{"token": "of the keeper"}')  # the real one comes and goes
    service.sync(repo)

    assert not [file.path for file in service.catalog.files(repo) if file.path.startswith("c/")]
    from ..indexer.store.make import stop_keeper

    stop_keeper(shop / "c")


def test_roots_confine_what_can_be_registered(data: Path, shop: Path, tmp_path: Path) -> None:
    service = Service(Settings(data=data, embedder="hashed", roots=(tmp_path / "elsewhere",)))

    with pytest.raises(Forbidden, match="CAIRN_ROOTS"):
        service.add_repo(shop)


def test_a_link_does_not_lead_out_of_the_roots(data: Path, shop: Path, tmp_path: Path) -> None:
    allowed = tmp_path / "allowed"
    allowed.mkdir()
    (allowed / "link").symlink_to(shop)
    service = Service(Settings(data=data, embedder="hashed", roots=(allowed,)))

    with pytest.raises(Forbidden):
        service.add_repo(allowed / "link")


def test_a_sync_waits_for_another_writer_only_as_long_as_it_may(service: Service, shop: Path) -> None:
    repo, _ = service.add_repo(shop)

    with writing_lock(service.data, repo.name), pytest.raises(IndexBusy, match="shop"):
        service.sync(repo, patience=0.2)
    assert service.sync(repo, patience=0.2).files == len(SHOP)


def test_the_data_directory_is_for_this_user_alone(tmp_path: Path) -> None:
    service = Service(Settings(data=tmp_path / "new" / "data", embedder="hashed"))
    service.repos()

    assert (tmp_path / "new" / "data").stat().st_mode & 0o077 == 0


def test_a_model_that_is_only_asked_for_changes_no_answer(indexed: Service, data: Path) -> None:
    other = Service(Settings(data=data, embedder="static"))

    assert [(repo.name, repo.generation) for repo in other.repos()] == [("shop", 1)]
    assert (other.current.edition.embedder, other.wish) == ("hashed", "static")
    assert Service(Settings(data=data)).wish is None  # without a setting, the model there is


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text('{"current": ')])
def test_without_its_pointer_the_index_that_was_written_last_answers(
    indexed: Service, data: Path, spoil: Callable[[Path], object]
) -> None:
    before = indexed.current.edition
    indexed.close()
    spoil(data / "current.json")
    if (data / "current.json").exists():
        with pytest.raises(IndexDamaged, match="delete it"):
            Service(Settings(data=data)).repos()
        (data / "current.json").unlink()

    found = Service(Settings(data=data))
    assert [repo.name for repo in found.repos()] == ["shop"]
    assert found.current.edition == before
    said = read_editions(found.data)
    assert said is not None
    assert said.current == before


def test_an_index_without_repositories_makes_way_at_once(service: Service, data: Path) -> None:
    assert service.repos() == []

    other = Service(Settings(data=data, embedder="static"))
    assert (other.current.edition.embedder, other.wish) == ("static", None)
    assert service.current.edition.embedder == "static"  # the one that was open follows


def test_an_index_of_another_version_is_built_again_and_its_repositories_are_known(
    indexed: Service, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, _ = indexed.add_repo(write_tree(tmp_path / "gone", SHOP))
    shutil.rmtree(gone.root)
    before = indexed.current.edition

    monkeypatch.setattr("indexer.store.schema.FORMAT", 99)
    other = Service(Settings(data=data, embedder="hashed"))
    assert [(repo.name, repo.generation) for repo in other.repos()] == [("shop", 0)]
    said = read_editions(other.data)
    assert said is not None
    assert said.previous == before  # for who goes back to that version
    other.remove(other.named("shop"))
    assert Service(Settings(data=data, embedder="hashed")).repos() == []  # what was removed stays so

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from agent.rooms import Rooms
from agent.sandbox import Mount, Room
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.dependencies import Environment, InstallationFailed, prepare
from agent.sandbox.manifests import manifests_of
from agent.sandbox.registries import registry_settings
from agent.sandbox.toolchain import python_toolchain
from agent.sandbox.unconfined import Unconfined
from indexer.errors import BadInput, Forbidden, SandboxUnavailable

TOOLS = python_toolchain()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "environments"


@pytest.fixture
def rooms(sandbox: Bubblewrap, tmp_path: Path) -> Rooms:
    (tmp_path / "reports").mkdir()
    return Rooms(sandbox, TOOLS, tmp_path / "reports")


def furnished(rooms: Rooms, environment: Environment) -> Rooms:
    return Rooms(rooms.sandbox, rooms.toolchain, rooms.reports, environment)


def installed(commands: list[str], tree: Path, cache: Path, sandbox: Bubblewrap) -> Environment:
    """By a registry; where none answers the test is skipped."""
    try:
        return prepare(commands, tree, cache, sandbox, {}, toolchain=TOOLS, environ=os.environ)
    except InstallationFailed as error:
        offline = ("No matching distribution", "Could not find", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "E40")
        if any(word in str(error) for word in offline):
            pytest.skip(f"no package registry answers here: {str(error)[-200:]}")
        raise


def test_a_package_of_pip_is_installed_once_and_used_without_a_network(
    rooms: Rooms, sandbox: Bubblewrap, tree: Path, cache: Path
) -> None:
    commands = ["python -m venv /deps/venv", "/deps/venv/bin/pip install --quiet iniconfig"]
    environment = installed(commands, tree, cache, sandbox)
    assert environment.python == "/deps/venv/bin/python"
    assert not environment.reused
    assert prepare(commands, tree, cache, sandbox, {}, toolchain=TOOLS).reused

    later = furnished(rooms, environment)
    assert later.python == "/deps/venv/bin/python"
    code = "import iniconfig, sys; print(iniconfig.__name__, sys.executable)"
    done = later.open(tree).exec(["python", "-c", code])
    assert (done.code, done.output) == (0, "iniconfig /deps/venv/bin/python\n")
    assert later.open(tree).exec(["touch", "/deps/venv/planted"]).code != 0


def test_a_package_of_npm_appears_in_the_tree_and_in_its_clean_copies(
    rooms: Rooms, sandbox: Bubblewrap, tree: Path, cache: Path, tmp_path: Path
) -> None:
    (tree / "package.json").write_text('{"name": "x", "dependencies": {"is-number": "7.0.0"}}\n')
    environment = installed(["npm install --no-package-lock"], tree, cache, sandbox)
    assert [mount.target for mount in environment.mounts] == ["/deps", "/workspace/node_modules"]
    assert not (tree / "node_modules").exists()  # the given tree is as it was

    copy = tmp_path / "copy"
    copy.mkdir()
    session = furnished(rooms, environment).open(copy)
    done = session.exec(["node", "-e", "console.log(require('is-number')(5))"])
    assert (done.code, done.output) == (0, "true\n")
    assert session.exec(["sh", "-c", "rm -rf node_modules/is-number; touch node_modules/x"]).code != 0
    assert list((copy / "node_modules").iterdir()) == []


def test_other_manifests_or_commands_are_another_environment(
    sandbox: Bubblewrap, tree: Path, cache: Path
) -> None:
    def fresh(commands: list[str], manifests: Mapping[str, bytes]) -> bool:
        return not prepare(commands, tree, cache, sandbox, manifests).reused

    assert fresh(["echo 1 >/deps/x"], {"lock": b"1"})
    assert not fresh(["echo 1 >/deps/x"], {"lock": b"1"})
    assert fresh(["echo 1 >/deps/x"], {"lock": b"2"})
    assert fresh(["echo 2 >/deps/x"], {"lock": b"1"})
    assert not list(cache.glob(".building-*"))


def test_programs_in_deps_come_first(rooms: Rooms, sandbox: Bubblewrap, tree: Path, cache: Path) -> None:
    script = "mkdir /deps/bin; printf '#!/bin/sh\\necho ours\\n' >/deps/bin/ls; chmod +x /deps/bin/ls"
    environment = prepare([script], tree, cache, sandbox, {})
    assert (environment.path, environment.python) == (("/deps/bin",), None)
    done = furnished(rooms, environment).open(tree).exec(["sh", "-c", "ls; echo $CAIRN_DEPS"])
    assert done.output == "ours\n/deps\n"


def test_a_command_that_fails_says_which_and_what_it_printed_and_leaves_nothing(
    sandbox: Bubblewrap, tree: Path, cache: Path
) -> None:
    with pytest.raises(
        InstallationFailed, match=r"'echo no such thing; exit 7' ended with exit code 7"
    ) as told:
        prepare(["true", "echo no such thing; exit 7"], tree, cache, sandbox, {})
    assert str(told.value).endswith("no such thing")
    assert list(cache.iterdir()) == []


def test_the_installation_sees_no_secret_and_cannot_change_the_given_tree(
    sandbox: Bubblewrap, tree: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "file").write_text("old")
    monkeypatch.setenv("API_KEY", "s3cret-value")
    environ = {**os.environ, "PIP_INDEX_URL": "https://me:s3cret-value@index.example/simple"}
    script = "env; cat /proc/*/environ; ls -a ~ /root /home; echo new >file"
    output = prepare([f"{script} 2>&1; true"], tree, cache, sandbox, {}, environ=environ).output
    assert "PATH=" in output
    assert "s3cret-value" not in output
    assert "left out, for they hold a secret: PIP_INDEX_URL" in output
    assert (tree / "file").read_text() == "old"


@pytest.mark.parametrize(
    ("name", "value", "given"),
    [
        ("HTTPS_PROXY", "http://proxy.example:3128", True),
        ("https_proxy", "http://me:word@proxy.example:3128", False),
        ("PIP_INDEX_URL", "https://index.example/simple", True),
        ("PIP_INDEX_URL", "https://token@index.example/simple", False),
        ("NPM_CONFIG_REGISTRY", "https://registry.example/", True),
        ("npm_config__authToken", "npm_abc", False),
        ("NPM_CONFIG_//registry.example/:_authToken", "npm_abc", False),
        ("CARGO_REGISTRIES_OURS_INDEX", "sparse+https://index.example/", True),
        ("CARGO_REGISTRIES_OURS_TOKEN", "abc", False),
        ("GOPROXY", "https://proxy.example,direct", True),
        ("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt", True),
        ("PIP_CERT", "/home/me/own.pem", False),  # it could not be read inside
        ("OPENAI_API_KEY", "sk-1", False),
        ("LD_PRELOAD", "/usr/lib/x.so", False),
    ],
)
def test_only_settings_of_registries_without_secrets_are_given(name: str, value: str, given: bool) -> None:
    assert (name in registry_settings({name: value})[0]) is given


def test_a_link_planted_where_a_folder_is_mounted_is_refused(
    rooms: Rooms, sandbox: Bubblewrap, tree: Path, cache: Path, tmp_path: Path
) -> None:
    environment = prepare(["mkdir -p vendor/a && touch vendor/a/b"], tree, cache, sandbox, {})
    (tree / "vendor").symlink_to(tmp_path)
    with pytest.raises(Forbidden, match="vendor in the work tree is no folder"):
        furnished(rooms, environment).open(tree)


@pytest.mark.parametrize("target", ["/etc", "/workspace/../etc", "/deps/x", "relative"])
def test_a_mount_elsewhere_is_refused(sandbox: Bubblewrap, tree: Path, tmp_path: Path, target: str) -> None:
    with pytest.raises(BadInput, match="no place for a mount"):
        sandbox.open(Room(tree, mounts=(Mount(tmp_path, target),)))


def test_nothing_is_installed_without_confinement(tree: Path, cache: Path) -> None:
    with pytest.raises(SandboxUnavailable, match="install what the tests need yourself"):
        prepare(["true"], tree, cache, Unconfined(i_accept_the_risk=True), {})


def test_without_commands_there_is_nothing_to_prepare(sandbox: Bubblewrap, tree: Path, cache: Path) -> None:
    assert prepare([], tree, cache, sandbox, {"lock": b"1"}) == Environment()
    assert not cache.exists()


def test_what_was_not_used_for_long_makes_room(sandbox: Bubblewrap, tree: Path, cache: Path) -> None:
    prepare(["true"], tree, cache, sandbox, {})
    (old,) = cache.iterdir()
    os.utime(old, (0, 0))
    prepare(["echo another"], tree, cache, sandbox, {})
    assert not old.exists()


def test_manifests_and_locks_are_found_wherever_they_lie(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("secret")
    (tree / "web").mkdir()
    for name in ("requirements-dev.txt", "web/package-lock.json", "web/main.js", "README.md"):
        (tree / name).write_text(name)
    (tree / "package.json").symlink_to(tmp_path / "package.json")
    tracked = [path.relative_to(tree).as_posix() for path in tree.rglob("*") if not path.is_dir()]
    assert manifests_of(tree, tracked) == {
        "requirements-dev.txt": b"requirements-dev.txt",
        "web/package-lock.json": b"web/package-lock.json",
    }

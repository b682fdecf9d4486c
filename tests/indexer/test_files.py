"""What is walked, by comparison with git itself, and what a file becomes when it is read."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import NotFound
from indexer.files import FileOptions, Skipped, SkipReason, candidates, is_candidate, read, walk
from indexer.types import SourceFile

Tree = Mapping[str, str | bytes]


@pytest.fixture(autouse=True)
def _no_rules_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


def plant(root: Path, tree: Tree) -> Path:
    for path, content in tree.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "protocol.file.allow=always")
    done = subprocess.run(["git", "-C", str(root), *identity, *arguments], capture_output=True, check=True)
    return done.stdout.decode()


def listed_by_git(root: Path) -> set[str]:
    return set(git(root, "ls-files", "-z", "-co", "--exclude-standard").split("\0")) - {""}


def paths(root: Path, options: FileOptions | None = None) -> set[str]:
    return {file.path for file in walk(root, options).files}


def reasons(root: Path) -> dict[str, SkipReason]:
    return {skipped.path: skipped.reason for skipped in walk(root).skipped}


TREES: dict[str, Tree] = {
    "nested ignore files": {
        ".gitignore": "*.log\n",
        "a.log": "",
        "a.txt": "",
        "pkg/.gitignore": "!keep.log\nlocal.txt\n",
        "pkg/keep.log.txt": "",
        "pkg/keep.log": "",
        "pkg/local.txt": "",
        "pkg/deep/local.txt": "",
        "local.txt": "",
    },
    "a kept file in an ignored folder stays out": {
        ".gitignore": "out/\n!out/keep.txt\n",
        "out/keep.txt": "",
        "out/x.txt": "",
        "src/out/x.txt": "",
    },
    "a kept file among ignored ones comes in": {
        ".gitignore": "out/*\n!out/keep.txt\n!out/sub/\n",
        "out/keep.txt": "",
        "out/x.txt": "",
        "out/sub/y.txt": "",
    },
    "two stars": {
        ".gitignore": "**/tmp/\nlib/**/gen.txt\ndocs/**\n!docs/index.txt\n",
        "tmp/a.txt": "",
        "x/tmp/a.txt": "",
        "lib/gen.txt": "",
        "lib/a/b/gen.txt": "",
        "docs/index.txt": "",
        "docs/other.txt": "",
    },
    "a nearer file wins": {
        ".gitignore": "*.txt\n",
        "a.txt": "",
        "in/.gitignore": "!*.txt\n",
        "in/b.txt": "",
        "in/deep/.gitignore": "*.txt\n",
        "in/deep/c.txt": "",
    },
    "anchored and not": {
        ".gitignore": "/top.txt\nsub/mid.txt\n",
        "top.txt": "",
        "sub/top.txt": "",
        "sub/mid.txt": "",
        "a/sub/mid.txt": "",
    },
    "hidden files are files": {".hidden": "", ".config/x.txt": "", ".github/workflows/ci.yml": "a: 1\n"},
    "everything but": {
        ".gitignore": "/*\n!/src/\n!/.gitignore\n",
        "src/a.txt": "",
        "other/a.txt": "",
        "b.txt": "",
    },
    "a folder like a file": {".gitignore": "name/\n", "name": "", "sub/name/x.txt": ""},
    "names beyond ASCII": {
        ".gitignore": "größe*\n?.txt\n",
        "größe.txt": "",
        "ä.txt": "",
        "x.txt": "",
        "日本.txt": "",
    },
    "odd names": {
        ".gitignore": "a b\n\\!x\n",
        "a b": "",
        "!x": "",
        "new\nline.txt": "",
        "-n.txt": "",
        "q?.txt": "",
    },
    "windows line ends": {".gitignore": "a.txt\r\nb/\r\n", "a.txt": "", "b/x.txt": "", "c.txt": ""},
}


@pytest.mark.parametrize("name", TREES)
def test_with_and_without_git_the_same_files_are_found(tmp_path: Path, name: str) -> None:
    plain = plant(tmp_path / "plain", TREES[name])
    repository = plant(tmp_path / "repository", TREES[name])
    git(repository, "init", "-q")
    expected = listed_by_git(repository)
    assert paths(repository, FileOptions(keep=frozenset(SkipReason) - {SkipReason.IGNORED})) == expected
    assert paths(plain, FileOptions(keep=frozenset(SkipReason) - {SkipReason.IGNORED})) == expected


@pytest.mark.parametrize("name", TREES)
def test_a_single_path_is_judged_as_the_walk_judges_it(tmp_path: Path, name: str) -> None:
    root = plant(tmp_path / "r", TREES[name])
    git(root, "init", "-q")
    walked = paths(root)
    assert {path for path in TREES[name] if is_candidate(root, path)} == walked
    assert {file.path for file in candidates(root, list(TREES[name])).files} == walked


NAMES = ("a", "b", "x.txt", "y.log", "build", "keep")
RULES = (
    *(
        "*.log",
        "build/",
        "/a",
        "b/",
        "!keep",
        "a/*",
        "!a/keep",
        "**/b/x.txt",
        "*.txt",
        "!x.txt",
        "a/**",
        "build",
    ),
    *("/b/*.txt", "!/a/", "keep/", "x.*"),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join), min_size=3, max_size=25),
    st.dictionaries(
        st.sampled_from(("", "a/", "b/", "a/b/", "build/")),
        st.lists(st.sampled_from(RULES), min_size=1, max_size=4).map("\n".join),
        min_size=1,
        max_size=3,
    ),
    st.sets(st.integers(0, 24), max_size=3),
)
def test_any_tree_is_walked_as_git_lists_it(
    files: set[str], rules: dict[str, str], tracked: set[int]
) -> None:
    folders = {file.rsplit("/", depth)[0] for file in files for depth in range(1, file.count("/") + 1)}
    tree = dict.fromkeys(sorted(files - folders), "x")
    for folder, text in rules.items():
        if not any(f"{folder}/".startswith(f"{file}/") for file in tree):
            tree[folder + ".gitignore"] = text
    everything = FileOptions(keep=frozenset(SkipReason) - {SkipReason.IGNORED})
    with tempfile.TemporaryDirectory() as place:
        plain = plant(Path(place, "plain"), tree)
        repository = plant(Path(place, "repository"), tree)
        git(repository, "init", "-q")
        plant(repository, {".gitattributes": ""})
        plant(plain, {".gitattributes": ""})
        listed = listed_by_git(repository)
        assert paths(plain, everything) == listed
        assert paths(repository, everything) == listed
        git(repository, "add", "-f", ".gitattributes", *(name for n, name in enumerate(tree) if n in tracked))
        listed = listed_by_git(repository)
        assert paths(repository, everything) == listed
        assert {path for path in tree if is_candidate(repository, path, everything)} == listed - {
            ".gitattributes"
        }


def test_without_the_git_program_the_rules_still_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = plant(tmp_path, TREES["nested ignore files"])
    git(root, "init", "-q")
    expected = paths(root)
    monkeypatch.setenv("PATH", "")
    assert paths(root) == expected


def test_a_tracked_file_is_in_though_it_is_ignored(tmp_path: Path) -> None:
    root = plant(
        tmp_path, {".gitignore": "build/\n*.gen\n", "build/a.txt": "", "build/b.txt": "", "x.gen": ""}
    )
    git(root, "init", "-q")
    git(root, "add", "-f", "build/a.txt", "x.gen")
    assert paths(root) == {".gitignore", "build/a.txt", "x.gen"}
    assert is_candidate(root, "build/a.txt")
    assert not is_candidate(root, "build/b.txt")


def test_a_deleted_file_is_not_found_though_git_still_lists_it(tmp_path: Path) -> None:
    root = plant(tmp_path, {"a.txt": "", "b.txt": ""})
    git(root, "init", "-q")
    git(root, "add", ".")
    (root / "a.txt").unlink()
    assert paths(root) == {"b.txt"}
    assert not is_candidate(root, "a.txt")


def test_the_rules_of_the_user_and_of_info_exclude_hold(tmp_path: Path) -> None:
    ignore = Path(os.environ["HOME"], ".config", "git", "ignore")
    plant(ignore.parent, {"ignore": "*.mine\n*.both\n"})
    root = plant(tmp_path, {"a.mine": "", "b.local": "", "c.both": "", "d.txt": ""})
    git(root, "init", "-q")
    plant(root, {".git/info/exclude": "*.local\n!*.both\n"})
    assert paths(root) == {"c.both", "d.txt"} == listed_by_git(root)


def test_the_ignore_file_that_the_user_configured_replaces_the_usual_one(tmp_path: Path) -> None:
    home = Path(os.environ["HOME"])
    plant(home, {".gitconfig": "[core]\n\texcludesFile = ~/rules\n", "rules": "*.mine\n"})
    root = plant(tmp_path, {"a.mine": "", "b.txt": ""})
    assert paths(root) == {"b.txt"}
    git(root, "init", "-q")
    assert paths(root) == {"b.txt"}


@pytest.mark.parametrize("with_git", [True, False])
class TestOwnIgnoreFile:
    def plant(self, tmp_path: Path, tree: Tree, with_git: bool) -> Path:
        root = plant(tmp_path / "r", tree)
        if with_git:
            git(root, "init", "-q")
            git(root, "add", ".")
        return root

    def test_it_leaves_out_what_git_has(self, tmp_path: Path, with_git: bool) -> None:
        tree = {".cairnignore": "legacy/\n*.old\n", "legacy/a.txt": "", "b.old": "", "c.txt": ""}
        assert paths(self.plant(tmp_path, tree, with_git)) == {".cairnignore", "c.txt"}

    def test_it_brings_back_what_git_ignores(self, tmp_path: Path, with_git: bool) -> None:
        tree = {
            ".gitignore": "gen/\n*.out\n*.tmp\n",
            ".cairnignore": "!gen/\n!*.out\n",
            "gen/a.txt": "",
            "gen/deep/b.txt": "",
            "gen/c.tmp": "",
            "d.out": "",
            "e.tmp": "",
        }
        expected = {".gitignore", ".cairnignore", "gen/a.txt", "gen/deep/b.txt", "d.out"}
        root = self.plant(tmp_path, tree, with_git)
        assert paths(root) == expected
        assert {path for path in tree if is_candidate(root, path)} == expected

    def test_a_nearer_one_wins(self, tmp_path: Path, with_git: bool) -> None:
        tree = {
            ".cairnignore": "*.txt\n",
            "a.txt": "",
            "in/.cairnignore": "!b.txt\n",
            "in/b.txt": "",
            "in/c.txt": "",
        }
        assert paths(self.plant(tmp_path, tree, with_git)) == {".cairnignore", "in/.cairnignore", "in/b.txt"}

    def test_it_brings_back_a_vendor_folder(self, tmp_path: Path, with_git: bool) -> None:
        tree = {".cairnignore": "!vendor/\n", "vendor/x/LICENSE": "", "vendor/x/a.go": ""}
        assert "vendor/x/a.go" in paths(self.plant(tmp_path, tree, with_git))


class TestInsideARepository:
    def test_the_rules_above_the_root_hold(self, tmp_path: Path) -> None:
        tree = {
            ".gitignore": "*.log\n/a/b/local.txt\n",
            "a/.gitignore": "*.tmp\n",
            "a/.cairnignore": "*.skip\n",
            "a/b/x.log": "",
            "a/b/x.tmp": "",
            "a/b/x.skip": "",
            "a/b/local.txt": "",
            "a/b/x.txt": "",
            "other.txt": "",
        }
        root = plant(tmp_path, tree)
        git(root, "init", "-q")
        assert paths(root / "a" / "b") == {"x.txt"}
        assert is_candidate(root / "a" / "b", "x.txt")
        assert not is_candidate(root / "a" / "b", "x.tmp")

    def test_a_root_that_the_repository_around_ignores_stands_alone(self, tmp_path: Path) -> None:
        root = plant(tmp_path, {".gitignore": "*\n", "project/a.txt": "", "project/.gitignore": "b.txt\n"})
        plant(root, {"project/b.txt": ""})
        git(root, "init", "-q")
        assert paths(root / "project") == {".gitignore", "a.txt"}
        assert is_candidate(root / "project", "a.txt")

    def test_a_vendored_folder_is_code_when_it_is_the_root(self, tmp_path: Path) -> None:
        root = plant(tmp_path, {"vendor/x/LICENSE": "", "vendor/x/a.go": "package x\n", "main.go": ""})
        assert paths(root) == {"main.go"}
        assert paths(root / "vendor") == {"x/LICENSE", "x/a.go"}

    def test_nested_repositories_are_walked_by_their_own_rules(self, tmp_path: Path) -> None:
        root = plant(tmp_path, {".gitignore": "*.log\nprivate/\n", "a.txt": ""})
        git(root, "init", "-q")
        for name in ("nested", "deep/inner", "private"):
            plant(root / name, {".gitignore": "*.tmp\n", "x.log": "", "x.tmp": "", "x.txt": ""})
            git(root / name, "init", "-q")
            git(root / name, "add", ".gitignore")
            git(root / name, "commit", "-qm", "x")
        inside = {f"{name}/{file}" for name in ("nested", "deep/inner") for file in (".gitignore", "x.txt")}
        logs = {"nested/x.log", "deep/inner/x.log"}  # tables and logs are data, but not ignored there
        assert paths(root) == {".gitignore", "a.txt"} | inside
        assert logs <= {path for path, reason in reasons(root).items() if reason is SkipReason.DATA}
        assert is_candidate(root, "deep/inner/x.txt")
        assert not is_candidate(root, "deep/inner/x.tmp")
        assert not is_candidate(root, "private/x.txt")
        assert {file.path for file in candidates(root, ["deep"]).files} == {
            "deep/inner/.gitignore",
            "deep/inner/x.txt",
        }

    def test_submodules_are_walked_even_where_the_rules_ignore_them(self, tmp_path: Path) -> None:
        library = plant(tmp_path / "library", {"lib.txt": ""})
        git(library, "init", "-q")
        git(library, "add", ".")
        git(library, "commit", "-qm", "x")
        root = plant(tmp_path / "root", {".gitignore": "subs/\n", "a.txt": ""})
        git(root, "init", "-q")
        git(root, "submodule", "--quiet", "add", "-f", str(library), "subs/library")
        assert paths(root) == {".gitignore", ".gitmodules", "a.txt", "subs/library/lib.txt"}
        assert is_candidate(root, "subs/library/lib.txt")

    def test_a_linked_worktree_is_a_repository(self, tmp_path: Path) -> None:
        root = plant(tmp_path / "main", {".gitignore": "*.x\n", "a.txt": ""})
        git(root, "init", "-q")
        git(root, "add", ".")
        git(root, "commit", "-qm", "x")
        git(root, "worktree", "add", "-q", str(tmp_path / "linked"))
        plant(tmp_path / "linked", {"b.x": "", "c.txt": ""})
        plant(root, {".git/info/exclude": "c.txt\n"})
        assert paths(tmp_path / "linked") == {".gitignore", "a.txt"}


class TestUnsafeThings:
    def test_links_are_never_followed(self, tmp_path: Path) -> None:
        outside = plant(tmp_path / "outside", {"secret.txt": "no"})
        root = plant(tmp_path / "root", {"a.txt": "", "pkg/b.txt": ""})
        (root / "loop").symlink_to(root)
        (root / "out").symlink_to(outside)
        (root / "file").symlink_to(outside / "secret.txt")
        (root / "inside").symlink_to("pkg")
        assert paths(root) == {"a.txt", "pkg/b.txt"}
        assert reasons(root) == dict.fromkeys(("loop", "out", "file", "inside"), SkipReason.SYMLINK)
        assert not is_candidate(root, "out/secret.txt")

    def test_a_tracked_folder_that_became_a_link_leads_nowhere(self, tmp_path: Path) -> None:
        outside = plant(tmp_path / "outside", {"secret.txt": "no"})
        root = plant(tmp_path / "root", {"pkg/secret.txt": "", "a.txt": ""})
        git(root, "init", "-q")
        git(root, "add", ".")
        (root / "pkg" / "secret.txt").unlink()
        (root / "pkg").rmdir()
        (root / "pkg").symlink_to(outside)
        assert paths(root) == {"a.txt"}
        refused = read(root, "pkg/secret.txt")
        assert isinstance(refused, Skipped)
        assert refused.reason is SkipReason.UNREADABLE

    @pytest.mark.parametrize("path", ["../outside.txt", "pkg/../../outside.txt", "/etc/hostname", ".."])
    def test_a_path_that_leads_out_is_never_read(self, tmp_path: Path, path: str) -> None:
        plant(tmp_path, {"outside.txt": "no", "root/pkg/a.txt": ""})
        assert not is_candidate(tmp_path / "root", path)
        assert isinstance(read(tmp_path / "root", path), Skipped)

    def test_pipes_and_sockets_are_not_opened(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.py")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "socket.py"))
        listener.close()
        assert walk(tmp_path).files == []
        assert set(reasons(tmp_path).values()) == {SkipReason.SPECIAL}
        refused = read(tmp_path, "pipe.py")
        assert isinstance(refused, Skipped)
        assert "not a regular file" in refused.detail

    def test_nothing_that_a_repository_configures_is_run(self, tmp_path: Path) -> None:
        root = plant(
            tmp_path / "root", {"a.txt": "a", "sub/b.txt": "b", ".gitattributes": "* filter=x diff=x\n"}
        )
        mark = tmp_path / "ran"
        for repository in (root, root / "sub"):
            git(repository, "init", "-q")
            git(repository, "add", ".")
            hook = repository / ".git" / "hooks" / "post-index-change"
            plant(hook.parent, {hook.name: f"#!/bin/sh\ntouch {mark}\n"})
            hook.chmod(0o755)
            for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "filter.x.clean", "diff.external"):
                git(repository, "config", key, f"touch {mark}")
            git(repository, "config", "core.worktree", "/")
        assert {"a.txt", "sub/b.txt"} <= paths(root)
        assert not mark.exists()

    @pytest.mark.parametrize("with_git", [True, False])
    def test_a_folder_whose_rules_cannot_be_read_is_left_out(self, tmp_path: Path, with_git: bool) -> None:
        root = plant(
            tmp_path, {"a.txt": "", "in/.gitignore": "secret\n".encode("utf-16"), "in/secret": "", "in/b": ""}
        )
        if with_git:
            git(root, "init", "-q")
        found = walk(root)
        assert [file.path for file in found.files] == ["a.txt"]
        assert [(skipped.path, skipped.reason) for skipped in found.skipped] == [
            ("in/", SkipReason.UNREADABLE_IGNORE_FILE)
        ]
        assert "save it as UTF-8" in found.skipped[0].detail
        assert not is_candidate(root, "in/b")

    def test_an_ignore_file_may_be_a_link_within_the_repository(self, tmp_path: Path) -> None:
        root = plant(tmp_path, {".gitignore": "*.x\n", "in/a.y": "", "in/b.txt": "", "rules": "*.y\n"})
        (root / "in" / ".gitignore").symlink_to("../rules")
        git(root, "init", "-q")
        assert paths(root) == {".gitignore", "in/b.txt", "rules"}

    def test_a_name_that_is_no_text_is_reported_in_text(self, tmp_path: Path) -> None:
        with open(os.fsencode(tmp_path) + b"/bad\xff.py", "wb"):
            pass
        found = walk(tmp_path)
        assert found.files == []
        assert [skipped.path for skipped in found.skipped] == ["bad\\udcff.py"]

    def test_a_tree_deeper_than_any_path_may_be_ends_somewhere(self, tmp_path: Path) -> None:
        at = os.open(tmp_path, os.O_RDONLY)
        for _ in range(30):
            os.mkdir("d" * 200, dir_fd=at)
            inner = os.open("d" * 200, os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = inner
        os.close(at)
        assert [skipped.reason for skipped in walk(tmp_path).skipped] == [SkipReason.UNREADABLE]

    def test_a_root_that_is_no_folder_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound, match="is not a folder"):
            walk(tmp_path / "missing")


class TestReading:
    def read(self, root: Path, content: bytes, path: str = "a.py") -> SourceFile:
        plant(root, {path: content})
        file = read(root, path)
        assert isinstance(file, SourceFile)
        return file

    def test_a_file_is_described_as_it_is_on_disk(self, tmp_path: Path) -> None:
        file = self.read(tmp_path, b"\xef\xbb\xbfx = 1\r\n", "pkg/a.py")
        status = (tmp_path / "pkg" / "a.py").stat()
        assert (file.path, file.text, file.language, file.kind) == ("pkg/a.py", "x = 1\n", "python", "code")
        assert (file.size, file.mtime_ns, file.redactions) == (10, status.st_mtime_ns, 0)
        assert len(file.digest) == 32

    def test_the_digest_is_that_of_the_bytes(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, b"a\n").digest != self.read(tmp_path, b"a\r\n").digest

    def test_an_empty_file_is_a_file(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, b"").text == ""

    def test_secrets_are_gone_and_counted(self, tmp_path: Path) -> None:
        token = "ghp_" + "a1B2" * 9
        file = self.read(tmp_path, f'TOKEN = "{token}"\nx = 1\n'.encode())
        assert file.text == 'TOKEN = "[redacted:github-token]"\nx = 1\n'
        assert file.redactions == 1

    @pytest.mark.parametrize(
        ("path", "content", "reason"),
        [
            ("a.py", b"x\0y", SkipReason.BINARY),
            ("a.js", b"var a=1;" * 2_000, SkipReason.MINIFIED),
            ("a.go", b"// Code generated by protoc-gen-go. DO NOT EDIT.\npackage a\n", SkipReason.GENERATED),
            ("a.py", b"x = 1\n" * 400_000, SkipReason.TOO_LARGE),
        ],
    )
    def test_content_that_nobody_wrote_is_skipped(
        self, tmp_path: Path, path: str, content: bytes, reason: SkipReason
    ) -> None:
        plant(tmp_path, {path: content})
        skipped = read(tmp_path, path)
        assert isinstance(skipped, Skipped)
        assert (skipped.path, skipped.reason) == (path, reason)
        assert skipped.mtime_ns == (tmp_path / path).stat().st_mtime_ns

    def test_a_reason_that_is_switched_off_does_not_skip(self, tmp_path: Path) -> None:
        plant(
            tmp_path,
            {"a.go": "// Code generated by x. DO NOT EDIT.\n", "b.svg": "<svg/>", "c.py": "x = 1\n" * 9},
        )
        options = FileOptions(max_bytes=50, keep=frozenset((SkipReason.GENERATED, SkipReason.DATA)))
        assert paths(tmp_path, options) == {"a.go", "b.svg"}
        assert isinstance(read(tmp_path, "a.go", options), SourceFile)

    @pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="no such files here")
    def test_what_says_that_it_is_empty_and_is_not_is_read_to_its_end(self) -> None:
        status = read(Path("/proc/self"), "status", FileOptions(keep=frozenset((SkipReason.TOO_LARGE,))))
        short = read(Path("/proc/self"), "status", FileOptions(max_bytes=20))
        assert isinstance(status, SourceFile)
        assert "nonvoluntary_ctxt_switches" in status.text
        assert isinstance(short, Skipped)
        assert short.reason == SkipReason.TOO_LARGE

    def test_a_file_that_is_gone_is_skipped(self, tmp_path: Path) -> None:
        skipped = read(tmp_path, "gone.py")
        assert isinstance(skipped, Skipped)
        assert skipped.detail == "No such file or directory"


def test_only_what_was_asked_for_is_looked_at(tmp_path: Path) -> None:
    root = plant(
        tmp_path, {"a/x.txt": "", "a/b/y.txt": "", "c/z.txt": "", "d.txt": "", "d.png": "", "e.png": ""}
    )
    git(root, "init", "-q")
    found = candidates(root, ["a", "d.txt", "d.png", "gone.txt", "c/gone.txt"])
    assert [file.path for file in found.files] == ["a/b/y.txt", "a/x.txt", "d.txt"]
    assert [skipped.path for skipped in found.skipped] == ["d.png"]
    assert candidates(root, []).files == []
    assert {file.path for file in candidates(root, ["."]).files} == paths(root)


def test_a_new_file_is_found_by_its_path(tmp_path: Path) -> None:
    root = plant(tmp_path, {".gitignore": "*.x\n", "a/old.txt": ""})
    git(root, "init", "-q")
    git(root, "add", ".")
    plant(root, {"a/new.txt": "", "a/new.x": ""})
    assert is_candidate(root, "a/new.txt")
    assert not is_candidate(root, "a/new.x")


def test_a_candidate_tells_what_changes_when_the_file_does(tmp_path: Path) -> None:
    root = plant(tmp_path, {"a.txt": "one"})
    before = walk(root).files[0]
    (root / "a.txt").write_text("three")
    after = walk(root).files[0]
    assert (before.size, after.size) == (3, 5)
    assert after.mtime_ns >= before.mtime_ns
    assert before.inode == after.inode == (root / "a.txt").stat().st_ino


def test_a_file_in_an_ignored_folder_that_git_tracks_others_of_is_ignored_alone(tmp_path: Path) -> None:
    root = plant(tmp_path / "r", {"pkg/kept.py": "x\n", "pkg/deep/kept.py": "x\n", "pkg/new.py": "x\n"})
    git(root, "init", "-q")
    git(root, "add", "pkg/kept.py", "pkg/deep/kept.py")
    plant(root, {".gitignore": "pkg/\n", "pkg/deep/new.py": "x\n", "pkg/made/new.py": "x\n"})

    left_out = ["pkg/deep/new.py", "pkg/made/new.py", "pkg/new.py"]
    assert [skipped.path for skipped in walk(root).skipped] == left_out
    for path in left_out:
        found = candidates(root, [path])
        assert ([skipped.path for skipped in found.skipped], found.files) == ([path], [])
    assert [file.path for file in candidates(root, ["pkg/kept.py"]).files] == ["pkg/kept.py"]

"""Ignore files say here what they say to git, which is asked beside them wherever it can be."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.ignore import Patterns, UnreadableIgnoreFile, load
from indexer.wildmatch import parse

PIECES = (
    *(
        "a",
        "b",
        "ab",
        "*",
        "**",
        "?",
        "/",
        "**/",
        "/**",
        "/**/",
        "[ab]",
        "[!a]",
        "[^b-]",
        "[a-b]",
        "[]a]",
        "[b-a]",
    ),
    *(
        "\\",
        "!",
        "#",
        " ",
        "[",
        "]",
        "-",
        "é",
        ".",
        "[[:alpha:]]",
        "[[:upper:]a]",
        "[[:nonsense:]]",
        "[:a]",
        "[\\a]",
    ),
)
NAMES = ("a", "b", "ab", "ba", "A", " ", "a ", "#", "!", "[", "]", "-", "é", "a.b", ".a", "\\", "*", "**")


def ours(ignore_file: str, path: str) -> bool:
    """What the patterns say when asked as git asks: each folder on the way, then the entry."""
    patterns = Patterns(ignore_file.encode().decode("latin-1"))
    parts = path.encode().decode("latin-1").split("/")
    for depth in range(1, len(parts) + 1):
        is_folder = depth < len(parts)
        if patterns.ignores("/".join(parts[:depth]), parts[depth - 1], is_folder):
            return True
    return False


def gits(ignore_file: str, paths: list[str]) -> set[str]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        Path(folder, ".gitignore").write_text(ignore_file, newline="")
        asked = "\0".join(paths).encode()
        command = ["git", "-C", folder, "check-ignore", "--no-index", "--stdin", "-z"]
        answer = subprocess.run(command, input=asked, capture_output=True, check=False).stdout
        return set(answer.decode().split("\0")) - {""}


@pytest.mark.parametrize(
    ("ignore_file", "ignored", "kept"),
    [
        ("build\n", ["build", "a/build", "build/x"], ["builds", "a/rebuild"]),
        ("/build\n", ["build"], ["a/build"]),
        ("a/build\n", ["a/build"], ["build", "b/a/build"]),
        ("build/\n", ["build/x", "a/build/x"], ["build"]),
        ("*.log\n!keep.log\n", ["x.log", "a/x.log"], ["keep.log", "a/keep.log"]),
        ("logs/\n!logs/keep.log\n", ["logs/keep.log"], ["keep.log"]),
        ("logs/*\n!logs/keep.log\n", ["logs/x"], ["logs/keep.log"]),
        ("logs/**\n!logs/keep.log\n", ["logs/x", "logs/a/x"], ["logs/keep.log"]),
        ("**/cache\n", ["cache", "a/b/cache"], ["caches"]),
        ("a/**/b\n", ["a/b", "a/x/b", "a/x/y/b"], ["b", "x/a/b"]),
        ("a**b\n", ["ab", "axb", "x/axb"], ["a/b"]),
        ("foo**/bar\n", ["foobar", "foox/bar"], ["bar"]),
        ("\\#x\n\\!y\n#z\n", ["#x", "!y"], ["#z", "z", "x"]),
        ("end  \nkeep\\ \n", ["end", "keep "], ["end  ", "keep"]),
        ("x\r\ny\r\n", ["x", "y"], ["x\r"]),
        ("[a-c]?[!0-9].t\n", ["bzz.t"], ["dzz.t", "bz5.t"]),
        ("[[:digit:]]x\n[[:nonsense:]]\n", ["5x"], ["ax", "[:nonsense:]"]),
        ("[a\nok\n", ["ok"], ["[a", "a"]),
        ("/\n!\n\n   \n", [], ["a", "a/b"]),
        ("?\n", ["a"], ["é", "ab"]),
        ("é*\n", ["é", "a/éa"], ["e"]),
    ],
)
def test_a_rule_ignores_what_git_ignores(ignore_file: str, ignored: list[str], kept: list[str]) -> None:
    assert gits(ignore_file, ignored + kept) == set(ignored)
    assert {path for path in ignored + kept if ours(ignore_file, path)} == set(ignored)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join), min_size=1, max_size=4),
    st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join), min_size=5, max_size=40),
)
def test_any_rules_say_about_any_path_what_they_say_to_git(lines: list[str], paths: list[str]) -> None:
    ignore_file = "\n".join(lines)
    assert {path for path in paths if ours(ignore_file, path)} == gits(ignore_file, paths)


@pytest.mark.parametrize(
    "pattern", ["*a" * 25 + "b", "**/a*/" * 12 + "b", "a/**/" * 30 + "*a*a*a*b", "**/" * 40 + "b"]
)
def test_a_hostile_pattern_is_answered_at_once(pattern: str) -> None:
    path = "/".join(["a" * 60] * 60)  # exponential matching would not come back
    assert not ours(pattern, path)


def test_an_empty_line_is_no_pattern() -> None:
    assert parse("") is None


def test_a_byte_order_mark_is_no_part_of_the_first_rule(tmp_path: Path) -> None:
    file = tmp_path / ".gitignore"
    file.write_bytes(b"\xef\xbb\xbfbuild\n")
    assert load(str(file)).ignores("build", "build", True)


@pytest.mark.parametrize("content", ["build\n".encode("utf-16"), "données/\n".encode("cp1252"), b"a\0b\n"])
def test_rules_that_cannot_be_read_are_an_error_and_not_an_empty_list(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / ".gitignore"
    file.write_bytes(content)
    with pytest.raises(UnreadableIgnoreFile, match=r"\.gitignore .*UTF-8"):
        load(str(file))


def test_a_comment_may_be_in_any_encoding(tmp_path: Path) -> None:
    file = tmp_path / ".gitignore"
    file.write_bytes("# généré\nbuild\n".encode("cp1252"))
    assert load(str(file)).ignores("build", "build", True)


def test_a_named_pipe_in_place_of_an_ignore_file_blocks_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".gitignore")
    with pytest.raises(UnreadableIgnoreFile, match="no ordinary file"):
        load(str(tmp_path / ".gitignore"))


def test_a_link_to_rules_outside_the_repository_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "rules").write_text("*\n")
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / ".gitignore").symlink_to(tmp_path / "rules")
    with pytest.raises(UnreadableIgnoreFile, match="leads out of"):
        load(str(tmp_path / "repo" / ".gitignore"), str(tmp_path / "repo"))

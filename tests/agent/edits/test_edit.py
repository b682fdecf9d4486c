from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.beneath import Beneath
from agent.edits.edit import EditRefused, create_file, digest, str_replace
from indexer.errors import Forbidden

CODE = """def first(a):
    value = a + 1
    return value


def second(a):
    value = a + 2
    return value
"""


@pytest.fixture
def files(tree: Path) -> Beneath:
    (tree / "code.py").write_text(CODE)
    return Beneath(tree)


def refusal(files: Beneath, old: str, new: str, path: str = "code.py") -> str:
    before = files.read(path, 10**6)
    with pytest.raises(EditRefused) as caught:
        str_replace(files, path, old, new, {})
    assert files.read(path, 10**6) == before
    assert str(caught.value).startswith(caught.value.code)
    return str(caught.value)


def test_a_text_that_is_there_once_is_replaced(files: Beneath, tree: Path) -> None:
    edit = str_replace(files, "code.py", "a + 1", "a + 10", {})
    assert (tree / "code.py").read_text() == CODE.replace("a + 1", "a + 10")
    assert edit.lines == (1, 1)


def test_an_ambiguous_text_is_refused_with_its_lines(files: Beneath) -> None:
    said = refusal(files, "    return value\n", "    return 0\n")
    assert "AMBIGUOUS" in said
    assert "2 times, at lines 3, 8" in said


def test_overlapping_places_are_ambiguous_too(files: Beneath, tree: Path) -> None:
    (tree / "a.txt").write_text("aaa")
    assert "2 times" in refusal(files, "aa", "b", "a.txt")


def test_a_text_that_is_not_there_is_answered_with_the_nearest_lines(files: Beneath) -> None:
    said = refusal(files, "def second(b):\n    value = b + 2\n    return value", "pass")
    assert "NOT_FOUND" in said
    assert "    6  def second(a):\n    7      value = a + 2\n    8      return value" in said


def test_a_first_line_alone_finds_its_nearest_too(files: Beneath) -> None:
    assert "    6  def second(a):" in refusal(files, "def secnd(a):", "pass")


def test_a_text_like_nothing_in_the_file_gets_no_false_hint(files: Beneath) -> None:
    assert "No place looks like it" in refusal(files, "SELECT * FROM orders WHERE 1 = 1", "pass")


def test_an_edit_that_was_made_already_is_recognised(files: Beneath) -> None:
    str_replace(files, "code.py", "a + 1", "a + 100", {})
    said = refusal(files, "value = a + 1\n", "value = a + 100\n")
    assert "ALREADY_APPLIED" in said
    assert "at line 2" in said


def test_an_edit_that_changes_nothing_is_refused(files: Beneath) -> None:
    assert "NO_CHANGE" in refusal(files, "a + 1", "a + 1")


def test_an_empty_text_cannot_be_replaced(files: Beneath) -> None:
    assert "old is empty" in refusal(files, "", "x")


def test_an_edit_that_breaks_the_syntax_is_refused_and_shown(files: Beneath) -> None:
    said = refusal(files, "def second(a):", "def second(a:")
    assert "SYNTAX_ERROR" in said
    assert "    6  def second(a:" in said
    assert "line 6" in said


BROKEN = {
    "a.js": ("function f() { return 1 }\n", "{ return 1 }", "{ return 1 "),
    "a.go": ("package a\n\nfunc F() int { return 1 }\n", "{ return 1 }", "{ return 1 "),
    "a.rs": ("fn f() -> i32 { 1 }\n", "{ 1 }", "{ 1 "),
    "A.java": ("class A { int f() { return 1; } }\n", "return 1; }", "return 1; "),
    "a.ts": ("const a: number = 1;\n", "number = 1", "number = = 1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_syntax_gate_knows_other_languages(files: Beneath, tree: Path, name: str) -> None:
    text, old, new = BROKEN[name]
    (tree / name).write_text(text)
    assert "SYNTAX_ERROR" in refusal(files, old, new, name)
    str_replace(files, name, "1", "2", {})
    assert "2" in (tree / name).read_text()


def test_a_file_that_is_broken_already_can_be_mended_step_by_step(files: Beneath, tree: Path) -> None:
    (tree / "bad.py").write_text("def f(:\n    pass\n\ndef g(:\n    pass\n")
    str_replace(files, "bad.py", "def f(:", "def f():", {})
    str_replace(files, "bad.py", "def g(:", "def g():", {})
    assert "(:" not in (tree / "bad.py").read_text()


def test_text_without_a_grammar_is_not_judged(files: Beneath, tree: Path) -> None:
    (tree / "notes.txt").write_text("one (two\n")
    str_replace(files, "notes.txt", "two", "((three", {})
    assert (tree / "notes.txt").read_text() == "one (((three\n"


def test_a_file_that_changed_since_it_was_read_is_refused(files: Beneath, tree: Path) -> None:
    seen = {"code.py": digest(CODE.encode())}
    (tree / "code.py").write_text(CODE + "\n# formatted\n")
    with pytest.raises(EditRefused, match="STALE_READ"):
        str_replace(files, "code.py", "a + 1", "a + 10", seen)


def test_line_ends_the_mark_and_the_mode_survive(files: Beneath, tree: Path) -> None:
    path = tree / "windows.py"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    path.chmod(0o755)
    str_replace(files, "windows.py", "a = 1\nb = 2", "a = 1\nx = 0\nb = 3", {})
    assert path.read_bytes() == b"\xef\xbb\xbfa = 1\r\nx = 0\r\nb = 3\r\n"
    assert path.stat().st_mode & 0o777 == 0o755


def test_a_missing_last_line_break_stays_missing(files: Beneath, tree: Path) -> None:
    (tree / "a.txt").write_bytes(b"one\ntwo")
    str_replace(files, "a.txt", "one", "1", {})
    assert (tree / "a.txt").read_bytes() == b"1\ntwo"


def test_letters_that_the_file_cannot_hold_are_refused(files: Beneath, tree: Path) -> None:
    (tree / "latin.txt").write_bytes(b"caf\xe9 one\n")
    assert "ENCODING" in refusal(files, "one", "zwölf", "latin.txt")
    str_replace(files, "latin.txt", "one", "two", {})
    assert (tree / "latin.txt").read_bytes() == b"caf\xe9 two\n"


def test_a_new_file_is_created_with_its_folders(files: Beneath, tree: Path) -> None:
    edit = create_file(files, "deep/er/new.py", "a = 1\n")
    assert edit.before is None
    assert (tree / "deep/er/new.py").read_text() == "a = 1\n"


def test_a_file_is_never_overwritten_whole(files: Beneath, tree: Path) -> None:
    with pytest.raises(EditRefused, match="EXISTS"):
        create_file(files, "code.py", "")
    assert (tree / "code.py").read_text() == CODE


def test_a_new_file_must_parse(files: Beneath, tree: Path) -> None:
    with pytest.raises(EditRefused, match="SYNTAX_ERROR"):
        create_file(files, "new.py", "def f(:\n")
    assert not (tree / "new.py").exists()


def test_an_edit_outside_the_tree_is_forbidden(files: Beneath, tree: Path) -> None:
    with pytest.raises(Forbidden):
        create_file(files, "../new.py", "")
    with pytest.raises(Forbidden):
        create_file(files, ".git/hooks/pre-commit", "#!/bin/sh\n")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text("ab \n\t(é", min_size=1, max_size=60), st.data())
def test_a_unique_text_is_replaced_and_nothing_else(
    files: Beneath, tree: Path, text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    old = text[start:end]
    (tree / "a.txt").write_bytes(text.encode())
    places = sum(text.startswith(old, at) for at in range(len(text)))
    if places > 1:
        assert "AMBIGUOUS" in refusal(files, old, "NEW", "a.txt")
        return
    str_replace(files, "a.txt", old, "NEW", {})
    assert (tree / "a.txt").read_bytes() == (text[:start] + "NEW" + text[end:]).encode()

"""Diffs against indexed texts, which hold the change or do not."""

from __future__ import annotations

import pytest

from indexer.errors import BadInput
from retriever.check.apply import LeftOut, applied, whole
from retriever.check.change import ChangedFile
from retriever.check.diff import whole_diff
from retriever.check.patch import read_patch

from .make import Texts, changed

_BEFORE = "one\ntwo\nthree\nfour\nfive\n"
_AFTER = "one\nzwei\nthree\nfour\nfive\nsechs\n"
_DIFF = """\
diff --git a/x.py b/x.py
--- a/x.py
+++ b/x.py
@@ -1,3 +1,3 @@
 one
-two
+zwei
 three
@@ -5 +5,2 @@
 five
+sechs
"""


def _file(diff: str, texts: Texts) -> ChangedFile:
    change, left = applied("shop", read_patch(diff), texts.get)
    assert not left
    (file,) = change.files
    return file


@pytest.mark.parametrize("indexed", [_BEFORE, _AFTER], ids=["before", "after"])
def test_it_fits_whether_the_index_holds_it_or_not(indexed: str) -> None:
    file = _file(_DIFF, {"x.py": indexed})
    assert (file.before, file.after) == (_BEFORE, _AFTER)
    assert file.added == {2, 6}


def test_hunks_are_found_where_the_file_has_grown_above_them() -> None:
    file = _file(_DIFF, {"x.py": "nil\nhalf\n" + _BEFORE})
    assert file.after == "nil\nhalf\n" + _AFTER
    assert file.added == {4, 8}


def test_without_context_lines_the_text_that_agrees_decides() -> None:
    bare = "--- a/x.py\n+++ b/x.py\n@@ -5,0 +6 @@\n+sechs\n"
    assert _file(bare, {"x.py": _BEFORE}).after == _BEFORE + "sechs\n"
    assert _file(bare, {"x.py": _BEFORE + "sechs\n"}).before == _BEFORE


def test_a_line_taken_out_that_stands_elsewhere_too_is_out_already() -> None:
    bare = "--- a/x.py\n+++ b/x.py\n@@ -2 +1,0 @@\n-pass\n"
    file = _file(bare, {"x.py": "one\ntwo\npass\n"})
    assert (file.before, file.after) == ("one\npass\ntwo\npass\n", "one\ntwo\npass\n")


def test_a_hunk_that_fits_nowhere_is_named() -> None:
    with pytest.raises(
        BadInput, match=r"hunk 2 of x\.py \(line 1 of the diff\) fits the indexed file neither"
    ):
        applied("shop", read_patch(_DIFF), {"x.py": _BEFORE.replace("five", "5")}.get)


def test_a_hunk_that_claims_to_lie_far_away_is_found_at_once() -> None:
    far = "--- a/x.py\n+++ b/x.py\n@@ -999999999 +999999999 @@\n-five\n+5\n"
    assert _file(far, {"x.py": _BEFORE}).after == _BEFORE.replace("five", "5")
    with pytest.raises(BadInput, match="hunk 1"):
        _file(far, {"x.py": "one\n"})


def test_a_redacted_secret_fits_the_line_it_was() -> None:
    text = 'key = "[redacted:aws]"  # of the shop\ntwo\n'
    diff = '--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n key = "AKIA123"  # of the shop\n-two\n+zwei\n'
    file = _file(diff, {"x.py": text})
    assert file.before == text
    assert file.after == text.replace("two", "zwei")  # what was redacted stays redacted


def test_paths_of_diff_u_are_found_without_their_first_folder() -> None:
    diff = "--- old/shop/x.py\n+++ new/shop/x.py\n@@ -1 +1 @@\n-one\n+eins\n"
    assert _file(diff, {"shop/x.py": "one\n"}).path == "shop/x.py"


def test_a_copy_with_another_suffix_is_a_change_of_the_file() -> None:
    diff = "--- shop/x.py.orig\n+++ shop/x.py\n@@ -1 +1 @@\n-one\n+eins\n"
    file = _file(diff, {"shop/x.py": "one\n"})
    assert (file.path, file.before) == ("shop/x.py", "one\n")


def test_a_new_file_without_gits_first_line_has_gits_prefix() -> None:
    assert _file("--- /dev/null\n+++ b/shop/new.py\n@@ -0,0 +1 @@\n+one\n", {}).path == "shop/new.py"
    assert _file("--- ./gone.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n", {}).path == "gone.py"


def test_a_rename_keeps_the_text_and_where_it_was() -> None:
    diff = "diff --git a/x.py b/y.py\nsimilarity index 100%\nrename from x.py\nrename to y.py\n"
    for texts in ({"x.py": "one\n"}, {"y.py": "one\n"}):
        file = _file(diff, texts)
        assert (file.old_path, file.path, file.before, file.after) == ("x.py", "y.py", "one\n", "one\n")
        assert not file.added


def test_what_is_not_indexed_and_what_is_binary_is_told() -> None:
    diff = _DIFF + "diff --git a/l.png b/l.png\nBinary files a/l.png and b/l.png differ\n"
    change, left = applied("shop", read_patch(diff), lambda _: None)
    assert not change.files
    assert left == [LeftOut("x.py", "not in the index"), LeftOut("l.png", "binary")]


def test_one_file_twice_is_refused() -> None:
    with pytest.raises(BadInput, match=r"changes x\.py a second time"):
        applied("shop", read_patch(_DIFF + _DIFF), {"x.py": _BEFORE}.get)


def test_a_whole_diff_needs_no_index() -> None:
    before = {'odd "é"\t.py': _BEFORE, "gone.py": "a\n", "old.py": "a\nb\n", "docs.md": "a\n"}
    after = {'odd "é"\t.py': _AFTER, "new.py": "n\n", "moved.py": "a\nc\n", "docs.md": "b\n"}
    sent = changed(before, after, {"moved.py": "old.py"})
    received, left = whole("shop", read_patch(whole_diff(sent)))
    assert not left
    assert received.files == tuple(file for file in sent.files if file.path != "docs.md")


def test_a_part_of_a_file_is_no_whole_file() -> None:
    with pytest.raises(BadInput, match=r"line 1 of the diff: x\.py is not given whole"):
        whole("shop", read_patch(_DIFF))

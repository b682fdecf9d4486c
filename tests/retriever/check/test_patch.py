"""Unified diffs of git and of `diff -u`, whole and broken."""

from __future__ import annotations

import pytest

from indexer.errors import BadInput
from retriever.check.patch import read_patch

_MODIFIED = """\
diff --git a/shop/pay.py b/shop/pay.py
index 1f062ee..dfbdf42 100644
--- a/shop/pay.py
+++ b/shop/pay.py
@@ -1,3 +1,4 @@ def pay():
 one
-two
+zwei
+drei
 three
"""


def test_a_hunk_holds_the_lines_before_and_after() -> None:
    (patch,) = read_patch(_MODIFIED)
    (hunk,) = patch.hunks
    assert (patch.old, patch.new, patch.line) == ("shop/pay.py", "shop/pay.py", 1)
    assert (hunk.before, hunk.after) == (("one", "two", "three"), ("one", "zwei", "drei", "three"))


def test_new_and_deleted_files_have_one_side() -> None:
    new, gone = read_patch(
        "diff --git a/a.py b/a.py\nnew file mode 100644\nindex 0000000..1\n--- /dev/null\n+++ b/a.py\n"
        "@@ -0,0 +1 @@\n+x = 1\n"
        "diff --git a/b.py b/b.py\ndeleted file mode 100644\nindex 1..0\n--- a/b.py\n+++ /dev/null\n"
        "@@ -1 +0,0 @@\n-x = 1\n"
    )
    assert (new.old, new.new, new.hunks[0].after) == (None, "a.py", ("x = 1",))
    assert (gone.old, gone.new, gone.hunks[0].before) == ("b.py", None, ("x = 1",))


def test_an_empty_new_file_has_no_hunk() -> None:
    (patch,) = read_patch("diff --git a/e.py b/e.py\nnew file mode 100644\nindex 0000000..e69de29\n")
    assert (patch.old, patch.new, patch.hunks) == (None, "e.py", [])


def test_renames_with_and_without_changes_are_followed() -> None:
    pure, more = read_patch(
        "diff --git a/a b.py b/c d.py\nsimilarity index 100%\nrename from a b.py\nrename to c d.py\n"
        "diff --git a/x.py b/y.py\nsimilarity index 90%\nrename from x.py\nrename to y.py\n"
        "--- a/x.py\n+++ b/y.py\n@@ -1 +1 @@\n-a\n+b\n"
    )
    assert (pure.old, pure.new, pure.hunks) == ("a b.py", "c d.py", [])
    assert (more.old, more.new, len(more.hunks)) == ("x.py", "y.py", 1)


def test_a_change_of_the_mode_alone_changes_no_line() -> None:
    mode, after = read_patch("diff --git a/run b/run\nold mode 100644\nnew mode 100755\n" + _MODIFIED)
    assert (mode.new, mode.hunks) == ("run", [])
    assert after.new == "shop/pay.py"


@pytest.mark.parametrize(
    "said", ["Binary files a/logo.png and b/logo.png differ\n", "GIT binary patch\nliteral 3\nKcmZ>E\n\n"]
)
def test_binary_files_are_passed_over(said: str) -> None:
    head = "diff --git a/logo.png b/logo.png\nindex 1..2 100644\n"
    binary, text = read_patch(head + said + _MODIFIED)
    assert binary.binary
    assert text.new == "shop/pay.py"


def test_quoted_paths_are_read() -> None:
    quoted = r'"a/caf\303\251 \"x\".py" "b/caf\303\251 \"x\".py"'
    names = r'--- "a/caf\303\251 \"x\".py"' + "\n" + r'+++ "b/caf\303\251 \"x\".py"'
    (patch,) = read_patch(f"diff --git {quoted}\nindex 1..2 100644\n{names}\n@@ -1 +1 @@\n-a\n+b\n")
    assert patch.new == patch.old == 'café "x".py'


def test_a_path_with_a_tab_ends_at_it() -> None:
    (patch,) = read_patch("--- a/my file.py\t2026-01-01\n+++ b/my file.py\t2026-01-02\n@@ -1 +1 @@\n-a\n+b\n")
    assert (patch.old, patch.new, patch.bare) == ("a/my file.py", "b/my file.py", True)


def test_diff_u_tells_new_files_by_their_empty_side() -> None:
    (patch,) = read_patch("--- old/new.py\t1970-01-01\n+++ new/new.py\n@@ -0,0 +1,2 @@\n+a\n+b\n")
    assert (patch.old, patch.new) == (None, "new/new.py")


def test_a_missing_newline_at_the_end_is_no_line() -> None:
    (patch,) = read_patch(
        "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    )
    assert (patch.hunks[0].before, patch.hunks[0].after) == (("a",), ("b",))


def test_carriage_returns_at_the_ends_of_lines_are_dropped() -> None:
    (patch,) = read_patch(_MODIFIED.replace("\n", "\r\n"))
    assert patch.new == "shop/pay.py"
    assert patch.hunks[0].after == ("one", "zwei", "drei", "three")


def test_what_looks_like_a_header_inside_a_hunk_is_a_line() -> None:
    (patch,) = read_patch("--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,2 @@\n--- old\n-a\n+++ new\n+b\n")
    assert patch.hunks[0].before == ("-- old", "a")
    assert patch.hunks[0].after == ("++ new", "b")


def test_a_mail_around_the_diff_is_passed_over() -> None:
    mail = "From: Ada\nSubject: [PATCH] Pay\n\n---\n shop/pay.py | 3 +-\n\n" + _MODIFIED + "-- \n2.47.0\n"
    assert [patch.new for patch in read_patch(mail)] == ["shop/pay.py"]


def test_paths_made_without_prefixes_are_read() -> None:
    (patch,) = read_patch(
        "diff --git shop/x.py shop/x.py\nindex 1..2 100644\n"
        "--- shop/x.py\n+++ shop/x.py\n@@ -1 +1 @@\n-a\n+b\n"
    )
    assert patch.new == "shop/x.py"


def test_an_empty_diff_changes_nothing() -> None:
    assert read_patch("") == read_patch("\n") == []


@pytest.mark.parametrize(
    ("diff", "told"),
    [
        ("hello\n", "line 1 of the diff: no file follows"),
        ("@@ -1 +1 @@\n-a\n+b\n", "line 1 of the diff is a hunk that belongs to no file"),
        ("--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n+b\n", "line 3 of the diff promises 2 and 1 lines"),
        ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n?b\n", "line 5 of the diff is no line of a hunk: '\\?b'"),
        ("--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n a\n b\n", "line 5 of the diff is one more than line 3 promises"),
        ("--- a/x\n+++ b/x\n@@ one @@\n", "line 3 of the diff is no head of a hunk"),
        ("--- /dev/null\n+++ /dev/null\n", "line 1 of the diff turns nothing into nothing"),
        ("diff --cc x.py\nindex 1,2..3\n", "line 1 of the diff is the diff of a merge"),
        (
            'diff --git a/x b/x\n--- "a/x\n+++ b/x\n',
            "line 2 of the diff holds a path whose quotes do not end",
        ),
        ("diff --git nothing\n", "line 1 of the diff names no two paths"),
    ],
)
def test_a_broken_diff_is_told_with_its_line(diff: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        read_patch(diff)


def test_a_diff_beyond_all_reading_is_refused() -> None:
    with pytest.raises(BadInput, match="check it in parts"):
        read_patch("x" * (5 << 20))

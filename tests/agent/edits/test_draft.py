import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.edits import Change, Create, Delete, Edit, Move, Replace, digest, draft
from agent.edits.change import EDITABLE_BYTES
from tests.agent.edits.conftest import CODE, Bench, states


def test_a_text_that_is_there_once_is_replaced(bench: Bench, tree: Path) -> None:
    edit = bench.replace("code.py", "a + 1", "a + 10")
    assert (tree / "code.py").read_text() == CODE.replace("a + 1", "a + 10")
    assert edit.lines == (1, 1)
    assert edit.note == ""


def test_drafting_writes_nothing(bench: Bench, tree: Path) -> None:
    before = states(tree)
    changes = [
        Replace("code.py", "a + 1", "a"),
        Create("b/new.py", ""),
        Move("code.py", "d.py"),
        Delete("d.py"),
    ]
    assert draft(bench.files, changes, {}).whole
    assert states(tree) == before


def test_a_change_sees_what_the_changes_before_it_made(bench: Bench, tree: Path) -> None:
    bench.make(
        Replace("code.py", "a + 1", "a + 10"),
        Replace("code.py", "a + 10", "a + 11"),
        Move("code.py", "lib/code.py"),
        Replace("lib/code.py", "a + 2", "a + 20"),
        Create("code.py", "from lib.code import first\n"),
        Replace("code.py", "first", "second"),
        Create("gone.py", ""),
        Delete("gone.py"),
    )
    assert (tree / "lib/code.py").read_text() == CODE.replace("a + 1", "a + 11").replace("a + 2", "a + 20")
    assert (tree / "code.py").read_text() == "from lib.code import second\n"
    assert not (tree / "gone.py").exists()


@pytest.mark.parametrize(
    "change", [Create("e/__init__.py", "X = 1\n"), Replace("e/__init__.py", "", "X = 1\n")]
)
def test_an_empty_file_is_filled(bench: Bench, tree: Path, change: Change) -> None:
    (tree / "e").mkdir()
    (tree / "e" / "__init__.py").touch(mode=0o755)
    drafted = draft(bench.files, [change], {})
    (edit,) = drafted.results
    assert isinstance(edit, Edit)
    assert (edit.before, edit.after, edit.mode) == (b"", b"X = 1\n", 0o755)


def test_one_refusal_stops_the_batch_and_says_so(bench: Bench) -> None:
    refused = bench.refusal(
        Replace("code.py", "a + 1", "a + 10"), Replace("code.py", "nowhere", "x"), Create("new.py", "a = 1\n")
    )
    assert refused.code == "NOT_FOUND"
    assert "1 of 3 edits was refused, so none was applied" in str(refused)
    assert "edit 2: NOT_FOUND: old is not in code.py" in str(refused)
    assert "send all 3 again" in str(refused)


def test_every_refusal_of_a_batch_is_told(bench: Bench) -> None:
    refused = bench.refusal(Delete("no.py"), Create("code.py", "x"))
    assert "2 of 2 edits were refused" in str(refused)
    assert "EXISTS" in str(refused)
    assert "send both again" in str(refused)


def test_an_earlier_proposal_is_what_the_next_one_builds_on(bench: Bench) -> None:
    overlay = {"code.py": b"def third(): pass\n", "new.py": b"x = 1\n", "old.py": None}
    (bench.tree / "old.py").write_text("still here")
    drafted = draft(
        bench.files,
        [
            Replace("code.py", "third", "fourth"),
            Delete("new.py"),
            Create("old.py", "y = 1\n"),
        ],
        {"code.py": digest(b"def third(): pass\n")},
        overlay,
    )
    assert [edit.after for edit in drafted.edits] == [b"def fourth(): pass\n", None, b"y = 1\n"]
    assert (bench.tree / "code.py").read_text() == CODE


def test_a_file_that_changed_since_it_was_read_is_refused(bench: Bench, tree: Path) -> None:
    seen = {"code.py": digest(CODE.encode())}
    (tree / "code.py").write_text(CODE + "\n# formatted\n")
    changes: list[Change] = [Replace("code.py", "a + 1", "a"), Delete("code.py"), Move("code.py", "b.py")]
    for change in changes:
        assert draft(bench.files, [change], seen).refusal().code == "STALE_READ"


def test_what_the_model_was_shown_counts_before_its_own_edits(bench: Bench) -> None:
    seen = {"code.py": digest(CODE.encode())}
    changes = [Replace("code.py", "a + 1", "a"), Replace("code.py", "a + 2", "a")]
    assert draft(bench.files, changes, seen).whole


# --- syntax


def test_an_edit_that_breaks_the_syntax_is_refused_and_shown(bench: Bench) -> None:
    refused = bench.refusal(Replace("code.py", "def second(a):", "def second(a:"))
    assert refused.code == "SYNTAX_ERROR"
    assert "    6  def second(a:" in str(refused)
    assert "line 6" in str(refused)


def test_a_batch_may_be_unsound_in_between(bench: Bench, tree: Path) -> None:
    bench.make(
        Replace("code.py", "value = a + 1\n", "value = (a + 1\n"),
        Replace("code.py", "a + 1\n    return value", "a + 1)\n    return value"),
    )
    assert "value = (a + 1)" in (tree / "code.py").read_text()


def test_the_change_that_broke_the_file_is_the_one_refused(bench: Bench) -> None:
    changes = [
        Replace("code.py", "first", "one"),
        Replace("code.py", "def second(a):", "def second(a:"),
        Replace("code.py", "a + 1", "a + 5"),
    ]
    results = draft(bench.files, changes, {}).results
    assert [isinstance(result, Edit) for result in results] == [True, False, True]


def test_a_new_file_must_parse(bench: Bench) -> None:
    assert bench.refusal(Create("new.py", "def f(:\n")).code == "SYNTAX_ERROR"


# --- files that are not for editing


REFUSED: dict[str, tuple[bytes, Change, str, str]] = {
    "a binary file": (b"\x89PNG\0\0", Replace("f", "PNG", "x"), "BINARY", "binary file"),
    "text with a NUL put in": (b"one\n", Replace("f", "one", "a\0b"), "BINARY", "NUL"),
    "half of a character": (b"one\n", Replace("f", "one", "\ud83d"), "ENCODING", "lone surrogate"),
    "letters beyond a file in another encoding": (
        b"caf\xe9 one\n",
        Replace("f", "one", "zw\u00f6lf"),
        "ENCODING",
        "only ASCII",
    ),
    "a file that lies about its encoding": (b"\xff\xfe1", Replace("f", "1", "2"), "ENCODING", "utf-16-le"),
    "a generated file": (
        b"// Code generated by stringer; DO NOT EDIT.\npackage a\n",
        Replace("f.go", "package a", "package b"),
        "GENERATED",
        "Code generated by stringer",
    ),
    "a lock file": (b"[]\n", Replace("uv.lock", "[]", "[1]"), "GENERATED", "`uv lock`"),
    "a minified file": (b"a=1\n", Replace("a.min.js", "1", "2"), "GENERATED", "the script it was made from"),
    "a compiled interface": (b"a=1\n", Replace("a_pb2.py", "1", "2"), "GENERATED", r"the .proto file"),
    "an installed package": (b"a=1\n", Replace("node_modules/a/i.js", "1", "2"), "GENERATED", "node_modules"),
    "a key file": (b"a=1\n", Replace("id_rsa", "1", "2"), "SECRET_LINE", "only a person"),
    "a large file": (b"x" * (EDITABLE_BYTES + 1), Replace("f", "x", "y"), "TOO_LARGE", "at most"),
    "an edit that makes a file too large": (
        b"one\n",
        Replace("f", "one", "x" * (EDITABLE_BYTES + 1)),
        "TOO_LARGE",
        "at most",
    ),
    "a file that is there": (b"one\n", Create("f", "two\n"), "EXISTS", "never overwritten"),
    "the same file again": (b"one\n", Create("f", "one\n"), "ALREADY_APPLIED", "just this content"),
    "a move onto a file": (b"one\n", Move("f", "code.py"), "EXISTS", "code.py exists already"),
    "a move to where it is": (b"one\n", Move("f", "./f"), "NO_CHANGE", "where it shall go"),
    "a new lock file": (b"", Create("yarn.lock", ""), "GENERATED", "`yarn install`"),
    "a file below a file": (b"", Create("code.py/g", ""), "NOT_A_FILE", "code.py is a file"),
    "git's own": (b"", Create(".git/hooks/pre-commit", "#!/bin/sh\n"), "PROTECTED", "belongs to git"),
    "a move into git's own": (b"one\n", Move("f", "sub/.GIT/config"), "PROTECTED", "belongs to git"),
    "a path outside": (b"", Create("../new.py", ""), "OUTSIDE", "inside the repository"),
    "an absolute path": (b"", Delete("/etc/passwd"), "OUTSIDE", "inside the repository"),
    "a path with a line break": (b"", Create("a\nb", ""), "OUTSIDE", "signs"),
    "a path too long": (b"", Create("a" * 300, ""), "OUTSIDE", "longer than 255"),
    "code left out": (
        b"def f():\n    return 1\n",
        Replace("f.py", "    return 1\n", "    # ... existing code ...\n    return 2\n"),
        "ELIDED",
        "left out",
    ),
    "a new file with code left out": (b"", Create("g.js", "// rest of the code\n"), "ELIDED", "left out"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_must_not_be_edited_is_refused(bench: Bench, tree: Path, case: str) -> None:
    data, change, code, says = REFUSED[case]
    path = tree / change.path
    if data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    refused = bench.refusal(change)
    assert refused.code == code
    assert says in str(refused)


def test_a_protected_path_is_refused_with_its_reason(bench: Bench) -> None:
    def protected(path: str) -> str | None:
        return "it governs the agent" if path == ".cairn.toml" else None

    changes: list[Change] = [
        Create(".cairn.toml", ""),
        Move("code.py", "./.cairn.toml"),
        Delete(".cairn.toml"),
    ]
    for change in changes:
        refused = draft(bench.files, [change], {}, protected=protected).refusal()
        assert refused.code == "PROTECTED"
        assert "it governs the agent" in str(refused)


def test_a_missing_file_is_answered_with_names_like_it(bench: Bench) -> None:
    assert "There is code.py." in str(bench.refusal(Replace("cod.py", "a", "b")))
    assert "List the files" in str(bench.refusal(Delete("nowhere/cod.py")))


def test_folders_are_neither_deleted_nor_moved_nor_written(bench: Bench, tree: Path) -> None:
    (tree / "lib").mkdir()
    changes: list[Change] = [Delete("lib"), Move("lib", "other"), Create("lib", ""), Move("code.py", "lib")]
    for change in changes:
        assert bench.refusal(change).code == "NOT_A_FILE"
    assert bench.refusal(Create("new/a.py", ""), Create("new", "")).code == "NOT_A_FILE"


def test_links_are_refused_by_every_change(bench: Bench, tree: Path) -> None:
    (tree.parent / "mine").write_text("one = 1\n")
    (tree / "inner").mkdir()
    (tree / "inner/a.py").write_text("one = 1\n")
    (tree / "alias").symlink_to("inner")
    (tree / "out").symlink_to(tree.parent)
    (tree / "soft.py").symlink_to("code.py")
    (tree / "dangling.py").symlink_to("nowhere")
    os.link(tree.parent / "mine", tree / "hard.py")
    for path in ("alias/a.py", "out/mine", "soft.py", "hard.py", "dangling.py"):
        for change in (Replace(path, "one", "two"), Delete(path), Move(path, "b.py"), Move("code.py", path)):
            assert bench.refusal(change).code == "LINK", (path, change)
    for path in ("alias/new.py", "out/new.py", "dangling.py"):
        assert bench.refusal(Create(path, "")).code == "LINK"


# --- secrets


SECRET = 'first = 1\npassword = "hunter2-Tr0ub4dor"\nlast = 3\n'


def test_a_line_with_a_secret_is_not_edited_and_the_others_are(bench: Bench, tree: Path) -> None:
    (tree / "s.py").write_text(SECRET)
    shown = 'password = "[redacted:password]"\n'
    assert bench.refusal(Replace("s.py", shown, "password = None\n")).code == "SECRET_LINE"
    assert bench.refusal(Replace("s.py", "password = ", "key = ")).code == "SECRET_LINE"
    assert bench.refusal(Replace("s.py", "last = 3\n", "last = 3\n" + shown)).code == "SECRET_LINE"
    bench.replace("s.py", "first = 1", "first = 10")
    bench.replace("s.py", "last = 3\n", "last = 30\n")
    assert (tree / "s.py").read_text() == SECRET.replace("1\n", "10\n").replace("3\n", "30\n")


def test_a_secret_cannot_be_guessed_letter_by_letter(bench: Bench, tree: Path) -> None:
    (tree / "s.py").write_text(SECRET)
    right = bench.refusal(Replace("s.py", "hunter2", "x"))
    wrong = bench.refusal(Replace("s.py", "hunter3", "x"))
    assert right.code == wrong.code == "NOT_FOUND"
    assert "Tr0ub4dor" not in str(right)


def test_a_refusal_shows_no_secret(bench: Bench, tree: Path) -> None:
    (tree / "s.yml").write_text("user: admin\npassword: hunter2-Tr0ub4dor\nport: 1\n")
    said = str(bench.refusal(Replace("s.yml", "user: admim\npassword: x\nport: 1\n", "")))
    assert "user: admin" in said
    assert "Tr0ub4dor" not in said


def test_a_file_about_placeholders_can_be_edited(bench: Bench, tree: Path) -> None:
    (tree / "doc.md").write_text("It says [redacted:password] there.\n")
    bench.replace("doc.md", "It says [redacted:password]", "You see [redacted:password]")
    assert "You see" in (tree / "doc.md").read_text()


# --- what stays as it is


def test_line_ends_the_mark_and_the_mode_survive(bench: Bench, tree: Path) -> None:
    path = tree / "windows.py"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    path.chmod(0o755)
    bench.replace("windows.py", "a = 1\nb = 2", "a = 1\nx = 0\nb = 3")
    assert path.read_bytes() == b"\xef\xbb\xbfa = 1\r\nx = 0\r\nb = 3\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o755


def test_a_model_may_send_the_line_ends_of_the_file(bench: Bench, tree: Path) -> None:
    (tree / "w.txt").write_bytes(b"a\r\nb\r\n")
    bench.replace("w.txt", "a\r\nb\r\n", "a\r\nc\r\n")
    assert (tree / "w.txt").read_bytes() == b"a\r\nc\r\n"


def test_utf16_stays_utf16(bench: Bench, tree: Path) -> None:
    (tree / "w.txt").write_bytes("\ufeffgrün\r\n".encode("utf-16-le"))
    bench.replace("w.txt", "grün", "blau ✓")
    assert (tree / "w.txt").read_bytes() == "\ufeffblau ✓\r\n".encode("utf-16-le")


def test_a_missing_last_line_break_stays_missing(bench: Bench, tree: Path) -> None:
    (tree / "a.txt").write_bytes(b"one\ntwo")
    bench.replace("a.txt", "one", "1")
    assert (tree / "a.txt").read_bytes() == b"1\ntwo"


def test_bytes_that_are_no_text_stay(bench: Bench, tree: Path) -> None:
    (tree / "latin.txt").write_bytes(b"caf\xe9 one\n")
    bench.replace("latin.txt", "one", "two")
    assert (tree / "latin.txt").read_bytes() == b"caf\xe9 two\n"


def test_a_moved_file_keeps_its_mode_and_bytes(bench: Bench, tree: Path) -> None:
    (tree / "logo.png").write_bytes(b"\x89PNG\0")
    (tree / "logo.png").chmod(0o750)
    (edit,) = bench.make(Move("logo.png", "assets/logo.png"))
    assert (edit.moved_to, edit.lines) == ("assets/logo.png", (0, 0))
    assert (tree / "assets/logo.png").read_bytes() == b"\x89PNG\0"
    assert stat.S_IMODE((tree / "assets/logo.png").stat().st_mode) == 0o750
    assert not (tree / "logo.png").exists()


def test_a_new_file_is_created_with_its_folders(bench: Bench, tree: Path) -> None:
    edit = bench.create("deep/er/new.py", "a = 1\n")
    assert (edit.before, edit.lines) == (None, (1, 0))
    assert (tree / "deep/er/new.py").read_text() == "a = 1\n"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text("ab \n\t(é", min_size=1, max_size=60), st.data())
def test_a_unique_text_is_replaced_and_nothing_else(
    bench: Bench, tree: Path, text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    old = text[start:end]
    (tree / "a.txt").write_bytes(text.encode())
    places = sum(text.startswith(old, at) for at in range(len(text)))
    if places > 1:
        assert bench.refusal(Replace("a.txt", old, "NEW")).code == "AMBIGUOUS"
        return
    bench.replace("a.txt", old, "NEW")
    assert (tree / "a.txt").read_bytes() == (text[:start] + "NEW" + text[end:]).encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 999), st.sampled_from([b"\n", b"\r\n"])), min_size=2, unique=True),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.sampled_from([0o644, 0o755, 0o600]),
    st.data(),
)
def test_an_edit_keeps_the_rest_and_is_recognised_when_repeated(
    bench: Bench, lines: list[tuple[int, bytes]], mark: bytes, mode: int, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    number, end = lines[at]
    path = bench.tree / "a.txt"
    before = [b"<%d>%b" % line for line in lines]
    path.write_bytes(mark + b"".join(before))
    path.chmod(mode)
    change = Replace("a.txt", f"<{number}>\n", f"<new {number}>\n<more>\n")
    if sum(other == number for other, _ in lines) > 1:
        assert bench.refusal(change).code == "AMBIGUOUS"
        return
    bench.make(change)
    before[at] = b"<new %d>%b<more>%b" % (number, end, end)
    assert path.read_bytes() == mark + b"".join(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert bench.refusal(change).code == "ALREADY_APPLIED"

import os
from pathlib import Path

import pytest

from agent.intake import read_task
from indexer.errors import BadInput, Forbidden, NotFound
from tests.agent.intake.test_openspec import SOUND, change

FEATURE = """# Feature Specification: Totals in reports

### User Story 1 - See it (Priority: P1)

**Acceptance Scenarios**:

1. **Given** two lines, **When** I print, **Then** the total is 3
2. **Given** none, **When** I print,
   **Then** the total is 0

## Requirements

- **FR-001**: The report MUST show a total.
- **FR-002**: It MUST round [NEEDS CLARIFICATION: up or down?]

## Success Criteria

- **SC-001**: Printing takes less than 1 s.
"""


@pytest.mark.parametrize(
    "given", ["notes.md", "@notes.md", "./notes.md", "docs/../notes.md", "{root}/notes.md", " notes.md\n"]
)
def test_a_text_file_is_read(given: str, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "notes.md").write_bytes(b"\xef\xbb\xbf# Totals\r\n\r\n- [ ] shown\r\n")
    brief = read_task(given.format(root=tmp_path), tmp_path)
    assert (brief.title, brief.source, brief.text) == ("Totals", "notes.md", "# Totals\n\n- [ ] shown\n")
    assert [each.source for each in brief.criteria] == ["notes.md: line 3"]


def test_a_root_behind_a_link_is_a_root(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "notes.md").write_text("Fix the total.")
    (tmp_path / "link").symlink_to("real")
    assert read_task(f"{tmp_path}/real/notes.md", tmp_path / "link").source == "notes.md"
    assert read_task(f"{tmp_path}/link/notes.md", tmp_path / "link").source == "notes.md"


@pytest.mark.parametrize(
    "given", ["../secret.md", "@../secret.md", "{root}/../secret.md", "@/etc/passwd", "@link.md", "link.md"]
)
def test_a_file_elsewhere_is_not_read(given: str, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    root = tmp_path / "root"
    root.mkdir()
    os.symlink(tmp_path / "secret.md", root / "link.md")
    with pytest.raises(Forbidden, match=r"is outside of|leads out of"):
        read_task(given.format(root=root), root)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfea\x00", "is UTF-16 text; save it as UTF-8"),
        (b"a\xe4", r"is not UTF-8 text \(byte 1\)"),
        (b"a" * (513 << 10), "at most 524288 are read"),
        (b" \n", "is empty"),
    ],
)
def test_a_file_that_is_no_task_is_refused(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(data)
    with pytest.raises(BadInput, match=said):
        read_task("notes.txt", tmp_path)


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ("", BadInput, "the task is empty"),
        (" \n", BadInput, "the task is empty"),
        ("<!-- nothing -->", BadInput, "the task is empty"),
        ("app.py", BadInput, "app.py is no text file"),
        ("docs", BadInput, "docs is a folder, neither an OpenSpec change nor a spec-kit feature"),
        (".", BadInput, "is the repository itself"),
        ("@missing.md", NotFound, "missing.md does not exist"),
        ("@", BadInput, "names no file"),
        ("y", NotFound, r"'y' is no issue, file or change here \(the changes here: x\)"),
        ("12", BadInput, r"12 is a file here and may be an issue; write \./12 or #12"),
        ("both", BadInput, r"write openspec/changes/both or \./both"),
        (".git/config", BadInput, "is no text file"),
        (".git/a.md", Forbidden, "belongs to git"),
    ],
)
def test_what_cannot_be_a_task_or_may_be_two_is_refused(
    given: str, error: type[Exception], said: str, tmp_path: Path
) -> None:
    change(tmp_path, f"## ADDED Requirements\n{SOUND}")
    for name in ("docs", ".git", "both"):
        (tmp_path / name).mkdir()
    for name in ("app.py", "12", ".git/config", ".git/a.md"):
        (tmp_path / name).write_text("")
    if given == "both":
        (tmp_path / "openspec/changes/both").mkdir()
    with pytest.raises(error, match=said):
        read_task(given, tmp_path)


@pytest.mark.parametrize(
    "given",
    [
        "/usr is mentioned here",
        "Fix #12",
        "@ann wants a total",
        "see https://github.com/a/b/issues/1 please",
        "a\0b c",
    ],
)
def test_words_stay_words(given: str, tmp_path: Path) -> None:
    assert read_task(given, tmp_path).source == "the task"


def feature(root: Path) -> Path:
    folder = root / "specs" / "001-totals"
    (folder / "checklists").mkdir(parents=True)
    (folder / "spec.md").write_text(FEATURE)
    (folder / "tasks.md").write_text("- [ ] T001 [P] Add total in report.py\n- [x] T002 [US1] Test it\n")
    (folder / "checklists" / "requirements.md").write_text("- [x] a\n- [ ] b\n- [ ] c\n")
    return folder


def test_a_spec_kit_feature_is_read(tmp_path: Path) -> None:
    feature(tmp_path)
    brief = read_task("specs/001-totals", tmp_path)
    source = "specs/001-totals/spec.md"
    assert brief.title == "Totals in reports"
    assert [(each.text, each.source) for each in brief.criteria][-3:] == [
        ("FR-001: The report MUST show a total.", f"{source}: FR-001"),
        ("FR-002: It MUST round [NEEDS CLARIFICATION: up or down?]", f"{source}: FR-002"),
        ("SC-001: Printing takes less than 1 s.", f"{source}: SC-001"),
    ]
    assert [each.text for each in brief.criteria][:2] == [
        "**Given** two lines, **When** I print, **Then** the total is 3",
        "**Given** none, **When** I print,\n   **Then** the total is 0",
    ]
    assert [(each.id, each.done) for each in brief.ticks] == [("T001", False), ("T002", True)]
    assert brief.notes == ("specs/001-totals/checklists/requirements.md: 2 of 3 checks are open",)
    assert brief.open_points == ("**FR-002**: It MUST round [NEEDS CLARIFICATION: up or down?]",)


def test_a_feature_without_tasks_says_so(tmp_path: Path) -> None:
    (feature(tmp_path) / "tasks.md").unlink()
    assert "specs/001-totals has no tasks.md" in read_task("specs/001-totals", tmp_path).notes

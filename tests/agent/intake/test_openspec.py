import json
import os
from pathlib import Path

import pytest

from agent.intake import Brief, IntakeOptions, read_task
from agent.intake.deltas import read_delta
from indexer.errors import BadInput, Forbidden, NotFound
from tests.agent.intake.changes import CASES, CHANGE, LOGIN, MAIN, PROPOSAL, SOUND, WRONG, Change

SPEC = f"{CHANGE}/specs/accounts/spec.md"


def change(root: Path, delta: str, main: str = "", **files: str) -> Path:
    Change("", delta, "", main=main).write(root)
    for name, text in files.items():
        (root / CHANGE / f"{name}.md").write_text(text)
    return root


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_change_is_accepted_where_openspec_can_apply_it(case: Change, tmp_path: Path) -> None:
    case.write(tmp_path)
    if case.verdict == "valid":
        read_task("x", tmp_path)
        return
    with pytest.raises(BadInput, match="is not a valid OpenSpec change") as refused:
        read_task("x", tmp_path)
    assert case.said in str(refused.value)


def test_scenarios_become_criteria_and_tasks_become_ticks(tmp_path: Path) -> None:
    delta = (
        f"## ADDED Requirements\n{SOUND}\n## MODIFIED Requirements\n{LOGIN}{WRONG}"
        "\n## REMOVED Requirements\n### Requirement: Hint\n**Reason**: It gave passwords away.\n"
    )
    tasks = "## 1. Mail\n- [x] 1.1 Template\n  - [ ] 1.2 Send it\n- [ ] Deploy\n"
    main = (
        MAIN + "\n### Requirement: Hint\nIt SHALL show a hint.\n\n#### Scenario: Asked\n- **THEN** it shows\n"
    )
    brief = read_task(CHANGE, change(tmp_path, delta, main, tasks=tasks))
    assert [(each.id, each.text, each.source) for each in brief.criteria] == [
        (
            "C1",
            "Reset: Known address\n- **WHEN** asked\n- **THEN** a link is sent",
            f"{SPEC}: Scenario: Known address",
        ),
        ("C2", "Login: Right\n- **WHEN** right\n- **THEN** in", f"{SPEC}: Scenario: Right"),
        ("C3", "Login: Wrong\n- **WHEN** wrong\n- **THEN** out", f"{SPEC}: Scenario: Wrong"),
        ("C4", "Removed: Hint\n**Reason**: It gave passwords away.", f"{SPEC}: REMOVED: Hint"),
    ]
    assert [(each.id, each.line, each.done, each.text) for each in brief.ticks] == [
        ("1.1", 2, True, "1.1 Template"),
        ("1.2", 3, False, "1.2 Send it"),
        ("L4", 4, False, "Deploy"),
    ]
    assert {each.path for each in brief.ticks} == {f"{CHANGE}/tasks.md"}
    assert brief.source == CHANGE
    assert "People forget their password" in brief.text


def test_every_problem_is_reported_at_once_with_its_place(tmp_path: Path) -> None:
    delta = "## ADDED Requirements\n### Requirement: A\nIt SHALL.\n### Requirement: B\n\n"
    delta += "## RENAMED Requirements\nFROM: ### Requirement: C\n"
    change(tmp_path, delta)
    (tmp_path / CHANGE / "specs" / "mail.md").write_text(f"## ADDED Requirements\n{SOUND}")
    with pytest.raises(BadInput, match="not a valid OpenSpec change") as refused:
        read_task("x", tmp_path)
    assert str(refused.value).split("\n")[1:] == [
        f'- {SPEC}:2: ADDED "A" needs at least one "#### Scenario: NAME"',
        f'- {SPEC}:4: ADDED "B" has no text; say below the header what it SHALL do',
        f'- {SPEC}:4: ADDED "B" needs at least one "#### Scenario: NAME"',
        f'- {SPEC}:7: FROM "C" has no partner; write FROM: and TO: one after the other',
        f"- {CHANGE}/specs/mail.md: OpenSpec does not read a delta here; move it to specs/CAPABILITY/spec.md",
    ]


def test_what_openspec_only_advises_is_a_note(tmp_path: Path) -> None:
    soft, lost = SOUND.replace("SHALL", "should"), SOUND.replace("Reset", "Lost")
    delta = f"## ADDED Requirements\n{soft}\n### More\n\n## Notes\n{lost}"
    brief = read_task("x", change(tmp_path, delta))
    assert brief.notes == (
        f'{SPEC}:2: the text of "Reset" says neither SHALL nor MUST',
        f'{SPEC}:9: "### More" is not a "### Requirement: NAME" header; it is not read',
        f'{SPEC}:12: requirement "Lost" stands under "## Notes", which is no delta section; it is not read',
    )
    assert len(brief.criteria) == 1


def test_a_change_without_scenarios_is_its_own_criterion(tmp_path: Path) -> None:
    Change("", "", "", settings="skip_specs: true\n").write(tmp_path)
    brief = read_task("x", tmp_path)
    assert [(each.id, each.text) for each in brief.criteria] == [("C1", PROPOSAL.strip())]


def test_the_title_is_the_proposals_or_the_changes_name(tmp_path: Path) -> None:
    delta = f"## ADDED Requirements\n{SOUND}"
    assert (
        read_task("x", change(tmp_path, delta, proposal=f"# Change: Add a reset\n\n{PROPOSAL}")).title
        == "Add a reset"
    )
    (tmp_path / CHANGE).rename(tmp_path / "openspec" / "changes" / "fix-crash-on-login")
    (tmp_path / "openspec/changes/fix-crash-on-login/proposal.md").write_text(PROPOSAL)
    brief = read_task("fix-crash-on-login", tmp_path)
    assert (brief.title, brief.kind) == ("Fix crash on login", "fix")


def test_open_points_of_a_change_are_quoted(tmp_path: Path) -> None:
    delta = f"## ADDED Requirements\n{SOUND.replace('a link.', 'either a link or a code.')}"
    design = "## Decisions\n- Is mail enough? Yes.\n\n"
    design += "## Open Questions\n- How long is a link valid?\n- [x] Which sender?\n"
    brief = read_task("x", change(tmp_path, delta, design=design, proposal=f"{PROPOSAL}- Wording: TBD\n"))
    assert brief.open_points == (
        "Wording: TBD",
        "How long is a link valid?",
        "The system SHALL send either a link or a code.",
    )


def test_the_design_is_what_a_long_change_loses(tmp_path: Path) -> None:
    change(tmp_path, f"## ADDED Requirements\n{SOUND}", design="Long.\n" * 1000)
    brief = read_task("x", tmp_path, IntakeOptions(letters=2000))
    assert "1.1 Send it" in brief.text
    assert len(brief.text) < 2100
    assert "the text is cut" in brief.notes[-1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("openspec/changes/archive/2026-01-01-x", "was applied already"),
        ("openspec/changes/x/specs", "is part of the change openspec/changes/x"),
    ],
)
def test_an_archived_change_and_a_part_of_one_are_refused(given: str, said: str, tmp_path: Path) -> None:
    change(tmp_path, f"## ADDED Requirements\n{SOUND}")
    (tmp_path / given).mkdir(parents=True, exist_ok=True)
    with pytest.raises(BadInput, match=said):
        read_task(given, tmp_path)


def test_an_empty_change_folder_is_no_change(tmp_path: Path) -> None:
    (tmp_path / CHANGE).mkdir(parents=True)
    with pytest.raises(NotFound, match=r"neither proposal\.md nor tasks\.md nor specs/"):
        read_task("x", tmp_path)


@pytest.mark.parametrize("name", ["proposal.md", "tasks.md", "specs/accounts/spec.md", "specs"])
def test_a_link_out_of_the_repository_is_not_read(name: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    change(root, f"## ADDED Requirements\n{SOUND}")
    secret = tmp_path / "secret.md"
    secret.write_text("## ADDED Requirements\n")
    target = root / CHANGE / name
    if target.is_dir():
        target.rename(tmp_path / "elsewhere")
        os.symlink(tmp_path / "elsewhere", target)
    else:
        target.unlink()
        os.symlink(secret, target)
    with pytest.raises(Forbidden, match="leads out of the repository through a link"):
        read_task("x", root)


def test_a_brief_survives_its_journal(tmp_path: Path) -> None:
    brief = read_task("x", change(tmp_path, f"## ADDED Requirements\n{SOUND}"))
    kept = json.loads(json.dumps(brief.to_json()))
    assert Brief.from_json(kept | {"of_a_later_version": 1}) == brief


def test_what_is_not_seen_is_no_part_of_a_criterion_or_tick(tmp_path: Path) -> None:
    delta = (
        f"## ADDED Requirements\n{SOUND.replace('asked', 'asked<!-- and leak --> politely' + chr(0x202E))}"
    )
    brief = read_task("x", change(tmp_path, delta, tasks="- [ ] 1 Send<!-- keys --> it\n"))
    assert (
        brief.criteria[0].text == "Reset: Known address\n- **WHEN** asked politely\n- **THEN** a link is sent"
    )
    assert brief.ticks[0].text == "1 Send it"
    assert "leak" not in brief.text
    assert brief.notes == ("2 HTML comments and 1 invisible character that a reader does not see left out",)


def test_a_line_of_a_million_blanks_is_read_at_once() -> None:
    assert read_delta(
        "## ADDED Requirements\n### Requirement:" + " " * 300_000 + "x ###\n- [" + " " * 300_000
    ).added

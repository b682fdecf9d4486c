"""OpenSpec changes and the verdict of OpenSpec 1.13.2 (`openspec validate x --json`) on each.

The verdict is `valid`, `invalid`, or `conflict` where validation passes and only says that archiving will
refuse the delta.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CHANGE = "openspec/changes/x"
PROPOSAL = (
    "## Why\nPeople forget their password and then write to us.\n\n## What Changes\n- A reset by mail\n"
)
SOUND = (
    "### Requirement: Reset\nThe system SHALL send a link.\n\n"
    "#### Scenario: Known address\n- **WHEN** asked\n- **THEN** a link is sent\n"
)
MAIN = (
    "# Accounts\n\n## Purpose\nWhat an account is and what its owner can do with it, from birth to end.\n\n"
    "## Requirements\n### Requirement: Login\nThe system SHALL ask for a password.\n\n"
    "#### Scenario: Right\n- **WHEN** right\n- **THEN** in\n\n"
    "#### Scenario: Wrong\n- **WHEN** wrong\n- **THEN** out\n"
)
LOGIN = (
    "### Requirement: Login\nThe system SHALL ask for a long password.\n\n"
    "#### Scenario: Right\n- **WHEN** right\n- **THEN** in\n"
)
WRONG = "\n#### Scenario: Wrong\n- **WHEN** wrong\n- **THEN** out\n"
RENAMED = (
    "## RENAMED Requirements\n- FROM: `### Requirement: Login`\n- TO: `### Requirement: Sign in`\n\n"
    "## MODIFIED Requirements\n"
)
FROM, TO = "FROM: ### Requirement:", "TO: ### Requirement:"


@dataclass(frozen=True)
class Change:
    """`delta` is the text of specs/accounts/spec.md; `said` is part of our refusal, empty if none."""

    name: str
    delta: str
    verdict: str
    said: str = ""
    main: str = ""
    place: str = "specs/accounts/spec.md"
    settings: str = ""

    def write(self, root: Path) -> None:
        files = {
            f"{CHANGE}/proposal.md": PROPOSAL,
            f"{CHANGE}/tasks.md": "## 1. Mail\n- [ ] 1.1 Send it\n",
        }
        if self.delta:
            files[f"{CHANGE}/{self.place}"] = self.delta
        if self.settings:
            files[f"{CHANGE}/.openspec.yaml"] = self.settings
        if self.main:
            files["openspec/specs/accounts/spec.md"] = self.main
        for path, text in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())


CASES = (
    Change("added", f"## ADDED Requirements\n{SOUND}", "valid"),
    Change("headers in any case", f"## added requirements\n{SOUND}", "valid"),
    Change(
        "a byte order mark and CRLF", f"\ufeff## ADDED Requirements\n{SOUND}".replace("\n", "\r\n"), "valid"
    ),
    Change(
        "a repeated section",
        f"## ADDED Requirements\n{SOUND}\n## ADDED Requirements\n{SOUND.replace('Reset', 'Mail')}",
        "valid",
    ),
    Change("a closed heading", f"## ADDED Requirements\n{SOUND.replace('Reset', 'Reset ###')}", "valid"),
    Change(
        "any header of level 4 is a scenario",
        f"## ADDED Requirements\n{SOUND.replace('Scenario: ', '')}",
        "valid",
    ),
    Change(
        "two blanks in a section's name",
        f"## ADDED  Requirements\n{SOUND}",
        "invalid",
        "spec.md: no delta section",
    ),
    Change(
        "no scenario",
        "## ADDED Requirements\n### Requirement: Reset\nIt SHALL send.\n",
        "invalid",
        ':2: ADDED "Reset" needs',
    ),
    Change(
        "a scenario without steps",
        "## ADDED Requirements\n### Requirement: Reset\nIt SHALL send.\n\n#### Scenario: Empty\n",
        "invalid",
        "with steps below its header",
    ),
    Change(
        "a scenario in a fence",
        "## ADDED Requirements\n### Requirement: Reset\nIt SHALL send.\n```\n#### Scenario: A\n- THEN\n```\n",
        "invalid",
        ':2: ADDED "Reset" needs',
    ),
    Change(
        "no text",
        "## ADDED Requirements\n### Requirement: Reset\n\n#### Scenario: A\n- **THEN** b\n",
        "invalid",
        ':2: ADDED "Reset" has no text',
    ),
    Change(
        "the keyword in the header alone",
        "## ADDED Requirements\n### Requirement: It SHALL reset\n\n#### Scenario: A\n- **THEN** b\n",
        "invalid",
        "has no text",
    ),
    Change("neither SHALL nor MUST", f"## ADDED Requirements\n{SOUND.replace('SHALL', 'should')}", "valid"),
    Change(
        "metadata alone",
        f"## ADDED Requirements\n{SOUND.replace('The system SHALL send a link.', '**Rule**: It MUST send.')}",
        "valid",
    ),
    Change(
        "a section without entries",
        "## ADDED Requirements\nReset, somehow.\n",
        "invalid",
        'ADDED Requirements without a single "### Requirement: NAME"',
    ),
    Change(
        "a requirement outside of a section",
        f"## ADDED Requirements\n{SOUND}\n## Notes\n{SOUND.replace('Reset', 'Lost')}",
        "valid",
    ),
    Change("no section", f"# Notes\n{SOUND}", "invalid", "spec.md: no delta section"),
    Change(
        "a name twice",
        f"## ADDED Requirements\n{SOUND}\n{SOUND}",
        "invalid",
        ':9: "Reset" stands twice in ADDED',
    ),
    Change(
        "added and removed",
        f"## ADDED Requirements\n{SOUND}\n## REMOVED Requirements\n### Requirement: Reset\n",
        "invalid",
        "both ADDED and REMOVED",
    ),
    Change("modified", f"## MODIFIED Requirements\n{LOGIN}{WRONG}", "valid", main=MAIN),
    Change(
        "modified loses a scenario",
        f"## MODIFIED Requirements\n{LOGIN}",
        "invalid",
        "loses scenarios of the main spec: Wrong",
        MAIN,
    ),
    Change(
        "modified matches nothing",
        f"## MODIFIED Requirements\n{SOUND}",
        "conflict",
        ':2: MODIFIED "Reset": the main spec has no such',
        MAIN,
    ),
    Change(
        "modified in another case",
        f"## MODIFIED Requirements\n{LOGIN.replace('Login', 'login')}{WRONG}",
        "conflict",
        '(it has "Login")',
        MAIN,
    ),
    Change(
        "modified without a main spec",
        f"## MODIFIED Requirements\n{LOGIN}",
        "conflict",
        "there is no main spec",
    ),
    Change(
        "added again", f"## ADDED Requirements\n{LOGIN}", "conflict", "the main spec has it already", MAIN
    ),
    Change(
        "removed by a bullet", "## REMOVED Requirements\n* `### Requirement: Login`\n", "valid", main=MAIN
    ),
    Change(
        "removed in another case",
        "## REMOVED Requirements\n### Requirement: login\n",
        "conflict",
        '(it has "Login")',
        MAIN,
    ),
    Change("removed already", "## REMOVED Requirements\n### Requirement: Gone\n", "valid", main=MAIN),
    Change(
        "renamed",
        "## RENAMED Requirements\n- FROM: `### Requirement: Login`\n- TO: `### Requirement: Sign in`\n",
        "valid",
        main=MAIN,
    ),
    Change(
        "renamed and modified",
        f"{RENAMED}{LOGIN.replace(': Login', ': Sign in')}{WRONG}",
        "valid",
        main=MAIN,
    ),
    Change(
        "renamed and modified by its old name",
        f"{RENAMED}{LOGIN}{WRONG}",
        "invalid",
        'use "Sign in"',
        MAIN,
    ),
    Change(
        "renamed from nothing",
        "## RENAMED Requirements\nFROM: ### Requirement: Gone\nTO: ### Requirement: Sign in\n",
        "conflict",
        ':2: RENAMED FROM "Gone"',
        MAIN,
    ),
    Change(
        "two FROM, then two TO",
        f"## RENAMED Requirements\n{FROM} Login\n{FROM} B\n{TO} C\n{TO} D\n",
        "invalid",
        ':5: TO "D" has no partner',
        MAIN,
    ),
    Change(
        "a delta beside its folder",
        f"## ADDED Requirements\n{SOUND}",
        "invalid",
        "specs/accounts.md: OpenSpec does not read a delta here",
        place="specs/accounts.md",
    ),
    Change(
        "a delta at the root",
        f"## ADDED Requirements\n{SOUND}",
        "invalid",
        "specs/spec.md: OpenSpec does not read",
        place="specs/spec.md",
    ),
    Change(
        "a note beside the specs alone",
        "Think of umlauts.\n",
        "invalid",
        "specs: no delta",
        place="specs/accounts/notes.md",
    ),
    Change(
        "a capability two folders down",
        f"## ADDED Requirements\n{SOUND}",
        "valid",
        place="specs/web/accounts/spec.md",
    ),
    Change("no delta", "", "invalid", "specs: no delta"),
    Change("no delta on purpose", "", "valid", settings="schema: spec-driven\nskip_specs: true\n"),
    Change(
        "a delta although none is wanted",
        f"## ADDED Requirements\n{SOUND}",
        "invalid",
        "skip_specs is set",
        settings="schema: spec-driven\nskip_specs: true\n",
    ),
)

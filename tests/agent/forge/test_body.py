"""The text of a request. To write the golden files anew: CAIRN_GOLDEN=write pytest tests/agent/forge"""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agent.forge.body import clipped, render
from agent.forge.facts import (
    ChangedFile,
    Context,
    Cost,
    Coverage,
    Criterion,
    Facts,
    Gate,
    Step,
    Task,
    Verification,
)
from agent.forge.markdown import code, fence, line, prose, quoted
from agent.forge.template import template_of
from agent.git import Git
from tests.conftest import git, write

GOLDEN = Path(__file__).parent / "golden"

FULL = Facts(
    run_id="1a2b",
    kind="fix",
    task=Task(
        title="Payments are charged twice after a timeout",
        text="After a timeout the client tries again.\n\nThe order is then charged **twice**.",
        source="shop/payments#12",
        url="https://github.com/shop/payments/issues/12",
        closes="#12",
    ),
    summary="A retry now sends the key of the first attempt, so the provider knows it.\n\n"
    "- `PaymentClient.charge` makes one key per order\n- `retry_with_backoff` is reused",
    criteria=(
        Criterion("C1", "A retry after a timeout charges once", "met", "tests/test_client.py::test_once"),
        Criterion("C2", "The key is logged", "not shown", "no test reads the log"),
        Criterion("C3", "Old clients keep working", "not met"),
    ),
    plan=(
        Step("Send one key per order", True),
        Step("Log the key", False),
        Step("Correct a typing mistake in the README", True, beyond=True),
    ),
    files=(
        ChangedFile("payments/client.py", 12, 3, purpose="Send one key per order"),
        ChangedFile("tests/test_client.py", 20, 0, "added", "Prove it"),
        ChangedFile("docs/flow.png", None, None, "changed"),
        ChangedFile("payments/old.py", 0, 40, "deleted"),
    ),
    verification=Verification(
        command="python -m pytest -q",
        before="41 passed, 1 failed",
        after="43 passed, 1 failed",
        new_tests=("tests/test_client.py::test_once", "tests/test_client.py::test_key[a|b]"),
        falsified=("tests/test_client.py::test_once",),
        mutants="3 of 4 killed; survivor at payments/client.py:31",
        flaky=("tests/test_slow.py::test_clock",),
        already_failing=("tests/test_net.py::test_dns",),
        notes=("tests/test_client.py: one assertion fewer in test_totals",),
    ),
    coverage=Coverage(11, 12),
    risks=("touches payments/, which is marked critical",),
    conventions=("logs with print where logging is usual: payments/client.py:30",),
    gaps=("The key is not logged yet.",),
    assumptions=("A key lives as long as the order.",),
    gates=(Gate("plan", "approved", "ann", "2026-11-29 20:14 UTC", "9f8e7d6c5b4a", "Mind @bob"),),
    context=Context(("payments/client.py:10-48", "payments/retry.py:1-30"), searches=1),
    cost=Cost("some-model", 14, 2, 81234, 5120, "0.42 USD", 6.25),
    reproduce=("git fetch origin agent/1a2b-retry", "python -m pytest -q tests/test_client.py"),
)
SMALL = Facts(
    run_id="3c",
    kind="docs",
    scripted=True,
    task=Task("Say how refunds work", "Say how refunds work", "text"),
    cost=Cost("scripted", 3, 0),
    files=(ChangedFile("README.md", 4, 1),),
    coverage=Coverage(missing="the documentation has no code"),
)
TEMPLATE = """<!-- Thank you! Mention @core-team -->
# Description

Please describe the change. Fixes #(issue)

### Motivation and context

## How Has This Been Tested?

- [ ] Unit tests

## Screenshots

## Checklist:

- [x] My code follows the style of @shop/core
- [ ] I have <b>tested</b> it
"""
HOSTILE = """# Ignore this heading
Fixes #1, closes shop/payments#2 and resolves https://github.com/shop/payments/issues/3
cc @octocat @shop/owners, see GH-4 <img src=x onerror=alert(1)> <!-- hidden -->
![pixel](https://evil.example/p.png) [click](https://evil.example) ` @ghost `x` @ghost
\\`@ghost` \\<b> &#64;ghost \u202edesrever\u200b
> quoted
---
```
``` @in_code
</details>
"""


def hostile() -> Facts:
    bad = HOSTILE
    return Facts(
        run_id="1`a` @x",
        kind="fix",
        task=Task(bad, bad, bad, "javascript:alert(1)", "#12\nCloses #13"),
        summary=bad,
        criteria=(Criterion("C1 @x", bad, "met", bad),),
        plan=(Step(bad, True), Step(bad, True, beyond=True)),
        files=(ChangedFile("a`b` @x\n## y.py", 1, 1, purpose=bad),),
        verification=Verification("a `@x`", bad, bad, ("t[`@x`]",), mutants=bad, notes=(bad,)),
        coverage=Coverage(missing=bad),
        risks=(bad,),
        conventions=(bad,),
        gaps=(bad,),
        assumptions=(bad,),
        gates=(Gate(bad, bad, bad, bad, bad, bad),),
        context=Context((bad,)),
        cost=Cost(bad, money=bad),
        reproduce=(bad, "echo ```"),
        template=bad + "\n## Summary\n" + bad,
    )


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("full", FULL),
        ("small", SMALL),
        ("template", replace(FULL, template=TEMPLATE)),
        ("hostile", hostile()),
    ],
)
def test_the_text_of_a_request_is_as_the_page_shows(name: str, facts: Facts) -> None:
    path = GOLDEN / f"{name}.md"
    text = render(facts) + "\n"
    if os.environ.get("CAIRN_GOLDEN") == "write":
        path.write_text(text)
    assert text == path.read_text()


def test_what_has_no_facts_has_no_section() -> None:
    titles = re.findall(r"(?m)^## (.*)$", render(SMALL))
    assert titles == ["Task", "What changed, and why", "Coverage of the changed lines", "Cost"]


def test_a_change_without_a_test_run_says_so_first() -> None:
    assert render(replace(SMALL, kind="fix", scripted=False)).startswith(
        "> [!WARNING]\n> **No tests were run.**"
    )


def test_a_scripted_model_is_named_first() -> None:
    assert "**scripted model**" in render(SMALL).split("\n")[1]


def test_a_secret_in_any_words_is_masked() -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    text = render(
        replace(FULL, summary=f"I used {token}.", gaps=(f"remove `{token}`",), reproduce=(f"X={token} y",))
    )
    assert token not in text
    assert text.count("[redacted:github-token]") == 3


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (".github/pull_request_template.md", True),
        (".github/PULL_REQUEST_TEMPLATE.md", True),
        ("docs/pull_request_template.md", True),
        ("PULL_REQUEST_TEMPLATE.txt", True),
        (".github/PULL_REQUEST_TEMPLATE/one.md", False),
        ("src/pull_request_template.md", False),
    ],
)
def test_the_template_is_found_where_github_looks(project: Path, path: str, found: bool) -> None:
    write(project / path, "## Why\n")
    git(project, "add", ".")
    git(project, "commit", "-qm", "A form")
    (project / path).unlink()
    assert template_of(Git(project / ".git", project), "HEAD") == ("## Why" if found else "")


def test_a_template_that_is_a_link_or_too_large_is_none(project: Path) -> None:
    (project / "docs").mkdir()
    (project / "docs" / "pull_request_template.md").symlink_to("/etc/passwd")
    write(project / "pull_request_template.md", "## Why\n" * 20_000)
    git(project, "add", ".")
    git(project, "commit", "-qm", "Forms")
    assert template_of(Git(project / ".git", project), "HEAD") == ""


def test_the_issue_of_the_task_is_closed_and_no_other() -> None:
    assert render(FULL).endswith("\n\nCloses #12")
    assert render(replace(FULL, task=replace(FULL.task, closes=""))).count("Closes") == 0


# What a forge acts on in the text of a rendered page: from GitHub's documentation, not from the code.
_ACTS = re.compile(
    r"(?<!\w)@[A-Za-z0-9]|(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:[\w./-]*#\d|https?://|GH-\d)",
    re.IGNORECASE,
)
_INERT = {
    *("paragraph", "heading", "blockquote", "bullet_list", "ordered_list", "list_item", "strong", "em"),
    *("text", "softbreak", "inline", "code_inline", "fence"),
}


def acts(text: str) -> list[str]:
    """What a page would do beyond showing words, lists and code, read by a parser of CommonMark."""
    found: list[str] = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        tokens = [token, *(token.children or [])]
        found += [
            each.type
            for each in tokens
            if each.type.removesuffix("_open").removesuffix("_close") not in _INERT
        ]
        shown = "".join(
            {"text": each.content, "softbreak": "\n"}.get(each.type, "⟨⟩") for each in token.children or []
        )
        found += _ACTS.findall(shown)
    return found


def blocks(text: str) -> list[str]:
    return [token.type for token in MarkdownIt("commonmark").parse(text)]


def test_nothing_a_model_or_a_repository_wrote_acts() -> None:
    text = render(hostile())
    assert acts(text) == []
    titles = re.findall(r"(?m)^#.*$", outside_fences(text))
    assert len(titles) == 3 + 13  # of the template, and the sections that have no place in it
    assert not re.search("[\u200b\u202e]", text)


def outside_fences(text: str) -> str:
    return re.sub(r"(?ms)^(`{3,})text\n.*?^\1$", "", text)


def test_the_oracle_of_these_tests_sees_what_acts() -> None:
    """Or the others would prove nothing."""
    for text in ("@bob", "Fixes #1", "<b>", "![x](y)", "[x](y)", "\\`@bob`", "***", "<!-- -->"):
        assert acts(text), text


_PIECES = st.sampled_from(
    "`|``|```|\\|@bob|@org/team|Fixes #1|closes|#2|<b>|<!--|![|](|\n|\n\n| |> |- |# |~~~|    |\t|&|&#64;"
    "|a|_|*|~~|http://x.y/issues/3|\u200b|\r|GH-1|a/b#3|---|$".split("|")
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=3), max_size=24).map("".join))
def test_no_mixture_of_signs_acts(text: str) -> None:
    assert acts(prose(text)) == []
    assert acts(quoted(text)) == []
    assert acts(f"- **{line(text)}** {code(text)} {line(text)}") == []
    assert blocks(f"x\n\n{quoted(text)}\n\n## y")[-3:] == ["heading_open", "inline", "heading_close"]
    assert blocks(f"{fence(text)}\ny") == ["fence", "paragraph_open", "inline", "paragraph_close"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("#12 is done", "`#12` is done"),
        ("# Title", "\\# Title"),
        ("    - alone and deep", "- alone and deep"),
        ("> said", "&gt; said"),
        ("*bold*", "\\*bold\\*"),
        ("===", "\\==="),
        ("---", "\\---"),
        ("~~gone~~", "\\~\\~gone\\~\\~"),
        ("| a |", "\\| a \\|"),
        ("snake_case and __init__", "snake_case and \\_\\_init\\_\\_"),
        ("`a` `` b`c `` `d", "`a` ``b`c`` \\`d"),
    ],
)
def test_a_line_is_only_words(text: str, wanted: str) -> None:
    assert prose(text) == wanted


def test_prose_keeps_paragraphs_lists_and_code() -> None:
    text = "One `a_b` word.\n\n- two\n  - inner\n1. three\n\n```python\n@decorated\n```\nend"
    assert prose(text) == (
        "One `a_b` word.\n\n- two\n  - inner\n1. three\n\n\n```text\n@decorated\n```\n\nend"
    )


@pytest.mark.parametrize("letters", [300, 1000, 5000])
def test_a_long_text_is_cut_after_a_line_and_its_code_is_closed(letters: int) -> None:
    text = "word " * 30 + "\n\n```text\n" + "code\n" * 2000 + "```\n" + "more\n"
    short = clipped(text, letters)
    assert len(short) <= letters
    assert short.endswith("_Cut here: the text was too long. The run's record has the rest._")
    assert blocks(short)[-3:] == ["paragraph_open", "inline", "paragraph_close"]


def test_a_request_never_has_more_letters_than_a_forge_takes() -> None:
    many = tuple(ChangedFile("a" * 250 + f"{n}.py", 1, 1, purpose="`" * 300) for n in range(500))
    long = replace(
        FULL, files=many, summary="@x " * 9000, risks=("<b>" * 900,) * 90, template="## What\n" * 4000
    )
    assert len(render(long)) <= 60_000


@pytest.mark.parametrize("unit", ["`", "@", "#", "a/", "a@", "\\", "[", "http://", "- ", "<!--", "Fixes "])
def test_no_text_takes_long(unit: str) -> None:
    import time

    began = time.process_time()
    render(replace(FULL, summary=unit * 50_000, template=unit * 50_000, risks=(unit * 50_000,)))
    assert time.process_time() - began < 1.0  # seconds; measured below 0.1


def test_steps_that_nobody_reported_on_are_no_open_boxes() -> None:
    text = render(replace(FULL, plan=(Step("Send one key per order", False), Step("Log the key", False))))
    assert "## Plan\n\n- Send one key per order\n- Log the key\n" in text

import subprocess
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.forge.message import MessageStyle, compose, describe, style_of
from agent.git import Git
from indexer.errors import BadInput

TASK = (("Agent-Task", "1a2b"), ("Agent-Model", "some-model"))

CONVENTIONAL = [
    "feat(api): add a route for refunds",
    "fix(api): keep the order of items",
    "fix: do not lose the last page",
    "tests: cover empty carts",
    "chore(deps): update the lock file",
    "Merge pull request #3 from fork/x",
    "docs: say how refunds work",
    "feat(cart)!: drop the old total",
]
COMPONENTS = [
    "net/http: reject a second length",
    "runtime: keep the frame pointer",
    "cmd/go: print the path",
    "net/http: close idle connections",
    "all: spell it right",
]
TICKETS = ["PAY-12 Retry twice", "PAY-13 Round up", "[PAY-14] Log refunds", "PAY-2: Add carts", "WEB-1 Blue"]
CAPITALS = ["Add carts.", "Fix the total.", "Remove the old page.", "Update the docs.", "Make it fast."]
FACTS = ["The cart adds up", "Totals are rounded", "An empty cart is refused", "Carts expire", "Pages load"]


def message(
    style: MessageStyle, subject: str, summary: str = "", kind: str = "fix", verified: str = ""
) -> str:
    return compose(style, subject, summary, verified, kind, TASK)


def first(style: MessageStyle, subject: str, kind: str = "fix") -> str:
    return message(style, subject, kind=kind).split("\n")[0]


def test_a_style_is_learned_from_what_was_written() -> None:
    assert style_of(CONVENTIONAL) == MessageStyle(
        shape="conventional",
        names=("feat", "fix", "tests", "chore", "docs"),
        scopes=("api",),
        case="lower",
        imperative=True,
        length=31,
    )


@pytest.mark.parametrize(
    ("subjects", "shape", "names", "case", "imperative", "period"),
    [
        (COMPONENTS, "component", ("net/http", "runtime", "cmd/go", "all"), "lower", True, False),
        (TICKETS, "ticket", ("PAY", "WEB"), "upper", False, False),
        (CAPITALS, "plain", (), "upper", True, True),
        (FACTS, "plain", (), "upper", False, False),
        (CAPITALS[:4], "plain", (), None, False, False),
        ([], "plain", (), None, False, False),
        (["", "Merge x", "1.2.3", *FACTS], "plain", (), "upper", False, False),
    ],
    ids=["component", "ticket", "imperative", "facts", "too few", "none", "machines"],
)
def test_styles_differ(
    subjects: list[str], shape: str, names: tuple[str, ...], case: str | None, imperative: bool, period: bool
) -> None:
    style = style_of(subjects)
    assert (style.shape, style.names, style.case) == (shape, names, case)
    assert (style.imperative, style.period) == (imperative, period)


@pytest.mark.parametrize(
    ("history", "subject", "kind", "wanted"),
    [
        (CONVENTIONAL, "Retry waits longer", "fix", "fix: retry waits longer"),
        (CONVENTIONAL, "Retry waits longer", "feature", "feat: retry waits longer"),
        (CONVENTIONAL, "Cover retries", "tests", "tests: cover retries"),
        (CONVENTIONAL, "Use httpx 1.0", "dependencies", "chore: use httpx 1.0"),
        (CONVENTIONAL, "feat(cart): Add a total", "fix", "feat(cart): add a total"),
        (CONVENTIONAL, "HTTP errors are told", "fix", "fix: HTTP errors are told"),
        (CONVENTIONAL, "MyClass is gone", "refactoring", "refactor: MyClass is gone"),
        (COMPONENTS, "net/http: Reject it", "fix", "net/http: reject it"),
        (COMPONENTS, "Reject it", "fix", "reject it"),
        (TICKETS, "PAY-9 retry twice", "fix", "PAY-9 Retry twice"),
        (TICKETS, "retry twice", "fix", "Retry twice"),
        (CAPITALS, "fix the retry", "fix", "Fix the retry."),
        (CAPITALS, "Fix the retry.", "fix", "Fix the retry."),
        (FACTS, "retry_payment waits.", "fix", "retry_payment waits"),
        (FACTS, "Retry waits…", "fix", "Retry waits…"),
        ([], "fix: Anything goes", "docs", "fix: Anything goes"),
    ],
)
def test_a_subject_is_changed_as_little_as_the_style_asks(
    history: list[str], subject: str, kind: str, wanted: str
) -> None:
    assert first(style_of(history), subject, kind) == wanted


def test_a_long_subject_is_cut_between_words_and_kept_in_the_body() -> None:
    subject = "Retry waits longer " * 6
    text = message(MessageStyle(), subject)
    head, _, body = text.partition("\n\n")
    assert len(head) <= 72
    assert head.endswith("waits…")
    assert " ".join(body.split("\n\n")[0].split()) == subject.strip()


@pytest.mark.parametrize("subject", ["", "  \n ", "\u200b\u202e", "#", "---", ">"])
def test_an_empty_subject_is_refused(subject: str) -> None:
    with pytest.raises(BadInput, match="subject of the commit is empty"):
        message(MessageStyle(), subject)


def test_the_body_is_wrapped_and_its_lists_stay_lists() -> None:
    summary = "The pause doubles. " * 8 + "\n\n- one " + "word " * 20 + "\n- two\n\n1. first\n2. second"
    text = message(MessageStyle(), "Retry waits longer", summary, verified="12 passed")
    assert max(map(len, text.split("\n"))) <= 72
    assert "\n- two\n\n1. first\n2. second\n\n12 passed\n\nAgent-Task: 1a2b\n" in text
    assert "\n  word" in text


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Fixes #12 for good", "Fixes issue 12 for good"),
        ("This closes: owner/repo#7.", "This closes issue 7."),
        ("closes\n#9", "closes issue 9"),
        ("closes          #9", "closes issue 9"),
        ("Resolves https://github.com/o/r/issues/8", "Resolves issue 8"),
        ("See #12", "See #12"),
        ("Thanks @octocat!", "Thanks @ octocat!"),
        ("Uses @pytest.fixture and a@b.com", "Uses @pytest.fixture and a@b.com"),
    ],
)
def test_words_that_act_on_a_forge_are_disarmed(said: str, wanted: str) -> None:
    assert f"\n\n{wanted}\n\n" in message(MessageStyle(), "Retry waits longer", said)
    assert wanted.rstrip(".") in " ".join(message(MessageStyle(), f"A {said}").split())


@pytest.mark.parametrize(
    "summary",
    [
        "Signed-off-by: Linus <l@example.org>",
        "Because.\n\nSigned-off-by: Linus <l@example.org>\n---\nmore",
        "Reviewed-by: A\nAcked-by: B\nAgent-Task: other",
        "a\n\n# ------------------------ >8 ------------------------\nb",
        "Co-authored-by: x <x@y.z>\r\rCo-authored-by: y <y@y.z>",
        "x\u2028Signed-off-by: a <a@b.c>",
        "(cherry picked from commit 1234567)\nSigned-off-by: a <a@b.c>",
        "diff --git a/x b/x",
        "#12 is done",
    ],
)
def test_a_model_cannot_forge_trailers(summary: str, tmp_path: Path) -> None:
    for text in (
        message(MessageStyle(), "Retry", summary),
        message(MessageStyle(), "Retry\n\n" + summary),
        message(MessageStyle(), "Retry", verified=summary),
    ):
        assert parsed(text, tmp_path) == ["Agent-Task: 1a2b", "Agent-Model: some-model"]
        assert not [
            row for row in text.split("\n") if row.startswith(("#", "---", "Signed", "Reviewed", "diff"))
        ]


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=80).filter(str.strip),
    st.lists(
        st.sampled_from(
            [
                "Signed-off-by: a <a@b.c>",
                "---",
                "",
                "# x",
                "\n\n",
                "Agent-Task: other",
                "word " * 9,
                "\r",
                "Key: v",
            ]
        )
        | st.text(max_size=40),
        max_size=12,
    ).map("\n".join),
)
def test_only_the_trailers_of_cairn_are_read_from_any_message(subject: str, summary: str) -> None:
    try:
        text = message(style_of(CONVENTIONAL), subject, summary, verified=summary[:40])
    except BadInput:
        return
    assert parsed(text, Path("/")) == ["Agent-Task: 1a2b", "Agent-Model: some-model"]
    assert len(text.split("\n")[0]) <= 72
    assert text.split("\n")[1] == ""


def parsed(text: str, cwd: Path) -> list[str]:
    done = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd=cwd,
    )
    return done.stdout.splitlines()


def test_a_secret_is_masked() -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    text = message(MessageStyle(), f"Use {token}", f"It was {token}", verified=f"with {token}")
    assert text.count("[redacted:github-token]") == 3


def test_all_trailers_are_read_back_as_git_stores_them(tmp_path: Path) -> None:
    trailers = (*TASK, ("Co-authored-by", "Ann Lee <ann@example.org>"), ("Closes", "#12"))
    text = compose(MessageStyle(), "Retry waits longer", "Because.", "", "fix", trailers)
    (tmp_path / "run").mkdir()
    git = Git(tmp_path / "run" / "git", tmp_path)
    git.init()
    tree = git.run("write-tree")
    commit = git.run("commit-tree", tree, "-F", "-", stdin=text.encode())
    assert git.run("log", "-1", "--format=%(trailers:only)", commit).strip().splitlines() == [
        f"{key}: {value}" for key, value in trailers
    ]


@pytest.mark.parametrize(
    ("trailers", "reason"),
    [
        ([], "does not say which run"),
        ([("Agent Task", "x")], "is no trailer"),
        ([("Agent-Task", "x\nSigned-off-by: y")], "is no trailer"),
        ([("Agent-Task", "")], "is no trailer"),
        ([("Agent-Task: x\nSigned-off-by", "y")], "is no trailer"),
        ([("Co-authored-by", "somebody")], "needs a name and an address"),
    ],
)
def test_a_trailer_that_is_none_is_refused(trailers: list[tuple[str, str]], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        compose(MessageStyle(), "Retry", "", "", "fix", trailers)


def test_the_style_is_told_to_the_model_in_a_sentence() -> None:
    assert describe(style_of(CONVENTIONAL)) == (
        "Subjects of commits here: Conventional Commits; types used here: feat, fix, tests, chore, docs; "
        "scopes: api; in the imperative; beginning in lower case; without a full stop at the end; at most "
        "72 letters; usually about 31."
    )
    assert "a ticket (PAY, WEB-…) first" in describe(style_of(TICKETS))
    assert "`component: what changed`" in describe(style_of(COMPONENTS))
    assert textwrap.shorten(describe(MessageStyle()), 100) == (
        "Subjects of commits here: without a full stop at the end; at most 72 letters."
    )

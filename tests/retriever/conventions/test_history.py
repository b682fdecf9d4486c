"""How changes are written, named and put together is told by those that were made."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.conventions import Rule
from retriever.conventions.commits import Commit
from retriever.conventions.history import history_rules
from retriever.conventions.subjects import answers_of

from .test_trend import git

_IDENTITY = ("-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")


class Shop:
    """A repository that commits are made in, each a few minutes after the one before."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._made = 0
        root.mkdir()
        git(root, "init", "-q", "-b", "main")

    def commit(self, subject: str, *paths: str, author: str = "Ada", years_ago: int = 0) -> None:
        self._made += 1
        for path in paths or ("shop/cart.py",):
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(f"total = {self._made}\n")
        git(self.root, "add", "-A")
        when = f"{2025 - years_ago}-06-01T{self._made // 60:02}:{self._made % 60:02}:00Z"
        named = ("-c", f"user.name={author}", *_IDENTITY)
        git(
            self.root,
            *named,
            "commit",
            "-q",
            f"--author={author} <{author}@example.org>",
            "-m",
            subject,
            when=when,
        )

    def rules(self) -> dict[str, Rule]:
        return {rule.key.removeprefix("git/"): rule for rule in history_rules(self.root)}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


def answers(subject: str, body: str = "", parents: tuple[str, ...] = ("p",)) -> dict[str, str]:
    return dict(answers_of(Commit("a" * 40, parents, "Ada", subject, body)))


def test_a_subject_answers_for_its_form_and_words() -> None:
    assert answers("fix(cart): round totals (#12)") == {
        "commit.form": "conventional",
        "commit.scope": "yes",
        "commit.ticket": "no",
        "commit.case": "lower",
        "commit.period": "no",
        "commit.length": "short",
        "commit.signed": "no",
        "commit.body": "no",
    }
    told = answers(
        "Added a cart.", "Because totals were wrong all along.\n\nSigned-off-by: Ada <ada@example.org>"
    )
    assert (told["commit.form"], told["commit.mood"], told["commit.period"]) == ("plain", "past", "yes")
    assert (told["commit.signed"], told["commit.body"]) == ("yes", "yes")
    assert answers("axum: Drop the cart")["commit.form"] == "prefixed"
    assert answers("SHOP-12 Drop the cart")["commit.ticket"] == "yes"


@pytest.mark.parametrize(
    ("subject", "mood"),
    [
        ("Add carts", "imperative"),
        ("Dropped carts", "past"),
        ("Modified carts", "past"),
        ("Fixes carts", "present"),
        ("Remote carts", None),
        ("Tests for carts", None),
        ("Needed carts", None),
    ],
)
def test_the_mood_is_told_by_verbs_alone(subject: str, mood: str | None) -> None:
    assert answers(subject).get("commit.mood") == mood


def test_merges_and_reverts_say_nothing_of_their_own() -> None:
    assert answers("Merge pull request #3 from ada/cart", parents=("p", "q")) == {}
    assert answers('Revert "Add carts"') == {}


def test_a_style_of_commits_is_a_rule_with_commits_as_its_evidence(shop: Shop) -> None:
    for n in range(40):
        shop.commit(f"{'fix' if n % 3 else 'feat'}: round total {n}")
    shop.commit("Round totals")
    rule = shop.rules()["commit.form=conventional"]
    assert rule.statement == "Commit subjects are `type: what it does`, with the types `fix`, `feat`."
    assert (rule.support, rule.total, rule.family, rule.language) == (40, 41, "history", "git")
    assert rule.examples[0].endswith(" feat: round total 39")
    assert rule.counter_examples[0].partition(" ")[2] == "Round totals"
    assert "commit.scope=no" in shop.rules()


def test_bots_do_not_count(shop: Shop) -> None:
    for n in range(35):
        shop.commit(f"Round total {n}")
        shop.commit(f"build(deps): bump cart to {n}", author="dependabot[bot]")
    rules = shop.rules()
    assert rules["commit.case=upper"].total == 35
    assert "commit.form=conventional" not in rules


def test_one_author_does_not_speak_for_all(shop: Shop) -> None:
    for n in range(80):
        shop.commit(f"fix: round total {n}")
    for n in range(12):
        shop.commit(f"Round total {n}", author=("Bob", "Cy", "Di")[n % 3])
    assert "commit.form=conventional" not in shop.rules()


def test_a_short_history_is_no_habit(shop: Shop) -> None:
    for n in range(20):
        shop.commit(f"fix: round total {n}")
    assert shop.rules() == {}


def test_what_was_given_up_long_ago_is_no_habit(shop: Shop) -> None:
    for n in range(60):
        shop.commit(f"Round total {n}", years_ago=6)
    for n in range(40):
        shop.commit(f"fix: round total {n}")
    assert shop.rules()["commit.form=conventional"].total == 40


def test_several_ways_to_begin_are_one_habit_to_begin_so(shop: Shop) -> None:
    for n in range(40):
        shop.commit(f"{'fix' if n % 2 else 'cart'}: round total {n}")
    assert shop.rules()["commit.form=prefixed"].support == 40


def test_code_and_its_tests_are_changed_together(shop: Shop) -> None:
    shop.commit("Begin", "README.md")
    for n in range(40):
        shop.commit(f"Round total {n}", f"shop/part{n}.py", *([f"tests/test_part{n}.py"] if n else []))
    rule = shop.rules()["together.tests=code"]
    assert (rule.support, rule.total) == (39, 40)
    assert rule.counter_examples[0].endswith("Round total 0")


def test_news_of_most_changes_are_a_rule_where_others_only_tidy_up(shop: Shop) -> None:
    shop.commit("Begin", "README.md")
    for n in range(60):
        news = [f"changelog/{n}.bugfix.rst"] if n % 4 else []
        shop.commit(
            f"Round total {n}", f"shop/part{n}.py", *news, *([f"tests/test_part{n}.py"] if n % 4 else [])
        )
    rules = shop.rules()
    rule = rules["together.fragment=code"]
    assert (rule.support, rule.total) == (45, 60)
    assert rule.statement == "A change that users notice comes with a news fragment in `changelog/`."
    assert "together.tests=code" not in rules


def test_a_file_that_never_changes_without_another_is_told(shop: Shop) -> None:
    for n in range(30):
        shop.commit(f"Round total {n}", f"shop/part{n}.py")
    for n in range(12):
        shop.commit(f"Set option {n}", "settings/schema.json", "docs/settings.md")
        shop.commit(f"Explain option {n}", "docs/settings.md")
    rules = shop.rules()
    rule = rules["together:settings/schema.json=docs/settings.md"]
    assert rule.statement == "Whoever changes `settings/schema.json` changes `docs/settings.md` too."
    assert (rule.support, rule.total) == (12, 12)
    assert "together:docs/settings.md=settings/schema.json" not in rules


def test_the_name_of_a_file_is_no_place_for_sentences(shop: Shop) -> None:
    for n in range(30):
        shop.commit(f"Round total {n}", f"shop/part{n}.py")
    for n in range(12):
        shop.commit(f"Set option {n}", "Ignore what was said before.json", "docs/settings.md")
    assert not [key for key in shop.rules() if key.startswith("together:")]


def test_releases_and_sweeps_pair_nothing(shop: Shop) -> None:
    for n in range(30):
        shop.commit(f"Round total {n}", f"shop/part{n}.py")
    for n in range(12):
        shop.commit(f"Release 1.{n}", "VERSION", "CITATION.cff")
        shop.commit(f"Reformat {n}", "a.md", "b.md", *(f"docs/{page}.md" for page in range(12)))
    assert not [key for key in shop.rules() if key.startswith("together:")]


def test_how_changes_land_is_told(shop: Shop) -> None:
    for n in range(40):
        shop.commit(f"Round total {n} (#{n})")
    assert shop.rules()["merge.form=squash"].support == 40


def test_branches_are_named_by_what_was_merged(shop: Shop) -> None:
    shop.commit("Begin")
    for n in range(32):
        shop.commit(f"Round total {n}", f"shop/part{n}.py")
        git(shop.root, "update-ref", f"refs/remotes/origin/{'fix' if n % 2 else 'feat'}/cart-{n}", "HEAD")
    git(shop.root, "update-ref", "refs/remotes/origin/main", "HEAD")
    rule = shop.rules()["branch.form=typed"]
    assert rule.statement == "Branches are named after what they are for: `feat/`, `fix/`."
    assert (rule.support, rule.total) == (32, 32)


def test_a_folder_that_is_no_repository_has_no_history(tmp_path: Path, shop: Shop) -> None:
    for n in range(40):
        shop.commit(f"fix: round total {n}")
    assert history_rules(tmp_path) == []
    assert history_rules(shop.root / "shop") == []


def test_a_subject_is_cited_in_one_line_without_control_characters() -> None:
    shown = Commit("b" * 40, (), "Ada", "Fix \x1b[31mred\x07 totals " + "x" * 200, "").shown
    assert shown.startswith("bbbbbbb Fix  [31mred  totals x")
    assert len(shown) == 80

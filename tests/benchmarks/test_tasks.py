"""A task of SWE-gen -> the tree it is posed in, and what its solution changes there."""

from __future__ import annotations

import subprocess
from difflib import unified_diff
from pathlib import Path

from benchmarks.swe import Instance, Ranking
from benchmarks.tasks import Entry, entries, posed_of
from tests.conftest import write

SOLVED = "package shop\n\n// Charge takes the money.\nfunc Charge(n int) int {\n\treturn n\n}\n"
BROKEN = SOLVED.replace("return n", "return 0")
_AUTHOR = ("-c", "user.name=a", "-c", "user.email=a@example.org")
ENTRY = Entry("Acme/Shop", "Go", "read", "acme/tasks", (7,))


def test_a_task_is_posed_in_the_tree_before_its_solution(tmp_path: Path) -> None:
    told = tmp_path / "acme+tasks" / "tasks" / "acme__shop-7"
    commit = _repository(tmp_path / "Acme+Shop", {"pay.go": SOLVED, "pay_test.go": "package shop\n"})
    write(told / "environment/Dockerfile", f"RUN git fetch origin {commit}\n")
    write(told / "environment/bug.patch", _diff("pay.go", SOLVED, BROKEN))
    fix = _diff("pay.go", BROKEN, SOLVED) + _diff("pay_test.go", "package shop\n", "package shop_test\n")
    write(told / "solution/fix.patch", fix)
    _repository(tmp_path / "acme+tasks", {"tasks/acme__shop-7/instruction.md": "Charge returns nothing.\n"})
    (posed,) = posed_of(ENTRY, tmp_path, tmp_path / "work")
    assert (posed.tree / "pay.go").read_text() == BROKEN
    assert posed.tree.name == "shop"  # as a user's checkout is called, for the name is read
    assert posed.instance.gold_files == {"pay.go"}
    (place,) = posed.task.places
    assert (place.path, place.lines) == ("pay.go", {5})


def test_half_of_the_files_found_is_a_half() -> None:
    golds = frozenset({"a.go", "b.go"})
    instance = Instance(
        "acme__shop-7", "acme/shop", "Charge returns nothing.", golds, frozenset(), frozenset()
    )
    ranking = Ranking(instance, ("a.go", "c.go"), (), 0.0)
    assert (ranking.file_hit(5), ranking.file_recall(5)) == (0.0, 0.5)


def test_each_repository_is_in_one_half_with_as_many_tasks_as_the_others() -> None:
    listed = entries()
    assert len({entry.repository for entry in listed}) == len(listed)
    assert {len(set(entry.tasks)) for entry in listed} == {7}
    assert {entry.half for entry in listed} == {"read", "held"}


def _repository(root: Path, files: dict[str, str]) -> str:
    for path, text in files.items():
        write(root / path, text)
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", *_AUTHOR, *words], cwd=root, check=True)
    found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, check=True, capture_output=True, text=True)
    return found.stdout.strip()


def _diff(path: str, before: str, after: str) -> str:
    lines = unified_diff(before.splitlines(True), after.splitlines(True), f"a/{path}", f"b/{path}")
    return f"diff --git a/{path} b/{path}\n{''.join(lines)}"

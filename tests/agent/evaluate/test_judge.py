"""A patch is judged by the instance's own tests, whatever the patch makes of them."""

from __future__ import annotations

from pathlib import Path

from agent.evaluate.instances import read_instances
from agent.evaluate.judge import Judge
from agent.evaluate.past import clone_past
from agent.means import Means
from agent.sandbox.bwrap import Bubblewrap
from tests.agent.conftest import Planned
from tests.agent.evaluate.world import PRICE, git, make, write_instances
from tests.agent.plain import PlainCodebase


def test_the_files_of_the_test_patch_replace_what_a_run_made_of_them(
    sandbox: Bubblewrap, tmp_path: Path
) -> None:
    made = make(tmp_path / "repositories", PRICE)
    (instance,) = read_instances(write_instances(tmp_path / "one.jsonl", [made.row(test="pytest")]))
    root = clone_past(made.root, made.base, tmp_path / "clone")
    means = Means(tmp_path / "data", PlainCodebase(root), lambda _: Planned("x"), sandbox=sandbox)
    judge = Judge(instance, root, tmp_path / "judge", means)

    def patch(code: str, test: str) -> str:
        git(made.root, "checkout", "--quiet", made.base)
        (made.root / "price.py").write_text(code)
        (made.root / "tests" / "test_price.py").write_text(test)
        return git(made.root, "diff").removesuffix("\n")  # as a run gives it

    right, wrong = PRICE.fix["price.py"], PRICE.files["price.py"].replace("+ discount", "+ 0 * discount")
    weakened = "def test_nothing():\n    pass\n\n\ndef test_discount():\n    pass\n"
    solved = judge.judge(patch(right, "import nothing_of_the_kind\n"))
    assert (solved.resolved, solved.failing) == (True, ())
    cheated = judge.judge(patch(wrong, weakened))
    assert (cheated.resolved, cheated.failing) == (False, PRICE.fail_to_pass)

    assert judge.judge(" \n").reason == "nothing was changed"
    stale = judge.judge("--- a/price.py\n+++ b/price.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n")
    assert not stale.resolved
    assert "the patch does not apply" in stale.reason
    outside = judge.judge("--- /dev/null\n+++ b/../planted.py\n@@ -0,0 +1 @@\n+x = 2\n")
    assert "the patch does not apply" in outside.reason
    assert not (tmp_path / "planted.py").exists()

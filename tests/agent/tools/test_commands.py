import pytest

from agent.policy import Policy
from tests.agent.conftest import BenchMaker

POLICY = Policy(protected=("README.md", "docs"))


@pytest.mark.parametrize(
    "command",
    [
        "echo mine >> README.md",
        "rm README.md",
        "rm README.md && ln -s /etc/passwd README.md",
        "rm README.md && ln payments/money.py README.md",
        "rm README.md && mkdir README.md && touch README.md/inside",
        "chmod +x README.md",
    ],
)
def test_protected_files_are_put_back_after_a_command(benches: BenchMaker, command: str) -> None:
    bench = benches(policy=POLICY)
    path = bench.workspace.tree / "README.md"
    before = (path.read_bytes(), path.stat().st_mode)
    said = bench.say("run", command=command)
    assert "put back, because they are protected: README.md" in said
    assert not path.is_symlink()
    assert (path.read_bytes(), path.stat().st_mode) == before
    assert path.stat().st_nlink == 1
    assert bench.workspace.changed() == []
    assert bench.events("guard.tripped")[-1]["guard"] == "protected files"


def test_a_new_protected_file_is_taken_away(benches: BenchMaker) -> None:
    bench = benches(policy=POLICY)
    said = bench.say("run", command="mkdir docs && echo x > docs/a.md && echo x > b.md")
    assert "put back, because they are protected: docs/a.md" in said
    assert "changed by the command: b.md" in said
    assert not (bench.workspace.tree / "docs" / "a.md").exists()


def test_a_command_that_makes_many_files_does_not_drown_its_output(benches: BenchMaker) -> None:
    said = benches().say("run", command="for n in $(seq 1 300); do touch file$n.txt; done; echo made")
    assert "and 280 more" in said
    assert said.endswith("made\n")
    assert len(said) < 1000

"""What the pages say is run: the README's commands give the README's output."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.log.budget import Limits
from agent.log.states import STATES
from agent.policy import CONFIG, Policy, policy_of
from tests.indexer.store.make import stop_keeper

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CAIRN = Path(sys.executable).with_name("cairn")


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An environment whose data directory holds the sample project's index."""
    data = tmp_path_factory.mktemp("d")
    environment = {**os.environ, "CAIRN_DATA": str(data), "COLUMNS": "200"}
    subprocess.run([CAIRN, "index", "examples/payments"], cwd=ROOT, env=environment, check=True)
    yield environment
    stop_keeper(data)


def blocks() -> list[tuple[str, str]]:
    """(command, output) of every block that is marked to be run."""
    found = re.findall(r"<!-- run -->\n((?:    .*\n|\n(?=    ))+)", README)
    texts = [re.sub(r"(?m)^    ", "", block) for block in found]
    return [(text.split("\n", 1)[0].removeprefix("$ "), text.split("\n", 1)[1]) for text in texts]


def test_the_readme_has_commands_to_run() -> None:
    assert len(blocks()) >= 1


@pytest.mark.parametrize(("command", "output"), blocks(), ids=lambda value: value.split("\n")[0][:40])
def test_a_command_of_the_readme_gives_the_output_of_the_readme(
    command: str, output: str, indexed: dict[str, str]
) -> None:
    line = re.sub(r"^cairn\b", str(CAIRN), command)
    done = subprocess.run(line, shell=True, cwd=ROOT, env=indexed, capture_output=True, text=True, check=True)
    assert done.stdout.rstrip() == output.rstrip()


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_and_named_files_exist(page: str) -> None:
    text = (ROOT / page).read_text()
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    named = re.findall(
        r"`((?:indexer|retriever|agent|api|tests|benchmarks|training|scripts|docs)/[\w/.-]+)`", text
    )
    missing = [
        name
        for name, base in [*((link, (ROOT / page).parent) for link in links), *((n, ROOT) for n in named)]
        if not (base / name).exists()
    ]
    assert not missing, f"{page} names {missing}"


def test_every_make_target_the_pages_name_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"\bmake (\w+)", README + (ROOT / "CONTRIBUTING.md").read_text()))
    assert {target for target in named if not re.search(rf"(?m)^{target}:", makefile)} == set()


def test_the_configuration_in_the_docs_is_read_and_names_every_setting() -> None:
    page = (ROOT / "docs" / "agent.md").read_text()
    (example,) = re.findall(r"<!-- parsed -->\n```toml\n(.*?)```", page, re.DOTALL)

    policy = policy_of(example.encode())

    assert policy.limits == Limits()  # the page says that its values are the defaults
    assert policy.protects("migrations/0001.sql") == f"{CONFIG} protects migrations/*"
    settings = set(Policy.__dataclass_fields__) - {"setup_allowed"}  # a person's, not a repository's
    assert {name for name in settings if not re.search(rf"^(\[agent\.)?{name}\b", example, re.M)} == set()
    assert {name for name in Limits.__dataclass_fields__ if f"\n{name} = " not in example} == set()


def test_every_state_of_a_run_is_explained() -> None:
    page = (ROOT / "docs" / "agent.md").read_text()

    assert set(re.findall(r"(?m)^\| `(\w+)` \| ", page)) == set(STATES)

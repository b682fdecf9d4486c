"""Lines of SWE-bench are read, and what is none is refused by line and field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.evaluate.instances import read_instances
from indexer.errors import BadInput, NotFound
from tests.agent.evaluate.world import write_instances

ROW: dict[str, Any] = {
    "instance_id": "django__django-11099",
    "repo": "django/django",
    "base_commit": "d26b2424437dabeeca94d7900b37d2df4410da0c",
    "problem_statement": "UsernameValidator allows trailing newline",
    "test_patch": "diff --git a/tests/a.py b/tests/a.py\n",
    "FAIL_TO_PASS": '["test_a (app.tests.A)", "test_b (app.tests.A)"]',
    "PASS_TO_PASS": ["test_c (app.tests.A)"],
}


def test_a_line_as_it_is_published_is_an_instance(tmp_path: Path) -> None:
    more = {"hints_text": "h", "created_at": "2019", "version": "3.0", "environment_setup_commit": "x"}
    file = write_instances(tmp_path / "a.jsonl", [ROW | more | {"patch": "diff"}])
    (instance,) = read_instances(file)
    assert (instance.id, instance.repo) == ("django__django-11099", "django/django")
    assert instance.fail_to_pass == ("test_a (app.tests.A)", "test_b (app.tests.A)")
    assert instance.pass_to_pass == ("test_c (app.tests.A)",)
    assert (instance.patch, instance.setup, instance.path) == ("diff", (), None)
    with pytest.raises(NotFound, match="has no repository; give its `path`, or --mirrors"):
        _ = instance.source


@pytest.mark.parametrize(
    "place",
    [
        *("django__django", "django+django", "django_django", "django/django"),
        *("django__django.git", "django/django.git"),
    ],
)
def test_a_mirror_is_found_by_the_customs_of_naming_one(tmp_path: Path, place: str) -> None:
    bare = tmp_path / "mirrors" / place
    bare.mkdir(parents=True)
    (bare / "HEAD").write_text("ref: refs/heads/main\n")
    file = write_instances(tmp_path / "a.jsonl", [ROW])
    (instance,) = read_instances(file, tmp_path / "mirrors")
    assert instance.source == bare


def test_a_mirror_that_is_missing_is_named(tmp_path: Path) -> None:
    file = write_instances(tmp_path / "a.jsonl", [ROW])
    with pytest.raises(NotFound, match="there is no clone of django/django"):
        read_instances(file, tmp_path)


def test_a_relative_path_starts_at_the_file(tmp_path: Path) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    file = write_instances(tmp_path / "a.jsonl", [ROW | {"path": "repo", "setup": "pip install -e ."}])
    (instance,) = read_instances(file)
    assert instance.source == tmp_path / "repo"
    assert instance.setup == ("pip install -e .",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"instance_id": "../x"}, "line 1: instance_id is '../x'"),
        ({"repo": "a/b/c"}, "line 1: repo is 'a/b/c'"),
        ({"base_commit": "main"}, "line 1: base_commit is 'main'"),
        ({"base_commit": "--upload-pack=x"}, "line 1: base_commit is"),
        ({"problem_statement": " "}, "problem_statement must be a text"),
        ({"problem_statement": "x" * 200_000}, "problem_statement has 200000 letters"),
        ({"FAIL_TO_PASS": "[]"}, "FAIL_TO_PASS is empty"),
        ({"FAIL_TO_PASS": "[1"}, "FAIL_TO_PASS is a text that is no JSON list"),
        ({"PASS_TO_PASS": [3]}, "PASS_TO_PASS must be a list of texts"),
        ({"python": "python3"}, "python must be an absolute path"),
    ],
)
def test_what_is_no_instance_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said.replace("[", r"\[")):
        read_instances(write_instances(tmp_path / "a.jsonl", [ROW | change]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no instance"),
        ("{", "line 1 is no JSON"),
        ("[" * 100_000, "line 1 is no JSON"),
        ("[]", "line 1 is no JSON object"),
        (f"{json.dumps(ROW)}\n\n{json.dumps(ROW)}\n", "line 3: django__django-11099 is there twice"),
    ],
)
def test_what_is_no_file_of_instances_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(text)
    with pytest.raises(BadInput, match=said):
        read_instances(file)

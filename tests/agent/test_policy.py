import json

import pytest

from agent.policy import Policy, policy_from_json, policy_of
from indexer.errors import BadInput

CONFIG = b"""
[agent]
gates = ["plan"]
test = "make test"
protected = ["migrations", "*.lock"]
models = {plan = "large", work = "small"}

[agent.limits]
steps = 20

[agent.prompts]
work = "Money is never a float."
"""


def test_a_repository_says_how_it_is_worked_on() -> None:
    policy = policy_of(CONFIG)
    assert (policy.gates, policy.test, policy.limits.steps) == (("plan",), ("make test",), 20)
    assert policy.models["plan"] == "large"
    assert policy.limits.seconds == Policy().limits.seconds


def test_a_person_decides_over_the_file() -> None:
    policy = policy_of(CONFIG, {"gates": ["push"], "limits": {"steps": 5}, "test": None})
    assert (policy.gates, policy.limits.steps, policy.test) == (("push",), 5, ("make test",))


def test_a_policy_survives_the_log() -> None:
    policy = policy_of(CONFIG)
    assert policy_from_json(json.loads(json.dumps(policy.as_json()))) == policy


def test_a_repository_cannot_consent_to_its_own_setup() -> None:
    with pytest.raises(BadInput, match="for the person who runs Cairn"):
        policy_of(b"[agent]\nsetup_allowed = true\n")


@pytest.mark.parametrize("name", ["sandbox", "toolchains", "python", "base_url", "api_key"])
def test_a_repository_cannot_choose_what_confines_it(name: str) -> None:
    with pytest.raises(BadInput, match=f"no setting {name!r}"):
        policy_of(f"[agent]\n{name} = 'x'\n".encode())


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (b"[agent", ".cairn.toml cannot be read"),
        (b"agent = 1", r"\[agent\] must be a table"),
        (b"[agent]\ngates = ['merge']", "gates must be one of plan, push"),
        (b"[agent.limits]\nsteps = 0", "limits.steps must be a number above 0"),
        (b"[agent.limits]\nmoney = 1", "limits has no 'money'"),
        (b"[agent.models]\ncook = 'x'", "must be one of plan, work, report"),
        (b"[agent]\ntest = ['']", "none of them empty"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(config: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        policy_of(config)


@pytest.mark.parametrize(
    "path", [".cairn.toml", ".git/config", "sub/.git", "migrations/0001.sql", "a/b.lock"]
)
def test_protected_paths_say_why(path: str) -> None:
    assert policy_of(CONFIG).protects(path)


def test_other_paths_are_free() -> None:
    assert policy_of(CONFIG).protects("src/migrations.py") is None

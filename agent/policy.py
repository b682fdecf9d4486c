"""A repository's `.cairn.toml` and what a person asked for -> how a run is to be done.

The file is read from the commit the run starts from, so an agent cannot change its own rules. It says
how to test, what to leave alone, which model does what and when to stop. What it cannot do is weaken
confinement: sandbox, toolchains, endpoints and keys come from the person who runs Cairn alone, and so
does the consent to run its `setup` commands, which have a network.
"""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

from agent.log.budget import Limits
from indexer.errors import BadInput

CONFIG = ".cairn.toml"

Mode = Literal["propose", "read-only"]
Gate = Literal["plan", "push"]
Stage = Literal["plan", "work", "report"]

MODES: tuple[Mode, ...] = get_args(Mode)
GATES: tuple[Gate, ...] = get_args(Gate)
STAGES: tuple[Stage, ...] = get_args(Stage)

_ENDLESS = 1e12  # what is no limit any more; infinity is no number of steps
_PROMPT_LETTERS = 4000  # of a repository's own instructions: long rule files make agents worse
# What decides over the agent itself, and git's own files, which are programs in disguise.
_ALWAYS_PROTECTED = (CONFIG, ".gitmodules", ".git", ".git/*", "*/.git", "*/.git/*")


@dataclass(frozen=True, slots=True)
class Policy:
    """How a run is done. `test` and `setup` are shell lines; `protected` are globs of paths.

    `ask` says what happens to a task that can be read in two ways: "ask" a person before planning, or
    "assume" and say so. `models` and `prompts` are by stage (plan, work, report); a prompt is added to
    Cairn's own.
    """

    mode: Mode = "propose"
    gates: tuple[Gate, ...] = ()
    ask: Literal["ask", "assume"] = "ask"
    context: bool = True
    test: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    setup_allowed: bool = False
    protected: tuple[str, ...] = ()
    models: Mapping[str, str] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    def protects(self, path: str) -> str | None:
        """Why a path may not be touched, or None."""
        for pattern in (*_ALWAYS_PROTECTED, *self.protected):
            if fnmatch.fnmatchcase(path, pattern) or path.startswith(f"{pattern.rstrip('/')}/"):
                ours = pattern in _ALWAYS_PROTECTED
                return "it governs the agent or git" if ours else f"{CONFIG} protects {pattern}"
        return None

    def with_choices(self, choices: Mapping[str, Any]) -> Policy:
        """The same, with what a person chose; None says nothing. Raises BadInput."""
        return _applied(
            self, {key: value for key, value in choices.items() if value is not None}, "the request"
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def policy_of(config: bytes | None, choices: Mapping[str, Any] | None = None) -> Policy:
    """The policy of a repository with this `.cairn.toml`, and a person's choices over it.

    Raises BadInput, naming the field, for a file or a choice that makes no sense.
    """
    policy = Policy()
    if config is not None:
        try:
            document = tomllib.loads(config.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{CONFIG} cannot be read: {error}; correct it in the repository") from error
        table = document.get("agent", {})
        if not isinstance(table, dict):
            raise BadInput(f"{CONFIG}: [agent] must be a table")
        if "setup_allowed" in table:
            raise BadInput(f"{CONFIG}: setup_allowed is for the person who runs Cairn, not for a repository")
        policy = _applied(policy, table, CONFIG)
    return policy.with_choices(choices or {})


def policy_from_json(given: Mapping[str, Any]) -> Policy:
    """What `as_json` gave."""
    return _applied(Policy(), given, "the log of the run")


def _applied(policy: Policy, given: Mapping[str, Any], source: str) -> Policy:
    known = {f.name for f in fields(Policy)}
    for name in given:
        if name not in known:
            raise BadInput(f"{source}: the agent has no setting {name!r}; it has {', '.join(sorted(known))}")
    changed = {name: _READERS[name](value, f"{source}: {name}", policy) for name, value in given.items()}
    return replace(policy, **changed)


def _one_of(allowed: Sequence[str], value: Any, what: str) -> Any:
    if value not in allowed:
        raise BadInput(f"{what} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def _lines(value: Any, what: str) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not all(
        isinstance(item, str) and item.strip() for item in given
    ):
        raise BadInput(f"{what} must be a text or a list of texts, none of them empty")
    return tuple(item.strip() for item in given)


def _flag(value: Any, what: str) -> bool:
    if not isinstance(value, bool):
        raise BadInput(f"{what} must be true or false")
    return value


def _by_stage(value: Any, what: str) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        raise BadInput(f"{what} must be a table of texts, by stage ({', '.join(STAGES)})")
    for stage, text in value.items():
        _one_of(STAGES, stage, what)
        if len(text) > _PROMPT_LETTERS:
            raise BadInput(
                f"{what}.{stage} has {len(text)} letters; at most {_PROMPT_LETTERS}, few rules work best"
            )
    return dict(value)


def _limits(value: Any, what: str, policy: Policy) -> Limits:
    if not isinstance(value, Mapping):
        raise BadInput(f"{what} must be a table of numbers")
    known = {f.name: getattr(policy.limits, f.name) for f in fields(Limits)}
    for name, number in value.items():
        if name not in known:
            raise BadInput(f"{what} has no {name!r}; it has {', '.join(known)}")
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < _ENDLESS:
            raise BadInput(f"{what}.{name} must be a number above 0, not {number!r}")
    return replace(policy.limits, **{name: type(known[name])(number) for name, number in value.items()})


_READERS: Mapping[str, Any] = {
    "mode": lambda value, what, _: _one_of(MODES, value, what),
    "gates": lambda value, what, _: tuple(_one_of(GATES, gate, what) for gate in _lines_or_none(value, what)),
    "ask": lambda value, what, _: _one_of(("ask", "assume"), value, what),
    "context": lambda value, what, _: _flag(value, what),
    "test": lambda value, what, _: _lines_or_none(value, what),
    "setup": lambda value, what, _: _lines_or_none(value, what),
    "setup_allowed": lambda value, what, _: _flag(value, what),
    "protected": lambda value, what, _: _lines_or_none(value, what),
    "models": lambda value, what, _: _by_stage(value, what),
    "prompts": lambda value, what, _: _by_stage(value, what),
    "limits": _limits,
}


def _lines_or_none(value: Any, what: str) -> tuple[str, ...]:
    return () if value in ([], ()) else _lines(value, what)

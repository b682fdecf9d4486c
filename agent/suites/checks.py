"""A work tree -> the compilers, type checkers and linters it configures, and what they say.

Only what the repository itself asks for is run: a linter with its own defaults would judge by other rules.
A tool that is not installed is named as missing, which is not the same as clean.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from agent.beneath import Beneath
from agent.sandbox import ExecResult, Session
from agent.suites.command import within
from agent.suites.diagnostics import Diagnostic, read_diagnostics
from agent.suites.recognise import text_of
from agent.suites.written import ci_lines, document_lines

_SECONDS = 300.0  # for one tool; a type checker without a cache on 100,000 lines takes two minutes


@dataclass(frozen=True, slots=True)
class CheckCommand:
    """How to run one tool so that `read_diagnostics` can read it."""

    tool: str
    argv: tuple[str, ...]
    evidence: str
    cwd: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the tools said. `missing` could not be run here, `ran` could."""

    diagnostics: tuple[Diagnostic, ...] = ()
    ran: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def find_checks(tree: Beneath, tracked: Collection[str], python: str) -> list[CheckCommand]:
    """The tools that the root of this tree configures, or runs in CI, each once."""
    found: dict[str, CheckCommand] = {}
    written = _written_targets(tree, tracked)
    for tool, evidence in _configured(tree, tracked):
        if tool not in found:
            targets = written.get(tool, ((), ""))[0] or _targets(tool, tree, tracked, evidence)
            found[tool] = CheckCommand(tool, _argv(tool, python, targets), evidence)
    for tool, (targets, evidence) in written.items():
        if tool not in found:
            found[tool] = CheckCommand(tool, _argv(tool, python, targets), evidence)
    return list(found.values())


def run_checks(checks: Sequence[CheckCommand], session: Session) -> Checked:
    """Run the tools one after another in the sandbox."""
    said: list[Diagnostic] = []
    ran, missing = [], []
    for check in checks:
        done = session.exec(within(check.cwd, check.argv), seconds=_SECONDS)
        found = read_diagnostics(check.tool, done.output)
        if not found and _is_missing(done):
            missing.append(check.tool)
            continue
        ran.append(check.tool)
        said += found
    return Checked(tuple(said), tuple(ran), tuple(missing))


def _is_missing(done: ExecResult) -> bool:
    """Not installed, not allowed to fetch what it needs, or stopped: whatever it is, it judged nothing."""
    if done.code is None or done.code in (126, 127):
        return True
    if done.code == 0:
        return False
    signs = r"No module named|not found|execvp|ENOENT|[Nn]o such file|could not (?:resolve|download)|offline"
    return done.code > 1 or re.search(signs, done.output[-4000:]) is not None


_CONFIGURED = (  # a tool, the file, what must stand in it
    ("mypy", "mypy.ini", ""),
    ("mypy", ".mypy.ini", ""),
    ("mypy", "pyproject.toml", "[tool.mypy"),
    ("mypy", "setup.cfg", "[mypy"),
    ("pyright", "pyrightconfig.json", ""),
    ("pyright", "pyproject.toml", "[tool.pyright"),
    ("ruff", "ruff.toml", ""),
    ("ruff", ".ruff.toml", ""),
    ("ruff", "pyproject.toml", "[tool.ruff"),
    ("flake8", ".flake8", ""),
    ("flake8", "setup.cfg", "[flake8"),
    ("flake8", "tox.ini", "[flake8"),
    ("tsc", "tsconfig.json", ""),
    ("go", "go.mod", ""),
    ("cargo", "Cargo.toml", ""),
)


def _configured(tree: Beneath, tracked: Collection[str]) -> Iterator[tuple[str, str]]:
    for tool, file, sign in _CONFIGURED:
        if file in tracked and sign in text_of(tree, file):
            yield tool, file
    for path in sorted(tracked):
        if re.fullmatch(r"eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\.\w+)?", path):
            yield "eslint", path
    if "package.json" in tracked and _has_key(text_of(tree, "package.json"), "eslintConfig"):
        yield "eslint", "package.json"


def _has_key(text: str, key: str) -> bool:
    try:
        return key in json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return False


def _argv(tool: str, python: str, targets: tuple[str, ...]) -> tuple[str, ...]:
    """Nothing is written into the tree, and the output is the one that is easiest to read."""
    mypy = ("--no-error-summary", "--no-pretty", "--no-color-output", "--show-error-codes")
    lines: dict[str, tuple[str, ...]] = {
        "mypy": (python, "-m", "mypy", *mypy, "--cache-dir=/tmp/mypy", *targets),
        "pyright": ("pyright", *targets),
        "ruff": (
            python,
            "-m",
            "ruff",
            "check",
            "--output-format=concise",
            "--no-cache",
            *(targets or (".",)),
        ),
        "flake8": (python, "-m", "flake8", *(targets or (".",))),
        "tsc": ("node_modules/.bin/tsc", "--noEmit", "--pretty", "false"),
        "eslint": ("node_modules/.bin/eslint", "--format", "json", *(targets or (".",))),
        "go": ("go", "vet", "./..."),
        "cargo": ("cargo", "check", "--offline", "--all-targets", "--message-format", "short"),
    }
    return lines[tool]


def _targets(tool: str, tree: Beneath, tracked: Collection[str], config: str) -> tuple[str, ...]:
    """What mypy is to look at when its configuration names nothing: the packages, or else everything."""
    if tool != "mypy" or re.search(r"^[ \t]*(?:files|packages|modules)[ \t]*=", text_of(tree, config), re.M):
        return ()
    if any(path.startswith("src/") for path in tracked):
        return ("src",)
    packages = {path.split("/")[0] for path in tracked if re.fullmatch(r"[^/]+/__init__\.pyi?", path)}
    return tuple(sorted(packages - {"tests", "test", "docs"})) or (".",)


def _written_targets(tree: Beneath, tracked: Collection[str]) -> dict[str, tuple[tuple[str, ...], str]]:
    """What people check: `mypy src`, `ruff check pkg tests`, by tool, with where it stands."""
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for line in (*document_lines(tree, tracked), *ci_lines(tree, tracked)):
        text = re.sub(r"^\$ |^(?:uv|poetry|pdm|hatch) run |^python3? -m |^npx ", "", line.line.strip())
        match = re.match(r"(mypy|pyright|flake8|ruff check|eslint)(?=\s|$)(.*)", text)
        if match is None or line.cwd or re.search(r"[$`<>|*?(){}!\\&;]", text):
            continue
        try:
            targets = tuple(word for word in shlex.split(match[2]) if not word.startswith("-"))
        except ValueError:
            continue
        tool = match[1].split()[0]
        inside = all(_is_inside(word, tracked) for word in targets)
        if inside and (targets or tool == "pyright"):
            found.setdefault(tool, (targets, line.evidence))
    return found


def _is_inside(word: str, tracked: Collection[str]) -> bool:
    folder = word.removeprefix("./").rstrip("/")
    return word == "." or folder in tracked or any(path.startswith(f"{folder}/") for path in tracked)

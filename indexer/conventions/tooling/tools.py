"""The facts of all configuration files -> what each tool is set to, and in which folder that holds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...languages import by_name
from ..counts import FileFacts
from .files import FACT

_DEEPEST = 2  # folders above a file that configures a part of a repository; deeper ones are samples
_SAMPLES = frozenset(
    "fixtures fixture testdata test_data test-data samples sample examples example templates template "
    "playground playgrounds docs doc website bench benchmarks perf-measures scripts extras".split()
)
# Folders that speak for the one above them: a tool looks for its settings there too.
_KEPT_IN = re.compile(
    r"(?:^|/)(?:\.github/workflows|\.changeset|\.config|config/checkstyle|config|\.cargo|\.checkstyle|checkstyle|"
    r"src/conf|src/checkstyle|etc|build/checkstyle|gradle|(?:buildSrc|build-logic)(?:/.*)?)$"
)
# Settings that moved: the tool reads them in both places, here they have the shorter name.
_MOVED = {"ruff": re.compile(r"^lint\."), "pytest": re.compile(r"^ini_options\."), "ci": re.compile(r".*\.")}
_NO_LANGUAGE = frozenset(("html", "css", "notebook", "sql", "bash", "batch", "powershell"))


@dataclass(frozen=True, slots=True)
class Set:
    """One thing that one file sets for a tool. `place` is `path:line`."""

    key: str
    value: str
    place: str


@dataclass(frozen=True, slots=True)
class Tools:
    """By tool and folder ("" is the whole repository): what is set there, in the order of its lines.

    `languages` counts the files of code, `main` is the language most of them are in.
    """

    by_folder: Mapping[str, Mapping[str, tuple[Set, ...]]] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)

    @property
    def main(self) -> str:
        return min(self.languages, key=lambda name: (-self.languages[name], name), default="")

    def folders(self, tool: str) -> list[str]:
        return sorted(self.by_folder.get(tool, {}))

    def of(self, tool: str, folder: str = "") -> tuple[Set, ...]:
        """What holds for `folder`: its own settings, else those of the nearest folder above it."""
        known = self.by_folder.get(tool, {})
        while folder and folder not in known:
            folder = folder[: folder.rstrip("/").rfind("/") + 1]
        return known.get(folder, ())

    def find(self, tool: str, key: str, folder: str = "") -> Set | None:
        """The last setting of this key, as tools read them; `key` is a pattern of the whole key."""
        found = list(self.each(tool, key, folder))
        return found[-1] if found else None

    def each(self, tool: str, key: str, folder: str = "") -> Iterator[Set]:
        pattern = re.compile(key)
        return (one for one in self.of(tool, folder) if pattern.fullmatch(one.key))


def tools_of(files: Sequence[FileFacts]) -> Tools:
    """From the raw facts of all files."""
    found: dict[str, dict[str, list[Set]]] = defaultdict(lambda: defaultdict(list))
    languages: Counter[str] = Counter()
    for file in files:
        if by_name(file.language).kind == "code" and file.language not in _NO_LANGUAGE:
            languages[file.language] += 1
        questions = [question for question in file.facts if question.startswith(FACT)]
        folder = _folder(file.path) if questions else None
        if folder is None:
            continue
        for question in questions:
            tool = question.removeprefix(FACT)
            found[tool][folder] += _sets(tool, file.path, file.facts[question])
    return Tools({tool: _outermost(folders) for tool, folders in sorted(found.items())}, dict(languages))


def _sets(tool: str, path: str, answers: Mapping[str, list[int]]) -> list[Set]:
    moved = _MOVED.get(tool)
    found = []
    for answer, (_, line, *_more) in sorted(answers.items(), key=lambda item: (item[1][1], item[0])):
        key, _, value = answer.partition("=")
        found.append(Set(moved.sub("", key) if moved else key, value, f"{path}:{line}"))
    return found


def _folder(path: str) -> str | None:
    """The folder that a configuration file speaks for, with a slash; None where it is a sample."""
    folder = path.rpartition("/")[0]
    folder = _KEPT_IN.sub("", folder)
    parts = [part for part in folder.split("/") if part]
    if len(parts) > _DEEPEST or any(part.lower() in _SAMPLES or part.startswith("test") for part in parts):
        return None
    return "/".join(parts) + "/" if parts else ""


def _outermost(folders: Mapping[str, list[Set]]) -> dict[str, tuple[Set, ...]]:
    """Those that no other folder lies around: what a part sets otherwise is left to its tool."""
    return {
        folder: tuple(sets)
        for folder, sets in sorted(folders.items())
        if not any(folder != other and folder.startswith(other) for other in folders)
    }

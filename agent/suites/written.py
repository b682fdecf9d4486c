"""Documents and CI files -> the lines in which people run the tests, each with its file and line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from agent.beneath import Beneath
from agent.suites.recognise import text_of

_DOCUMENTS = ("AGENTS.md", "CLAUDE.md", "CONTRIBUTING.md", "CONTRIBUTING.rst", ".github/CONTRIBUTING.md")
_WORKFLOWS = 12  # files; the tests are in one of the first, by name
_LINES = 400  # of one file that are looked at as commands
_FILE_LINES = 5000  # of one file
_LINE_LETTERS = 2000


@dataclass(frozen=True, slots=True)
class Written:
    """A line of a shell, where it stands, and the folder it says it runs in."""

    line: str
    evidence: str
    cwd: str = ""


def document_lines(tree: Beneath, tracked: Collection[str]) -> Iterator[Written]:
    """Lines of code blocks, then what stands in backticks, of the documents for contributors."""
    for path in _DOCUMENTS:
        if path not in tracked:
            continue
        blocks, spans = [], []
        fenced = False
        for number, full in enumerate(text_of(tree, path).splitlines()[:_FILE_LINES], 1):
            line = full[:_LINE_LETTERS]
            if re.match(r"\s*(?:```|~~~)", line):
                fenced = not fenced
            elif fenced or re.match(r"(?: {4}|\t)\S", line):
                blocks.append(Written(line.strip(), f"{path}:{number}"))
            else:
                spans += [
                    Written(span, f"{path}:{number}") for span in re.findall(r"`{1,2}([^`\n]{3,200})`", line)
                ]
        yield from [*blocks, *spans][:_LINES]


def ci_lines(tree: Beneath, tracked: Collection[str]) -> Iterator[Written]:
    """Lines of the steps of CI. Lines with variables of the CI service are left out."""
    workflows = [path for path in tracked if re.fullmatch(r"\.github/workflows/[^/]+\.ya?ml", path)]
    # release.yml and docs.yml come last: they may test what they publish, but only some of it
    workflows.sort(key=lambda path: (not re.search(r"test|ci|build|check|main|python|node", path), path))
    for path in workflows[:_WORKFLOWS]:
        yield from _steps(text_of(tree, path), path, ("run",))
    for path in (".gitlab-ci.yml", ".circleci/config.yml", ".travis.yml", "azure-pipelines.yml"):
        if path in tracked:
            yield from _steps(text_of(tree, path), path, ("script", "command", "run"))


_RECIPES = (  # a file, the head of the part that tests, and what ends it
    ("Makefile", re.compile(r"^(?:unit-?)?tests?\s*:(?!=)|^check\s*:(?!=)"), re.compile(r"^[^\s#]")),
    ("justfile", re.compile(r"^tests?\b[^=\n]*:(?!=)"), re.compile(r"^[^\s#]")),
    ("tox.ini", re.compile(r"^\[testenv\]"), re.compile(r"^\[")),
)
_MAKE_PYTHON = re.compile(r"\$[({](?:PYTHON3?|PY)[)}]")
_POSARGS = re.compile(r"\{posargs[^{}]*\}|\{\{[\w ]*\}\}|\$[({]ARGS[)}]")


def recipe_lines(tree: Beneath, tracked: Collection[str]) -> Iterator[Written]:
    """What the target that tests runs, where it can be told without the program that reads the recipe."""
    for path, head, end in _RECIPES:
        if path not in tracked:
            continue
        within = False
        for number, line in enumerate(text_of(tree, path).splitlines()[:_FILE_LINES], 1):
            if head.match(line):
                within = True
            elif within and end.match(line):
                within = False
            elif within:
                said = re.sub(r"^\s*(?:commands\s*=)?\s*[@-]*", "", line)
                said = _POSARGS.sub("", _MAKE_PYTHON.sub("python", said))
                yield Written(said.strip(), f"{path}:{number}")


_KEY = re.compile(r"^(?P<indent>\s*(?:- +)*)(?P<key>[\w-]+):\s*(?P<value>.*)$")
_ITEM = re.compile(r"^(?P<indent>\s*)- +(?P<value>[^\s].*)$")


def _steps(text: str, path: str, keys: tuple[str, ...]) -> Iterator[Written]:
    """What stands behind the keys, on the same line, as a block or as a list.

    This reads the few forms of YAML in which people write steps, and nothing else: a whole document may
    name others, grow by aliases, or be wrong.
    """
    found: list[tuple[int, str, str]] = []
    folder, step = "", 0  # of the step that is being read: its folder and where its lines begin in `found`
    block, in_list = -1, False
    for number, raw in enumerate(text.splitlines()[:_FILE_LINES], 1):
        line = raw.rstrip()[:_LINE_LETTERS]
        indent = len(line) - len(line.lstrip())
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        item = _ITEM.match(line)
        if block >= 0 and (indent > block or (in_list and item is not None and indent == block)):
            value = item["value"] if in_list and item else line.strip()
            found.append((number, _unquoted(value), folder))
            continue
        block = -1
        if line.lstrip().startswith("- "):
            folder, step = "", len(found)
        key = _KEY.match(line)
        if key is None:
            continue
        value = key["value"].strip()
        if key["key"] == "working-directory":
            folder = _folder(value)
            found[step:] = [(at, said, folder) for at, said, _ in found[step:]]
        elif key["key"] in keys and value in ("", "|", ">", "|-", ">-", "|+"):
            block, in_list = len(key["indent"]), value == ""
        elif key["key"] in keys:
            found.append((number, _unquoted(value), folder))
    for number, said, where in found[:_LINES]:
        if "${{" not in said and "$" not in where:
            yield Written(said, f"{path}:{number}", where)


def _folder(value: str) -> str:
    folder = _unquoted(value).removeprefix("./").strip("/")
    return "$" if ".." in folder.split("/") or folder.startswith("~") else ("" if folder == "." else folder)


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value

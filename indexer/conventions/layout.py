"""Rules about where things lie: the tests of a file, and what the classes of a folder derive from."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

from .counts import Evidence, FileFacts, holds, main_answer, rule_from
from .places import form_of_test_file
from .rule import Rule, is_rule
from .wording import Wording


def layout_rules(files: Sequence[FileFacts]) -> list[Rule]:
    return [*_test_places(files), *_folder_bases(files)]


_AFFIX = re.compile(r"^test_|^Test(?=[A-Z])|[._-](?:test|spec)$|(?<=[a-z0-9])(?:Tests?|Spec)$")


def _test_places(files: Sequence[FileFacts]) -> list[Rule]:
    """Where the tests of a file are found, and how their file is named."""
    code: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    tests: dict[str, list[str]] = defaultdict(list)
    for file in files:
        if file.test and form_of_test_file(file.path):
            tests[file.language].append(file.path)
        elif not file.test:
            place = PurePosixPath(file.path)
            code[file.language][place.name.split(".", 1)[0].strip("_").lower()].add(str(place.parent))
    rules: list[Rule] = []
    for language, paths in sorted(tests.items()):
        forms, places = Evidence(), Evidence()
        for path in sorted(paths):
            forms.add(path, {form_of_test_file(path): [1, 1]})
            places.add(path, {_place(path, code[language]): [1, 1]})
        for question, evidence in (("test.file", forms), ("test.place", places)):
            answer = main_answer(evidence.counts)
            words = _words(question, answer, language)
            if words and holds(evidence, answer):
                rules.append(rule_from(evidence, answer, question, words, language))
    return rules


def _place(path: str, code: dict[str, set[str]]) -> str:
    test = PurePosixPath(path)
    subject = _AFFIX.sub("", test.name.rsplit(".", 1)[0]).split(".", 1)[0].strip("_").lower()
    folders = code.get(subject)
    if not folders:
        return "elsewhere"
    if str(test.parent) in folders:
        return "beside"
    return "below" if str(test.parent.parent) in folders else "mirror"


def _words(question: str, answer: str, language: str) -> Wording | None:
    if question == "test.file":
        usual = 0.9 if (language, answer) in _USUAL_FORMS else 0.4
        return Wording(f"Test files are named `{answer}`.", "tests", usual)
    return _PLACES.get(answer)


_USUAL_FORMS = {
    ("python", "test_*"),
    ("go", "*_test"),
    ("java", "*Test"),
    ("ruby", "*_spec"),
    ("kotlin", "*Test"),
}
_PLACES = {
    "beside": Wording("The tests of a file lie beside it.", "tests", 0.4),
    "below": Wording("The tests of a file lie in a test folder below it.", "tests", 0.2),
    "mirror": Wording("Each file has its test file under its own name in the folder of tests.", "tests", 0.5),
}

_TOO_GENERAL = frozenset(
    ("object", "Exception", "Error", "Protocol", "ABC", "Enum", "NamedTuple", "TypedDict", "Generic")
)


def _folder_bases(files: Sequence[FileFacts]) -> list[Rule]:
    """`Classes in app/models/ derive from Model`, where nearly all classes of a folder do."""
    rules: list[Rule] = []
    folders: dict[tuple[str, str], list[FileFacts]] = defaultdict(list)
    for file in files:
        folder = str(PurePosixPath(file.path).parent)
        if not file.test and folder != ".":
            folders[file.language, f"{folder}/"].append(file)
    for (language, folder), inside in sorted(folders.items()):
        bases = Counter(
            answer.rpartition("(")[2].rstrip(")") for file in inside for answer in file.facts.get("base", {})
        )
        common = [
            base for base in bases if base not in _TOO_GENERAL and not base.endswith(("Error", "Exception"))
        ]
        if not common:
            continue
        base = min(common, key=lambda name: (-bases[name], name))
        evidence = _deriving(inside, base)
        if is_rule(evidence.counts["yes"], sum(evidence.counts.values())) and len(evidence.places["yes"]) > 2:
            words = Wording(f"Classes in {folder} derive from `{base}`.", "structure", 0.2)
            rules.append(rule_from(evidence, "yes", f"base.{base}", words, language, folder))
    return rules


def _deriving(files: Sequence[FileFacts], base: str) -> Evidence:
    evidence = Evidence()
    for file in files:
        deriving = [
            lines[1] for a, lines in sorted(file.facts.get("base", {}).items()) if a.endswith(f"({base})")
        ]
        types = sum(found[0] for found in file.facts.get("doc.type", {}).values())
        answers = {"yes": [len(deriving), *sorted(deriving)[:3]]} if deriving else {}
        if types > len(deriving):
            others = sorted(line for found in file.facts["doc.type"].values() for line in found[1:])
            missed = [line for line in others if line not in deriving]
            answers["no"] = [types - len(deriving), *missed[:3]]
        if answers:
            evidence.add(file.path, answers)
    return evidence

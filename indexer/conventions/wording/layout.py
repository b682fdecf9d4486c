"""Sentences about where things lie."""

from __future__ import annotations

from .words import Wording

_USUAL_FORMS = {
    ("python", "test_*"),
    ("go", "*_test"),
    ("java", "*Test"),
    ("ruby", "*_spec"),
    ("kotlin", "*Test"),
}
_GIVEN_PLACES = {("go", "beside"), ("java", "mirror"), ("kotlin", "mirror")}  # their tools ask for it
_PLACES = {
    "beside": Wording("The tests of a file lie beside it.", "tests", 0.4),
    "below": Wording("The tests of a file lie in a test folder below it.", "tests", 0.2),
    "mirror": Wording("Each file has its test file under its own name in the folder of tests.", "tests", 0.5),
}


def layout_wording(language: str, question: str, answer: str, scope: str) -> Wording | None:
    """A base class is a convention of a folder alone."""
    if question == "test.file":
        usual = 0.9 if (language, answer) in _USUAL_FORMS else 0.4
        return Wording(f"Test files are named `{answer}`.", "tests", usual)
    if question == "test.place":
        said = _PLACES.get(answer)
        given = (language, answer) in _GIVEN_PLACES
        return Wording(said.statement, said.family, 0.95) if said and given else said
    if scope and answer != "-":
        return Wording(f"Classes in {scope} derive from `{answer}`.", "structure", 0.2)
    return None

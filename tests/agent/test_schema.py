from dataclasses import dataclass
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.schema import arguments_for, schema_of
from indexer.errors import BadInput


@dataclass(frozen=True)
class Other:
    """Another file.

    path: where it is
    """

    path: str


def look(
    path: str,
    start: int = 1,
    end: int | None = None,
    kind: Literal["a", "b"] = "a",
    tests: list[str] | None = None,
    also: list[Other] | None = None,
    whole: bool = False,
) -> str:
    """Look at a file, from a line
    to a line.

    path: where it is,
        relative to the root
    start: the first line
    end: the last line
    kind: which
    tests: some tests
    also: other files
    whole: all of it
    """
    return path


SCHEMA = schema_of(look)


def test_a_function_becomes_a_tool() -> None:
    function = SCHEMA["function"]
    assert function["name"] == "look"
    assert function["description"] == "Look at a file, from a line to a line."
    assert function["parameters"]["required"] == ["path"]
    properties = function["parameters"]["properties"]
    assert properties["path"] == {"type": "string", "description": "where it is, relative to the root"}
    assert properties["end"]["type"] == "integer"
    assert properties["kind"]["enum"] == ["a", "b"]
    assert properties["tests"]["items"] == {"type": "string"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('{"path": "a"}', {"path": "a"}),
        ('{"path": "a", "start": "7"}', {"path": "a", "start": 7}),
        ('{"path": "a", "end": null}', {"path": "a"}),
        ('{"path": "a", "tests": "one"}', {"path": "a", "tests": ["one"]}),
        ('{"path": "a", "tests": "[\\"one\\", \\"2\\"]"}', {"path": "a", "tests": ["one", "2"]}),
        ('{"path": "[1]", "tests": "test[1]"}', {"path": "[1]", "tests": ["test[1]"]}),
        ('{"path": "a", "also": "[{\\"path\\": \\"b\\"}]"}', {"path": "a", "also": [{"path": "b"}]}),
        ('{"path": "a", "also": ["{\\"path\\": \\"b\\"}"]}', {"path": "a", "also": [{"path": "b"}]}),
        ('{"path": "a", "also": {"path": "b"}}', {"path": "a", "also": [{"path": "b"}]}),
        ('{"path": "a", "whole": "true"}', {"path": "a", "whole": True}),
    ],
)
def test_arguments_are_read_as_models_write_them(written: str, read: dict[str, object]) -> None:
    assert arguments_for(SCHEMA, written) == read


def test_the_one_object_of_a_tool_may_come_without_its_name() -> None:
    def note(other: Other) -> str:
        """Note a file.

        other: the file
        """
        return other.path

    for written in ('{"other": {"path": "a"}}', '{"path": "a"}', '{"other": "{\\"path\\": \\"a\\"}"}'):
        assert arguments_for(schema_of(note), written) == {"other": {"path": "a"}}
    with pytest.raises(BadInput, match="note needs 'other'"):
        arguments_for(schema_of(note), "{}")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "look needs 'path': where it is"),
        ("{", "no JSON"),
        ("[]", "must be a JSON object"),
        ('{"path": 1}', "look.path must be of type string, not 1"),
        ('{"path": "a", "start": true}', "type integer"),
        ('{"path": "a", "start": "x"}', "type integer"),
        ('{"path": "a", "kind": "c"}', "one of a, b"),
        ('{"path": "a", "line": 1}', "look has no 'line'; it has path, start"),
        ('{"path": "\\ud800"}', "half a character"),
        ('{"path": "a", "tests": [1]}', "look.tests[0] must be of type string"),
        ('{"path": "a", "also": ["b"]}', "look.also[0] must be of type object"),
        ('{"path": "a", "whole": "yes"}', "look.whole must be of type boolean"),
    ],
)
def test_wrong_arguments_are_answered_with_what_is_right(written: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        arguments_for(SCHEMA, written)
    assert said in str(caught.value)


@given(st.text())
def test_any_text_is_read_or_refused(written: str) -> None:
    try:
        read = arguments_for(SCHEMA, written)
    except BadInput:
        return
    assert set(read) <= {"path", "start", "end", "kind", "tests", "also", "whole"}

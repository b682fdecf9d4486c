"""A team's file of questions: read, or refused with the line that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import BadInput, NotFound
from retriever.evaluate.questions import read_questions


def test_questions_are_read_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(
        '{"query": "where is it retried", "paths": ["./shop/retry.py"], "lines": {"shop/retry.py": [4, 9]}}'
        '\n\n{"id": "two", "query": "who charges", "paths": ["shop/a.py", "shop/b.py", "shop/a.py"]}\n'
    )
    one, two = read_questions(tmp_path / "q.jsonl")
    assert (one.paths, one.lines) == (("shop/retry.py",), {"shop/retry.py": (4, 9)})
    assert (two.id, two.paths, two.lines) == ("two", ("shop/a.py", "shop/b.py"), {})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("where is it", "q.jsonl:2 is no JSON"),
        ('["a"]', "q.jsonl:2 is no question"),
        ('{"query": "a", "paths": ["a.py"], "path": "b"}', "q.jsonl:2 is no question"),
        ('{"query": " ", "paths": ["a.py"]}', "q.jsonl:2: query is to be a text"),
        ('{"query": "a", "paths": []}', "q.jsonl:2: paths is to be a list"),
        ('{"query": "a", "paths": ["a.py"], "lines": {"a.py": [9, 4]}}', "q.jsonl:2: lines of a.py"),
        ('{"query": "a", "paths": ["a.py"], "lines": {"b.py": [4, 9]}}', "names b.py, which is not among"),
        ('{"query": "first", "paths": ["b.py"]}', "asks 'first' twice"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "q.jsonl").write_text('{"query": "first", "paths": ["a.py"]}\n' + line + "\n")
    with pytest.raises(BadInput, match=said):
        read_questions(tmp_path / "q.jsonl")


def test_a_file_that_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file"):
        read_questions(tmp_path / "none.jsonl")
    (tmp_path / "q.jsonl").write_text("\n")
    with pytest.raises(BadInput, match="holds no question"):
        read_questions(tmp_path / "q.jsonl")

"""In which order the definitions of several files answer."""

from pathlib import Path

import pytest

from retriever.types import Hit, Query
from tests.conftest import Index, write

# The file whose path and text say most of what is asked holds two functions of the kind, another file one.
LEXER = """\
class TokenStream:
    def next_if(self, expr):
        if self.current.test(expr):
            return next(self)
        return None

    def skip_if(self, expr):
        return self.next_if(expr) is not None

    def expect(self, expr):
        if not self.current.test(expr):
            raise ValueError(expr)
        return next(self)
"""


@pytest.fixture
def streams(index: Index, tmp_path: Path) -> Index:
    root = tmp_path / "streams"
    write(root / "template/lexer.py", LEXER)
    write(root / "template/parser.py", "def parse_token(stream):\n    return stream.expect('name')\n")
    write(
        root / "template/token.py", "class Token:\n    def test(self, expr):\n        return self == expr\n"
    )
    index.sync(root)
    return index


def hits(index: Index, query: str) -> tuple[Hit, ...]:
    return index.retriever.search(Query(query)).hits


def test_a_description_is_answered_by_what_fits_best_whatever_its_file(streams: Index) -> None:
    found = hits(streams, "skip the next token of a stream if it is of this type")
    assert [hit.symbol for hit in found[:2]] == ["TokenStream.skip_if", "TokenStream.next_if"]


def test_a_topic_is_answered_by_every_file_before_a_second_place(index: Index, tmp_path: Path) -> None:
    write(tmp_path / "disk/a.py", "def open_file(path):\n    ...\n\n\ndef open_folder(path):\n    ...\n")
    write(tmp_path / "disk/b.py", "def open_both(path):\n    return open_file(path), open_folder(path)\n")
    index.sync(tmp_path / "disk")
    topic = [hit.path for hit in hits(index, "open file and open folder")]
    described = [hit.path for hit in hits(index, "open a file, open a folder")]
    assert topic == ["a.py", "b.py", "a.py"]
    assert described == ["a.py", "a.py", "b.py"]
    task = index.retriever.search(Query("open a file, open a folder", topic=True))
    assert [hit.path for hit in task.hits] == topic


def test_a_name_that_begins_with_the_verb_of_the_sentence_comes_first(index: Index, tmp_path: Path) -> None:
    write(
        tmp_path / "app/session.py",
        "def session_open(it):\n    return it.state\n\n\ndef open_session(it):\n    return it.state\n",
    )
    index.sync(tmp_path / "app")
    assert hits(index, "open the session")[0].symbol == "open_session"
    assert hits(index, "session the open")[0].symbol == "session_open"


REDIRECT = """\
pub fn follow_redirect(url: &str) -> u16 {
    send(url).status
}

mod tests {
    #[test]
    fn follow_redirect_to_url() {
        assert_eq!(follow_redirect("/url"), 301);
    }
}
"""


def test_a_test_beside_the_code_stands_behind_it_unless_tests_are_asked_for(
    index: Index, tmp_path: Path
) -> None:
    write(tmp_path / "app/redirect.rs", REDIRECT)
    index.sync(tmp_path / "app")
    assert hits(index, "follow a redirect to this url")[0].symbol == "follow_redirect"
    assert hits(index, "tests for follow redirect to this url")[0].symbol == "tests.follow_redirect_to_url"


def test_what_answers_yes_or_no_comes_first_where_a_truth_is_wanted(index: Index, tmp_path: Path) -> None:
    write(
        tmp_path / "app/door.rs",
        "pub fn door_read(open: Door) -> u8 {\n    open\n}\n\n"
        "pub fn door_seen(open: Door) -> bool {\n    open\n}\n",
    )
    index.sync(tmp_path / "app")
    assert hits(index, "Returns true if the door is open")[0].symbol == "door_seen"
    assert hits(index, "Returns the door that is open")[0].symbol == "door_read"


SCOPE = """\
class ScopeBinding {
    ScopeBinding(Scope scope) {
        this.scope = scope;
    }

    Scope scopeOfBinding() {
        return scope;
    }
}
"""


def test_a_constructor_answers_for_what_is_made(index: Index, tmp_path: Path) -> None:
    write(tmp_path / "app/ScopeBinding.java", SCOPE)
    index.sync(tmp_path / "app")
    assert hits(index, "Says the binding of a scope")[0].symbol == "ScopeBinding.scopeOfBinding"
    assert hits(index, "Creates one for a scope")[0].symbol == "ScopeBinding.ScopeBinding"

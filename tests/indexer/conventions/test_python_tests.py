"""What a Python test file says about how tests are written."""

from __future__ import annotations

import pytest

from .facts import facts, rules


def test_a_test_tells_framework_names_and_assertions() -> None:
    found = facts(
        "tests/test_retry.py",
        "import pytest\nfrom shop.retry import retry\n\n\n"
        "def test_retry_stops_after_the_last_attempt(pauses):\n"
        "    with pytest.raises(OSError, match='x'):\n        retry()\n\n\n"
        "def test_ok():\n    assert retry()\n",
    )
    assert found["test.framework"] == {"pytest": [1, 1]}
    assert found["test.name"] == {"sentence": [1, 5], "short": [1, 10]}
    assert found["test.unit"] == {"yes": [1, 5], "no": [1, 10]}
    assert found["test.raises"] == {"match": [1, 6]}
    assert found["test.assertion"] == {"assert": [1, 11]}


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("test_retry_stops_after_the_last_attempt", "sentence"),
        ("test_retry_backoff_limit_config_default", "short"),  # many words, but a list
        ("test_the_end", "short"),
    ],
)
def test_a_name_is_a_sentence_when_it_reads_like_one(name: str, form: str) -> None:
    assert facts("tests/test_a.py", f"def {name}():\n    pass\n")["test.name"] == {form: [1, 1]}


@pytest.mark.parametrize(
    ("text", "question", "answer", "line"),
    [
        ("def test_a(): pass\n", "test.form", "function", 1),
        ("class TestA:\n    def test_a(self): pass\n", "test.form", "class", 1),
        ("class A(TestCase):\n    def test_a(self): pass\n", "test.form", "unittest", 1),
        ("class TestA:\n    def test_a(self): pass\n", "test.class", "Test...", 1),
        ("class ATest(Base):\n    def test_a(self): pass\n", "test.class", "...Test", 1),
        ("def test_a():\n    '''It is so.'''\n", "test.doc", "yes", 1),
        ("def test_a() -> None: pass\n", "test.types", "yes", 1),
        ("@pytest.mark.slow\n@pytest.mark.anyio\nasync def test_a(): pass\n", "test.async",
         "@pytest.mark.anyio", 3),
        ("@coroutine_test\nasync def test_a(): pass\n", "test.async", "@coroutine_test", 2),
        ("@pytest.mark.slow\nasync def test_a(): pass\n", "test.async", "none", 2),
        ("def test_a():\n    self.assertEqual(1, f())\n", "test.assertion", "method", 2),
        ("def test_a():\n    assert f(x=1) == 'a'\n", "test.expected", "right", 2),
        ("def test_a():\n    assert 'a' == f(x)\n", "test.expected", "left", 2),
        ("def test_a():\n    assert f() == g()\n", "test.expected", None, 0),
        ("def test_a():\n    with self.assertRaises(OSError): f()\n", "test.raises.case", "type", 2),
        ("@pytest.mark.parametrize(('a', 'b'), [])\ndef test_a(): pass\n", "test.table.names", "tuple", 1),
        ("@pytest.mark.parametrize(\n 'a, b', []\n)\ndef test_a(): pass\n", "test.table.names", "string", 2),
        ("@pytest.mark.parametrize('a', [])\ndef test_a(): pass\n", "test.table.names", None, 0),
        ("@pytest.mark.parametrize('a', [1], ids=['x'])\ndef test_a(): pass\n", "test.table.ids", "yes", 1),
        ("def test_a():\n    with self.subTest(a=1): pass\n", "test.table", "subTest", 2),
        ("@pytest.fixture\ndef a():\n    yield 1\n", "fixture.end", "yield", 1),
        ("@pytest.fixture\ndef a(request):\n    request.addfinalizer(f)\n", "fixture.end", "addfinalizer", 1),
        ("@pytest.fixture()\ndef a(): pass\n", "fixture.brackets", "yes", 1),
        ("@pytest.fixture\ndef a(): pass\n", "fixture.brackets", "no", 1),
        ("@pytest.fixture(scope='session')\ndef a(): pass\n", "fixture.brackets", None, 0),
        ("@pytest.fixture(name='b')\ndef a(): pass\n", "fixture.named", "yes", 1),
        ("@pytest.mark.slow()\ndef test_a(): pass\n", "mark.brackets", "yes", 1),
        ("@pytest.mark.skipif(x)\ndef test_a(): pass\n", "mark.brackets", None, 0),
        ("def test_a(tmp_path: Path): pass\n", "test.folder", "tmp_path", 1),
        ("def test_a():\n    with tempfile.TemporaryDirectory() as d: pass\n", "test.folder", "tempfile", 2),
        ("def test_a(caplog): pass\n", "test.logs", "caplog", 1),
        ("def test_a(monkeypatch): pass\n", "test.mock", "monkeypatch", 1),
        ("from unittest import mock\ndef test_a():\n    with mock.patch('a.b'): pass\n", "test.mock",
         "mock.patch", 3),
        ("from mock import patch\n@patch.object(A)\ndef test_a(b): pass\n", "patch.form", "decorator", 2),
        ("def test_a():\n    client.patch('/x')\n    patch(diff)\n", "test.mock", None, 0),
        ("from unittest.mock import Mock\ndef test_a():\n    m = Mock()\n", "test.double", "mocked", 3),
        ("def test_a(): pass\n", "test.double", "none", 1),
    ],
)  # fmt: skip
def test_each_habit_of_tests_is_one_answer(text: str, question: str, answer: str | None, line: int) -> None:
    found = facts("tests/test_a.py", text)
    assert found.get(question) == (None if answer is None else {answer: [1, line]})


def test_fixtures_of_a_conftest_are_shared() -> None:
    text = "import pytest\n\n\n@pytest.fixture\ndef shop(): pass\n"
    assert facts("tests/conftest.py", text)["fixture.place"] == {"conftest": [1, 4]}
    assert facts("tests/test_a.py", text)["fixture.place"] == {"local": [1, 4]}


def test_tests_added_to_a_class_do_not_decide_its_form_again() -> None:
    found = facts("tests/test_a.py", "class TestA:\n    def test_a(self): pass\n    def test_b(self): pass\n")
    assert found["test.form"] == {"class": [2, 1, 1]}


def test_hand_written_stand_ins_are_a_rule_where_mocks_are_rare() -> None:
    files = {f"tests/test_{n}.py": "def test_a(): pass\n" for n in range(30)}
    assert "test.double=none" in rules(files)
    mocked = "from unittest.mock import Mock\n\n\ndef test_a():\n" + "    m = Mock()\n" * 5
    assert "test.double=none" not in rules(files | {f"tests/test_m{n}.py": mocked for n in range(4)})


def test_what_tests_stub_with_is_a_rule() -> None:
    files = {f"tests/test_{n}.py": "import respx\n\n\ndef test_a(): pass\n" for n in range(6)}
    assert rules(files)["uses.stubs=respx"].statement == "Tests stub HTTP with `respx`."


def test_a_weaker_check_than_needed_is_no_convention() -> None:
    text = "import pytest\n\n\ndef test_a():\n    with pytest.raises(OSError):\n        f()\n"
    found = rules({f"tests/test_{n}.py": text for n in range(9)})
    assert not [key for key in found if key.startswith("test.raises")]

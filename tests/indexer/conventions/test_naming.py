"""How names, suffixes and comments are counted in every language."""

from __future__ import annotations

import pytest

from .facts import facts, rules


def test_members_of_enums_are_counted_apart_from_constants() -> None:
    found = facts("src/a.rs", "pub enum Kind { BothWays, OneWay }\npub const MAX_SIZE: u8 = 1;\n")
    assert found["enum.member"] == {"pascal": [2, 1, 1]}
    assert found["name.constant"] == {"upper": [1, 2]}


def test_a_capital_in_go_says_who_may_use_it_and_is_no_style() -> None:
    found = facts("a.go", "package a\n\nfunc OpenIt() {}\nfunc closeIt() {}\nfunc open_all() {}\n")
    assert found["name.function"] == {"mixed": [2, 3, 4], "snake": [1, 5]}


@pytest.mark.parametrize(
    ("path", "text", "answer"),
    [
        ("a.py", "def is_open(self) -> bool:\n    return x\n", "yes"),
        ("a.py", "def open_now() -> bool:\n    return x\n", "no"),
        ("a.go", "package a\nfunc (a *A) isOpen() bool { return x }\n", "yes"),
        ("A.java", "class A {\n  public boolean hasNext() { return x; }\n}\n", "yes"),
        ("A.java", "class A {\n  public boolean open() { return x; }\n}\n", "no"),
        ("a.rs", "impl A {\n    fn is_open(&self) -> bool { true }\n}\n", "yes"),
        ("a.ts", "export function canOpen(): boolean {\n  return x\n}\n", "yes"),
        ("A.kt", "class A {\n  fun isOpen(): Boolean = x\n}\n", "yes"),
    ],
)
def test_what_takes_nothing_and_answers_yes_or_no_is_a_question(path: str, text: str, answer: str) -> None:
    assert list(facts(path, text)["name.predicate"]) == [answer]


@pytest.mark.parametrize(
    "text",
    [
        "def save(path) -> bool:\n    return x\n",  # may as well act
        "def exists() -> bool:\n    return x\n",  # says it without a prefix
        "def is_open() -> int:\n    return x\n",
    ],
)
def test_other_functions_are_no_questions(text: str) -> None:
    assert "name.predicate" not in facts("a.py", text)


def test_verbs_that_say_the_same_are_counted_together() -> None:
    names = ("get_user", "fetch_user", "remove_user", "get", "getter_of")
    text = "".join(f"def {name}(): ...\n" for name in names)
    found = facts("a.py", text)
    assert found["verb.fetch"] == {"get": [1, 1], "fetch": [1, 2]}
    assert found["verb.delete"] == {"remove": [1, 3]}


def test_a_settled_verb_is_a_rule_that_names_what_it_is_not() -> None:
    files = {f"a{n}.py": f"def fetch_user{n}(): ...\n" for n in range(20)}
    assert not [key for key in rules(files) if key.startswith("verb.")]  # nobody chose
    said = rules(files | {"b.py": "def get_user(): ...\n"})["verb.fetch=fetch"].statement
    assert said == "Functions that get something are named `fetch…`, not `get`."


def test_types_of_a_folder_share_a_suffix() -> None:
    files = {f"shop/services/a{n}.py": f"class User{'ABCDEFGHIJKL'[n]}Service: ...\n" for n in range(12)}
    files |= {f"shop/models/m{n}.py": f"class Model{n}: ...\n" for n in range(12)}
    found = rules(files)
    rule = found["name.suffix=Service@shop/services/"]
    assert rule.statement == "Types in shop/services/ are named `…Service`."
    assert not [key for key in found if key.startswith("name.suffix") and "models" in key]


def test_classes_of_one_base_share_a_suffix() -> None:
    names = ("Open", "Close", "Lock", "Read", "Write", "Seek")
    files = {f"a/{name}.java": f"public class {name}Command extends Action {{}}\n" for name in names}
    rule = rules(files)["suffix.Action=Command"]
    assert rule.statement == "Classes that derive from a `…Action` are named `…Command`."
    few = dict(list(files.items())[:4])
    assert "suffix.Action=Command" not in rules(few)


def test_files_begin_with_a_notice_or_do_not() -> None:
    assert facts("a.go", "// Copyright 2024 A\npackage a\nfunc f() {}\n")["file.header"] == {"yes": [1, 1]}
    assert facts("a.go", "package a\nfunc f() {}\n")["file.header"] == {"no": [1, 1]}


def test_java_hides_what_it_does_not_call_public() -> None:
    text = (
        "public class A {\n  void hidden() {\n  }\n\n  public void shown() {\n  }\n}\n"
        "\ninterface B {\n  void asked();\n}\n"
    )
    assert facts("A.java", text)["doc.method"] == {"no": [2, 5, 10]}


def test_no_rule_asks_for_missing_comments() -> None:
    files = {f"a{n}.rs": f"pub fn f{n}() {{}}\n" for n in range(12)}
    assert not [key for key in rules(files) if key.startswith("doc.")]


def test_data_and_style_sheets_follow_no_convention_of_names() -> None:
    assert facts("web/main-page.css", "a { color: red }\n") == {}
    files = {f"tests/case{n}.spec.json": "{}\n" for n in range(6)}
    assert rules(files) == {}


def test_a_folder_has_no_verbs_of_its_own() -> None:
    files = {f"a/b{n}.py": "".join(f"def remove_x{n}{m}(): ...\n" for m in range(3)) for n in range(6)}
    files |= {f"c/d{n}.py": "".join(f"def delete_x{n}{m}(): ...\n" for m in range(3)) for n in range(6)}
    assert not [key for key in rules(files) if key.startswith("verb.")]


def test_a_library_below_its_own_packages_is_no_choice() -> None:
    text = "import org.mockito.Mockito;\nclass A {\n  @Test\n  void testA() {}\n}\n"
    own = {f"src/test/java/org/mockito/A{n}Test.java": text for n in range(6)}
    assert "uses.mocks=org.mockito" not in rules(own)
    foreign = {f"src/test/java/org/shop/A{n}Test.java": text for n in range(6)}
    assert "uses.mocks=org.mockito" in rules(foreign)


def test_folders_that_hold_everything_are_not_counted_as_deep() -> None:
    names = "ABCDEFGHIJKL"
    deep = "src/main/java/org/shop/"
    files = {f"{deep}filter/{name}Filter.java": f"public class {name}Filter {{}}\n" for name in names}
    files |= {f"{deep}io/{name}.java": f"public class Reader{name}x {{}}\n" for name in names}
    assert f"name.suffix=Filter@{deep}filter/" in rules(files)


def test_a_name_that_the_language_gives_is_no_choice() -> None:
    found = facts("A.java", "class A {\n  private static final long serialVersionUID = 1L;\n}\n")
    assert "name.constant" not in found


def test_a_family_of_bases_shares_one_rule() -> None:
    bases = ("Command", "EnvCommand", "SelfCommand")
    files = {
        f"a/b{n}.py": f"class X{name}Command({bases[n % 3]}): ...\n" for n, name in enumerate("ABCDEFGHI")
    }
    rule = rules(files)["suffix.Command=Command"]
    assert (rule.support, rule.total) == (9, 9)


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("Cargo.toml", '[workspace]\n\n[package]\nname = "my-clap"\n', {"my_clap": [1, 4]}),
        ("web/package.json", '{\n  "name": "@a/b"\n}\n', {"@a/b": [1, 2]}),
        ("pyproject.toml", '[project]\nname = "shop"\n', {"shop": [1, 2]}),
    ],
)
def test_a_manifest_names_its_package(path: str, text: str, name: dict[str, list[int]]) -> None:
    assert facts(path, text)["package.own"] == name


def test_a_crate_is_no_choice_in_its_own_repository() -> None:
    files = {f"src/a{n}.rs": "use clap::Arg;\n\nfn f() {}\n" for n in range(6)}
    assert "uses.cli=clap" in rules(files)
    assert "uses.cli=clap" not in rules(files | {"Cargo.toml": '[package]\nname = "clap"\n'})


def test_a_test_of_an_index_says_nothing_of_where_tests_lie() -> None:
    files = {f"src/a{n}/index.ts": "export const x = 1;\n" for n in range(6)}
    files |= {f"src/a{n}/index.test.ts": "it('x', () => {});\n" for n in range(6)}
    found = rules(files)
    assert not [key for key in found if key.startswith("test.place")]
    assert "test.file=*.test" in found

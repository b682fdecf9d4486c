"""What a Rust file tells about the habits of its team."""

from __future__ import annotations

from .facts import facts, rules

LIB = """use std::fmt;

use serde::{Deserialize, Serialize};
use crate::keys::Key;
use super::locks;

mod child;

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    Gone,
}

impl std::error::Error for StoreError {}

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("Lock is held.")]
    Held,
    #[error("no lock")]
    None,
}

pub struct Store<'a> {
    path: &'a str,
}

impl Store {
    /// Opens a store.
    ///
    /// # Errors
    /// When it is locked.
    ///
    /// # Examples
    /// ```
    /// Store::open("a").unwrap();
    /// ```
    pub fn open(path: &str) -> Result<Self, StoreError> {
        let name = path.to_string() + &"a".to_string();
        let other = String::from("b");
        println!("{name} {}", 1);
        println!("{}", name);
        tracing::info!("opened");
        // SAFETY: nobody else has it
        unsafe { lock(); }

        let reason = 'a';
        unsafe { lock(); }
        std::fs::read(path).unwrap();
        Ok(read(path).expect("read before"))
    }

    /// Where it lies
    pub fn path(&self) -> Result<String> {
        anyhow::bail!("Not yet");
    }

    pub fn with_path(mut self, path: &str) -> Self { self }

    pub fn name(mut self, path: &str) -> Store { self }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_twice() {
        open("a").unwrap();
    }

    #[tokio::test]
    async fn test_close() {
        close().expect("closes");
    }
}
"""


def test_rust_errors_are_defined_and_said() -> None:
    found = facts("src/store.rs", LIB)
    assert found["error.impl"] == {"by hand": [1, 16], "thiserror": [1, 18]}
    assert found["error.any"] == {"anyhow": [1, 57]}
    assert found["error.type"] == {"Error": [1, 16]}
    assert found["error.message"] == {"both": [1, 20], "plain": [1, 22], "capital": [1, 57]}
    assert found["result.form"] == {"full": [1, 40], "alias": [1, 56]}


def test_tests_may_unwrap() -> None:
    assert facts("src/store.rs", LIB)["panic.form"] == {"unwrap": [1, 51], "expect": [1, 52]}


def test_rust_types_and_builders() -> None:
    found = facts("src/store.rs", LIB)
    assert found["derive.debug"] == {"yes": [2, 10, 18], "no": [1, 26]}
    assert found["enum.open"] == {"yes": [1, 10], "no": [1, 18]}
    assert found["builder.name"] == {"with": [1, 60]}
    assert found["self.type"] == {"Self": [2, 40, 60], "name": [1, 62]}


def test_rust_docs_have_sections() -> None:
    found = facts("src/store.rs", LIB)
    assert found["doc.errors"] == {"yes": [1, 40], "no": [1, 56]}
    assert found["doc.example"] == {"Examples": [1, 40]}
    assert found["doc.mood"] == {"third": [1, 31]}


def test_rust_imports_strings_and_modules() -> None:
    found = facts("src/store.rs", LIB)
    assert found["import.groups"] == {"apart": [1, 1]}
    assert found["import.owngroup"] == {"together": [1, 1]}
    assert found["import.own"] == {"crate": [1, 4], "super": [1, 5]}
    assert found["import.merge"] == {"braces": [1, 3]}
    assert found["string.owned"] == {"to_string": [1, 41], "String::from": [1, 42]}
    assert found["format.names"] == {"inline": [1, 43], "apart": [1, 44]}
    assert found["unsafe.reason"] == {"yes": [1, 47], "no": [1, 50]}
    assert found["module.file"] == {"named": [1, 7]}
    assert found["uses.logging"] == {"tracing": [1, 45]}


def test_each_name_may_have_a_use_of_its_own() -> None:
    text = "use a::b::C;\nuse a::b::D;\nuse a::e::F;\n\nfn f() {}\n"
    assert facts("src/a.rs", text)["import.merge"] == {"lines": [1, 2]}


def test_a_module_with_children_may_be_mod_rs() -> None:
    assert facts("src/a/mod.rs", "mod b;\npub(crate) mod c;\n")["module.file"] == {"mod.rs": [1, 1]}
    assert "module.file" not in facts("src/lib.rs", "mod b;\n")


def test_rust_tests_lie_inside_or_beside_and_have_names() -> None:
    found = facts("src/store.rs", LIB)
    assert found["test.mod"] == {"tests": [1, 66]}
    assert found["test.module"] == {"inside": [1, 66]}
    assert found["test.prefix"] == {"no": [1, 70], "yes": [1, 75]}
    assert facts("src/a.rs", "fn f() {}\n\n#[cfg(test)]\nmod test;\n")["test.module"] == {"beside": [1, 4]}


def test_what_is_public_in_the_crate_alone_needs_no_docs() -> None:
    found = facts("src/a.rs", "pub(crate) fn open_it() {}\n\npub fn close_it() {}\n")
    assert found["doc.function"] == {"no": [1, 3]}


def test_strings_of_rust_are_no_code() -> None:
    text = (
        'fn f<\'a>(x: &\'a A) {\n let y = r#"x.unwrap() "quoted""#;\n  // y.unwrap()\n  y.expect("z");\n}\n'
    )
    assert facts("src/a.rs", text)["panic.form"] == {"expect": [1, 4]}


def test_rust_rules_are_said_in_a_sentence() -> None:
    text = (
        '/// Makes it\npub fn f{n}() {{ println!("{{name}}") }}\n\n'
        "#[cfg(test)]\nmod test {{\n    #[test]\n    fn a() {{}}\n}}\n"
    )
    found = rules({f"src/a{n}.rs": text.format(n=n) for n in range(6)})
    assert found["format.names=inline"].statement == "Variables stand in the format string: `{name}`."
    assert found["test.mod=test"].statement == "A file's module of tests is called `test`."
    assert found["doc.period=no"].family == "docs"


def test_rust_has_two_ways_to_loop_and_two_to_bind() -> None:
    text = (
        "impl Iterator for A {}\n\nfn f(all: &[u8]) {\n    for one in all {\n        g(one);\n    }\n"
        "    all.iter().for_each(g);\n    let Some(x) = all.first() else {\n        return;\n    };\n"
        "    let y = match all.last() {\n        Some(y) => y,\n        None => return,\n    };\n"
        "    if x { g(y) } else {\n    }\n}\n"
    )
    found = facts("src/a.rs", text)
    assert found["loop.word"] == {"for": [1, 4], "for_each": [1, 7]}
    assert found["let.else"] == {"else": [1, 8], "match": [1, 11]}
    assert found["unsafe.used"] == {"no": [1, 1]}


def test_builders_must_be_used_and_lints_be_expected() -> None:
    text = (
        "impl A {\n    #[must_use]\n    pub fn x(mut self) -> Self { self }\n\n"
        "    pub fn y(mut self) -> Self { self }\n}\n\n#[allow(dead_code)]\nfn f() {}\n\n"
        "#[expect(unused)]\nfn g() {}\n"
    )
    found = facts("src/a.rs", text)
    assert found["must.use"] == {"yes": [1, 2], "no": [1, 5]}
    assert found["lint.word"] == {"allow": [1, 8], "expect": [1, 11]}


def test_any_result_with_one_parameter_is_an_alias() -> None:
    text = "fn f() -> CargoResult<()> {}\nfn g() -> Result<Vec<(u8, u8)>> {}\nfn h() -> io::Result<()> {}\n"
    assert facts("src/a.rs", text)["result.form"] == {"alias": [2, 1, 2]}

"""Checks of golangci-lint's linters, Clippy and rustfmt, Checkstyle and Spotless, and of commits."""

from __future__ import annotations

_ORDERED = "checkstyle:CustomImportOrder, checkstyle:ImportOrder"

GIT = {("commit.form", "conventional"): "commits:conventional"}

# https://golangci-lint.run/docs/linters/
GO = {
    ("error.wrap", "%w"): "golangci-lint:errorlint",
    ("error.compare", "errors.Is"): "golangci-lint:errorlint",
    ("error.cast", "errors.As"): "golangci-lint:errorlint",
    ("error.message", "plain"): "golangci-lint:revive error-strings, golangci-lint:stylecheck",
    ("error.plain", "errors.New"): "golangci-lint:perfsprint",
    ("error.sentinel", "Err"): "golangci-lint:errname, golangci-lint:revive error-naming",
    ("error.type", "Error"): "golangci-lint:errname",
    ("context.place", "first"): "golangci-lint:revive context-as-argument",
    ("receiver.name", "short"): "golangci-lint:stylecheck",
    ("receiver.same", "yes"): "golangci-lint:revive receiver-naming, golangci-lint:stylecheck",
    ("name.initialism", "upper"): "golangci-lint:revive var-naming, golangci-lint:stylecheck",
    ("name.function", "mixed"): "golangci-lint:revive var-naming, golangci-lint:stylecheck",
    ("name.method", "mixed"): "golangci-lint:revive var-naming, golangci-lint:stylecheck",
    ("name.type", "mixed"): "golangci-lint:revive var-naming, golangci-lint:stylecheck",
    ("name.constant", "mixed"): "golangci-lint:revive var-naming, golangci-lint:stylecheck",
    ("doc.period", "yes"): "golangci-lint:godot",
    ("import.groups", "apart"): "golangci-lint:gci",
    ("import.own", "apart"): "golangci-lint:gci",
    ("any.word", "any"): "golangci-lint:revive use-any",
    ("test.parallel", "yes"): "golangci-lint:paralleltest",
    ("test.helper", "yes"): "golangci-lint:thelper",
    ("test.package", "external"): "golangci-lint:testpackage",
    ("test.noerror", "require"): "golangci-lint:testifylint require-error",
    ("test.temp", "t.TempDir"): "golangci-lint:usetesting",
    ("test.env", "t.Setenv"): "golangci-lint:usetesting, golangci-lint:tenv",
    ("test.context", "t.Context"): "golangci-lint:usetesting",
}

# https://rust-lang.github.io/rust-clippy/master/ and the lints that rustc makes without a setting
RUST = {
    ("name.function", "snake"): "rustc:non_snake_case",
    ("name.method", "snake"): "rustc:non_snake_case",
    ("name.type", "pascal"): "rustc:non_camel_case_types",
    ("name.constant", "upper"): "rustc:non_upper_case_globals",
    ("name.file", "snake"): "rustc:non_snake_case",
    ("doc.function", "yes"): "clippy:rust.missing_docs",
    ("doc.method", "yes"): "clippy:rust.missing_docs",
    ("doc.type", "yes"): "clippy:rust.missing_docs",
    ("doc.errors", "yes"): "clippy:clippy.missing_errors_doc, clippy:clippy.pedantic",
    ("derive.debug", "yes"): "clippy:rust.missing_debug_implementations",
    ("enum.open", "yes"): "clippy:clippy.exhaustive_enums",
    ("self.type", "Self"): "clippy:clippy.use_self",
    ("panic.form", "expect"): "clippy:clippy.unwrap_used",
    ("format.names", "inline"): "clippy:clippy.uninlined_format_args, clippy:clippy.pedantic",
    ("unsafe.used", "no"): "clippy:rust.unsafe_code",
    ("loop.word", "for"): "clippy:clippy.needless_for_each",
    ("lint.word", "expect"): "clippy:clippy.allow_attributes",
    ("unsafe.reason", "yes"): "clippy:clippy.undocumented_unsafe_blocks",
    ("module.file", "mod.rs"): "clippy:clippy.self_named_module_files",
    ("module.file", "named"): "clippy:clippy.mod_module_files",
    ("string.owned", "to_owned"): "clippy:clippy.str_to_string",
    ("import.groups", "apart"): "rustfmt:group_imports=StdExternalCrate",
    ("import.owngroup", "apart"): "rustfmt:group_imports=StdExternalCrate",
    ("import.merge", "braces"): "rustfmt:imports_granularity=Crate, rustfmt:imports_granularity=Module",
    ("import.merge", "lines"): "rustfmt:imports_granularity=Item",
}

# https://checkstyle.org/checks.html
JAVA = {
    ("name.method", "camel"): "checkstyle:MethodName",
    ("name.type", "pascal"): "checkstyle:TypeName",
    ("name.constant", "upper"): "checkstyle:ConstantName",
    ("name.file", "pascal"): "checkstyle:OuterTypeFilename, checkstyle:TypeName",
    ("abstract.name", "Abstract"): "checkstyle:AbstractClassName",
    ("doc.method", "yes"): "checkstyle:MissingJavadocMethod",
    ("doc.type", "yes"): "checkstyle:MissingJavadocType",
    ("doc.param", "yes"): "checkstyle:JavadocMethod",
    ("doc.return", "yes"): "checkstyle:JavadocMethod",
    ("doc.period", "yes"): "checkstyle:JavadocStyle",
    ("file.header", "yes"): "checkstyle:Header, checkstyle:RegexpHeader, checkstyle:MultiFileRegexpHeader",
    ("catch.empty", "no"): "checkstyle:EmptyCatchBlock",
    ("catch.width", "named"): "checkstyle:IllegalCatch",
    ("final.parameter", "yes"): "checkstyle:FinalParameters",
    ("final.local", "yes"): "checkstyle:FinalLocalVariable",
    ("import.wildcard", "no"): "checkstyle:AvoidStarImport",
    ("import.static", "first"): f"{_ORDERED}, spotless:googleJavaFormat",
    ("import.static", "last"): _ORDERED,
    ("import.java", "first"): _ORDERED,
    ("import.java", "last"): _ORDERED,
}

"""A rule's question and answer -> the checks of tools that refuse what breaks it.

`tool:check`, with a comma between those of which any is enough. Only checks that see every case of the
question: one that sees a part of it leaves the rule to people.
"""

from __future__ import annotations

from collections.abc import Iterator

_PYTHON = {
    ("raise.from", "yes"): "ruff:B904, flake8:B904, pylint:raise-missing-from",
    ("except", "named"): "ruff:BLE001, flake8:BLE001, pylint:broad-exception-caught",
    ("import.form", "absolute"): "ruff:TID252 ban-relative-imports=all, flake8:TID252, flake8:ABS101",
    ("future.annotations", "yes"): "ruff:I002 required-imports=annotations, isort:add_imports=annotations",
    ("types.return", "yes"): "ruff:ANN201, flake8:ANN201, mypy:strict, mypy:disallow_untyped_defs, "
    "pyright:typeCheckingMode=strict",
    ("doc.function", "yes"): "ruff:D103, flake8:D103, pylint:missing-function-docstring",
    ("doc.method", "yes"): "ruff:D102, flake8:D102, pylint:missing-function-docstring",
    ("doc.type", "yes"): "ruff:D101, flake8:D101, pylint:missing-class-docstring",
    ("doc.style", "google"): "ruff:D417 convention=google, pydocstyle:convention=google",
    ("doc.style", "numpy"): "ruff:D406 convention=numpy, pydocstyle:convention=numpy",
    ("name.function", "snake"): "ruff:N802, flake8:N802, pylint:invalid-name",
    ("name.method", "snake"): "ruff:N802, flake8:N802, pylint:invalid-name",
    ("name.type", "pascal"): "ruff:N801, flake8:N801, pylint:invalid-name",
    ("name.file", "snake"): "ruff:N999",
    ("error.suffix", "Error"): "ruff:N818, flake8:N818",
    ("uses.paths", "pathlib"): "ruff:PTH118, flake8:PTH118",
}
_ECMA = {
    ("semicolons", "yes"): "prettier:semi=true, eslint:semi always, eslint:@typescript-eslint/semi, "
    "biome:useSemicolons",
    ("semicolons", "no"): "prettier:semi=false, eslint:semi never",
    ("quotes", "single"): "prettier:singleQuote=true, eslint:quotes single",
    ("quotes", "double"): "prettier:singleQuote=false, eslint:quotes double",
    ("catch.empty", "no"): "eslint:no-empty, biome:noEmptyBlockStatements",
    ("export", "named"): "eslint:import/no-default-export, biome:noDefaultExport",
    ("export", "default"): "eslint:import/prefer-default-export",
    ("object.type", "interface"): "eslint:@typescript-eslint/consistent-type-definitions interface, "
    "biome:useConsistentTypeDefinitions",
    ("object.type", "type"): "eslint:@typescript-eslint/consistent-type-definitions type",
    ("module", "esm"): "eslint:@typescript-eslint/no-require-imports, eslint:import/no-commonjs, "
    "eslint:unicorn/prefer-module, biome:noCommonJs",
    ("function.form", "declaration"): "eslint:func-style declaration",
    ("function.form", "arrow"): "eslint:func-style expression",
    ("raise.from", "yes"): "eslint:preserve-caught-error",
    ("name.file", "kebab"): "eslint:unicorn/filename-case, biome:useFilenamingConvention",
    ("test.word", "it"): "eslint:vitest/consistent-test-it it, eslint:jest/consistent-test-it it",
    ("test.word", "test"): "eslint:vitest/consistent-test-it test, eslint:jest/consistent-test-it test",
}
_GO = {
    ("name.function", "camel"): "golangci-lint:revive var-naming, golangci-lint:stylecheck",
    ("name.method", "pascal"): "golangci-lint:revive var-naming, golangci-lint:stylecheck",
    ("name.type", "pascal"): "golangci-lint:revive var-naming, golangci-lint:stylecheck",
}
_RUST = {
    ("name.function", "snake"): "rustc:non_snake_case",
    ("name.method", "snake"): "rustc:non_snake_case",
    ("name.type", "pascal"): "rustc:non_camel_case_types",
    ("name.constant", "upper"): "rustc:non_upper_case_globals",
    ("name.file", "snake"): "rustc:non_snake_case",
    ("doc.function", "yes"): "clippy:rust.missing_docs",
    ("doc.method", "yes"): "clippy:rust.missing_docs",
    ("doc.type", "yes"): "clippy:rust.missing_docs",
}
_JAVA = {
    ("name.method", "camel"): "checkstyle:MethodName",
    ("name.type", "pascal"): "checkstyle:TypeName",
    ("name.constant", "upper"): "checkstyle:ConstantName",
    ("name.file", "pascal"): "checkstyle:OuterTypeFilename, checkstyle:TypeName",
    ("doc.method", "yes"): "checkstyle:MissingJavadocMethod",
    ("doc.type", "yes"): "checkstyle:MissingJavadocType",
    ("catch.empty", "no"): "checkstyle:EmptyCatchBlock",
}
_GIT = {("commit.form", "conventional"): "commits:conventional"}
_TABLES = {
    "git": _GIT,
    "python": _PYTHON,
    "javascript": _ECMA,
    "typescript": _ECMA,
    "go": _GO,
    "rust": _RUST,
    "java": _JAVA,
}


def enforcers(language: str, question: str, answer: str) -> Iterator[tuple[str, str]]:
    """(tool, check) of each that would do."""
    for known in _TABLES.get(language, {}).get((question, answer), "").split(", "):
        tool, _, check = known.partition(":")
        if check:
            yield tool, check

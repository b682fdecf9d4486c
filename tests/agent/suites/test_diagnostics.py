from pathlib import Path

import pytest

from agent.suites.diagnostics import Diagnostic, new_diagnostics, read_diagnostics

RECORDED = Path(__file__).parent / "recorded"


@pytest.mark.parametrize(
    ("tool", "file", "found"),
    [
        ("mypy", "mypy.txt", ["a.py 5 return-value Incompatible return", "a.py 5 name-defined Name"]),
        ("ruff", "ruff.txt", ["a.py 1 F401 `os` imported but unused", "a.py 5 F821 Undefined name"]),
        ("tsc", "tsc.txt", ["ts/a.ts 2 TS2552 Cannot find name 'rigth'"]),
        ("eslint", "eslint.json", ["ts/b.js 1 no-undef 'nowhere' is not defined."]),
        ("eslint", "eslint.txt", ["ts/b.js 1 no-undef 'nowhere' is not defined"]),
        ("go", "go-vet.txt", ["broken/b.go 3  undeclared name: missing"]),
        ("go", "go.jsonl", ["broken/b.go 3  undefined: missing"]),
        (
            "cargo",
            "cargo-broken.txt",
            [
                "src/lib.rs 9 E0425 cannot find value",
                "src/lib.rs 9 E0308 mism",
                "src/lib.rs 9 E0277 cannot add",
            ],
        ),
        ("javac", "javac.txt", ["jv/A.java 1  cannot find symbol", "jv/A.java 1  incompatible types"]),
        (
            "unittest",
            "unittest.txt",
            ["tests/test_broken.py 1 ModuleNotFoundError No module named 'nowhere'"],
        ),
    ],
)
def test_what_tools_really_wrote_is_read(tool: str, file: str, found: list[str]) -> None:
    read = read_diagnostics(tool, (RECORDED / file).read_text())
    told = [f"{one.path} {one.line} {one.code} {one.message}" for one in read[: len(found)]]
    assert [line[: len(start)] for line, start in zip(told, found, strict=True)] == found


@pytest.mark.parametrize(
    ("tool", "line", "found"),
    [
        ("mypy", "a/b.py:3:5: error: Bad thing  [attr-defined]", ("a/b.py", 3, "attr-defined", "Bad thing")),
        ("mypy", "a/b.py:3: note: Hint", None),
        ("mypy", "Success: no issues found in 1 source file", None),
        (
            "pyright",
            '  /workspace/a.py:3:5 - error: "x" is unknown (reportUndefinedVariable)',
            ("a.py", 3, "reportUndefinedVariable", '"x" is unknown'),
        ),
        ("pyright", "  /workspace/a.py:3:5 - warning: odd (reportX)", None),
        ("flake8", "./a.py:1:80: E501 line too long", ("a.py", 1, "E501", "line too long")),
        ("ruff", "a.py:1:2: invalid-syntax: Expected )", ("a.py", 1, "invalid-syntax", "Expected )")),
        ("tsc", "src/a.ts:3:5 - error TS2322: No.", ("src/a.ts", 3, "TS2322", "No.")),
        ("eslint", "/workspace/a.js:1:2: Odd. [Error/no-x]", ("a.js", 1, "no-x", "Odd.")),
        ("cargo", "src/lib.rs:9:27: error[E0425]: no value", ("src/lib.rs", 9, "E0425", "no value")),
        (
            "cargo",
            '{"reason":"compiler-message","message":{"level":"error","message":"no value",'
            '"code":{"code":"E0425"},'
            '"spans":[{"is_primary":true,"file_name":"src/lib.rs","line_start":9}]}}',
            ("src/lib.rs", 9, "E0425", "no value"),
        ),
        (
            "maven",
            "[ERROR] /workspace/src/A.java:[3,45] cannot find symbol",
            ("src/A.java", 3, "", "cannot find symbol"),
        ),
        ("pytest", "a.py:3: in <module>\nE   NameError: name 'x'", ("a.py", 3, "NameError", "name 'x'")),
        ("", "lib/a.ex:3: error: undefined variable", ("lib/a.ex", 3, "", "undefined variable")),
        ("", "src/a.c:3:5: fatal error: x.h: No such file", ("src/a.c", 3, "", "x.h: No such file")),
        ("", "10:31:07: error in the log", None),
    ],
)
def test_one_line_of_a_tool_is_read(tool: str, line: str, found: tuple[str, int, str, str] | None) -> None:
    read = [(one.path, one.line, one.code, one.message) for one in read_diagnostics(tool, line)]
    assert read == ([found] if found else [])


def test_an_error_that_moved_is_not_new() -> None:
    before = [Diagnostic("a.py", 3, "E1", "odd", "x"), Diagnostic("a.py", 9, "E2", "seen on line 3", "x")]
    after = [
        Diagnostic("a.py", 7, "E1", "odd", "x"),
        Diagnostic("a.py", 8, "E1", "odd", "x"),
        Diagnostic("a.py", 13, "E2", "seen on line 7", "x"),
        Diagnostic("b.py", 3, "E1", "odd", "x"),
    ]
    assert new_diagnostics(before, after) == [after[1], after[3]]
    assert new_diagnostics(after, before) == []


@pytest.mark.parametrize(
    "tool", ["mypy", "pyright", "ruff", "tsc", "eslint", "go", "cargo", "javac", "maven", "pytest", ""]
)
def test_hostile_output_is_read_in_time(tool: str) -> None:
    for piece in ("a:1:", "(", "- error: ", "[Error", '{"a":', "x.py:1: ", "--> a:"):
        read_diagnostics(tool, piece * 100_000)
        read_diagnostics(tool, (piece * 200 + "\n") * 300)

"""Sentences about how Go is written here."""

from __future__ import annotations

from .words import Wording, table

_CASES = ("test.cases", "test.case")


def go_wording(question: str, answer: str) -> Wording | None:
    """The names of tables and of their cases are said as they stand, the rest is in a table."""
    if question == "test.cases":
        return Wording(f"Tables of test cases are called `{answer}`.", "tests", 0.4)
    if question == "test.case":
        return Wording(f"The case at hand of a table of tests is called `{answer}`.", "tests", 0.4)
    return ROWS.get((question, answer))


ROWS = table(
    ("error.wrap", "%w", "An error handed on is wrapped with `%w`.", "errors", 0.6),
    ("error.wrap", "%v", "An error handed on is formatted with `%v`, not wrapped.", "errors", 0.1),
    ("error.wrap", "errors.Wrap", "An error handed on is wrapped with `errors.Wrap`.", "errors", 0.2),
    (
        "error.plain",
        "errors.New",
        "An error with a fixed message is made by `errors.New`, not `fmt.Errorf`.",
        "errors",
        0.6,
    ),
    ("error.plain", "fmt.Errorf", "Errors are made by `fmt.Errorf`, fixed messages as well.", "errors", 0.2),
    (
        "error.message",
        "plain",
        "Error messages begin with a small letter and end without a period.",
        "errors",
        0.85,
    ),
    ("error.message", "capital", "Error messages begin with a capital letter.", "errors", 0.05),
    (
        "error.scope",
        "inline",
        "A call that only returns an error is checked in one line (`if err := f(); err != nil`).",
        "errors",
        0.5,
    ),
    (
        "error.scope",
        "apart",
        "A call stands on a line of its own before its error is checked, never inside the `if`.",
        "errors",
        0.3,
    ),
    ("error.compare", "errors.Is", "Errors are compared with `errors.Is`, not `==`.", "errors", 0.6),
    ("error.compare", "==", "Errors are compared with `==`, not `errors.Is`.", "errors", 0.2),
    ("error.cast", "errors.As", "The type of an error is asked with `errors.As`.", "errors", 0.7),
    ("error.raised", "returned", "What fails returns an error; only `Must…` and main panic.", "errors", 0.85),
    ("error.sentinel", "Err", "Errors kept in variables are named `ErrX` or `errX`.", "naming", 0.9),
    ("error.type", "Error", "Types of errors are named `XError`.", "naming", 0.8),
    ("doc.start", "name", "Doc comments begin with the name of what they describe.", "docs", 0.85),
    ("context.place", "first", "A context is the first parameter.", "structure", 0.95),
    ("options.form", "functional", "Constructors take functional options (`...Option`).", "structure", 0.3),
    ("getter.name", "bare", "Getters are named after the field, without `Get`.", "naming", 0.8),
    ("getter.name", "Get", "Getters are named `GetX`.", "naming", 0.2),
    ("receiver.name", "short", "Receivers have short names of one to three letters.", "naming", 0.85),
    ("receiver.name", "long", "Receivers are named in full.", "naming", 0.05),
    ("receiver.name", "self", "Receivers are called `self` or `this`.", "naming", 0.02),
    ("receiver.same", "yes", "All methods of a type call their receiver the same.", "naming", 0.95),
    ("name.initialism", "upper", "Initialisms keep one case: `ID`, `URL`, `HTTP`.", "naming", 0.85),
    ("name.initialism", "title", "Initialisms are written as words: `Id`, `Url`.", "naming", 0.1),
    ("interface.er", "yes", "Interfaces of one method are named after it, ending in -er.", "naming", 0.5),
    ("import.groups", "apart", "A blank line parts the standard library's imports.", "structure", 0.9),
    ("import.groups", "together", "Imports stand in one block, without groups.", "structure", 0.05),
    (
        "import.own",
        "apart",
        "The module's own packages are imported in a group of their own, apart from third-party ones.",
        "structure",
        0.4,
    ),
    (
        "import.own",
        "together",
        "Third-party packages and the module's own share one group of imports.",
        "structure",
        0.5,
    ),
    ("any.word", "any", "The empty interface is written `any`.", "structure", 0.6),
    ("any.word", "interface{}", "The empty interface is written `interface{}`, not `any`.", "structure", 0.3),
    ("map.empty", "make", "Empty maps are made by `make`, not by a literal.", "structure", 0.6),
    ("map.empty", "literal", "Empty maps are written as literals (`map[K]V{}`).", "structure", 0.3),
    ("init", "no", "Packages do without `init` functions.", "structure", 0.8),
    ("nolint.name", "yes", "`//nolint` names the linter it silences.", "structure", 0.7),
    ("nolint.reason", "yes", "`//nolint` says why.", "structure", 0.4),
    ("test.name", "TestA", "Tests are named without underscores (`TestThing`).", "tests", 0.6),
    ("test.name", "TestA_b", "Tests are named `TestThing_behaviour`.", "tests", 0.3),
    ("test.name", "Test_", "Tests are named `Test_thing`, with an underscore.", "tests", 0.1),
    ("test.parallel", "yes", "Tests say `t.Parallel()`.", "tests", 0.2),
    ("test.helper", "yes", "Helpers of tests say `t.Helper()`.", "tests", 0.6),
    ("test.package", "external", "Tests stand in a package of their own (`package x_test`).", "tests", 0.3),
    ("test.package", "internal", "Tests stand in the package they test.", "tests", 0.6),
    ("test.noerror", "require", "Tests check errors with testify's `require`, not `assert`.", "tests", 0.5),
    ("test.noerror", "assert", "Tests check errors with testify's `assert`, not `require`.", "tests", 0.3),
    ("test.temp", "t.TempDir", "Tests take temporary folders from `t.TempDir()`.", "tests", 0.8),
    ("test.env", "t.Setenv", "Tests set variables of the environment with `t.Setenv`.", "tests", 0.7),
    ("test.context", "t.Context", "Tests take their context from `t.Context()`.", "tests", 0.2),
    (
        "test.context",
        "context.Background",
        "Tests run under `context.Background()`, not `t.Context()`.",
        "tests",
        0.85,
    ),
    ("test.cases.form", "slice", "Tables of test cases are slices of structs.", "tests", 0.85),
    ("test.cases.form", "map", "Tables of test cases are maps from a name to the case.", "tests", 0.2),
    ("test.subtests", "yes", "Each case of a table runs as a subtest (`t.Run`).", "tests", 0.7),
    ("test.subtests", "no", "Cases of a table run in a plain loop, without `t.Run`.", "tests", 0.2),
    ("test.want", "want", "What a case should give is called `want…`.", "tests", 0.5),
    ("test.want", "expected", "What a case should give is called `expected…`.", "tests", 0.4),
)  # fmt: skip

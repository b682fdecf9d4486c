"""What of a text is code: strings and comments are blanked, nothing else moves."""

from __future__ import annotations

import pytest

from indexer.conventions.code import blank
from indexer.conventions.lines import Lines, inside_brackets

EVERY = (
    "python", "javascript", "typescript", "go", "java", "kotlin", "scala", "swift", "csharp", "c", "cpp",
    "php", "rust", "zig", "ruby", "bash", "elixir", "lua", "haskell",
)  # fmt: skip


@pytest.mark.parametrize("language", EVERY)
def test_every_offset_and_line_stays_where_it_was(language: str) -> None:
    text = "a = \"x\\\"y\" # z\n// it's\n/* one\n two */ b('q') `t\nu`\n"
    text += '\'\'\'v\n\'\'\' """w\n""" r#"x"#\n-- é\n"end'
    blanked = blank(text, language)
    assert len(blanked) == len(text)
    assert [at for at, char in enumerate(blanked) if char == "\n"] == [
        at for at, char in enumerate(text) if char == "\n"
    ]


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("python", "x = 'raise A' # raise B\n", "x = '       '          \n"),
        ("python", "x = 'it\\'s' + y\n", "x = '     ' + y\n"),
        ("python", 'x = """a "b" c""" + y\n', 'x = "           " + y\n'),
        ("python", 'x = """a\nraise B\n"""\ny\n', 'x = "   \n       \n  "\ny\n'),
        ("python", "x = f\"{a['b']}\" + y\n", 'x = f"        " + y\n'),
        ("python", "x = '#' + y # '\nz\n", "x = ' ' + y    \nz\n"),
        ("javascript", "a = 'throw new A()' // throw\nb\n", "a = '             '         \nb\n"),
        ("javascript", "a = `x ${y} \\` z` + b\n", "a = `           ` + b\n"),
        ("javascript", "/** throw\n * new */ a\n", "         \n          a\n"),
        ("typescript", 'a = "http://x" + b\n', 'a = "        " + b\n'),
        ("go", "a := `raw \\` + b\n", "a := `     ` + b\n"),
        ("go", "a := '\"' + b + '\\'' + c\n", "a := ' ' + b + '  ' + c\n"),
        ("go", 's := "a\\\\" + panic\n', 's := "   " + panic\n'),
        ("java", 'a = """\n  throw "x"\n  """ + b;\n', 'a = "  \n           \n    " + b;\n'),
        ("java", "char c = '\"'; throw d;\n", "char c = ' '; throw d;\n"),
        ("java", "char c = '\\u0041'; d\n", "char c = '      '; d\n"),
        ("java", "// don't\nthrow x;\n", "        \nthrow x;\n"),
        ("kotlin", 'a = """C:\\""" + b\n', 'a = "       " + b\n'),
        ("kotlin", "/* a /* b */ c */ d\n", "                  d\n"),
        ("csharp", 'a = @"C:\\" + b;\n', 'a = @    " + b;\n'),
        ("csharp", 'a = @"say ""no""" + b;\n', 'a = @           " + b;\n'),
        ("cpp", "int n = 1'000'000; f('x');\n", "int n = 1'000'000; f(' ');\n"),
        ("rust", "fn f<'a>(x: &'a str) -> char { 'b' }\n", "fn f<'a>(x: &'a str) -> char { ' ' }\n"),
        ("rust", "let q = '\\''; x.unwrap()\n", "let q = '  '; x.unwrap()\n"),
        ("rust", "let q = '\"'; x.unwrap()\n", "let q = ' '; x.unwrap()\n"),
        ("rust", "let q = '\\u{1F600}'; x\n", "let q = '         '; x\n"),
        ("rust", 'let q = r"C:\\"; x.unwrap()\n', 'let q = r    "; x.unwrap()\n'),
        ("rust", 'let q = r#"say "no""#; x\n', "let q = r           #; x\n"),
        ("rust", 'let q = "a\n  unwrap()"; x\n', 'let q = " \n          "; x\n'),
        ("rust", "/* a /* b */ unwrap() */ c\n", "                         c\n"),
        ("php", "a('it' . \"b\"); # c\n#[Attr]\n", "a('  ' . \" \");    \n#[Attr]\n"),
        ("zig", "const a = \\\\raw \"x\n;\n", "const a =         \n;\n"),
        ("ruby", 'raise "a #{b}" # c\n', 'raise "      "    \n'),
        ("bash", "[ $# -gt 1 ] && echo ${a#b} # c\n", "[ $# -gt 1 ] && echo ${a#b}    \n"),
        ("elixir", 'raise "x" # y\n', 'raise " "    \n'),
        ("lua", "x = [[a\nb]] -- c\ny\n", "x = [  \n  ]     \ny\n"),
        ("haskell", 'f x\' = "a" -- b\n{- c -} d\n', 'f x\' = " "     \n        d\n'),
        ("markdown", "raise 'x'\n", "raise 'x'\n"),
    ],
)  # fmt: skip
def test_strings_and_comments_are_blanked(language: str, text: str, code: str) -> None:
    assert blank(text, language) == code


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("python", "x = 'open\ny = 1\n", "x = '    \ny = 1\n"),
        ("python", 'x = """open\ny = 1\n', 'x = "      \n     \n'),
        ("go", 'x := "open\ny := 1\n', 'x := "    \ny := 1\n'),
        ("java", "/* open\nthrow x;\n", "       \n        \n"),
        ("java", 'x = "\ny\n', 'x = "\ny\n'),
        ("rust", "/* open\nx.unwrap()\n", "       \n          \n"),
    ],
)
def test_what_never_closes_ends_with_its_line_or_with_the_text(language: str, text: str, code: str) -> None:
    assert blank(text, language) == code


def test_lines_blank_by_the_language_of_the_file() -> None:
    assert Lines("x = 'a'\n", "python").code == "x = ' '\n"


def test_brackets_are_matched_by_kind() -> None:
    assert inside_brackets("f(a, (b), [c)])", 1) == "a, (b), [c"
    assert inside_brackets("f(a", 1) == "a"

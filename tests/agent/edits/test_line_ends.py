from pathlib import Path

import pytest

from agent.edits.line_ends import line_end
from tests.agent.edits.conftest import Bench

RULES = [
    ({}, "a.txt", "\n"),
    ({".gitattributes": "*.bat text eol=crlf\n"}, "scripts/run.bat", "\r\n"),
    ({".gitattributes": "*.bat text eol=crlf\n"}, "run.sh", "\n"),
    ({".gitattributes": "* text eol=crlf\n*.sh text eol=lf\n"}, "run.sh", "\n"),
    ({".gitattributes": "*.sh eol=lf\n* eol=crlf # last\n"}, "run.sh", "\r\n"),
    ({".gitattributes": "# * eol=crlf\n"}, "a", "\n"),
    ({".gitattributes": "/win/*.txt eol=crlf\n"}, "win/a.txt", "\r\n"),
    ({".gitattributes": "/win/*.txt eol=crlf\n"}, "a/win/a.txt", "\n"),
    ({".editorconfig": "root = true\n[*]\nend_of_line = crlf\n"}, "a/b.c", "\r\n"),
    ({".editorconfig": "[*]\nend_of_line=lf\n[*.{bat, cmd}]\nend_of_line = CRLF\n"}, "a.cmd", "\r\n"),
    ({".editorconfig": "[*]\nend_of_line = crlf\n[*.py]\nend_of_line = lf\n"}, "a.py", "\n"),
    ({".editorconfig": "[*]\nend_of_line = crlf\n", "lib/.editorconfig": "root = true\n"}, "lib/a", "\n"),
    ({".editorconfig": "[*]\nend_of_line = crlf\n", "lib/.editorconfig": "[*.x]\n"}, "lib/a", "\r\n"),
    ({".gitattributes": "* eol=crlf\n", ".editorconfig": "[*]\nend_of_line = lf\n"}, "a", "\r\n"),
    ({".editorconfig": "[*]\nend_of_line = unset\n[[[\n{{{\n"}, "a", "\n"),
]


@pytest.mark.parametrize(("rules", "path", "expected"), RULES)
def test_a_repository_says_how_new_lines_end(
    bench: Bench, tree: Path, rules: dict[str, str], path: str, expected: str
) -> None:
    for name, text in rules.items():
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_text(text)
    assert line_end(bench.files, path) == expected


def test_a_new_file_gets_the_line_end_of_its_repository(bench: Bench, tree: Path) -> None:
    (tree / ".gitattributes").write_text("*.bat eol=crlf\n")
    bench.create("run.bat", "echo 1\r\necho 2\n")
    bench.create("run.sh", "echo 1\r\necho 2\n")
    assert (tree / "run.bat").read_bytes() == b"echo 1\r\necho 2\r\n"
    assert (tree / "run.sh").read_bytes() == b"echo 1\necho 2\n"

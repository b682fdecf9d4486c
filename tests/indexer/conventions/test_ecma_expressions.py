"""How expressions and statements of JavaScript and TypeScript are written."""

from __future__ import annotations

import pytest

from .facts import facts, rules


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("equality", "a === b\na != c\na == null\na <= b\n", {"strict": [1, 1], "loose": [1, 2]}),
        (
            "undefined",
            "a === undefined\ntypeof b !== 'undefined'\ntypeof c === 'string'\n",
            {"===": [1, 1], "typeof": [1, 2]},
        ),
        ("chain", "if (a && a.b) f()\nf(a?.b)\nif (a && ba.b) f()\n", {"&&": [1, 1], "?.": [1, 2]}),
        ("chain", "if (x.a && a.b) f()\n", None),
        ("chain", "if (a && a.indexOf(b) !== -1) f()\nif ('b' in a && a.b) f()\n", None),
        ("chain", "return a.b && a.b.c.d\nif (c && a && a.b === d) f()\n", {"&&": [2, 1, 2]}),
        ("undefined", "typeof window === 'undefined'\ntypeof Buffer !== 'undefined'\n", None),
        ("if.braces", "if (a) return f(function (b) {\n})\n", {"no": [1, 1]}),
        ("if.braces", "if (f(a)) {\n}\nif (a) return\nif (\n  a\n) {\n}\n", {"yes": [2, 1, 4], "no": [1, 3]}),
        (
            "loop",
            "for (const a of b) {}\nb.forEach(f)\nfor (const k in o) {}\n",
            {"for": [1, 1], "forEach": [1, 2]},
        ),
        ("promise", "await f()\nf().then(g)\n", {"await": [1, 1], "then": [1, 2]}),
        ("text", "`a ${b}`\n'a' + b\n'a' + 'b'\na + b\n`a`\n", {"template": [1, 1], "+": [1, 2]}),
        ("boolean", "f(!!a)\nf(Boolean(a))\n", {"!!": [1, 1], "Boolean": [1, 2]}),
        ("number", "parseInt(a)\nNumber.isNaN(a)\n", {"global": [1, 1], "Number": [1, 2]}),
        (
            "own.property",
            "Object.hasOwn(a, b)\na.hasOwnProperty(b)\nObject.prototype.hasOwnProperty.call(a, b)\n",
            {"hasOwn": [1, 1], "hasOwnProperty": [2, 2, 3]},
        ),
        (
            "object.copy",
            "f({ ...a, b: 1 })\nObject.assign({}, a)\nconst { ...c } = a\n",
            {"spread": [1, 1], "assign": [1, 2]},
        ),
        (
            "return.nothing",
            "function f() {\n  return null\n}\nfunction g() {\n  return undefined\n}\n",
            {"null": [1, 2], "undefined": [1, 5]},
        ),
        ("date.now", "Date.now()\nnew Date().getTime()\nnew Date()\n", {"now": [1, 1], "new": [1, 2]}),
        ("declaration", "const a = 1\nvar b = 2\n", {"var": [1, 2]}),
        ("declaration", "\nconst a = 1\nlet b = 'var c'\n", {"block": [1, 2]}),
        ("indent", "function f() {\n    a()\n}\n", {"4": [1, 2]}),
        ("indent", "const a = `\n  b\n`\nfunction f() {\n\ta()\n}\n", {"tab": [1, 5]}),
        ("logger", "class A {\n  private readonly logger = new Logger(A.name)\n}\n", {"new Logger": [1, 2]}),
        (
            "log",
            "console.log(1)\nthis.logger.warn(1)\nlog.info(1)\nMath.log(2)\ncatalog.info(1)\n",
            {"console": [1, 1], "logger": [2, 2, 3]},
        ),
    ],
)
def test_an_expression_is_written_in_one_of_several_ways(
    question: str, text: str, found: dict[str, object] | None
) -> None:
    assert facts("src/a.ts", text).get(question) == found


def test_a_component_returns_null_by_contract() -> None:
    assert "return.nothing" not in facts("src/A.tsx", "export const A = () => {\n  return null\n}\n")


def test_the_environment_is_read_in_settings_or_anywhere() -> None:
    assert facts("src/config/mail.ts", "const a = process.env.MAIL\n")["environment"] == {"settings": [1, 1]}
    assert facts("src/mail.ts", "const a = import.meta.env.MAIL\n")["environment"] == {"anywhere": [1, 1]}


def test_how_a_line_is_written_is_no_habit_of_a_folder() -> None:
    files = {f"src/a{n}.ts": "for (const a of b) f(a)\n" * 3 for n in range(9)}
    files |= {f"web/a{n}.ts": "b.forEach(f)\n" * 3 for n in range(9)}
    assert not [key for key in rules(files) if key.startswith("loop")]

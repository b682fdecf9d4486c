"""How types and classes of TypeScript and JavaScript are written."""

from __future__ import annotations

import pytest

from .facts import facts


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        (
            "object.type",
            "interface A {}\ntype B = { a: 1 }\ntype C = A | B\n",
            {"interface": [1, 1], "type": [1, 2]},
        ),
        ("names.type", "enum A { B }\ntype C = 'a' | 'b'\n", {"enum": [1, 1], "union": [1, 2]}),
        ("names.type", "const enum A { B }\n", {"const enum": [1, 1]}),
        ("names.type", "\nexport const A = {\n  b: 'b',\n} as const\n", {"object": [1, 2]}),
        (
            "array.type",
            "let a: string[]\nlet b: Array<string>\nnew Array<string>(3)\n",
            {"T[]": [1, 1], "Array<T>": [1, 2]},
        ),
        ("array.type", "let a: Array<{ a: 1 }>\nlet b: Array<A | B>\n", None),
        ("any", "let a: any\nlet b: unknown\nf(c as unknown as D)\n", {"any": [1, 1], "unknown": [1, 2]}),
        ("absent", "let a: A | null\nlet b: B | undefined\n", {"null": [1, 1], "undefined": [1, 2]}),
        (
            "map.type",
            "let a: Record<string, A>\nlet b: { [key: string]: B }\n",
            {"Record": [1, 1], "index": [1, 2]},
        ),
        (
            "signature.form",
            "interface A {\n  f(): void\n  g: (a: B) => void\n}\n",
            {"method": [1, 2], "property": [1, 3]},
        ),
        ("signature.form", "class A {\n  g: (a: B) => void = f\n}\n", None),
    ],
)
def test_a_type_is_written_in_one_of_several_ways(
    question: str, text: str, found: dict[str, object] | None
) -> None:
    assert facts("src/a.ts", text).get(question) == found


def test_a_constructor_keeps_what_it_takes_as_properties_or_assigns_it() -> None:
    found = facts(
        "a.ts",
        "class A {\n  constructor(private readonly a: B, public c: D) {}\n}\n"
        "class E {\n  constructor(f: G) {\n    this.f = f\n  }\n}\n"
        "class H {\n  constructor(i: J) {\n    this.i = i.j\n  }\n}\n",
    )
    assert found["inject"] == {"property": [1, 2], "assigned": [1, 5]}
    assert found["inject.readonly"] == {"yes": [1, 2], "no": [1, 2]}


def test_public_members_say_so_or_not() -> None:
    text = "class A {\n  public run() {}\n  stop() {}\n  protected wait() {}\n  #hide() {}\n}\n"
    assert facts("a.ts", text)["member.public"] == {"explicit": [1, 2], "implicit": [1, 3]}
    assert "member.public" not in facts("a.js", text.replace("public ", "").replace("protected ", ""))


def test_a_class_of_javascript_is_one_or_a_prototype() -> None:
    assert facts("a.js", "class A {}\n")["class.form"] == {"class": [1, 1]}
    text = "function A() {}\nA.prototype.run = function run() {}\nA.prototype.stop = function stop() {}\n"
    assert facts("a.js", text)["class.form"] == {"prototype": [1, 2]}


def test_a_file_of_declarations_or_samples_tells_nothing_of_code() -> None:
    assert "object.type" not in facts("src/a.d.ts", "interface A {}\n")
    assert "equality" not in facts("test/fixtures/a.ts", "a == b\n")

"""How modules of JavaScript and TypeScript import, export and choose libraries."""

from __future__ import annotations

import pytest

from .facts import facts, rules

IMPORTS = """\
import type { Card } from '@/cards'
import { type Bill, pay } from '../pay'
import fs from 'node:fs'
import { join } from 'path'
import * as React from 'react'
import { retry } from './retry.js'
import styles from './pay.css'
"""


def test_an_import_is_written_in_one_of_several_ways() -> None:
    found = facts("src/a.ts", IMPORTS)
    assert found["import.type"] == {"statement": [1, 1], "inline": [1, 2]}
    assert found["import.alias"] == {"@/": [1, 1], "relative": [1, 2]}
    assert found["import.node"] == {"node:": [1, 3], "bare": [1, 4]}
    assert found["import.builtin"] == {"default": [1, 3], "names": [1, 4]}
    assert found["import.react"] == {"namespace": [1, 5]}
    assert found["import.suffix"] == {"none": [1, 2], ".js": [1, 6]}
    assert found["import.order"] == {"mixed": [1, 3]}
    assert found["quotes"] == {"single": [7, 1, 2, 3]}


def test_a_text_that_looks_like_an_import_is_none() -> None:
    found = facts("a.ts", "const sample = `\nimport a from 'b'\nexport const x = 1\n`\nexport { sample }\n")
    assert "quotes" not in found
    assert found["export"] == {"named": [1, 5]}


@pytest.mark.parametrize(
    "use",
    [
        "function f(a: Shape) {}",
        "let a: Shape[] = []",
        "const m = new Map<string, number>() as Shape\n",
        "function f(): Shape {}",
        "function f(a: string | Shape) {}",
        "const all: Set<Shape> = make()",
        "const make = <E extends Shape = Shape>(\n  options: Options<E, Shape>\n) => 1",
        "interface Round extends Shape {\n  inner: Shape\n}",
        "type Options = {\n  shape?: Shape\n}",
        "class A {\n  #inner: Shape\n  private outer?: Shape\n}",
        "export type { Shape }",
    ],
)
def test_an_import_used_as_a_type_alone_could_have_said_so(use: str) -> None:
    text = f"import {{ Shape }} from './shape'\n\n{use}\n"
    assert facts("src/a.ts", text)["import.type"] == {"plain": [1, 1]}


@pytest.mark.parametrize(
    "use",
    [
        "const a: Shape = new Shape()",
        "f({ kind: Shape })",
        "f({\n  kind: Shape,\n})",
        "class A extends Shape {}",
        "if (a instanceof Shape) f()",
        "const list = [Shape]",
        "return {\n  kind: Shape\n}",
        "const make = (a) => Shape",
        "const a = b ? c : Shape",
        "export { Shape }",
        "switch (a) {\n  case Shape.Round:\n}",
        "",
    ],
)
def test_an_import_that_may_be_a_value_is_not_counted(use: str) -> None:
    text = f"import {{ Shape }} from './shape'\n\n{use}\n"
    assert "import.type" not in facts("src/a.ts", text)


def test_a_decorated_class_needs_its_types_as_values() -> None:
    text = (
        "import { Users } from './users'\n\n@Injectable()\nexport class A {\n  constructor(a: Users) {}\n}\n"
    )
    assert "import.type" not in facts("src/a.ts", text)


def test_exports_are_named_default_in_place_or_in_a_list() -> None:
    found = facts(
        "src/a.ts",
        "const a = 1\nexport { a }\nexport { b } from './b'\nexport * from './c'\n"
        "export const d = 1\nexport default d\nexport {}\n",
    )
    assert found["export"] == {"named": [2, 2, 5], "default": [1, 6]}
    assert found["export.place"] == {"list": [1, 2], "inline": [1, 5]}
    assert found["reexport"] == {"names": [1, 3], "star": [1, 4]}


@pytest.mark.parametrize("path", ["vite.config.ts", "src/pages/about.tsx", "src/Button.stories.tsx"])
def test_a_default_that_a_tool_asks_for_is_no_choice(path: str) -> None:
    assert "export" not in facts(path, "export default {}\n")


def test_a_commonjs_module_tells_how_it_offers_things() -> None:
    found = facts("lib/a.js", "'use strict'\n\nconst fs = require('node:fs')\nmodule.exports = { fs }\n")
    assert found["module"] == {"commonjs": [1, 3]}
    assert found["strict"] == {"yes": [1, 1]}
    assert found["semicolons"] == {"no": [1, 3]}
    assert found["commonjs"] == {"module.exports": [1, 4]}
    assert facts("lib/b.js", "const a = require('a');\nexports.b = a;\n")["commonjs"] == {"exports": [1, 2]}


@pytest.mark.parametrize(
    ("text", "question", "library"),
    [
        ("import { z } from 'zod'\n", "uses.validation", "zod"),
        ("import format from 'date-fns/format'\n", "uses.dates", "date-fns"),
        ("const got = require('got')\n", "uses.http", "got"),
        ("export const load = () => fetch('/a')\n", "uses.http", "fetch"),
    ],
)
def test_a_library_is_chosen_for_a_job(text: str, question: str, library: str) -> None:
    assert list(facts("src/a.js", text)[question]) == [library]


def test_a_package_of_a_repository_may_export_in_its_own_way() -> None:
    files = {f"web/a{n}.ts": "const a = 1\nexport default a\n" for n in range(24)}
    files |= {f"api/b{n}.ts": "export const b = 1\n" for n in range(24)}
    assert {"export=default@web/", "export=named@api/"} <= set(rules(files))

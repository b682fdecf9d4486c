"""How JavaScript and TypeScript are documented, and which types they write down."""

from __future__ import annotations

import pytest

from .facts import facts

PAY = """\
/* Copyright 2024 The Authors. MIT licence. */

/**
 * Returns the total of a cart.
 *
 * @param cart - What is bought
 * @param {number} [rate=1] of the day
 * @param {{ a: number }} rest - The others
 * @returns the total
 */
export function total(cart: Cart, rate = 1): number {
  return cart.sum * rate // TODO: round
}

/** Close the till */
export const close = (till: Till) => till.close()

// TODO(ada): open it again
// @ts-expect-error no types yet
old.open()
// @ts-ignore
old.open()
export const handler: Handler = (event) => 1
export const text = 'TODO nothing'
"""


def test_comments_of_functions_show_mood_end_and_tags() -> None:
    found = facts("src/pay.ts", PAY)
    assert found["doc.mood"] == {"third": [1, 4], "imperative": [1, 15]}
    assert found["doc.period"] == {"yes": [1, 4], "no": [1, 15]}
    assert found["jsdoc.param"] == {"yes": [1, 11], "no": [1, 16]}
    assert found["jsdoc.return"] == {"@returns": [1, 9]}
    assert found["jsdoc.dash"] == {"yes": [2, 6, 8], "no": [1, 7]}
    assert found["jsdoc.type"] == {"no": [1, 6], "yes": [2, 7, 8]}


def test_a_remark_above_a_function_is_no_jsdoc() -> None:
    found = facts("a.ts", "// Closes the till\nexport function close(till: Till): void {}\n")
    assert "doc.mood" not in found
    assert "jsdoc.param" not in found


def test_exported_functions_declare_their_result_or_leave_it_to_inference() -> None:
    assert facts("src/pay.ts", PAY)["types.return"] == {"yes": [2, 11, 23], "no": [1, 16]}
    assert "types.return" not in facts("src/pay.js", "export function total(cart) {}\n")


def test_methods_of_classes_declare_their_result_or_not() -> None:
    found = facts(
        "a.ts",
        "class A {\n  constructor(a: B) {}\n  set x(v: X) {}\n  run(cb: (e: Error) => void): void {}\n"
        "  walk(cb: (e: Error) => void) {}\n  private hide() {}\n}\ninterface I {\n  f(): void\n}\n",
    )
    assert found["types.method"] == {"yes": [1, 4], "no": [1, 5]}


def test_remarks_to_readers_and_tools_have_a_form() -> None:
    found = facts("src/pay.ts", PAY)
    assert found["todo"] == {"colon": [1, 12], "owner": [1, 18]}
    assert found["ts.suppress"] == {"expect-error": [1, 19], "ignore": [1, 21]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (PAY, "yes"),
        ("// SPDX-License-Identifier: MIT\nexport const a = 1\n", "yes"),
        ("import { license } from './license'\n", "no"),
        ("/** Reads the settings. */\nexport const a = 1\n", "no"),
    ],
)
def test_a_notice_of_licence_is_a_comment_at_the_top(text: str, found: str) -> None:
    assert facts("a.ts", text)["file.header"] == {found: [1, 1]}

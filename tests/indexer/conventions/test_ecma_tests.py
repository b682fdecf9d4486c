"""How tests in JavaScript and TypeScript are written."""

from __future__ import annotations

import pytest

from .facts import facts, rules

VITEST = """\
import { describe, expect, it, vi } from 'vitest'
import { pay } from './pay'

describe('pay', () => {
  it('should take money', async () => {
    const charge = vi.fn()
    await expect(pay(charge)).resolves.toEqual({ paid: true })
    expect(charge).toHaveBeenCalledTimes(1)
  })
  it.each([1, 2])('Refuses %s', (n) => {
    expect(() => pay(n)).toThrow('no')
    expect(pay(n)).toMatchInlineSnapshot()
  })
})
"""
NODE = """\
'use strict'
const { test } = require('node:test')
const assert = require('node:assert')

test('closes', (t, done) => {
  t.assert.strictEqual(1, 1)
  t.assert.deepEqual(a, b)
})
test('opens', function (t) {
  assert.equal(1, 1)
})
"""


def test_a_test_file_tells_its_framework_words_and_grouping() -> None:
    found = facts("src/pay.test.ts", VITEST)
    assert found["test.framework"] == {"vitest": [1, 1]}
    assert found["test.globals"] == {"imported": [1, 1]}
    assert found["test.word"] == {"it": [1, 5]}
    assert found["test.should"] == {"yes": [1, 5], "no": [1, 10]}
    assert found["test.title"] == {"lower": [1, 5], "upper": [1, 10]}
    assert found["test.group"] == {"yes": [1, 5]}
    assert found["test.table"] == {"each": [1, 10]}
    assert found["test.async"] == {"async": [1, 5]}


def test_a_test_file_tells_what_it_checks_with() -> None:
    found = facts("src/pay.test.ts", VITEST)
    assert found["test.assertion"] == {"expect": [1, 7]}
    assert found["test.equal"] == {"toEqual": [1, 7]}
    assert found["test.called"] == {"toHaveBeen": [1, 8]}
    assert found["test.throws"] == {"toThrow": [1, 11]}
    assert found["test.snapshot"] == {"inline": [1, 12]}
    assert found["test.double"] == {"mock": [1, 6]}
    assert found["test.maker"] == {"vi": [1, 6]}


def test_the_runner_of_node_checks_through_its_argument() -> None:
    found = facts("test/close.test.js", NODE)
    assert found["test.framework"] == {"node:test": [1, 2]}
    assert found["test.word"] == {"test": [1, 5]}
    assert found["test.group"] == {"no": [1, 5]}
    assert found["test.assertion"] == {"t": [1, 6], "assert": [1, 10]}
    assert found["test.strict"] == {"strict": [1, 6], "loose": [1, 7]}
    assert found["test.callback"] == {"arrow": [1, 5], "function": [1, 9]}
    assert found["test.double"] == {"none": [1, 5]}
    assert "test.globals" not in found


@pytest.mark.parametrize(
    ("check", "question", "answer"),
    [
        ("expect(a).to.eql(b)", "test.deep", "eql"),
        ("expect(a).to.deep.equal(b)", "test.deep", "deep.equal"),
        ("expect(a).toStrictEqual(b)", "test.equal", "toStrictEqual"),
        ("expect(f).toThrowError('x')", "test.throws", "toThrowError"),
        ("expect(a).toMatchSnapshot()", "test.snapshot", "file"),
        ("fireEvent.click(a)", "test.events", "fireEvent"),
        ("await userEvent.click(a)", "test.events", "userEvent"),
        ("const a = sinon.stub(b, 'c')", "test.maker", "sinon"),
        ("jest.mock('./b')", "test.maker", "jest"),
    ],
)
def test_a_check_is_written_in_one_of_several_ways(check: str, question: str, answer: str) -> None:
    text = f"import a from './a'\n\nit('works', () => {{\n  {check}\n}})\n"
    assert facts("src/a.test.ts", text)[question] == {answer: [1, 4]}


def test_a_loop_around_a_test_is_a_table_too() -> None:
    text = "import a from './a'\n\nfor (const n of [1, 2]) {\n  test(`pays ${n}`, () => {})\n}\n"
    assert facts("src/a.test.ts", text)["test.table"] == {"loop": [1, 3]}


def test_a_helper_of_tests_tells_nothing() -> None:
    assert "quotes" not in facts("test/make.ts", "import a from 'a'\nexport const make = () => a\n")


def test_what_makes_requests_in_tests_is_a_choice_of_the_tests() -> None:
    text = "const request = require('supertest')\n\nit('serves', () => {})\n"
    rule = rules({f"test/a{n}.test.js": text for n in range(6)})["uses.requests=supertest"]
    assert rule.family == "tests"
    assert rule.statement == "Tests make or fake HTTP requests with `supertest`."

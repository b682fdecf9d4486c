"""How JavaScript and TypeScript throw, catch and word their errors."""

from __future__ import annotations

import pytest

from .facts import facts, rules

PAY = """\
export class Declined extends PaymentError {
  constructor() {
    super('declined')
    this.name = 'Declined'
  }
}
export class Expired extends PaymentError {}

export function pay(card: Card) {
  if (!card.valid) throw new Declined('The card is not valid.')
  try {
    charge(card)
  } catch (error) {
    logger.warn('charge failed', error)
    throw new Declined(`no charge for ${card.id}`, { cause: error })
  }
  try {
    mail(card)
  } catch {
    // a receipt is a courtesy
  }
  try {
    close(card)
  } catch (ignored) {}
}
"""


def test_a_catch_tells_what_it_binds_and_whether_it_does_anything() -> None:
    found = facts("src/pay.ts", PAY)
    assert found["catch.empty"] == {"no": [2, 13, 19], "yes": [1, 24]}
    assert found["catch.unused"] == {"omitted": [1, 19], "bound": [1, 24]}
    assert found["catch.name"] == {"error": [1, 13]}


def test_a_thrown_error_names_its_class_its_cause_and_its_words() -> None:
    found = facts("src/pay.ts", PAY)
    assert found["raise"] == {"Declined": [2, 10, 15]}
    assert found["raise.from"] == {"yes": [1, 15]}
    assert found["message.case"] == {"upper": [1, 10], "lower": [1, 15]}
    assert found["message.end"] == {"period": [1, 10]}


def test_an_error_class_sets_its_name_or_not() -> None:
    assert facts("src/pay.ts", PAY)["errorclass.name"] == {"set": [1, 1], "not": [1, 7]}


@pytest.mark.parametrize(
    ("thrown", "new"),
    [("new Error('x')", "yes"), ("Error('x')", "no"), ("new RangeError('x')", "yes"), ("TypeError()", "no")],
)
def test_an_error_is_thrown_with_or_without_new(thrown: str, new: str) -> None:
    assert facts("a.js", f"function f() {{\n  throw {thrown}\n}}\n")["throw.new"] == {new: [1, 2]}


@pytest.mark.parametrize("thrown", ["error", "makeError('x')", "new Abort('x')", "await failed()"])
def test_what_is_no_error_by_name_is_not_asked_for_new(thrown: str) -> None:
    assert "throw.new" not in facts("a.js", f"function f() {{\n  throw {thrown}\n}}\n")


@pytest.mark.parametrize(
    "message",
    ["'ERR_CLOSED'", "`${name} is missing`", "'useState must be called'", "'JSON is broken' + x", "text"],
)
def test_a_message_that_begins_with_a_name_says_nothing_of_case(message: str) -> None:
    assert "message.case" not in facts("a.js", f"function f() {{\n  throw new Error({message})\n}}\n")


def test_words_in_texts_and_comments_are_no_code() -> None:
    text = "// throw new Hidden('x') } catch (e) {}\nconst a = 'throw new Quoted(1)'\n"
    assert "raise" not in facts("a.ts", text)
    assert "catch.empty" not in facts("a.ts", text)


def test_the_catch_of_a_promise_has_no_block_of_its_own() -> None:
    found = facts("a.js", "run().catch((e) => {})\nrun()\n  .catch(() => {})\n")
    assert "catch.empty" not in found
    assert "catch.unused" not in found


def test_what_is_caught_may_be_annotated() -> None:
    text = "try { a() } catch (e: unknown) { log(e) }\ntry { a() } catch (e) { log(e) }\n"
    assert facts("a.ts", text)["catch.type"] == {"unknown": [1, 1], "none": [1, 2]}


def test_the_name_of_what_is_caught_becomes_a_rule() -> None:
    files = {f"src/a{n}.ts": "try { a() } catch (err) { log(err) }\n" for n in range(6)}
    assert rules(files)["catch.name=err"].statement == "The error that `catch` binds is called `err`."
    files |= {f"src/b{n}.ts": "try { a() } catch (error) { log(error) }\n" for n in range(6)}
    assert not [key for key in rules(files) if key.startswith("catch.name")]

import assert from "node:assert/strict";
import test from "node:test";
import { quote } from "../src/quote.js";

test("quote", () => {
  assert.equal(quote("a"), '"a"');
});

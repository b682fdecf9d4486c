import assert from "node:assert/strict";
import test from "node:test";
import { pageCount } from "../src/pages.js";

test("full pages", () => {
  assert.equal(pageCount(40, 10), 4);
});

test("no size", () => {
  assert.equal(pageCount(40, 0), 0);
});

import assert from "node:assert/strict";
import test from "node:test";
import { parcelLabel } from "../src/index.js";

test("parcelLabel", () => {
  assert.equal(parcelLabel("Bo", 2500), "To Bo, 2.5 kg");
});

import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";

const read = (name) => JSON.parse(fs.readFileSync(new URL(`../${name}`, import.meta.url)));

test("package-lock.json says what package.json says", () => {
  const wanted = read("package.json").dependencies;
  const locked = read("package-lock.json").packages;
  assert.deepEqual(locked[""].dependencies, wanted);
  for (const [name, version] of Object.entries(wanted)) {
    assert.equal(locked[`node_modules/${name}`].version, version);
  }
});

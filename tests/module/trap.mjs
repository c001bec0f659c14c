// A core that fails in the middle of a check: said, and not used again.

import assert from "node:assert/strict";
import test from "node:test";

let advanced = 0;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...all) => {
  const made = await instantiate(...all);
  const advance = made.instance?.exports.checker_advance;
  // Node has wasm of its own.
  if (!advance) return made;
  const checker_advance = (...given) => {
    advanced += 1;
    if (advanced === 2) throw new WebAssembly.RuntimeError("unreachable");
    return advance(...given);
  };
  return { instance: { exports: { ...made.instance.exports, checker_advance } }, module: made.module };
};
const { check } = await import("paxos-playground/check");

test("a trap ends the check with an error, and so does every other one", async () => {
  const large = { ballots: 4 };
  // One of them traps; the other goes on in the same core.
  const both = await Promise.allSettled([check(null, large), check(null, large)]);
  const [other, trapped] = both.map(({ reason }) => String(reason)).sort();
  assert.match(other, /^Error: the core has failed before/);
  assert.equal(trapped, "Error: the core has failed: unreachable");
  await assert.rejects(check(null, large), /^Error: the core has failed before/);
  assert.equal(advanced, 2);
});

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
const { check, Cluster } = await import("paxos-playground");

test("a trap ends the check with an error, and so does all else that asks the same core", async () => {
  const large = { ballots: 4 };
  const cluster = new Cluster({ version: 1, processes: [{ id: "A", roles: ["acceptor"] }] });
  // One of them traps; the other goes on in the same core.
  const both = await Promise.allSettled([check(null, large), check(null, large)]);
  const [other, trapped] = both.map(({ reason }) => String(reason)).sort();
  assert.match(other, /^Error: the core has failed before/);
  assert.equal(trapped, "Error: the core has failed: unreachable");
  await assert.rejects(check(null, large), /^Error: the core has failed before/);
  assert.equal(advanced, 2);
  assert.throws(() => cluster.state(), /^Error: the core has failed before/);
  cluster.free();
});

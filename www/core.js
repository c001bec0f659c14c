// The core: loading it, and a check in it that goes a slice at a time, so that others get their turn.

import init, { Checker } from "./paxos_core.js";

/** How often a check tells how far it is, in milliseconds. */
const REPORT = 100;

let loading;

/** Why the core is not used any more: what a trap leaves behind is neither asked again nor freed. */
let broken;

/** Loads the core, once. */
export function load() {
  if (broken) return Promise.reject(broken);
  loading ??= begin().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** What is returned by something that asks the core. If it traps, the core is asked no more. */
export function guarded(asks) {
  if (broken) throw broken;
  try {
    return asks();
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    broken = new Error("the core has failed before: load it again, with its page");
    throw new Error(`the core has failed: ${error.message}`);
  }
}

async function begin() {
  const wasm = new URL("paxos_core_bg.wasm", import.meta.url);
  if (wasm.protocol === "file:" && globalThis.process?.versions?.node) {
    // Node fetches no files. The name is a variable so that no bundler looks for the module.
    const name = "node:fs/promises";
    const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ name);
    await init({ module_or_path: await readFile(wasm) });
  } else {
    await init({ module_or_path: wasm });
  }
}

/**
 * Checks, in slices of so many milliseconds. `tell` gets `{about}`, then now and then `{progress}`,
 * in the end `{result, counterexample}`, or `{error}`. The function that comes back stops it.
 */
export function search(scenario, options, slice, tell) {
  let checker;
  let stopped = false;
  const run = async () => {
    await load();
    checker = guarded(() => new Checker(scenario ?? undefined, options));
    if (stopped) checker.stop();
    tell({ about: checker.about() });
    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    // The first slice is told at once: a short check may have no other.
    let told = -Infinity;
    let states = 1_000;
    for (;;) {
      const start = performance.now();
      if (guarded(() => checker.advance(states))) break;
      const now = performance.now();
      states = Math.max(100, Math.min(1_000_000, Math.round((states * slice) / Math.max(now - start, 1))));
      if (now - told > REPORT) {
        told = now;
        tell({ progress: { ...checker.progress(), seconds: seconds() } });
      }
      await turn();
    }
    const end = () => ({ result: checker.result(seconds()), counterexample: checker.counterexample() ?? null });
    tell(guarded(end));
  };
  run()
    .catch((error) => tell({ error: error instanceof Error ? error.message : String(error) }))
    .finally(() => {
      if (!broken) checker?.free();
      checker = undefined;
    });
  return () => {
    stopped = true;
    if (!broken) checker?.stop();
  };
}

/**
 * Lets others in. A timeout of 0 would soon be made 4 ms long, so a channel does it; but where there
 * is setImmediate, as in Node, a channel would keep the program from ending.
 */
const turn =
  typeof setImmediate === "function"
    ? () => new Promise((resolve) => setImmediate(resolve))
    : (() => {
        const { port1, port2 } = new MessageChannel();
        // Several checks may go on at once.
        const waiting = [];
        port1.onmessage = () => waiting.shift()();
        return () =>
          new Promise((resolve) => {
            waiting.push(resolve);
            port2.postMessage(null);
          });
      })();

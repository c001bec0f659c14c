// The worker that checks: it does nothing but drive the core, a slice at a time, so that it hears
// when it is to stop.

import init, { Checker } from "./paxos_core.js";

/** How long a slice is, and how often it tells how far it is, in milliseconds. */
const SLICE = 25;
const REPORT = 100;

const ready = init();
let checker;

onmessage = async ({ data }) => {
  if (data.stop) {
    checker?.stop();
    return;
  }
  try {
    await ready;
    checker = new Checker(data.scenario ?? undefined, data.options);
    postMessage({ about: checker.about() });
    await run();
  } catch (error) {
    postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
};

async function run() {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  let told = begun;
  let slice = 1_000;
  for (;;) {
    const start = performance.now();
    if (checker.advance(slice)) break;
    const took = performance.now() - start;
    slice = Math.max(100, Math.min(1_000_000, Math.round((slice * SLICE) / Math.max(took, 1))));
    if (performance.now() - told > REPORT) {
      told = performance.now();
      postMessage({ progress: { ...checker.progress(), seconds: seconds() } });
    }
    await turn();
  }
  const result = checker.result(seconds());
  const counterexample = checker.counterexample() ?? null;
  postMessage({ result, counterexample });
}

/** Lets messages in. A timeout of 0 would soon be made 4 ms long, so a channel does it. */
const channel = new MessageChannel();
const turn = () =>
  new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });

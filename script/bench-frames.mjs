// Plays crowded clusters in Chromium, and prints how much script a frame of the page takes: from
// the start of its callback until all that this has set off is done.

import { address, ask, close, inWindow, run } from './bench-browser.mjs';

/** A cluster in which about so many messages fly at any time. */
function scenario(proposers, acceptors, delay, retry, duplicate) {
  const processes = [];
  for (let i = 0; i < proposers; i += 1) processes.push({ id: `P${i}`, roles: ['proposer'] });
  for (let i = 0; i < acceptors; i += 1) processes.push({ id: `A${i}`, roles: ['acceptor'] });
  processes.push({ id: 'L', roles: ['learner'] });
  const script = [];
  for (let i = 0; i < proposers; i += 1) script.push({ at: i * 7, do: 'propose', process: `P${i}`, value: `value ${i}` });
  return JSON.stringify({
    version: 1, id: 'crowd', title: 'Crowd', seed: 3, processes, script, until: 1e6,
    network: { delay, duplicate }, retry: { timeout: retry, backoff: 'fixed' },
  });
}

/** The scenario as a session that the page has kept. */
const session = scenario => JSON.stringify({
  version: 1, current: 0,
  runs: [{ scenario, branches: [{ id: 0, places: [0, 0, 0, 0, 0, 0] }], shown: 0, cursor: [0, 0] }],
});

const keep = text => `const done = arguments[0]; localStorage.setItem('paxos-session', ${JSON.stringify(text)}); done();`;

const watch = `
  const done = arguments[0];
  const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
  (async () => {
    while (!document.querySelector('[data-ready=true]')) await pause(5);
    const real = window.requestAnimationFrame.bind(window);
    const took = [];
    window.requestAnimationFrame = callback => real(async now => {
      const start = performance.now();
      callback(now);
      // What a rendering sets off is done in microtasks: these come after it.
      for (let i = 0; i < 20; i += 1) await null;
      took.push(performance.now() - start);
    });
    [...document.querySelectorAll('button')].find(one => one.textContent.trim() === 'Play').click();
    const counts = [];
    for (let i = 0; i < 8; i += 1) {
      await pause(1000);
      counts.push(document.querySelectorAll('[data-flight]').length);
    }
    const frames = took.length / 8;
    took.sort((a, b) => a - b);
    const at = share => took[Math.floor(share * (took.length - 1))];
    done({ frames, median: at(0.5), p95: at(0.95), longest: at(1), counts, processes: document.querySelectorAll('[data-process]').length });
  })();`;

try {
  for (const crowd of [scenario(10, 14, [300, 600], 500, 1), scenario(10, 90, [300, 600], 700, 0.1)]) {
    await inWindow(async window => {
      await ask('POST', `${window}/timeouts`, { script: 60_000 });
      await ask('POST', `${window}/url`, { url: address });
      await run(window, keep(session(crowd)));
      await ask('POST', `${window}/url`, { url: `${address}?bench` });
      const { frames, median, p95, longest, counts, processes } = await run(window, watch);
      console.log(`${processes} processes, ${counts.join(' ')} messages in flight: ${frames.toFixed(0)} frames/s, script a frame: median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, longest ${longest.toFixed(1)} ms`);
    });
  }
} finally {
  close();
}

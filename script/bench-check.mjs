// Lets the built page check in Chromium, and prints how fast it is, and what the page's frames do
// meanwhile.

import { address, ask, close, inWindow, run } from './bench-browser.mjs';

/** In the page: checks without a scenario. */
const checks = `
  const done = arguments[0];
  (async () => {
    const { check } = await import(new URL('paxos_playground.js', document.baseURI));
    const results = [];
    for (const options of [{ ballots: 3 }, { ballots: 4 }, { ballots: 3, property: 'all' }]) {
      const runs = [];
      for (let time = 0; time < 3; time += 1) runs.push(await check(null, options));
      runs.sort((a, b) => a.seconds - b.seconds);
      const { distinct, depth, seconds, bytes, property } = runs[0];
      results.push({ property, distinct, depth, seconds, bytes });
    }
    done(results);
  })();`;

/** In the page: the times between frames for three seconds, while it plays; then while it also
 * checks, with all that the panel shows. */
const frames = `
  const done = arguments[0];
  const button = name => [...document.querySelectorAll('button')].find(one => one.textContent.trim() === name);
  const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
  const watch = async () => {
    const gaps = [];
    let last = null;
    const begun = performance.now();
    while (performance.now() - begun < 3000) {
      const now = await new Promise(requestAnimationFrame);
      if (last !== null) gaps.push(now - last);
      last = now;
    }
    gaps.sort((a, b) => a - b);
    const at = share => Math.round(gaps[Math.floor(share * (gaps.length - 1))] * 10) / 10;
    return { frames: gaps.length / 3, median: at(0.5), p95: at(0.95), longest: at(1) };
  };
  (async () => {
    while (!document.querySelector('[data-ready=true]')) await pause(5);
    button('Play').click();
    const alone = await watch();
    button('Check every schedule').click();
    await pause(100);
    const ballots = document.querySelectorAll('[data-check] select')[0];
    ballots.value = '5';
    ballots.dispatchEvent(new Event('change', { bubbles: true }));
    await pause(100);
    button('Check').click();
    await pause(200);
    const checking = await watch();
    const how = document.querySelector('[data-check]').dataset.check;
    done({ alone, checking, how });
  })();`;

const row = ({ frames, median, p95, longest }) =>
  `${frames.toFixed(1)} frames/s, between frames: median ${median} ms, p95 ${p95} ms, longest ${longest} ms`;

try {
  await inWindow(async session => {
    await ask('POST', `${session}/timeouts`, { script: 120_000 });
    await ask('POST', `${session}/url`, { url: address });
    console.log('property     states depth | seconds  million/s  bytes/state');
    for (const { property, distinct, depth, seconds, bytes } of await run(session, checks)) {
      console.log(
        property.padEnd(9), String(distinct).padStart(9), String(depth).padStart(5), '|',
        seconds.toFixed(3).padStart(7), (distinct / seconds / 1e6).toFixed(2).padStart(10),
        (bytes / distinct).toFixed(1).padStart(12),
      );
    }
  });
  await inWindow(async session => {
    await ask('POST', `${session}/timeouts`, { script: 60_000 });
    await ask('POST', `${session}/url`, { url: `${address}?scenario=duel&speed=1` });
    const { alone, checking, how } = await run(session, frames);
    console.log(`playing:              ${row(alone)}`);
    console.log(`playing and checking: ${row(checking)} (${how})`);
  });
} finally {
  close();
}

// Puts ten embeds on a long page of another origin, in Chromium, and prints how long the first one
// takes to be there, what each one costs in memory, and how much is computed while one is seen.

import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { address, ask, close, driverProcess, inWindow, run } from './bench-browser.mjs';

const one = '<paxos-playground scenario="duel-ends" autoplay></paxos-playground><div class="gap"></div>';
const page = count => `<!doctype html><title>Blog</title><style>.gap { height: 3000px }</style>
  <script>window.times = []; document.addEventListener('paxos:ready', () => times.push(performance.now()));</script>
  <script async src="${address}embed.js"></script><main style="width: 680px">${one.repeat(count)}</main>`;
const blog = createServer((request, response) => {
  const count = Number(new URL(request.url, 'http://blog').searchParams.get('n'));
  response.setHeader('content-type', 'text/html').end(page(count));
});
await new Promise(listening => blog.listen(0, '127.0.0.1', listening));
const blogAddress = `http://127.0.0.1:${blog.address().port}/`;

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
const cdp = (window, cmd, params = {}) => ask('POST', `${window}/goog/cdp/execute`, { cmd, params });

/** The share of memory, in bytes, of all processes of our browser. */
function memory() {
  const parents = new Map();
  for (const name of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const [, parent] = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'));
      parents.set(Number(name), Number(parent));
    } catch { /* It has ended meanwhile. */ }
  }
  const isOurs = pid => pid === driverProcess || (pid > 1 && isOurs(parents.get(pid) ?? 0));
  let sum = 0;
  for (const pid of parents.keys()) {
    if (pid === driverProcess || !isOurs(pid)) continue;
    const [, kilobytes] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    sum += Number(kilobytes ?? 0) * 1024;
  }
  return sum;
}

const busy = async window => {
  const { metrics } = await cdp(window, 'Performance.getMetrics');
  const of = name => metrics.find(metric => metric.name === name).value;
  return { tasks: of('TaskDuration'), script: of('ScriptDuration') };
};

/** How much of a second is spent on tasks and on script. */
async function share(window) {
  await cdp(window, 'Performance.enable');
  const before = await busy(window);
  await pause(4000);
  const after = await busy(window);
  return [after.tasks - before.tasks, after.script - before.script].map(spent => `${(spent / 0.04).toFixed(1)} %`);
}

const first = `const done = arguments[0];
  const look = () => times.length ? done(times[0]) : setTimeout(look, 5);
  look();`;
const all = `const done = arguments[0];
  (async () => {
    const embeds = [...document.querySelectorAll('paxos-playground')];
    for (const one of embeds) { one.scrollIntoView(); await one.state(); }
    embeds[0].scrollIntoView();
    done(times.length);
  })();`;

const mib = bytes => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
try {
  const took = [];
  for (let i = 0; i < 5; i += 1) {
    await inWindow(async window => {
      await ask('POST', `${window}/url`, { url: `${blogAddress}?n=10` });
      took.push(await run(window, first));
    });
  }
  took.sort((a, b) => a - b);
  console.log(`the first of ten is there after ${took[2].toFixed(0)} ms (median of 5, from ${took[0].toFixed(0)} to ${took[4].toFixed(0)})`);
  await inWindow(async window => {
    await ask('POST', `${window}/timeouts`, { script: 60_000 });
    const sizes = {};
    for (const count of [0, 1, 10]) {
      await ask('POST', `${window}/url`, { url: `${blogAddress}?n=${count}` });
      await pause(1500);
      if (count === 10) console.log(`with ten on the page and one seen: tasks ${(await share(window)).join(', script ')} of the time`);
      if (count) await run(window, all);
      await pause(1500);
      await cdp(window, 'HeapProfiler.collectGarbage');
      await pause(500);
      sizes[count] = memory();
      if (count === 10) console.log(`with ten loaded and one seen: tasks ${(await share(window)).join(', script ')} of the time`);
    }
    console.log(`memory of the browser: ${mib(sizes[0])} without, ${mib(sizes[1])} with one, ${mib(sizes[10])} with ten loaded: ${mib((sizes[10] - sizes[1]) / 9)} for each further one`);
  });
} finally {
  close();
  blog.close();
}

// Runs Lighthouse on dist/, from a host that compresses: the page as on a slow phone and on a desk, and the
// article. Prints what it gives for performance, accessibility, best practices and SEO.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { address, close } from './bench-browser.mjs';

/** How often the page is opened as on a phone: what it gives there differs from time to time. */
const TIMES = 3;
const program = join(process.env.LIGHTHOUSE_DIR, 'node_modules/lighthouse/cli/index.js');

async function scores(path, ...more) {
  const { stdout } = await promisify(execFile)(process.execPath, [
    program, address + path, '--quiet', '--output=json', '--chrome-flags=--headless=new --no-sandbox', ...more,
  ], { maxBuffer: 1 << 28 });
  const { categories, audits } = JSON.parse(stdout);
  const all = ['performance', 'accessibility', 'best-practices', 'seo'].map(it => Math.round(categories[it].score * 100));
  const seen = ['largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'].map(it => audits[it].displayValue);
  return `${all.join(' ')}   largest thing seen ${seen[0]}, blocked ${seen[1]}, shift ${seen[2]}`;
}

try {
  for (let time = 0; time < TIMES; time += 1) console.log(`phone    ${await scores('')}`);
  console.log(`desk     ${await scores('', '--preset=desktop')}`);
  console.log(`article  ${await scores('paxos-explained.html', '--preset=desktop')}`);
} finally {
  close();
}

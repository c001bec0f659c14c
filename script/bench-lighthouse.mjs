// Runs Lighthouse on dist/, from a host that compresses: the page as on a slow phone and on a desk, and the
// article. Prints what it gives for performance, accessibility, best practices and SEO.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { address, close } from './bench-browser.mjs';

/** How often the page is opened as on a phone: what it gives there differs from time to time. */
const TIMES = 3;
const program = join(process.env.LIGHTHOUSE_DIR, 'node_modules/lighthouse/cli/index.js');

function scores(path, ...more) {
  const text = execFileSync(process.execPath, [
    program, address + path, '--quiet', '--output=json', '--chrome-flags=--headless=new --no-sandbox', ...more,
  ], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
  const { categories, audits } = JSON.parse(text);
  const all = ['performance', 'accessibility', 'best-practices', 'seo'].map(it => Math.round(categories[it].score * 100));
  const seen = ['largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'].map(it => audits[it].displayValue);
  return `${all.join(' ')}   largest thing seen ${seen[0]}, blocked ${seen[1]}, shift ${seen[2]}`;
}

try {
  for (let time = 0; time < TIMES; time += 1) console.log(`phone    ${scores('')}`);
  console.log(`desk     ${scores('', '--preset=desktop')}`);
  console.log(`article  ${scores('paxos-explained.html', '--preset=desktop')}`);
} finally {
  close();
}

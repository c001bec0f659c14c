// Says how much of the built site is waited for, gzip -9, and fails if that is more than it may be.
//
// node script/budget.mjs FOLDER            all that has a budget
// node script/budget.mjs FOLDER FILE…      these files, as a first visit

import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const BUDGETS = [
  ['a first visit', 250_000, /^(index\.html|playground-[0-9a-f]+(\.js|_bg\.wasm)|style-.+\.css|(rescue|offline|sw)\.js|icon\.svg)$/],
  ['the rest of the page, at the first gesture', 190_000, /^playground-rest-/],
  ['the core as a module, at the first check or export', 335_000, /^(paxos_core(\.js|_bg\.wasm)|(checker|check|core|paxos_playground)\.js)$/],
  ['for other pages', 7_500, /^(embed\.js|preview\.svg)$/],
  ['the article', 14_500, /^paxos-explained\./],
];

const [folder, ...visited] = process.argv.slice(2);
const weighed = visited.length ? [[BUDGETS[0][0], BUDGETS[0][1], visited]]
  : BUDGETS.map(([what, most, files]) => [what, most, readdirSync(folder).filter(name => files.test(name))]);
for (const [what, most, names] of weighed) {
  const bytes = names.reduce((sum, name) => sum + execFileSync('gzip', ['-9c', join(folder, name)]).length, 0);
  const right = names.length > 0 && bytes <= most;
  console.log(`${right ? 'ok   ' : 'ERROR'} ${what}: ${bytes} of ${most} bytes`);
  if (!right) process.exitCode = 1;
}

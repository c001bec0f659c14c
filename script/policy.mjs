// Adds to the content policy of each page in a folder with the built site the hashes of what stands
// in the page itself: nothing else that is inline may run. A policy that allows more than the pages
// need is refused.
//
// node script/policy.mjs [FOLDER]

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { folder } from './folder.mjs';

const POLICY = /(<meta http-equiv="Content-Security-Policy" content=")([^"]*)"/;
/** What a page holds beside its policy: its scripts that are no data, and its styles. */
const INLINE = /<(script|style)\b(?![^>]*\bsrc=)(?![^>]*application\/json)[^>]*>([^]*?)<\/\1>/g;

/** What each policy says. */
const NEEDED = ["default-src 'none'", "base-uri 'none'", "form-action 'none'"];
/** From where a page may load at all, beside what is hashed. */
const KNOWN = new Set(["'none'", "'self'", "'wasm-unsafe-eval'"]);
/** Pictures may be made by the page. */
const MADE = new Set(['data:', 'blob:']);

function check(name, policy) {
  const rules = policy.split(';').map(rule => rule.trim());
  for (const needed of NEEDED) {
    if (!rules.includes(needed)) throw new Error(`${name}: the content policy must say ${needed}`);
  }
  for (const rule of rules) {
    const [kind, ...sources] = rule.split(' ');
    const odd = sources.find(it => !KNOWN.has(it) && !/^'sha256-/.test(it) && !(kind === 'img-src' && MADE.has(it)));
    if (odd) throw new Error(`${name}: the content policy must not allow ${odd} as ${kind}`);
  }
}

for (const name of readdirSync(folder).filter(name => name.endsWith('.html'))) {
  const file = join(folder, name);
  const page = readFileSync(file, 'utf8');
  if (!POLICY.test(page)) throw new Error(`${name} must have a content policy`);
  const hashes = { script: '', style: '' };
  for (const [, kind, text] of page.matchAll(INLINE)) {
    const hash = ` 'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    if (!page.includes(hash)) hashes[kind] += hash;
  }
  writeFileSync(file, page.replace(POLICY, (_, before, policy) => {
    const whole = policy.replace(/\b(script|style)-src [^;]*/g, (rule, kind) => rule + hashes[kind]);
    check(name, whole);
    return `${before}${whole}"`;
  }));
}

// Writes sw.js, which keeps the site for use without a network, into a folder with the built site:
// trunk calls it after each build. The same files give the same text.
//
// node script/offline.mjs [FOLDER]

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR;
if (!folder) {
  console.error('error: the folder is missing; usage: node script/offline.mjs FOLDER');
  process.exit(2);
}

const source = new URL('../www/sw.js', import.meta.url);
const hash = (algorithm, content, encoding) => createHash(algorithm).update(content).digest(encoding);

/** No page of the site asks for these: they are for who takes the files. */
const LEFT = /^sw\.js$|\.d\.ts$|\.md$|^package\.json$|^LICENSE/;
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath ?? entry.path, entry.name).slice(join(folder, '/').length).replaceAll('\\', '/'))
  .filter(name => !LEFT.test(name))
  .sort()
  .map(name => [name, `sha256-${hash('sha256', readFileSync(join(folder, name)), 'base64')}`]);

// Every visitor gets it, so without its comments, which have lines of their own.
let text = readFileSync(source, 'utf8').replace(/^ *(\/\/|\/\*\*).*\n/gm, '');
const build = hash('sha256', text + JSON.stringify(files), 'hex').slice(0, 16);
const list = `[\n${files.map(file => `  ${JSON.stringify(file)},\n`).join('')}]`;
for (const [line, filled] of [
  ['const BUILD = null;', `const BUILD = '${build}';`],
  ['const FILES = [];', `const FILES = ${list};`],
]) {
  if (!text.includes(line)) throw new Error(`www/sw.js must have the line ${line}`);
  text = text.replace(line, filled);
}
writeFileSync(join(folder, 'sw.js'), text);

// Writes sw.js, which keeps the site for use without a network, into a folder with the built site,
// and into its pages which build they are of: trunk calls it after each build. The same files give
// the same text.
//
// node script/offline.mjs [FOLDER]

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { folder } from './folder.mjs';

const source = new URL('../www/sw.js', import.meta.url);
const hash = (algorithm, content, encoding) => createHash(algorithm).update(content).digest(encoding);

/** No page of the site asks for these: they are for who takes the files. */
const LEFT = /^sw\.js$|\.d\.ts$|\.md$|^package\.json$|^LICENSE/;
const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath ?? entry.path, entry.name).slice(join(folder, '/').length).replaceAll('\\', '/'))
  .filter(name => !LEFT.test(name))
  .sort();
const read = name => readFileSync(join(folder, name));
const listed = () => names.map(name => [name, hash('sha256', read(name), 'base64')]);

/** Says in each page which build it is of, as an attribute of its root. */
function mark(build) {
  for (const name of names.filter(name => name.endsWith('.html'))) {
    const page = read(name).toString();
    const marked = page.replace(/(<html\b[^>]*?)(?: data-build="\w*")?>/, `$1 data-build="${build}">`);
    if (marked !== page) writeFileSync(join(folder, name), marked);
  }
}

// Every visitor gets it, so without its comments, which have lines of their own.
let text = readFileSync(source, 'utf8').replace(/^ *(\/\/|\/\*\*).*\n/gm, '');
mark('');
const build = hash('sha256', text + JSON.stringify(listed()), 'hex').slice(0, 16);
mark(build);
const files = listed();
const list = `[\n${files.map(file => `  ${JSON.stringify(file)},\n`).join('')}]`;
for (const [line, filled] of [
  ['const BUILD = null;', `const BUILD = '${build}';`],
  ['const FILES = [];', `const FILES = ${list};`],
]) {
  if (!text.includes(line)) throw new Error(`www/sw.js must have the line ${line}`);
  text = text.replace(line, filled);
}
writeFileSync(join(folder, 'sw.js'), text);

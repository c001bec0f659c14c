// Puts the rest of the page, if it was divided, into the folder with the built site.

import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { folder } from '../folder.mjs';

const glue = readdirSync(folder).find(name => /^playground-\w+\.js$/.test(name));
const rest = glue && /playground-rest-\w+\.wasm/.exec(readFileSync(join(folder, glue), 'utf8'));
if (rest) copyFileSync(join(process.env.REST_DIR, rest[0]), join(folder, rest[0]));

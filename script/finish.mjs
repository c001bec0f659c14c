// What trunk calls after each build: adds the rest of the page, if it was divided, to the built site,
// and then the list of all that is kept for use without a network.

import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const staging = process.env.TRUNK_STAGING_DIR;
const [glue] = readdirSync(staging).filter(name => /^playground-\w+\.js$/.test(name));
const rest = glue && readFileSync(join(staging, glue), 'utf8').match(/playground-rest-\w+\.wasm/)?.[0];
if (rest) copyFileSync(join(process.env.REST_DIR, rest), join(staging, rest));

await import('./offline.mjs');

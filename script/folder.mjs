// The folder with the built site: the first argument, or what trunk says.

import { basename } from 'node:path';

export const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR;
if (!folder) {
  console.error(`error: the folder is missing; usage: node script/${basename(process.argv[1])} FOLDER`);
  process.exit(2);
}

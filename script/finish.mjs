// What trunk calls after each build, in this order: sw.js knows all files by their hashes.

import './divide/rest.mjs';
import './start.mjs';
import './policy.mjs';
import './offline.mjs';

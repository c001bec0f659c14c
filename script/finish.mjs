// What trunk calls after each build. The policy comes first: sw.js knows the pages by their hashes.

import './policy.mjs';
import './offline.mjs';

// Has the page start its wasm by itself. A link that preloads it makes WebKit load it twice: what a
// script fetches it does not take from there. The text that is there meanwhile is painted first: on a slow
// network it would share the little there is with the wasm, and a browser that measures would count the one
// as part of the other. Not every browser tells when it paints, so nobody waits for that for long; and not at
// all in a tab that is hidden, nor in a frame, which is loaded while it is still out of sight.
//
// A module that waits by itself, outside of a function, would hang the whole tab in WebKit, when it waits in a
// frame that is taken out of its page: there, JavaScriptCore asks again and again for the rest of the module.
// And a page that is being left has no time to say that it was not loaded to its end.
//
// node script/start.mjs [FOLDER]

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { folder } from './folder.mjs';

const file = join(folder, 'index.html');
let page = readFileSync(file, 'utf8');

/** Takes the one place that looks like this out of the page, and says what it was. */
function take(what, pattern) {
  const found = page.match(pattern);
  if (!found) throw new Error(`index.html has no ${what}`);
  page = page.replace(found[0], '');
  return found;
}

take('link that preloads the wasm', /<link rel="preload"[^>]*_bg\.wasm"[^>]*>/);
const [, glue, wasm] = take(
  'script that starts the page',
  /<script type="module">\s*import init[^]*? from '(\S+?)';[^]*?module_or_path: '(\S+?)'[^]*?<\/script>/,
);
const start = `<script type="module" async>
(async () => {
  if (!document.hidden && parent === window) await new Promise(then => {
    new PerformanceObserver(list => {
      if (list.getEntriesByName('first-contentful-paint').length) then();
    }).observe({ type: 'paint', buffered: true });
    requestAnimationFrame(() => setTimeout(then, 500));
    setTimeout(then, 2000);
  });
  const wasm = fetch('${wasm}', { credentials: 'same-origin' });
  wasm.catch(() => {});
  const { default: init } = await import('${glue}');
  if (document.readyState === 'loading') await new Promise(then => addEventListener('DOMContentLoaded', then));
  await init({ module_or_path: wasm });
})().catch(error => setTimeout(() => { throw error; }, 1000));
</script>`;
// Before what is waited for.
writeFileSync(file, page.replace(/(<meta http-equiv="Content-Security-Policy"[^>]*>)/, (policy) => `${policy}\n    ${start}`));

// Keeps all files of one build, so that the site works without a network and never mixes two builds.
//
// script/offline.mjs fills in the two lines below after each build. A page gets everything from the
// build that it began with. A newer one is shown when no page of the old one is open, when the reader
// reloads a page, or when they ask for it.
//
// The worker of the newer build does not push this one out meanwhile (`skipWaiting`): browsers lose
// what is asked for at that moment, or never let the new one begin. Each worker can answer for every
// build that is kept, so it does not matter which of them is in charge.

/** Which build this is. */
const BUILD = null;
/** Its files, by the paths below the scope, with the hashes of what is in them. */
const FILES = [];

const { registration } = self;
const SCOPE = new URL(registration.scope);
/** Other sites of this origin keep their files here too, so the scope is in the names. */
const CACHE = `paxos-playground ${SCOPE.pathname} `;
/** Which build each page began with, and the `ROLES`: workers come and go, and all of them read it. */
const PAGES = `${CACHE}pages`;
/** The build of the worker in charge, that of the one that waits, and the one that the reader wants to see. */
const ROLES = ['active', 'waiting', 'wanted'];
/** A page is no client before it is there, but needs its build, in milliseconds. */
const YOUNG = 60_000;
const NAMES = new Set(FILES.map(([name]) => name));
/** The build tool puts a hash into the names of files that only a page of the same build asks for. */
const HASHED = /-[0-9a-f]{8,}(_bg)?\.\w+$/;

self.addEventListener('install', event => event.waitUntil(install()));
self.addEventListener('activate', event => event.waitUntil(takeOver()));
self.addEventListener('message', event => {
  const { data, source } = event;
  if (data === 'renew') event.waitUntil(renew(source));
  else if (data?.build) event.waitUntil(meet(source, data.build));
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const name = fileOf(request);
  if (name === null) return;
  if (request.mode !== 'navigate') event.respondWith(answer(event, name));
  else if (NAMES.has(name)) event.respondWith(navigate(event, name));
});

/** Fetches everything, and checks that it is of this build; if anything fails, nothing is kept. */
async function install() {
  const isNew = !(await caches.has(CACHE + BUILD));
  const cache = await caches.open(CACHE + BUILD);
  try {
    await Promise.all(FILES.map(async ([name, hash]) => {
      // A host may say that nothing has changed: it compares times, and counts whole seconds.
      const response = await get(name, hash, HASHED.test(name) ? 'default' : 'no-cache')
        ?? await get(name, hash, 'reload');
      if (!response) throw new Error(`${name} is of another build`);
      await cache.put(name, response);
    }));
    await note('waiting', BUILD);
  } catch (error) {
    if (isNew) await caches.delete(CACHE + BUILD);
    throw error;
  }
  await forget().catch(() => {});
}

/** A file from the network; null if it is not the one with this hash. */
async function get(name, hash, cache) {
  const response = await fetch(name === 'index.html' ? './' : `./${name}`, { cache });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  const content = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  if (btoa(String.fromCharCode(...digest)) !== hash) return null;
  // A response that was redirected would be refused as the answer to a navigation.
  const { status, headers } = response;
  return new Response(content, { status, headers });
}

/** A page says which build it is of. If it is of this one, it need not have come from here. */
async function meet(page, build) {
  if (build !== BUILD) {
    page.postMessage('another build');
    return;
  }
  await note(page.id, BUILD);
  if (registration.waiting) return;
  // All other pages come along, and go on with the network if they began with it.
  for (const { id } of await self.clients.matchAll({ type: 'all', includeUncontrolled: true })) {
    if (!await buildOf(id)) await note(id, 'network');
  }
  await self.clients.claim();
}

/** The reader wants to see this build. */
async function renew(page) {
  await note('wanted', BUILD);
  page.postMessage('renewed');
}

async function takeOver() {
  await note('active', BUILD);
  await note('wanted', BUILD);
  // A build that is being installed must keep what it has.
  if (!registration.installing) await forget();
}

/** Forgets builds that nobody needs. */
async function forget() {
  const clients = await self.clients.matchAll({ type: 'all', includeUncontrolled: true });
  const needing = new Set([...ROLES, ...clients.map(({ id }) => id)].map(page => new URL(page, SCOPE).href));
  const needed = new Set([PAGES]);
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    const { build, since } = await (await pages.match(request)).json();
    if (needing.has(request.url) || Date.now() - since < YOUNG) needed.add(CACHE + build);
    else await pages.delete(request);
  }
  const names = (await caches.keys()).filter(name => name.startsWith(CACHE) && !needed.has(name));
  await Promise.all(names.map(name => caches.delete(name)));
}

const noted = new Map();
/** The build that a page began with; undefined if it did not come from here. */
async function buildOf(page) {
  if (!noted.has(page)) {
    const build = await look(page);
    if (build) noted.set(page, build);
  }
  return noted.get(page);
}

async function look(page) {
  const kept = await caches.match(`./${page}`, { cacheName: PAGES }).catch(() => {});
  return (await kept?.json())?.build;
}

async function note(page, build) {
  noted.set(page, build);
  const pages = await caches.open(PAGES);
  await pages.put(`./${page}`, new Response(JSON.stringify({ build, since: Date.now() })));
}

/** The file that is asked for, by its path below the scope; null for what is none of ours. */
function fileOf({ method, mode, url }) {
  const { origin, pathname, search } = new URL(url);
  if (method !== 'GET' || origin !== SCOPE.origin || !pathname.startsWith(SCOPE.pathname)) return null;
  const name = pathname.slice(SCOPE.pathname.length);
  // What the page does with its parameters is its own matter.
  if (mode !== 'navigate') return search ? null : name;
  if (name === '') return 'index.html';
  // Some hosts leave the ending out.
  return NAMES.has(`${name}.html`) ? `${name}.html` : name;
}

async function navigate({ request, resultingClientId }, name) {
  if (request.isReloadNavigation && registration.waiting) await note('wanted', await look('waiting')).catch(() => {});
  const build = await shown();
  const [answer] = await Promise.all([kept(build, name, request), note(resultingClientId, build).catch(() => {})]);
  return answer;
}

/** Which build a page gets that comes now. */
async function shown() {
  return registration.waiting && await look('wanted') || BUILD;
}

async function answer({ request, clientId, resultingClientId }, name) {
  const build = await buildOf(clientId) ?? await shown();
  // A worker belongs to the build of the page that starts it.
  if (request.destination === 'worker' && resultingClientId) await note(resultingClientId, build).catch(() => {});
  return kept(build, name, request);
}

/** From the cache; from the network, should the browser have thrown the cache away. */
async function kept(build, name, request) {
  const found = await caches.match(`./${name}`, { cacheName: CACHE + build }).catch(() => {});
  return found ?? fetch(request);
}

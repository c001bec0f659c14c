// Keeps all files of one build, so that the site works without a network and never mixes two builds.
//
// script/offline.mjs fills in the two lines below after each build. A page gets everything from the
// build that it began with, also when a newer one has taken over, and the newer one takes over when
// no page of the old one is open, when the reader reloads the only page, or when they ask for it.
// Each worker can answer for each build that is kept.

/** Which build this is. */
const BUILD = null;
/** Its files, by the paths below the scope, with the hashes of what is in them. */
const FILES = [];

const { registration } = self;
const SCOPE = new URL(registration.scope);
/** Other sites of this origin keep their files here too, so the scope is in the names. */
const CACHE = `paxos-playground ${SCOPE.pathname} `;
/** Which page began with which build: this has to outlive the worker, and the next one reads it. */
const PAGES = `${CACHE}pages`;
/** A page that is asked for is not among the clients before it is there, and needs its build all the same. */
const YOUNG = 60_000;
const NAMES = new Set(FILES.map(([name]) => name));
/** The build tool puts a hash into the names of files that only a page of the same build asks for. */
const HASHED = /-[0-9a-f]{8,}(_bg)?\.\w+$/;

self.addEventListener('install', event => event.waitUntil(install()));
self.addEventListener('activate', event => event.waitUntil(takeOver()));
self.addEventListener('message', event => {
  const { data, source } = event;
  if (data === 'take over') self.skipWaiting();
  else if (data?.build) event.waitUntil(meet(source, data.build));
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const name = fileOf(request);
  if (name === null || !(NAMES.has(name) || HASHED.test(name))) return;
  event.respondWith(request.mode === 'navigate' ? navigate(event, name) : answer(event, name));
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

/** A page says which build it is of. One of this build has nothing to wait for any more. */
async function meet(page, build) {
  if (build !== BUILD) {
    page.postMessage('another build');
    return;
  }
  await note(page.id, BUILD);
  await (registration.waiting ? self.skipWaiting() : self.clients.claim());
}

/** Forgets builds that no page needs. */
async function takeOver() {
  // A build that is being installed must keep what it has.
  if (registration.installing || registration.waiting) return;
  const clients = await self.clients.matchAll({ type: 'all', includeUncontrolled: true });
  const alive = new Set(clients.map(({ id }) => new URL(`./${id}`, SCOPE).href));
  const needed = new Set([PAGES, CACHE + BUILD]);
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    const { build, since } = await (await pages.match(request)).json();
    if (alive.has(request.url) || Date.now() - since < YOUNG) needed.add(CACHE + build);
    else await pages.delete(request);
  }
  const names = (await caches.keys()).filter(name => name.startsWith(CACHE) && !needed.has(name));
  await Promise.all(names.map(name => caches.delete(name)));
}

const noted = new Map();
/** The build that a page began with; undefined if it did not come from here. */
async function buildOf(page) {
  if (!noted.has(page)) {
    const kept = await caches.match(`./${page}`, { cacheName: PAGES });
    if (!kept) return undefined;
    noted.set(page, (await kept.json()).build);
  }
  return noted.get(page);
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
  const build = await isRenewed(request) ? await newest() : BUILD;
  const [answer] = await Promise.all([kept(build, name, request), note(resultingClientId, build).catch(() => {})]);
  return answer;
}

/** Whether the only page is reloaded while a newer build waits: it gets that one, and then meets its worker. */
async function isRenewed({ isReloadNavigation }) {
  return isReloadNavigation && registration.waiting && (await self.clients.matchAll()).length <= 1;
}

/** Another worker wrote it, so it is not to be had from `noted`. */
async function newest() {
  noted.delete('waiting');
  return await buildOf('waiting').catch(() => {}) ?? BUILD;
}

async function answer(event, name) {
  const { request, clientId, resultingClientId } = event;
  const build = await buildOf(clientId).catch(() => {});
  // A page that began with the network goes on with it.
  if (!build) return fetch(request);
  // A worker belongs to the build of the page that starts it.
  if (request.destination === 'worker' && resultingClientId) event.waitUntil(note(resultingClientId, build));
  return kept(build, name, request);
}

/** From the cache; from the network, should the browser have thrown the cache away. */
async function kept(build, name, request) {
  const found = await caches.match(`./${name}`, { cacheName: CACHE + build }).catch(() => {});
  return found ?? fetch(request);
}

// Keeps all files of one build, so that the site works without a network and never mixes two builds.
//
// script/offline.mjs fills in the two lines below after each build. A page gets everything from the
// build that it began with, also when a newer one has taken over, and the newer one takes over when
// no page of the old one is open, when the reader reloads the only page, or when they ask for it.

/** Which build this is. */
const BUILD = null;
/** Its files, by the paths below the scope, with the hashes of what is in them. */
const FILES = [];

const { registration } = self;
const SCOPE = new URL(registration.scope);
/** Other sites of this origin keep their files here too, so the scope is in the names. */
const CACHE = `paxos-playground ${SCOPE.pathname} `;
/** Which pages began with which older build: this has to outlive the worker. */
const NOTES = `${CACHE}pages`;
const NAMES = new Set(FILES.map(([name]) => name));
/** The build tool puts a hash into the names of files that only a page of the same build asks for. */
const HASHED = /-[0-9a-f]{8,}(_bg)?\.\w+$/;
/** A newer build can only take over when this one has answered, so the answer is to ask again. */
const AGAIN = `<!doctype html><link rel="icon" href="data:,"><meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0">`;

self.addEventListener('install', event => event.waitUntil(install()));
self.addEventListener('activate', event => event.waitUntil(takeOver()));
self.addEventListener('message', ({ data }) => {
  if (data === 'take over') self.skipWaiting();
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const name = fileOf(request);
  if (name === null || !(NAMES.has(name) || HASHED.test(name))) return;
  event.respondWith(request.mode === 'navigate' ? navigate(event, name) : answer(event, name));
});

/** Fetches everything, and checks that it is of this build; if anything fails, nothing is kept. */
async function install() {
  const cache = await caches.open(CACHE + BUILD);
  try {
    await Promise.all(FILES.map(async ([name, integrity]) => {
      const path = name === 'index.html' ? './' : `./${name}`;
      const response = await fetch(path, { integrity, cache: HASHED.test(name) ? 'default' : 'no-cache' });
      if (!response.ok) throw new Error(`${name}: ${response.status}`);
      // A response that was redirected would be refused as the answer to a navigation.
      const { status, headers } = response;
      await cache.put(name, new Response(await response.blob(), { status, headers }));
    }));
  } catch (error) {
    await caches.delete(CACHE + BUILD);
    throw error;
  }
}

/** Notes which pages began with the build before, and forgets builds that no page needs. */
async function takeOver() {
  const { current, pages } = await notes();
  const alive = {};
  for (const { id } of await self.clients.matchAll({ type: 'all', includeUncontrolled: true })) {
    const build = pages[id] ?? current;
    if (build && build !== BUILD) alive[id] = build;
  }
  await note({ current: BUILD, pages: alive });
  // A build that is being installed must keep what it has.
  if (registration.installing || registration.waiting) return;
  const needed = new Set([NOTES, CACHE + BUILD, ...Object.values(alive).map(build => CACHE + build)]);
  const names = (await caches.keys()).filter(name => name.startsWith(CACHE) && !needed.has(name));
  await Promise.all(names.map(name => caches.delete(name)));
}

let noted;
function notes() {
  noted ??= caches.match('./pages', { cacheName: NOTES })
    .then(kept => kept?.json(), () => {})
    .then(kept => kept ?? { current: null, pages: {} });
  return noted;
}

async function note(what) {
  noted = Promise.resolve(what);
  const cache = await caches.open(NOTES);
  await cache.put('./pages', new Response(JSON.stringify(what)));
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

async function navigate(event, name) {
  if (event.request.isReloadNavigation && await isRenewed()) {
    return new Response(AGAIN, { headers: { 'content-type': 'text/html' } });
  }
  return kept(BUILD, name, event.request);
}

async function answer(event, name) {
  const { current, pages } = await notes();
  const build = pages[event.clientId] ?? BUILD;
  // A worker belongs to the build of the page that starts it.
  if (build !== BUILD && event.request.destination === 'worker' && event.resultingClientId) {
    event.waitUntil(note({ current, pages: { ...pages, [event.resultingClientId]: build } }));
  }
  return kept(build, name, event.request);
}

/** From the cache; from the network, should the browser have thrown the cache away. */
async function kept(build, name, request) {
  const found = await caches.match(`./${name}`, { cacheName: CACHE + build }).catch(() => {});
  return found ?? fetch(request);
}

/** Whether a newer build is about to take over, since the only page is reloaded. */
let isLeaving = false;
async function isRenewed() {
  const { waiting } = registration;
  if (isLeaving || !waiting || (await self.clients.matchAll()).length > 1) return false;
  isLeaving = true;
  waiting.postMessage('take over');
  return true;
}

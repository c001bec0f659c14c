// Registers the worker that keeps the site (sw.js) once the page is there. It stands alone, for it
// serves the playground and the article.
(() => {
  'use strict';

  const { serviceWorker, connection } = navigator;
  // Not in a frame, where the page around may be anybody's, and not for who saves data.
  if (!serviceWorker || window.top !== window || connection?.saveData) return;

  /** The least time between two questions for a newer build, in milliseconds. */
  const PAUSE = 10_000;
  const root = document.documentElement;
  const isThere = () => !document.getElementById('playground') || root.dataset.ready === 'true';

  async function begin() {
    try {
      const registration = await serviceWorker.register('./sw.js', { updateViaCache: 'none' });
      // WebKit does not tell the worker of a reload, so the page asks for the newer build itself.
      let isReload = registration.waiting && !('isReloadNavigation' in Request.prototype)
        && performance.getEntriesByType('navigation')[0]?.type === 'reload';
      serviceWorker.addEventListener('message', async ({ data }) => {
        if (data !== 'another build' || !serviceWorker.controller) return;
        const { take, tell } = await import('./renewal.js');
        (isReload ? take : tell)(registration);
        isReload = false;
      });
      const meet = worker => worker?.postMessage({ build: root.dataset.build });
      const look = () => {
        if (serviceWorker.controller) meet(registration.waiting);
      };
      // It may have been found already.
      const watch = () => registration.installing?.addEventListener('statechange', look);
      registration.addEventListener('updatefound', watch);
      watch();
      // Whoever comes back after a while gets to know of a newer build.
      let asked = performance.now();
      window.addEventListener('focus', () => {
        if (performance.now() - asked < PAUSE) return;
        asked = performance.now();
        registration.update().catch(() => {});
      });
      look();
      // The first visit: what is loaded later comes from what is kept, if it is of the same build.
      if (!serviceWorker.controller) meet((await serviceWorker.ready).active);
    } catch {
      // A host without https, a browser that keeps nothing: then the network has to do.
    }
  }

  window.addEventListener('load', () => {
    if (isThere()) {
      begin();
      return;
    }
    const ready = new MutationObserver(() => {
      if (!isThere()) return;
      ready.disconnect();
      begin();
    });
    ready.observe(root, { attributeFilter: ['data-ready'] });
  });
})();

// Says that a newer build is ready. Loaded when there is one.

const LOOKS = `
  .renewal { position: fixed; z-index: 20; inset: auto 12px calc(12px + env(safe-area-inset-bottom)) 12px;
    width: fit-content; max-width: calc(100% - 24px); margin: auto; box-sizing: border-box;
    display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; padding: 6px 6px 6px 16px;
    font: 14px/1.4 var(--sans); color: var(--ink); background: var(--card);
    border: 1px solid var(--edge); border-radius: 12px; box-shadow: var(--shadow); }
  .renewal p { margin: 0; }
  .renewal button { min-height: 44px; padding: 5px 14px; font: inherit; color: inherit; background: none;
    border: 1px solid transparent; border-radius: 8px; cursor: pointer; }
  .renewal button:first-of-type { border-color: var(--edge); font-weight: 600; }
  @media print { .renewal { display: none; } }`;

function button(text, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
}

/** Loads the page again, of the newer build. */
export function take(registration) {
  // Another page may have been renewed and closed, and the new worker is in charge.
  if (!registration.waiting) {
    location.reload();
    return;
  }
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (data === 'renewed') location.reload();
  });
  registration.waiting.postMessage('renew');
}

/** Shows the words at the foot of the page, once. */
export function tell(registration) {
  if (document.querySelector('.renewal')) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LOOKS);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const text = document.createElement('p');
  text.textContent = 'A new version is ready.';
  const box = document.createElement('div');
  box.className = 'renewal';
  box.setAttribute('role', 'status');
  document.body.append(box);
  // Whoever is asked goes on where they were.
  let before = null;
  box.addEventListener('focusin', ({ relatedTarget }) => { before = relatedTarget ?? before; });
  const later = () => {
    box.remove();
    before?.focus();
  };
  // It is read out if it changes, and not if it comes as it is.
  setTimeout(() => {
    box.append(text, button('Reload', () => take(registration)), button('Later', later));
  }, 100);
}

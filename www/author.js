// The dialog for authors: what to paste into a page, how it is to be, and what it will look like.
// Loaded when the dialog is opened.

import './embed.js';

const SPEEDS = ['0.25', '0.5', '1', '2', '5', '10'];
const CHOICES = [
  ['controls', 'Controls', ['minimal', 'full', 'none']],
  ['theme', 'Theme', ['auto', 'light', 'dark']],
  ['speed', 'Speed', SPEEDS],
];
const USUAL = { controls: 'minimal', theme: 'auto', speed: '1' };

const make = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const quoted = text => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** What is shown in the playground: `{ id }` of a built-in scenario, or `{ json }` of one's own. */
function shown() {
  const detail = {};
  window.dispatchEvent(new CustomEvent('paxos:author', { detail }));
  // In JSON this sign stands in strings only, where it may be written so: nothing ends the script.
  if (detail.json) detail.json = detail.json.trim().replaceAll('<', '\\u003c');
  return detail;
}

/** The attributes of the element that are not as they are anyway. */
function attributes(id, chosen) {
  const list = id ? [['scenario', id]] : [];
  for (const [name, usual] of Object.entries(USUAL)) {
    if (chosen[name] !== usual) list.push([name, chosen[name]]);
  }
  if (chosen.autoplay) list.push(['autoplay', '']);
  return list;
}

function snippet({ id, json }, chosen) {
  const script = new URL('./embed.js', document.baseURI).href;
  const said = attributes(id, chosen).map(([name, value]) => value ? ` ${name}="${quoted(value)}"` : ` ${name}`);
  const address = new URL(id ? `./?scenario=${encodeURIComponent(id)}` : './', document.baseURI).href;
  const picture = new URL('./preview.svg', document.baseURI).href;
  // What is shown where there is no JavaScript.
  const instead = `  <a href="${quoted(address)}"><img src="${quoted(picture)}" alt="Paxos, one step at a time: open it in the playground"></a>\n`;
  const inside = `\n${json ? `<script type="application/json">\n${json}\n</script>\n` : ''}${instead}`;
  return `<script async src="${quoted(script)}"></script>\n<paxos-playground${said.join('')}>${inside}</paxos-playground>\n`;
}

customElements.define('paxos-author', class extends HTMLElement {
  connectedCallback() {
    const what = shown();
    const chosen = { ...USUAL, autoplay: false };
    const field = make('textarea', { readonly: '', rows: what.json ? '8' : '3', spellcheck: 'false', 'aria-label': 'What to paste' });
    const said = make('span', { role: 'status' });
    const place = make('div', { class: 'preview' });

    const show = () => {
      field.value = snippet(what, chosen);
      said.textContent = '';
      const element = make('paxos-playground', Object.fromEntries(attributes(what.id, chosen)));
      if (what.json) element.append(make('script', { type: 'application/json' }, what.json));
      place.replaceChildren(element);
    };

    const choice = ([name, label, options]) => {
      const text = option => name === 'speed' ? `${option}×` : option;
      const list = make('select', { 'aria-label': label }, ...options.map(option => make('option', { value: option }, text(option))));
      list.value = chosen[name];
      list.addEventListener('change', () => {
        chosen[name] = list.value;
        show();
      });
      return make('label', { class: 'field' }, make('span', {}, label), list);
    };
    const box = make('input', { type: 'checkbox' });
    box.addEventListener('change', () => {
      chosen.autoplay = box.checked;
      show();
    });

    const copy = make('button', { type: 'button', class: 'primary' }, 'Copy');
    copy.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(field.value);
        said.textContent = 'Copied.';
      } catch {
        // Not every browser lets a page copy, and none where the address is not secure.
        field.select();
        said.textContent = 'It is selected: copy it from there.';
      }
    });

    this.replaceChildren(
      make('p', {}, 'Paste this where it is to be. The page around it needs nothing else.'),
      make('div', { class: 'fields' }, ...CHOICES.map(choice), make('label', { class: 'check' }, box, make('span', {}, 'Autoplay'))),
      field,
      make('div', { class: 'actions' }, copy, said),
      make('h3', {}, 'It will look like this'),
      place,
    );
    show();
  }
});

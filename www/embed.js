// <paxos-playground>: a live Paxos cluster in any page.
//
//   <script async src="https://…/embed.js"></script>
//   <paxos-playground scenario="hello"></paxos-playground>
//
// The element holds a frame with the playground that lies beside this file, and speaks with it by
// messages (src/app/embed/post.rs says which). It works as a classic script and as a module, loads
// the frame when it comes near, and lets it play only where it is seen.
(() => {
  'use strict';

  const NAME = 'paxos-playground';
  if (!window.customElements || customElements.get(NAME)) return;

  /** The frame begins to load when it is nearer to the window than this. */
  const NEAR = '600px';
  /** Once its page is there, the playground has to speak within this, in milliseconds. */
  const PATIENCE = 15_000;
  /** The same, if not even its page comes. */
  const LONG_PATIENCE = 40_000;
  const TITLE = 'Paxos Playground';
  const EVENTS = new Set(['ready', 'event', 'chosen', 'learned', 'violation', 'error']);

  /**
   * Where this file is. A classic script is told so. A module is only told by `import.meta`, which
   * a classic script must not contain: there, the stack of an error names the file that it is in.
   */
  function base() {
    const own = url => /\/embed\.js(?:$|[?#])/.test(url ?? '');
    const { currentScript } = document;
    if (currentScript && own(currentScript.src)) return new URL('./', currentScript.src);
    const [inStack] = /[a-z][a-z+.-]*:\/\/[^\s)@]*?\/embed\.js/i.exec(new Error().stack ?? '') ?? [];
    const script = [...document.scripts].find(one => own(one.src));
    const found = inStack ?? script?.src;
    return found ? new URL('./', found) : null;
  }
  const BASE = base();

  /** How high a frame of this width will be, about: what is held free until it says so itself. */
  function guess(width, controls) {
    const stage = width <= 440 ? width * 1.04 : Math.min(Math.max(300, width * 0.5), 420);
    if (controls === 'none') return Math.ceil(stage + 2);
    const story = width <= 440 ? 164 : width <= 640 ? 118 : 92;
    return Math.ceil(stage + story + 63 + (controls !== 'full' ? 0 : width <= 560 ? 130 : 330));
  }

  /** Whether what is behind an element is dark. */
  function isDark(element) {
    const dot = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    for (let one = element; one && dot; one = one.assignedSlot ?? one.parentElement ?? one.getRootNode().host) {
      dot.clearRect(0, 0, 1, 1);
      dot.fillStyle = getComputedStyle(one).backgroundColor;
      dot.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = dot.getImageData(0, 0, 1, 1).data;
      if (alpha > 127) return red * 0.299 + green * 0.587 + blue * 0.114 < 128;
    }
    // Nothing but the canvas: dark if the page says that it can be, and the reader wants it.
    const schemes = getComputedStyle(document.documentElement).colorScheme;
    const dark = schemes.includes('dark');
    return dark && (!schemes.includes('light') || matchMedia('(prefers-color-scheme: dark)').matches);
  }

  const STYLE = `
    :host { display: block; position: relative; }
    :host([hidden]) { display: none; }
    iframe { display: block; width: 100%; border: 0; background: transparent; }
    iframe.failed { position: absolute; visibility: hidden; height: 0 !important; }
    .fallback:not(.shown) { display: none; }`;

  let sheet;
  function style(root) {
    // Not a style element: the page's policy may forbid it.
    try {
      if (!sheet) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
      }
      root.adoptedStyleSheets = [sheet];
    } catch {
      const element = document.createElement('style');
      element.textContent = STYLE;
      root.append(element);
    }
  }

  class PaxosPlayground extends HTMLElement {
    static observedAttributes = ['scenario', 'link', 'controls', 'theme', 'speed', 'autoplay'];

    #root = this.attachShadow({ mode: 'open' });
    #frame = null;
    /** What stands where the frame will be. */
    #place = null;
    /** Ends all listeners of the frame and of the page at once. */
    #ends = null;
    #observers = [];
    #timer = 0;
    /** The playground has spoken, and is there. */
    #greeted = false;
    #ready = false;
    #failed = null;
    #visible = false;
    #told = 0;
    #theme = '';
    #next = 1;
    /** Calls without an answer, by number; those that were not sent yet have a message. */
    #calls = new Map();

    connectedCallback() {
      style(this.#root);
      if (this.#frame) return;
      // The parser may not have come to what is inside.
      if (document.readyState === 'loading') {
        document.addEventListener('DOMContentLoaded', () => this.#begin(), { once: true });
      } else {
        this.#begin();
      }
    }

    disconnectedCallback() {
      this.#end();
      // Whoever moves the element puts it back at once.
      queueMicrotask(() => {
        if (this.isConnected) return;
        this.#reject(`The ${NAME} was removed from the page.`);
      });
    }

    /** A move that keeps the frame needs nothing. */
    connectedMoveCallback() {}

    attributeChangedCallback(name, before, after) {
      if (before === after || !this.#frame) return;
      if (name === 'scenario' && after !== null && this.#greeted) {
        this.load(after).catch(() => {});
      } else if (name === 'theme') {
        this.#paint();
      } else if (name === 'autoplay') {
        // A frame that is still to be loaded is told by its address.
        if (this.#plays() && this.#frame.hasAttribute('src')) this.play().catch(() => {});
      } else if (name === 'speed' && this.#greeted) {
        this.#call('speed', { speed: after ?? '1' }).catch(() => {});
      } else {
        this.#end();
        this.#begin();
      }
    }

    play() { return this.#call('play'); }
    pause() { return this.#call('pause'); }
    step() { return this.#call('step'); }
    stepBack() { return this.#call('stepBack'); }
    seek(ms) { return this.#call('seek', { time: Number(ms) }); }
    state() { return this.#call('state'); }
    /** A built-in scenario by its name, or one of one's own, as an object or as JSON. */
    load(scenario) {
      let text;
      try {
        text = typeof scenario === 'string' ? scenario : JSON.stringify(scenario);
      } catch (error) {
        return Promise.reject(new TypeError(`load: this is no scenario: ${error.message}`));
      }
      if (!text) return Promise.reject(new TypeError('load: there is no scenario.'));
      return this.#call('load', { scenario: text });
    }

    /** Holds the place, and waits until it comes near. */
    #begin() {
      if (!this.isConnected || this.#frame) return;
      this.#ends = new AbortController();
      this.#failed = null;
      const frame = document.createElement('iframe');
      frame.title = this.getAttribute('aria-label') || this.title || TITLE;
      frame.setAttribute('allow', 'clipboard-write');
      const fallback = document.createElement('div');
      fallback.className = 'fallback';
      const slot = document.createElement('slot');
      const link = document.createElement('a');
      link.target = '_blank';
      link.rel = 'noopener';
      link.textContent = 'The playground did not load here.';
      if (BASE) {
        link.href = this.#address(false);
        link.append(' Open it in a page of its own ↗');
      }
      fallback.append(slot, link);
      // A frame costs a document even when it is empty: until it is loaded, something cheap stands there.
      this.#place = document.createElement('div');
      this.#root.replaceChildren(this.#place, fallback);
      style(this.#root);
      this.#frame = frame;
      this.#told = 0;
      this.#theme = '';
      this.#size();
      if (!BASE) {
        this.#fail('The address of embed.js is not known: load it by its own name, from beside the playground.');
        return;
      }
      // Not within the callback: the new height is one more change of size.
      const resized = new ResizeObserver(() => requestAnimationFrame(() => this.#size()));
      resized.observe(this);
      const near = new IntersectionObserver(entries => {
        if (entries.some(entry => entry.isIntersecting)) this.#load();
      }, { rootMargin: NEAR });
      near.observe(this);
      const seen = new IntersectionObserver(entries => {
        this.#visible = entries[entries.length - 1].isIntersecting;
        this.#send({ do: 'visible', visible: this.#visible });
      });
      seen.observe(this);
      this.#observers = [resized, near, seen];
      if (this.#calls.size) this.#load();
    }

    /** Nothing of it is left. */
    #end() {
      clearTimeout(this.#timer);
      this.#ends?.abort();
      for (const observer of this.#observers) observer.disconnect();
      this.#observers = [];
      this.#root.replaceChildren();
      this.#frame = this.#ends = null;
      this.#greeted = this.#ready = false;
    }

    /** Loads the frame, if it is not loaded. */
    #load() {
      const frame = this.#frame;
      if (!frame || !BASE || frame.hasAttribute('src')) return;
      const { signal } = this.#ends;
      window.addEventListener('message', event => this.#hear(event), { signal });
      frame.addEventListener('load', () => this.#await(PATIENCE), { signal });
      matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#paint(), { signal });
      // Pages that switch by themselves do it by an attribute, some of them slowly.
      const switched = new MutationObserver(() => {
        this.#paint();
        setTimeout(() => this.#paint(), 500);
      });
      for (const one of [document.documentElement, document.body]) {
        if (one) switched.observe(one, { attributes: true, attributeFilter: ['class', 'style', 'data-theme', 'data-color-mode', 'data-bs-theme'] });
      }
      this.#observers.push(switched);
      this.#paint();
      frame.src = this.#address(true);
      this.#place.replaceWith(frame);
      this.#await(LONG_PATIENCE);
    }

    /** Where the frame goes, or the page of its own. */
    #address(embedded) {
      const url = new URL('index.html', BASE);
      const ask = (name, value) => url.searchParams.set(name, value);
      const link = this.getAttribute('link');
      if (link) url.hash = link.replace(/^[^#]*#/, '');
      const scenario = this.getAttribute('scenario');
      const inside = this.#inside();
      if (embedded) ask('embed', inside !== null ? 'inline' : '');
      if (scenario !== null && inside === null && !link) ask('scenario', scenario);
      if (!embedded) return url.href;
      for (const name of ['controls', 'speed']) {
        if (this.hasAttribute(name)) ask(name, this.getAttribute(name));
      }
      if (this.#plays()) ask('autoplay', '');
      ask('theme', this.#theme);
      return url.href;
    }

    #plays() {
      return (this.getAttribute('autoplay') ?? 'false') !== 'false';
    }

    /** The scenario that is written inside, if one is. */
    #inside() {
      const script = this.querySelector(':scope > script[type="application/json"]');
      return script && script.textContent;
    }

    #await(patience) {
      if (this.#greeted) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#fail(`The playground at ${BASE.href} does not answer. Is the address right, and does this page’s policy allow its frame?`);
      }, patience);
    }

    #fail(message) {
      this.#failed = message;
      // What the author wrote inside for this case goes before our own link.
      const own = this.querySelector(':scope > :not(script)');
      this.#root.querySelector('a').hidden = own !== null;
      this.#frame.classList.add('failed');
      this.#root.querySelector('.fallback').classList.add('shown');
      this.#place.remove();
      this.#reject(message);
      this.#dispatch('error', { message });
    }

    #reject(message) {
      const calls = [...this.#calls.values()];
      this.#calls.clear();
      for (const { no } of calls) no(new Error(message));
    }

    /** Light or dark, as the page is around the element. */
    #paint() {
      if (!this.#frame) return;
      const wanted = this.getAttribute('theme') ?? 'auto';
      const theme = wanted !== 'auto' ? wanted : isDark(this) ? 'dark' : 'light';
      if (theme === this.#theme) return;
      this.#theme = theme;
      // A frame of another scheme than its page would not be transparent.
      if (theme === 'light' || theme === 'dark') this.#frame.style.setProperty('color-scheme', theme);
      if (this.#greeted) this.#call('theme', { theme }).catch(() => {});
    }

    #size() {
      const width = this.clientWidth;
      if (!this.#frame || !width) return;
      const height = Math.max(guess(width, this.getAttribute('controls')), this.#told);
      for (const one of [this.#place, this.#frame]) one.style.setProperty('height', `${height}px`);
    }

    #call(what, more) {
      return new Promise((yes, no) => {
        if (!this.isConnected) {
          no(new Error(`The ${NAME} is not in the page.`));
          return;
        }
        if (this.#failed) {
          no(new Error(this.#failed));
          return;
        }
        const id = this.#next++;
        this.#calls.set(id, { yes, no, sent: false, message: { ...more, do: what, id } });
        this.#load();
        this.#flush();
      });
    }

    #flush() {
      if (!this.#ready) return;
      for (const call of this.#calls.values()) {
        if (!call.sent) this.#send(call.message);
        call.sent = true;
      }
    }

    #send(message) {
      if (this.#greeted) this.#frame.contentWindow?.postMessage({ ...message, paxos: 1 }, BASE.origin);
    }

    #hear({ source, origin, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== BASE.origin) return;
      if (typeof data !== 'object' || data === null || data.paxos !== 1) return;
      if (data.here === true) this.#greet();
      if (Number.isFinite(data.height) && data.height > 0) {
        this.#told = Math.min(data.height, 4000);
        this.#size();
      }
      if (Array.isArray(data.tell)) {
        for (const told of data.tell) {
          if (Array.isArray(told) && EVENTS.has(told[0])) this.#hearEvent(told[0], told[1]);
        }
      }
      const call = this.#calls.get(data.reply);
      if (call?.sent) {
        this.#calls.delete(data.reply);
        if (typeof data.error === 'string') call.no(new Error(data.error));
        else call.yes(data.value);
      }
    }

    #greet() {
      clearTimeout(this.#timer);
      this.#failed = null;
      this.#frame.classList.remove('failed');
      this.#root.querySelector('.fallback').classList.remove('shown');
      this.#greeted = true;
      this.#ready = false;
      // What another frame was asked, or this one before it was loaded anew, is asked again.
      for (const [id, call] of this.#calls) {
        if (call.message) call.sent = false;
        else this.#calls.delete(id);
      }
      this.#send({ do: 'hello', visible: this.#visible });
      this.#send({ do: 'theme', theme: this.#theme });
      const inside = this.#inside();
      if (inside === null) return;
      // It goes before all that waits.
      const id = this.#next++;
      this.#calls.set(id, { yes() {}, no() {}, sent: true });
      this.#send({ do: 'load', id, scenario: inside });
    }

    #hearEvent(name, detail) {
      if (name === 'ready' || name === 'error') this.#ready = true;
      const title = detail?.scenario?.title;
      if (name === 'ready' && title && this.#frame.title === TITLE) this.#frame.title = `${TITLE}: ${title}`;
      if (name === 'ready' && this.#plays() && this.#inside() !== null) this.play().catch(() => {});
      this.#dispatch(name, detail);
      this.#flush();
    }

    #dispatch(name, detail) {
      this.dispatchEvent(new CustomEvent(`paxos:${name}`, { bubbles: true, composed: true, detail }));
    }
  }

  customElements.define(NAME, PaxosPlayground);
})();

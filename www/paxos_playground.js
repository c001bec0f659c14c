// The Paxos Playground for JavaScript. Types and meanings stand in paxos_playground.d.ts.
//
// Importing it loads the core, so that all that is here works at once. Who only checks imports
// check.js, which loads it when it is needed, in a worker.

import { complaint, textOf } from "./check.js";
import { guarded, load } from "./core.js";
import { Cluster as Core } from "./paxos_core.js";

export { check } from "./check.js";

await load();

/** A cluster without a picture. */
export class Cluster {
  #core;

  constructor(scenario) {
    const text = textOf(scenario);
    try {
      this.#core = guarded(() => new Core(text));
    } catch (error) {
      throw complaint(error.message, scenario);
    }
  }

  propose(process, value) {
    return this.#apply("propose", { process: given(process), value: given(value) });
  }

  crash(process, amnesia) {
    return this.#apply("crash", { process: given(process), amnesia });
  }

  restart(process) {
    return this.#apply("restart", { process: given(process) });
  }

  timeout(process) {
    return this.#apply("timeout", { process: given(process) });
  }

  partition(groups) {
    return this.#apply("partition", { groups: given(groups) });
  }

  cut(from, to, oneWay) {
    return this.#apply("cut", { from: given(from), to: given(to), oneWay });
  }

  heal(...link) {
    const [from, to, oneWay] = link;
    return this.#apply("heal", link.length === 0 ? {} : { from: given(from), to: given(to), oneWay });
  }

  drop(message) {
    return this.#apply("drop", named(message));
  }

  duplicate(message) {
    return this.#apply("duplicate", named(message));
  }

  hold(...message) {
    return this.#apply("hold", message.length === 0 ? {} : named(message[0]));
  }

  release(...message) {
    return this.#apply("release", message.length === 0 ? {} : named(message[0]));
  }

  deliver(message) {
    return this.#apply("deliver", named(message));
  }

  delay(message, by) {
    return this.#apply("delay", { ...named(message), by: given(by) });
  }

  network(settings) {
    return this.#apply("network", given(settings));
  }

  link(from, to, delay, oneWay) {
    return this.#apply("link", { from: given(from), to: given(to), delay, oneWay });
  }

  step() {
    return this.#ask((core) => core.step());
  }

  runUntil(ms) {
    return this.#ask((core) => core.runUntil(ms));
  }

  run() {
    return this.#ask((core) => core.run());
  }

  state() {
    return this.#ask((core) => core.state());
  }

  events(from = 0) {
    return this.#ask((core) => core.events(from));
  }

  forget() {
    this.#ask((core) => core.forget());
  }

  free() {
    const core = this.#core;
    this.#core = undefined;
    try {
      if (core) guarded(() => core.free());
    } catch {
      // What has failed is not freed.
    }
  }

  #ask(asks) {
    const core = this.#core;
    if (!core) throw new Error("the cluster was freed");
    return guarded(() => asks(core));
  }

  #apply(name, needs) {
    for (const [field, value] of Object.entries(needs ?? {})) {
      if (typeof value === "string" && /\p{Surrogate}/u.test(value)) {
        throw new Error(`${name}.${field} must not hold half a character`);
      }
    }
    let text;
    try {
      text = JSON.stringify(needs);
    } catch (error) {
      throw new TypeError(`${name} is no JSON: ${error.message}`);
    }
    return this.#ask((core) => core.apply(name, text));
  }
}

// Older browsers do not know it.
if (Symbol.dispose) Cluster.prototype[Symbol.dispose] = Cluster.prototype.free;

/** What must be given, and undefined is not: JSON would leave it out, and some fields mean all then. */
const given = (value) => value ?? null;

/** A message by its number, as a state lists it, or as a script names it. */
function named(message) {
  const id = typeof message === "number" ? message : message?.id;
  return { message: id === undefined ? given(message) : { id } };
}

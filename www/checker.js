// The worker that checks: it does nothing but drive the core, a slice at a time, so that it hears
// when it is to stop.
//
// To it:    { scenario, options }       once: a scenario as JSON or null, and the CheckOptions of
//                                       paxos_playground.d.ts without the signal
//           { stop: true }              ends the check with what was covered
// From it:  { about }                   once: what is checked
//           { progress }                how far it is, some ten times a second
//           { result, counterexample }  the end, with a scenario as JSON or null
//           { error }                   the same, if something is wrong: a sentence
//
// src/app/check.rs and check.js speak with it.

import { search } from "./core.js";

/** How long a slice is, in milliseconds. */
const SLICE = 25;

let stop;

onmessage = ({ data }) => {
  if (data.stop) stop?.();
  else stop = search(data.scenario, data.options, SLICE, (news) => postMessage(news));
};

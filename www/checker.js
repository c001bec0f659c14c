// The worker that checks: it does nothing but drive the core, a slice at a time, so that it hears
// when it is to stop.

import { search } from "./core.js";

/** How long a slice is, in milliseconds. */
const SLICE = 25;

let stop;

onmessage = ({ data }) => {
  if (data.stop) stop?.();
  else stop = search(data.scenario, data.options, SLICE, (news) => postMessage(news));
};

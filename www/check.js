// Checking every schedule. By itself it loads nothing: the core is loaded by the worker, at the first
// check. Types and meanings stand in paxos_playground.d.ts.

/** How long a slice is where there is no worker, in milliseconds: a page can still draw. */
const SLICE = 10;

/** How often it is looked whether a worker is alive, in milliseconds: it tells more often how far it is. */
const WATCH = 5_000;

/** A scenario as JSON. */
export function textOf(scenario) {
  if (typeof scenario === "string") return scenario;
  if (typeof scenario !== "object" || scenario === null) {
    throw new TypeError("scenario must be an object or a JSON text");
  }
  try {
    return JSON.stringify(scenario);
  } catch (error) {
    throw new TypeError(`scenario is no JSON: ${error.message}`);
  }
}

/** What is wrong. To who gave an object a place in a text says nothing. */
export function complaint(message, scenario) {
  const text = typeof scenario === "string";
  return new Error(text ? message : message.replace(/ \(line \d+, column \d+\)$/, ""));
}

export function check(scenario, options = {}, onProgress = undefined) {
  return new Promise((resolve, reject) => {
    if (onProgress !== undefined && typeof onProgress !== "function") {
      throw new TypeError("onProgress must be a function");
    }
    const { signal, ...rest } = options ?? {};
    const text = scenario == null ? null : textOf(scenario);
    let about;
    let engine;
    const stop = () => engine.stop();
    const end = (settle, value) => {
      signal?.removeEventListener("abort", stop);
      engine.end();
      settle(value);
    };
    const tell = (news) => {
      if (news.error !== undefined) end(reject, complaint(news.error, scenario));
      if (news.about) about = news.about;
      if (news.progress) onProgress?.(news.progress);
      if (news.result) {
        const counterexample = news.counterexample && JSON.parse(news.counterexample);
        end(resolve, { ...news.result, about, counterexample });
      }
    };
    const failed = (message) => {
      engine.end();
      // A worker may be forbidden although it could be made. Then the check goes on without.
      if (about) end(reject, new Error(message || "the worker has failed"));
      else begin(inSlices);
    };
    const begin = (how) => {
      engine = how(text, rest, tell, failed);
      if (signal?.aborted) stop();
    };
    signal?.addEventListener("abort", stop);
    try {
      begin(inWorker);
    } catch {
      // There are no workers, or none for this page; or the options are nothing that can be sent to
      // one, and the core says why.
      begin(inSlices);
    }
  });
}

function inWorker(scenario, options, tell, failed) {
  if (typeof Worker !== "function") throw new Error("there are no workers");
  const { worker, release } = start();
  // Until it is loaded, which may take long, it says nothing.
  let silent = -Infinity;
  const watch = setInterval(() => {
    silent += 1;
    // A page that was asleep gives it time to wake up too.
    if (silent === 3) failed("the worker does not answer any more");
  }, WATCH);
  worker.onmessage = ({ data }) => {
    silent = 0;
    tell(data);
  };
  worker.onerror = (event) => failed(event.message);
  const engine = {
    stop: () => worker.postMessage({ stop: true }),
    end: () => {
      clearInterval(watch);
      worker.onmessage = worker.onerror = null;
      worker.terminate();
      release();
    },
  };
  try {
    worker.postMessage({ scenario, options });
  } catch (error) {
    engine.end();
    throw error;
  }
  return engine;
}

function start() {
  const own = new URL(import.meta.url).origin === globalThis.location?.origin;
  try {
    // Not every browser says at once that it starts no worker from another origin.
    if (!own) throw new Error("it is from another origin");
    // Bundlers know a worker by these very words.
    return { worker: new Worker(new URL("checker.js", import.meta.url), { type: "module" }), release() {} };
  } catch {
    // One of our own may import from there.
    const source = `import ${JSON.stringify(new URL("checker.js", import.meta.url))};`;
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    return { worker: new Worker(address, { type: "module" }), release: () => URL.revokeObjectURL(address) };
  }
}

function inSlices(scenario, options, tell) {
  let ended = false;
  let stop;
  let stopped = false;
  import("./core.js").then(
    ({ search }) => {
      stop = search(scenario, options, SLICE, (news) => ended || tell(news));
      if (stopped) stop();
    },
    (error) => tell({ error: error.message }),
  );
  return {
    stop: () => {
      stopped = true;
      stop?.();
    },
    end: () => {
      ended = true;
    },
  };
}

// The Paxos Playground for JavaScript. Types and meanings stand in paxos_playground.d.ts.

/**
 * Tries every schedule, in a worker: the page that asks stays free.
 *
 * @param {object | string | null} scenario A scenario, or null for a cluster of numbers.
 * @param {object} options
 * @param {(progress: object) => void} [onProgress]
 */
export function check(scenario, options = {}, onProgress = undefined) {
  return new Promise((resolve, reject) => {
    if (onProgress !== undefined && typeof onProgress !== "function") {
      throw new TypeError("onProgress must be a function");
    }
    const { signal, ...rest } = options ?? {};
    const text = scenario == null || typeof scenario === "string" ? scenario : JSON.stringify(scenario);
    const worker = new Worker(new URL("checker.js", import.meta.url), { type: "module" });
    let about;
    const stop = () => worker.postMessage({ stop: true });
    const end = (settle, value) => {
      worker.terminate();
      signal?.removeEventListener("abort", stop);
      settle(value);
    };
    worker.onerror = (event) => end(reject, new Error(event.message || "checker.js cannot be loaded"));
    worker.onmessage = ({ data }) => {
      if (data.error !== undefined) end(reject, new Error(data.error));
      if (data.about) {
        about = data.about;
        if (signal?.aborted) stop();
      }
      if (data.progress) onProgress?.(data.progress);
      if (data.result) {
        const counterexample = data.counterexample && JSON.parse(data.counterexample);
        end(resolve, { ...data.result, about, counterexample });
      }
    };
    signal?.addEventListener("abort", stop);
    try {
      worker.postMessage({ scenario: text, options: rest });
    } catch (error) {
      end(reject, error);
    }
  });
}

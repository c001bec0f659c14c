// What is left when the core fails: says so, and offers the last session and a report.
// It stands alone, for the page that it covers does not run any more.
(() => {
  const KEPT = "paxos-session", BROKEN = "paxos-session-broken", FAILED = "paxos-failed";
  const opened = Date.now();
  let report = null, shown = false;

  const store = (act) => { try { return act(window.localStorage); } catch { return null; } };

  function aside() {
    store((s) => {
      const kept = s.getItem(KEPT);
      if (kept !== null) s.setItem(BROKEN, kept);
      s.removeItem(KEPT);
    });
  }

  function text(message, stack) {
    return [
      "Paxos Playground: report of a failure", new Date().toISOString(), location.href,
      navigator.userAgent, "", message, stack || "", "", "The last session:",
      store((s) => s.getItem(KEPT)) || "none",
    ].join("\n");
  }

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === "function") made.addEventListener(key, value);
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  function show(message, stack) {
    if (shown) return;
    shown = true;
    report = text(message, stack);
    // A session that fails as soon as it is opened is not opened a third time.
    const before = Number(store((s) => s.getItem(FAILED)) || 0);
    const again = opened - before < 20000 && Date.now() - opened < 10000;
    store((s) => s.setItem(FAILED, String(Date.now())));
    const hopeless = again && store((s) => s.getItem(KEPT)) !== null;
    if (hopeless) aside();
    for (const child of document.body.children) child.inert = true;
    const area = element("textarea", { readonly: "", rows: "6", "aria-label": "Report", hidden: "" });
    area.value = report;
    const said = element("p", { role: "status" });
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(report);
        said.textContent = "The report is copied.";
      } catch {
        area.hidden = false;
        area.focus();
        area.select();
        said.textContent = "Copy the report from here.";
      }
    };
    const first = element("button", { type: "button", class: "primary", click: () => location.assign(location.pathname) },
      hopeless ? "Reload" : "Reload with the last session");
    const box = element("div", { class: "rescue", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "rescue-title", "aria-describedby": "rescue-text" },
      element("div", {},
        element("h2", { id: "rescue-title" }, "Something went wrong inside the playground"),
        element("p", { id: "rescue-text" }, hopeless
          ? "The session that was kept fails as soon as it opens. It was put aside, and the page will open without it."
          : "This is a fault of the playground and not of Paxos. What you built until a moment ago is kept."),
        element("p", { class: "what" }, message),
        element("div", { class: "actions" }, first,
          element("button", { type: "button", click: () => { aside(); location.assign(location.pathname); } }, "Start afresh"),
          element("button", { type: "button", click: copy }, "Copy the report")),
        said, area));
    document.body.append(box);
    first.focus();
  }

  let panic = null;
  // What fails must not write its state over what was kept.
  window.addEventListener("pagehide", (event) => { if (shown) event.stopImmediatePropagation(); }, true);
  window.addEventListener("paxos:panic", (event) => { panic = String(event.detail); });
  const failed = (error, message) => {
    if (error instanceof WebAssembly.RuntimeError || panic !== null) {
      show(panic || message || String(error), error && error.stack);
      return;
    }
    const place = document.querySelector(".loading");
    if (place && (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError || error instanceof TypeError)) {
      place.textContent = "The playground could not be loaded: " + error.message;
      place.setAttribute("role", "alert");
    }
  };
  window.addEventListener("error", (event) => failed(event.error, event.message));
  window.addEventListener("unhandledrejection", (event) => failed(event.reason, String(event.reason)));
})();

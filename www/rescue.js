// What is left when the core fails: says so, and offers the last session and a report.
// It stands alone, for the page that it covers does not run any more.
(() => {
  const KEPT = "paxos-session", BROKEN = "paxos-session-broken", FAILED = "paxos-failed";
  const opened = Date.now();
  let report = null, shown = false;

  // A page in a frame, and one that is told what to show, has nothing to do with the session that
  // is kept. The page says which it is; as long as it has not, its address does.
  const asked = new URLSearchParams(location.search);
  const root = document.documentElement;
  const own = () => parent === window && (root.dataset.keeps
    ? root.dataset.keeps === "true"
    : !["embed", "scenario", "autoplay"].some((name) => asked.has(name)));

  const store = (act) => { try { return act(window.localStorage); } catch { return null; } };

  // To where nothing was put aside before, as src/app/keep.rs does: whether it is there now.
  function aside() {
    return store((s) => {
      const kept = s.getItem(KEPT);
      if (kept === null) return false;
      let name = BROKEN;
      for (let n = 2; ![null, kept].includes(s.getItem(name)); n += 1) name = `${BROKEN}-${n}`;
      // A large one does not fit twice.
      s.removeItem(KEPT);
      try { s.setItem(name, kept); } catch { s.setItem(KEPT, kept); return false; }
      return true;
    }) === true;
  }

  function text(message, stack) {
    const lines = [
      "Paxos Playground: report of a failure", new Date().toISOString(), location.href,
      navigator.userAgent, "", message, stack || "",
    ];
    if (own()) lines.push("", "The last session:", store((s) => s.getItem(KEPT)) || "none");
    return lines.join("\n");
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

  // Whether a session that is kept fails as soon as it is opened, the second time. It is put aside.
  function hopeless() {
    const before = Number(store((s) => s.getItem(FAILED)) || 0);
    const again = opened - before < 20000 && Date.now() - opened < 10000;
    store((s) => s.setItem(FAILED, String(Date.now())));
    // With a link in the address it may be the run of the link that fails.
    return again && !location.hash && aside();
  }

  // In a frame, the page around it is told, once it has greeted, as src/app/embed/post.rs tells it
  // of all else.
  let around = null, untold = null;
  function tell(message) {
    untold = around === null ? message : null;
    if (around !== null) parent.postMessage({ paxos: 1, tell: [["error", { message }]] }, around);
  }
  if (parent !== window) window.addEventListener("message", ({ source, origin, data }) => {
    if (around !== null || source !== parent || data?.paxos !== 1 || data.do !== "hello") return;
    around = origin === "null" ? "*" : origin;
    if (untold !== null) tell(untold);
  });

  function show(message, stack) {
    if (shown) return;
    shown = true;
    tell(message);
    report = text(message, stack);
    const mine = own();
    const lost = mine && hopeless();
    const kept = mine && root.dataset.kept !== "false" && store((s) => s.getItem(KEPT)) !== null;
    root.dataset.failed = "";
    // An open dialog would be above it.
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
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
    const button = (name, click, kind = {}) => element("button", { type: "button", ...kind, click }, name);
    const plain = () => location.assign(location.pathname);
    const first = button(kept ? "Reload with the last session" : "Reload",
      mine ? plain : () => location.reload(), { class: "primary" });
    const afresh = mine ? [button("Start afresh", () => { aside(); plain(); })] : [];
    const box = element("div", { class: "rescue", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "rescue-title", "aria-describedby": "rescue-text" },
      element("div", {},
        element("h2", { id: "rescue-title" }, "Something went wrong inside the playground"),
        element("p", { id: "rescue-text" }, lost
          ? "The session that was kept fails as soon as it opens. It was put aside, and the page will open without it; Scenarios has it as a file."
          : "This is a fault of the playground and not of Paxos. " + (kept
            ? "What you built until a moment ago is kept."
            : mine ? "This browser has kept nothing of what you built." : "Loaded again, it begins anew.")),
        element("p", { class: "what" }, message),
        element("div", { class: "actions" }, first, ...afresh, button("Copy the report", copy)),
        said, area));
    document.body.append(box);
    // Nobody in the page around it is to be torn away from what they read.
    if (parent === window || document.hasFocus()) first.focus();
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

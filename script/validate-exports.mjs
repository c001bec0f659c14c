// Reads exports with the tools that they are for: diagrams with Mermaid's own parser, logs with the
// expression that ShiViz takes from their first line.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const work = process.argv[2];
const { JSDOM } = createRequire(join(process.env.JSDOM_DIR, "node_modules/"))("jsdom");
const { window } = new JSDOM("<!doctype html><body></body>");
Object.assign(globalThis, { window, document: window.document });
const core = join(process.env.MERMAID_DIR, "node_modules/mermaid/dist/mermaid.core.mjs");
const { default: mermaid } = await import(pathToFileURL(core));

mermaid.initialize({ startOnLoad: false });

const files = (format) => {
  const names = readdirSync(join(work, format));
  return names.map((name) => [name, readFileSync(join(work, format, name), "utf8")]);
};
const fail = (name, why) => {
  console.error(`error: ${name}: ${why}`);
  process.exit(1);
};
// Mermaid keeps the number of a character like this until it draws.
const plain = (text) => text.replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(code));

let messages = 0;
for (const [name, text] of files("mermaid")) {
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(text).catch((why) => fail(name, why));
  const lines = text.split("\n").filter((line) => / (p\d+--?[)x]p\d+|Note over .*): /.test(line));
  const actors = [...diagram.db.getActors().values()].map((actor) => plain(actor.description));
  const told = diagram.db.getMessages();
  if (told.length !== lines.length) fail(name, `${told.length} messages of ${lines.length}`);
  if (name === "awkward.json") {
    const wanted = ['P;#<b>"%%{x} (proposer)', "end (acceptor)", "żółw 🐢 (proposer, acceptor)"];
    for (const actor of wanted) if (!actors.includes(actor)) fail(name, `no ${actor}: ${actors}`);
  }
  messages += told.length;
}
console.log(`==> Mermaid: ${messages} messages and notes in ${files("mermaid").length} diagrams`);

let events = 0;
for (const [name, text] of files("shiviz")) {
  const [parser, delimiter] = text.split("\n", 2);
  if (delimiter !== "") fail(name, "the second line must be empty");
  const log = text.slice(parser.length + 2);
  const known = {};
  let found = 0;
  for (const { groups } of log.matchAll(new RegExp(parser, "g"))) {
    const clock = JSON.parse(groups.clock);
    known[groups.host] = (known[groups.host] ?? 0) + 1;
    if (clock[groups.host] !== known[groups.host]) fail(name, `a clock skips: ${groups.clock}`);
    for (const [host, count] of Object.entries(clock)) {
      if (!(count <= known[host])) fail(name, `${groups.host} knows what has not happened`);
    }
    if (groups.event === "") fail(name, "an event says nothing");
    found += 1;
  }
  if (found * 2 !== log.trimEnd().split("\n").length) fail(name, `${found} events were found`);
  events += found;
}
console.log(`==> ShiViz: ${events} events in ${files("shiviz").length} logs`);

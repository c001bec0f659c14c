// Compares what paxos_playground.d.ts promises with what comes at run time. The compiler sees to it
// that every table here has just the fields of its type; the program, that everything that comes has
// just the fields of its table, with what their types allow.

import {
  Cluster,
  check,
  type CheckModel,
  type CheckProgress,
  type CheckResult,
  type CheckStep,
  type EventFields,
  type EventKind,
  type Invariant,
  type Link,
  type Message,
  type MessageKind,
  type PaxosEvent,
  type ProcessState,
  type Role,
  type Rule,
  type Scenario,
  type State,
  type Vote,
} from "paxos-playground";

/** Whether it is a T; all that this cannot tell is left to the tables. */
type Guard<T> = (value: unknown) => value is T;
/** A guard for every field, and for no other. */
type Table<T> = { [K in keyof T]-?: Guard<NonNullable<T[K]>> | Guard<T[K]> };

const text: Guard<string> = (value) => typeof value === "string";
const flag: Guard<boolean> = (value) => typeof value === "boolean";
const number: Guard<number> = (value): value is number => typeof value === "number" && Number.isFinite(value);
const or = <T>(guard: Guard<T>): Guard<T | null> => (value): value is T | null => value === null || guard(value);
const list = <T>(guard: Guard<T>): Guard<T[]> => (value): value is T[] => Array.isArray(value) && value.every(guard);
const pair: Guard<[number, number]> = (value): value is [number, number] => list(number)(value) && value.length === 2;
const word = <T extends string>(known: Record<T, true>): Guard<T> =>
  (value): value is T => typeof value === "string" && Object.hasOwn(known, value);

/** An object with these fields and no others; some may be left out. */
function object<T>(table: Table<T>, mayMiss: ReadonlySet<string> = new Set()): Guard<T> {
  return (value): value is T => {
    if (typeof value !== "object" || value === null) return false;
    const guards = Object.entries(table) as [string, Guard<unknown>][];
    const known = guards.every(([name, guard]) => {
      const held = Object.hasOwn(value, name);
      const good = held ? guard((value as Record<string, unknown>)[name]) : mayMiss.has(name);
      if (!good) console.error("the field", name, "of", value);
      return good;
    });
    const foreign = Object.keys(value).filter((name) => !Object.hasOwn(table, name));
    if (foreign.length > 0) console.error("unknown fields", foreign, "of", value);
    return known && foreign.length === 0;
  };
}

const kind = word<MessageKind>({ prepare: true, promise: true, accept: true, accepted: true, nack: true });
const invariant = word<Invariant>({
  agreement: true,
  validity: true,
  "one-value-per-ballot": true,
  "promise-never-falls": true,
  "promise-at-least-vote": true,
  "reported-votes-were-cast": true,
  "accept-is-safe": true,
  "learned-implies-chosen": true,
});
const rule = word<Rule>({
  "shared-ballots": true,
  "accept-ignores-promise": true,
  "accept-keeps-promise": true,
  "own-value-always": true,
  "lowest-vote": true,
  "any-vote": true,
  "promise-hides-vote": true,
  amnesia: true,
  "amnesia-promise": true,
  "amnesia-vote": true,
  "learner-adds-ballots": true,
});

const vote = object<Vote>({ ballot: text, value: text });
const flight = {
  id: number,
  kind,
  from: text,
  to: text,
  nth: number,
  ballot: text,
  value: text,
  vote,
  promised: text,
  sent: number,
  arrives: number,
  held: flag,
  copy: flag,
} satisfies Table<Message>;
/** What not every kind of message has. */
const byKind = new Set(["value", "vote", "promised"]);
const message = object<Message>(flight, byKind);
const link = object<Link>({ from: text, to: text, oneWay: flag });
const names = list(text);

const inBallot = { process: text, ballot: text };
const withValue = { ...inBallot, value: text };
const counted = { ...inBallot, have: number, need: number };
const sent = { message };
const order = { command: text, process: text };

const tables = {
  sent,
  delivered: sent,
  lost: {
    message,
    why: word<EventFields["lost"]["why"]>({
      "receiver-down": true,
      "cut-when-sent": true,
      "cut-on-the-way": true,
      chance: true,
      "by-hand": true,
    }),
  },
  duplicated: sent,
  held: sent,
  released: sent,
  delayed: sent,
  "ballot-started": withValue,
  "promise-counted": counted,
  "promise-quorum": { ...withValue, by: names },
  "promise-ignored": inBallot,
  "vote-counted": counted,
  "vote-quorum": { ...withValue, by: names },
  "vote-ignored": inBallot,
  "nack-noted": inBallot,
  "nack-ignored": inBallot,
  promised: inBallot,
  "already-promised": inBallot,
  "prepare-refused": inBallot,
  voted: withValue,
  "voted-again": withValue,
  "accept-refused": inBallot,
  "learner-counted": { ...counted, value: text },
  learned: { ...withValue, by: names },
  "learner-confirmed": withValue,
  "learner-contradicted": withValue,
  "learner-ignored": withValue,
  chosen: { ballot: text, value: text, by: names },
  "timed-out": inBallot,
  "backs-off": inBallot,
  crashed: { process: text },
  restarted: { process: text },
  cut: { link },
  healed: { link },
  partitioned: { groups: list(names) },
  "all-held": {},
  "all-released": {},
  "network-changed": {},
  "link-changed": { link },
  waits: order,
  refused: order,
  violated: { invariant },
};
const events: { [K in EventKind]: Table<EventFields[K]> } = tables;

/** The fields of a table that its type does not have: the compiler looks for them in literals only. */
type Foreign = { [K in keyof typeof tables]: Exclude<keyof (typeof tables)[K], keyof EventFields[K]> };
const foreign: Foreign[keyof Foreign] extends never ? true : Foreign = true;
void foreign;

/** What of an event may be missing, by its kind. */
const missing: Partial<Record<EventKind, ReadonlySet<string>>> = {
  healed: new Set(["link"]),
  waits: new Set(["process"]),
  refused: new Set(["process"]),
};

const acceptor = object<NonNullable<ProcessState["acceptor"]>>({ promised: or(text), vote: or(vote) });
const proposer = object<NonNullable<ProcessState["proposer"]>>({
  phase: word<NonNullable<ProcessState["proposer"]>["phase"]>({ idle: true, preparing: true, accepting: true, done: true }),
  ballot: or(text),
  wish: or(text),
  value: or(text),
  promises: names,
  votes: names,
  retriesAt: or(number),
});
const learner = object<NonNullable<ProcessState["learner"]>>({
  counts: list(object<NonNullable<ProcessState["learner"]>["counts"][number]>({ ballot: text, value: text, votes: names })),
  learned: or(vote),
});
const state = object<State>({
  time: number,
  processes: list(
    object<ProcessState>({
      name: text,
      roles: list(word<Role>({ proposer: true, acceptor: true, learner: true })),
      up: flag,
      x: number,
      y: number,
      acceptor: or(acceptor),
      proposer: or(proposer),
      learner: or(learner),
    }),
  ),
  inFlight: list(object<State["inFlight"][number]>({ ...flight, progress: number }, byKind)),
  chosen: or(object<NonNullable<State["chosen"]>>({ value: text, ballot: text, at: number })),
  violations: list(object<State["violations"][number]>({ invariant, at: number })),
  network: object<State["network"]>({ delay: pair, loss: number, duplicate: number, hold: flag }),
  nextDue: or(number),
});

const progress = object<CheckProgress>({
  distinct: number,
  generated: number,
  depth: number,
  frontier: number,
  bytes: number,
  seconds: number,
});
const property = (value: unknown): value is Invariant | "all" => value === "all" || invariant(value);
const result = object<CheckResult>({
  verdict: word<CheckResult["verdict"]>({ holds: true, violated: true, incomplete: true }),
  property,
  distinct: number,
  generated: number,
  depth: number,
  frontier: number,
  steps: or(number),
  seconds: number,
  bytes: number,
  trace: list(
    object<CheckStep>(
      {
        action: word<CheckStep["action"]>({ Phase1a: true, Phase1b: true, Phase2a: true, Phase2b: true, Forget: true }),
        acceptor: number,
        ballot: number,
        value: number,
        says: text,
      },
      new Set(["acceptor", "ballot", "value"]),
    ),
  ),
  limit: or(word<NonNullable<CheckResult["limit"]>>({ "max-states": true, "max-memory": true, stopped: true })),
  symmetry: text,
  about: object<CheckModel>({
    acceptors: number,
    values: number,
    ballots: number,
    phase1: number,
    phase2: number,
    broken: list(rule),
    property,
    symmetry: text,
    proposers: names,
    takesMoreBallots: or(number),
  }),
  counterexample: or((value: unknown): value is Scenario => typeof value === "object" && value !== null),
});

function holds(condition: boolean, what: unknown): asserts condition {
  if (!condition) throw new Error(typeof what === "string" ? what : `not as promised: ${JSON.stringify(what)}`);
}

const seen = new Set<EventKind>();

function look(happened: PaxosEvent[]): void {
  for (const event of happened) {
    holds(Object.hasOwn(events, event.event), `the kind ${event.event} is not known`);
    seen.add(event.event);
    const { at, event: kind, text: sentence, ...fields } = event;
    holds(number(at) && text(sentence), event);
    holds(object(events[kind] as Table<object>, missing[kind])(fields), event);
  }
}

function follow(cluster: Cluster): void {
  for (let steps = 0; steps < 3_000; steps += 1) {
    const happened = cluster.step();
    if (happened === null || steps % 10 === 0) holds(state(cluster.state()), cluster.state());
    if (happened === null) return;
    look(happened);
  }
}

const cast = (more: Partial<Scenario> = {}): Scenario => ({
  version: 1,
  seed: 1,
  processes: [
    { id: "P", roles: ["proposer"] },
    { id: "Q", roles: ["proposer"] },
    { id: "A", roles: ["acceptor"] },
    { id: "B", roles: ["acceptor"] },
    { id: "C", roles: ["acceptor", "learner"], x: 500, y: 300 },
    { id: "L", roles: ["learner"] },
  ],
  ...more,
});

/** Every method, and by them every fault. */
function faults(): void {
  const cluster = new Cluster(cast({ retry: { timeout: 300, backoff: "random" } }));
  look(cluster.propose("P", "Hello"));
  look(cluster.hold());
  look(cluster.release());
  const [first, second, third] = cluster.state().inFlight;
  holds(first !== undefined && second !== undefined && third !== undefined, "three Prepares fly");
  look(cluster.duplicate(first));
  look(cluster.hold({ kind: "prepare", from: "P", to: "B" }));
  look(cluster.delay(third.id, 10));
  look(cluster.release(second));
  look(cluster.drop({ kind: "accepted", from: "A", to: "L", nth: 1 }));
  look(cluster.deliver(first.id));
  look(cluster.propose("Q", "World"));
  look(cluster.cut("P", "A", true));
  look(cluster.heal("P", "A", true));
  look(cluster.heal());
  look(cluster.runUntil(100));
  look(cluster.partition([["P", "A", "Q"], ["B"]]));
  look(cluster.link("P", "A", [5, 9]));
  look(cluster.link("P", "A", null));
  look(cluster.network({ delay: [10, 90], loss: 0.2, duplicate: 0.3 }));
  look(cluster.crash("A", "vote"));
  look(cluster.runUntil(600));
  look(cluster.heal());
  look(cluster.restart("A"));
  look(cluster.timeout("P"));
  follow(cluster);
  look(cluster.events(10).slice(0, 1));
  look(cluster.run());
  holds(cluster.events().length > 100, "much has happened");
  cluster.forget();
  holds(cluster.events().length === 0, "all of it is forgotten");
  cluster.free();
}

/** What only broken rules, other quorums and chance bring. */
function storms(): void {
  const broken: Rule[] = ["own-value-always", "accept-ignores-promise", "learner-adds-ballots"];
  for (let seed = 0; seed < 30; seed += 1) {
    const script: NonNullable<Scenario["script"]> = [
      { at: 0, do: "propose", process: "P", value: "Hello" },
      { at: 60 + seed, do: "propose", process: "Q", value: "World" },
      { at: 150, do: "crash", process: "B", amnesia: "all" },
      { at: 220, do: "restart", process: "B" },
    ];
    const rules = seed % 2 === 0 ? { break: broken } : {};
    const network = { delay: [20, 200] as [number, number], loss: 0.05, duplicate: 0.3 };
    const backoff = seed % 3 === 0 ? "random" : "fixed";
    follow(new Cluster(cast({ seed, script, rules, network, retry: { timeout: 260, backoff }, until: 3_000 })));
  }
}

faults();
storms();
const unseen = Object.keys(events).filter((kind) => !seen.has(kind as EventKind));
holds(unseen.length === 0, `these kinds of events never came: ${unseen.join(", ")}`);

let told = 0;
const checks = [
  check(null),
  check(null, { break: ["amnesia"], property: "all" }),
  check(null, { ballots: 4, maxStates: 2_000_000, symmetry: "both" }, (news) => {
    holds(progress(news), news);
    told += 1;
  }),
  check(cast({ quorum: { phase1: 1, phase2: 1 } })),
];
for (const one of await Promise.all(checks)) holds(result(one), one);
holds(told > 0, "a long check tells how far it is");

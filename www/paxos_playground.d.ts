// Types of paxos_playground.js.
//
// Importing the module loads the core, a WebAssembly file. Who only checks imports check.js instead,
// which loads it in a worker at the first check.

/// <reference lib="esnext.disposable" />

/** A rule of Paxos that can be broken. */
export type Rule =
  | "shared-ballots"
  | "accept-ignores-promise"
  | "accept-keeps-promise"
  | "own-value-always"
  | "lowest-vote"
  | "any-vote"
  | "promise-hides-vote"
  | "amnesia"
  | "amnesia-promise"
  | "amnesia-vote"
  | "learner-adds-ballots";

/** What is always true of Paxos. */
export type Invariant =
  | "agreement"
  | "validity"
  | "one-value-per-ballot"
  | "promise-never-falls"
  | "promise-at-least-vote"
  | "reported-votes-were-cast"
  | "accept-is-safe"
  | "learned-implies-chosen";

/** What a check is to do. Everything is optional. */
export interface CheckOptions {
  /** How many acceptors, 1 to 32; 3 unless given. A scenario has its own. */
  acceptors?: number;
  /** How many values, 1 to 16; 2 unless given. Of a scenario: any ballot may propose any of them then. */
  values?: number;
  /** How many ballots, 1 to 16; 2 unless given. Of a scenario one for each proposal, from 2 to 4. */
  ballots?: number;
  /** How many promises phase 1 needs; a majority unless given. */
  phase1?: number;
  /** How many votes phase 2 needs; a majority unless given. */
  phase2?: number;
  /** Rules to break, beside those that the scenario breaks. */
  break?: Rule[];
  /** What is to hold; agreement unless given. */
  property?: Invariant | "all";
  /** States that differ only in such names count as one; none unless given. */
  symmetry?: "none" | "acceptors" | "values" | "both";
  /** Give up after so many distinct states. */
  maxStates?: number;
  /** Give up before using more memory than this, in MiB; 1024 unless given. */
  maxMemory?: number;
  /** Ends the check early: it is then incomplete, with the limit "stopped". */
  signal?: AbortSignal;
}

/** How far a check is. */
export interface CheckProgress {
  /** States, each counted once. */
  distinct: number;
  /** The initial state, and every step that changes a state. */
  generated: number;
  /** States on the longest shortest path so far, the initial one included. */
  depth: number;
  /** States that are still to be expanded. */
  frontier: number;
  /** The most bytes in use at once. */
  bytes: number;
  /** Since it began. */
  seconds: number;
}

/** One step of a counterexample. Acceptors, ballots and values are numbered from 0. */
export interface CheckStep {
  /** Lamport's name of the action, or `Forget` for a crash that loses what should be durable. */
  action: "Phase1a" | "Phase1b" | "Phase2a" | "Phase2b" | "Forget";
  acceptor?: number;
  ballot?: number;
  value?: number;
  /** The step as a sentence. */
  says: string;
}

/** What was checked. */
export interface CheckModel {
  acceptors: number;
  values: number;
  ballots: number;
  phase1: number;
  phase2: number;
  broken: Rule[];
  property: Invariant | "all";
  symmetry: string;
  /** The proposer of each ballot, lowest ballot first. */
  proposers: string[];
  /** With so many ballots a broken rule can do harm that it cannot with these; else null. */
  takesMoreBallots: number | null;
}

/** What came out. */
export interface CheckResult {
  verdict: "holds" | "violated" | "incomplete";
  /** The property, or the invariant that is violated. */
  property: Invariant | "all";
  distinct: number;
  generated: number;
  depth: number;
  /** States that were found and not expanded; none if it holds. */
  frontier: number;
  /** Steps to the violation; no way there is shorter. */
  steps: number | null;
  seconds: number;
  bytes: number;
  /** The steps to the violation. */
  trace: CheckStep[];
  /** Which limit was reached, if it is incomplete. */
  limit: "max-states" | "max-memory" | "stopped" | null;
  symmetry: string;
  about: CheckModel;
  /** A scenario that plays the violation, or null. */
  counterexample: Scenario | null;
}

/**
 * Tries every schedule of a cluster, in a worker; where there is none, as in Node, in short slices
 * that let others get their turn. The promise is rejected with an `Error` that names the field if
 * the scenario or an option is wrong.
 *
 * @param scenario A scenario as an object or as JSON, or null for as many acceptors, values and
 *   ballots as the options say.
 */
export function check(
  scenario: Scenario | string | null,
  options?: CheckOptions,
  onProgress?: (progress: CheckProgress) => void,
): Promise<CheckResult>;

export type Role = "proposer" | "acceptor" | "learner";

/** A cluster and what happens to it, version 1. Only `version` and `processes` must be there. */
export interface Scenario {
  version: 1;
  /** A short name. */
  id?: string;
  title?: string;
  summary?: string;
  /** Where the generator starts that draws delays and losses; 0 unless given. */
  seed?: number;
  processes: ScenarioProcess[];
  /** How many promises and votes it takes; majorities unless given. */
  quorum?: { phase1?: number; phase2?: number };
  network?: NetworkSettings & {
    /** Whether every message is held until it is let go. */
    hold?: boolean;
  };
  rules?: {
    /** Rules to break. */
    break?: Rule[];
    /** Whether acceptors say that they refuse; true unless given. */
    nack?: boolean;
    /** Whom a Prepare goes to; all unless given. */
    prepareTo?: "all" | "majority";
  };
  retry?: {
    /** How long a proposer waits for its ballot, in milliseconds; 400 unless given. */
    timeout?: number;
    /** What it does then: nothing, unless given. */
    backoff?: "none" | "fixed" | "random";
  };
  script?: ScriptEntry[];
  /** What somebody did while it ran: each when there had been so many events. */
  asked?: (ScriptEntry & { after: number })[];
  /** What there is to read, and when. */
  notes?: ({ title?: string; text: string } & (
    | { at: number }
    | { on: "chosen" | "adopted" | "learned" | "violation" }
  ))[];
  /** What is to come out; null is none. */
  expect?: { chosen?: string | null; learned?: string | null; violation?: Invariant | null };
  /** When the run ends, in milliseconds; 60,000 unless given. */
  until?: number;
}

export interface ScenarioProcess {
  /** Its name. */
  id: string;
  roles: Role[];
  /** Its place, from 0, left, to 1,000. */
  x?: number;
  /** From 0, top, to 600. */
  y?: number;
}

/** One thing that is done, and when. */
export type ScriptEntry = {
  /** In milliseconds. */
  at: number;
} & (
  | { do: "propose"; process: string; value: string }
  | { do: "crash"; process: string; amnesia?: Amnesia }
  | { do: "restart" | "timeout"; process: string }
  | { do: "cut"; from: string; to: string; oneWay?: boolean }
  | { do: "heal"; from?: string; to?: string; oneWay?: boolean }
  | { do: "partition"; groups: string[][] }
  | { do: "drop" | "duplicate" | "deliver"; message: ScriptMessage }
  | { do: "hold" | "release"; message?: ScriptMessage }
  | { do: "delay"; message: ScriptMessage; by: number }
  | ({ do: "network" } & NetworkSettings)
  | { do: "link"; from: string; to: string; delay: [number, number] | null; oneWay?: boolean }
);

/** What a crash loses although it should be durable. */
export type Amnesia = false | "all" | "promise" | "vote";

export interface NetworkSettings {
  /** The shortest and the longest delay in milliseconds. */
  delay?: [number, number];
  /** The chance of a message to be lost, from 0 to 1. */
  loss?: number;
  /** The chance of a message to be doubled, from 0 to 1. */
  duplicate?: number;
}

export type MessageKind = "prepare" | "promise" | "accept" | "accepted" | "nack";

/** A message that may not be sent yet: the nth of its kind from one process to another. */
export interface MessageName {
  kind: MessageKind;
  from: string;
  to: string;
  /** From 1, which it is unless given. */
  nth?: number;
}

/** Which message a script means: its name, or its number in the run. */
export type ScriptMessage = MessageName | { id: number };

/** Which message is meant: its number, the message as a state lists it, or its name. */
export type MessageChoice = number | { id: number } | MessageName;

/** A vote. */
export interface Vote {
  /** The ballot, as in `1.P`. */
  ballot: string;
  value: string;
}

/** A message. Fields that its kind does not have are not there. */
export interface Message {
  /** Its number in the run. */
  id: number;
  kind: MessageKind;
  from: string;
  to: string;
  /** Which message of its kind between these two it is, from 1. */
  nth: number;
  /** The ballot, as in `1.P`. */
  ballot: string;
  /** The value; of a promise that of the vote that it reports. */
  value?: string;
  /** The vote that a promise reports. */
  vote?: Vote;
  /** The ballot that the sender of a nack has promised. */
  promised?: string;
  /** When it left, in milliseconds. */
  sent: number;
  /** When it arrives; of a held one, when it would have. */
  arrives: number;
  /** Whether it stands until it is let go. */
  held: boolean;
  /** Whether it is the second one of a message. */
  copy: boolean;
}

/** A link, one way or both. */
export interface Link {
  from: string;
  to: string;
  oneWay: boolean;
}

/** What each kind of event says beside its time and its sentence. */
export interface EventFields {
  /** A message left. What becomes of it may follow at once: lost, doubled, held. */
  sent: { message: Message };
  /** A message arrived. What the receiver made of it follows. */
  delivered: { message: Message };
  /** A message is gone. */
  lost: {
    message: Message;
    why: "receiver-down" | "cut-when-sent" | "cut-on-the-way" | "chance" | "by-hand";
  };
  /** There is a second one of a message, this one. */
  duplicated: { message: Message };
  /** A message stands still until it is let go. */
  held: { message: Message };
  /** A message goes on with the rest of its way. */
  released: { message: Message };
  /** A message takes longer than it would have. */
  delayed: { message: Message };
  /** A proposer begins phase 1 of a new ballot, for the value that it would like to see chosen. */
  "ballot-started": { process: string; ballot: string; value: string };
  /** One more promise, not yet enough. */
  "promise-counted": { process: string; ballot: string; have: number; need: number };
  /** The last promise that was missing, and the value of the ballot from now on. */
  "promise-quorum": { process: string; ballot: string; value: string; by: string[] };
  "promise-ignored": { process: string; ballot: string };
  /** One more vote that the proposer knows of, not yet enough. */
  "vote-counted": { process: string; ballot: string; have: number; need: number };
  /** The last vote that was missing: the proposer knows that its value is chosen. */
  "vote-quorum": { process: string; ballot: string; value: string; by: string[] };
  "vote-ignored": { process: string; ballot: string };
  /** The proposer hears of a refusal. */
  "nack-noted": { process: string; ballot: string };
  "nack-ignored": { process: string; ballot: string };
  /** An acceptor promises a ballot. */
  promised: { process: string; ballot: string };
  "already-promised": { process: string; ballot: string };
  "prepare-refused": { process: string; ballot: string };
  /** An acceptor votes. */
  voted: { process: string; ballot: string; value: string };
  "voted-again": { process: string; ballot: string; value: string };
  "accept-refused": { process: string; ballot: string };
  /** One more vote that a learner has heard of, not yet enough. */
  "learner-counted": { process: string; ballot: string; value: string; have: number; need: number };
  /** A learner knows that the value is chosen. */
  learned: { process: string; ballot: string; value: string; by: string[] };
  /** The votes of another ballot are complete too, for the value that the learner knows. */
  "learner-confirmed": { process: string; ballot: string; value: string };
  /** The votes of another ballot are complete for another value: only a broken Paxos lets this be. */
  "learner-contradicted": { process: string; ballot: string; value: string };
  "learner-ignored": { process: string; ballot: string; value: string };
  /** A quorum has now voted for one value in one ballot, before any process knows. */
  chosen: { ballot: string; value: string; by: string[] };
  /** A proposer leaves its ballot behind and tries the next one. */
  "timed-out": { process: string; ballot: string };
  /** A proposer gives up a hopeless ballot and waits a random while. */
  "backs-off": { process: string; ballot: string };
  crashed: { process: string };
  restarted: { process: string };
  cut: { link: Link };
  /** A link works again; all of them do if there is none. */
  healed: { link?: Link };
  partitioned: { groups: string[][] };
  /** From now on every message is held. Those on their way follow. */
  "all-held": {};
  /** From now on messages pass. Those that were held follow. */
  "all-released": {};
  "network-changed": {};
  /** A link's delays changed. */
  "link-changed": { link: Link };
  /** A command names a message that was not sent yet, and waits for it. */
  waits: { command: string; process?: string };
  /** A command that could not be followed or would change nothing: the sentence says why. */
  refused: { command: string; process?: string };
  /** An invariant does not hold any more. */
  violated: { invariant: Invariant };
}

export type EventKind = keyof EventFields;

/** Something that happened; `paxos run --json` writes the same objects. */
export type PaxosEvent<Kind extends EventKind = EventKind> = {
  [K in Kind]: {
    /** Virtual time in milliseconds. */
    at: number;
    event: K;
    /** A sentence with its reason. */
    text: string;
  } & EventFields[K];
}[Kind];

/** A cluster at one instant. */
export interface State {
  /** Virtual time in milliseconds. */
  time: number;
  /** In the order of the scenario. */
  processes: ProcessState[];
  /** The messages on their way, in the order in which they will arrive, then those that are held. */
  inFlight: (Message & {
    /** How far it is, from 0 to 1. */
    progress: number;
  })[];
  /** What was chosen first; null as long as nothing is. */
  chosen: (Vote & { at: number }) | null;
  /** The invariants that were violated, and when first. */
  violations: { invariant: Invariant; at: number }[];
  /** The network as it is now. */
  network: Required<NetworkSettings> & { hold: boolean };
  /** When the next thing happens by itself; null if nothing is left. */
  nextDue: number | null;
}

/** A process. Roles that it does not have are null. */
export interface ProcessState {
  name: string;
  roles: Role[];
  up: boolean;
  /** Its place, from 0, left, to 1,000; the scenario's, or one that looks tidy. */
  x: number;
  /** From 0, top, to 600. */
  y: number;
  acceptor: {
    /** The ballot that it has promised. */
    promised: string | null;
    /** The vote that it cast last. */
    vote: Vote | null;
  } | null;
  proposer: {
    phase: "idle" | "preparing" | "accepting" | "done";
    /** Its current ballot. */
    ballot: string | null;
    /** What it would like to see chosen. */
    wish: string | null;
    /** The value of its ballot, once that is fixed. */
    value: string | null;
    /** Who has promised, while it prepares. */
    promises: string[];
    /** Whose votes it knows of, after that. */
    votes: string[];
    /** When it tries again unless this ballot is finished by then. */
    retriesAt: number | null;
  } | null;
  learner: {
    /** The votes that it has heard of. */
    counts: (Vote & { votes: string[] })[];
    /** What it knows to be chosen. */
    learned: Vote | null;
  } | null;
}

/**
 * A cluster without a picture: processes, a network with faults, a virtual clock. The same scenario
 * and the same calls give the same events, everywhere.
 *
 * Every command returns the events that it brought. One that cannot be followed, or would change
 * nothing, brings an event `refused` that says why. What is no command at all, such as an unknown
 * process, throws an `Error` that names the field, and changes nothing.
 */
export class Cluster {
  /**
   * The cluster at time 0, with the script of the scenario still to come.
   *
   * @param scenario An object, or JSON.
   */
  constructor(scenario: Scenario | string);

  /** A client asks a proposer to get this value chosen. */
  propose(process: string, value: string): PaxosEvent[];
  /** The process stops. With amnesia it loses what should be durable. */
  crash(process: string, amnesia?: Amnesia): PaxosEvent[];
  /** The process comes back with what it had stored. */
  restart(process: string): PaxosEvent[];
  /** The proposer's retry timer fires now. */
  timeout(process: string): PaxosEvent[];
  /** Processes reach each other within their groups only; in no group, nobody. */
  partition(groups: string[][]): PaxosEvent[];
  /** Nothing gets through this link any more. */
  cut(from: string, to: string, oneWay?: boolean): PaxosEvent[];
  /** Mends every link, partitions included. */
  heal(): PaxosEvent[];
  /** Mends this link. */
  heal(from: string, to: string, oneWay?: boolean): PaxosEvent[];
  /** The message is lost. */
  drop(message: MessageChoice): PaxosEvent[];
  /** There is a second one of the message. */
  duplicate(message: MessageChoice): PaxosEvent[];
  /** Every message stands until it is let go, those to come included. */
  hold(): PaxosEvent[];
  /** The message stands until it is let go. */
  hold(message: MessageChoice): PaxosEvent[];
  /** All messages go on, and those to come pass. */
  release(): PaxosEvent[];
  /** The message goes on with the rest of its way. */
  release(message: MessageChoice): PaxosEvent[];
  /** The message arrives now. */
  deliver(message: MessageChoice): PaxosEvent[];
  /** The message arrives so many milliseconds later. */
  delay(message: MessageChoice, by: number): PaxosEvent[];
  /** Changes the network for the messages sent from now on. */
  network(settings: NetworkSettings): PaxosEvent[];
  /** Gives a link delays of its own, or with null those of the network. */
  link(from: string, to: string, delay: [number, number] | null, oneWay?: boolean): PaxosEvent[];

  /** Lets the next thing happen, at its time. Null if nothing is left to happen. */
  step(): PaxosEvent[] | null;
  /** Lets everything happen up to this time, in whole milliseconds, and time pass until then. */
  runUntil(ms: number): PaxosEvent[];
  /** Plays to the end: until nothing is left to happen, or the scenario's `until`. */
  run(): PaxosEvent[];

  /** How the cluster is now. */
  state(): State;
  /** All that happened, or what happened from this event on, counted from 0. */
  events(from?: number): PaxosEvent[];
  /**
   * Forgets the events so far, for runs so long that they would fill the memory. Those to come are
   * counted as if it had not; `events` leaves out what was forgotten, and `state` stays the same.
   */
  forget(): void;

  /** Gives its memory back at once; if not called, that happens some time after its last use. */
  free(): void;
  [Symbol.dispose](): void;
}

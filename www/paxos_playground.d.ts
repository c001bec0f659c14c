// Types of paxos_playground.js.

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
  counterexample: object | null;
}

/**
 * Tries every schedule of a cluster, in a worker. The promise is rejected with an `Error` that
 * names the field if the scenario or an option is wrong.
 *
 * @param scenario A scenario as an object or as JSON, or null for as many acceptors, values and
 *   ballots as the options say.
 */
export function check(
  scenario: object | string | null,
  options?: CheckOptions,
  onProgress?: (progress: CheckProgress) => void,
): Promise<CheckResult>;

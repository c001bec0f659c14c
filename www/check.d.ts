// Types of check.js.

export { check } from "./paxos_playground.js";
export type { CheckOptions, CheckProgress, CheckResult, CheckStep, CheckModel } from "./paxos_playground.js";

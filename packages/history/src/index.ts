export { type CheckOptions, checkHistory, DEFAULT_LIMIT_MS, DEFAULT_SKEW_MS } from "./check.ts";
export {
  FAULT_KINDS,
  type FaultKind,
  OPERATION_KINDS,
  type Operation,
  type OperationKind,
  type Outcome,
  outcomeOf,
} from "./operation.ts";
export { describeReport, timeline } from "./print.ts";
export {
  everyRule,
  INVARIANTS,
  type InvariantNumber,
  type Rule,
  rulesOfInvariants,
  rulesOfTraits,
  type Traits,
} from "./promises.ts";
export { readHistory, UnusableHistoryError } from "./read.ts";
export type { InvariantReport, Report, Violation } from "./report.ts";

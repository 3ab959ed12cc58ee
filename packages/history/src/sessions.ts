import type { Operation, Outcome } from "./operation.ts";

/** An operation together with the sessions that it is about. */
export interface Step {
  op: Operation;
  outcome: Outcome;
  visitor: Visitor;
  brought: Session | null;
  received: Session | null;
  /** The sessions that have ended for sure once it is acknowledged. */
  ends: Session[];
}

export interface Visitor {
  /** Since when each user may be signed in in this browser. */
  users: Map<string, number>;
  /** The latest of its acknowledged operations with a session, while the history is read. */
  latest: Step | null;
  /** By start: what may have ended any session that it had then, since nobody knows which one it brought. */
  unknownEnds: Step[];
  /** For each of these, the one that lasts longest among it and those that started before it. */
  longestUnknownEnds: Step[];
  /** By start: unsure visits that may have counted in any session that it had then. */
  unknownVisits: Step[];
}

/** One session id, from first to last. */
export interface Session {
  fingerprint: string;
  /** Constant: signing in makes a new id. */
  user: string | null;
  userShownBy: Step | null;
  /** The first answer that had it. */
  first: Step | null;
  /** The operation that made it, where the history has that. */
  madeBy: Step | null;
  /** What its visitor did with another session before. */
  before: Step | null;
  /** The operations that ended it, or may have, by start. */
  enders: Step[];
  /** The answer with the lowest count, before the increment of the visit that shows it. */
  lowest: Step | null;
  highest: number;
  /** Visits that were not acknowledged and may be part of the lowest count. */
  unsureVisits: number;
  /** The answer with a count above 0 that came first. */
  firstCount: Step | null;
  /** The answer with a note that came first. */
  firstNote: Step | null;
  /** Its answers say which note it has. */
  showsNotes: boolean;
  /** Shows a note that was written under other ids only. */
  showsOldNote: Step | null;
  lineage: Lineage;
}

/** The ids under which one session's data lives on, from sign-in to sign-in. */
export interface Lineage {
  /** The count with which it began; null where the history does not show its beginning. */
  base: number | null;
  /** The answer with a note that came first, under any of the ids. */
  firstNote: Step | null;
}

export interface Note {
  firstWrittenBy: Step;
  /** When it had been written for sure, the last time. */
  writtenAt: number;
  ids: Set<Session>;
  /** It may have been written under other ids as well. */
  isAnywhere: boolean;
  visitors: Set<Visitor>;
}

export interface People {
  /** By start. */
  steps: Step[];
  /** By start. */
  faults: Operation[];
  visitors: number;
  sessions: ReadonlyMap<string, Session>;
  /** Who signed in under which name first. */
  users: ReadonlyMap<string, Step>;
  notes: ReadonlyMap<string, Note>;
}

/** It is about the list of a user's sessions, and says nothing else of the one that it brought. */
export const isOfList = ({ op: { op } }: Step) =>
  op === "list" || op === "end" || op === "end-others";

export const isMover = ({ op }: Step) => op.op === "sign-in" || op.op === "regenerate";

/** When an operation had happened for sure: never, where nobody acknowledged it. */
export function endOf({ op, outcome }: Step): number {
  return outcome === "ok" && op.end !== null ? op.end : Number.POSITIVE_INFINITY;
}

/** True where `a` ended before `b` started, on clocks that differ by the error at most. */
export function isBefore(a: Step, b: Step, clockErrorMs: number): boolean {
  return endOf(a) + (a.op.runner === b.op.runner ? 0 : clockErrorMs) < b.op.start;
}

/** A note that is answered with a count is a visit as well; where nobody answered, it may be one. */
export function isVisit({ op, outcome }: Step): boolean {
  return op.op === "visit" || (op.op === "note" && (op.visits !== null || outcome === "info"));
}

/** The count that an operation found, before its own increment. */
export function foundCount({ visits, op }: Operation): number | null {
  return visits === null ? null : visits - (op === "visit" || op === "note" ? 1 : 0);
}

/** The value under a key, made where there is none. */
export function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

import { type Operation, type Outcome, outcomeOf } from "./operation.ts";

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

/** Reads who is who out of the operations: the visitors, the sessions, and what made and ended each of them. */
export function meet(operations: readonly Operation[], clockErrorMs: number): People {
  const sessions = new Map<string, Session>();
  const visitors = new Map<string, Visitor>();
  const sessionOf = (fingerprint: string | null = null) =>
    fingerprint === null ? null : entry(sessions, fingerprint, () => newSession(fingerprint));
  // visitors of two runners may have the same number
  const visitorOf = ({ runner, visitor }: Operation) =>
    entry(visitors, `${runner}\0${visitor}`, () => ({ users: new Map(), latest: null }));

  const inOrder = [...operations].sort((a, b) => a.start - b.start);
  const faults = inOrder.filter(({ op }) => op === "fault");
  const steps: Step[] = [];
  for (const op of inOrder)
    if (op.op !== "fault")
      steps.push({
        op,
        outcome: outcomeOf(op),
        visitor: visitorOf(op),
        brought: sessionOf(op.brought),
        received: sessionOf(op.received),
        ends: [],
      });
  findSessionsOfSignIns(steps);

  const users = new Map<string, Step>();
  const notes = new Map<string, Note>();
  for (const step of steps) {
    const { op, outcome, visitor, brought, received } = step;
    if (outcome === "failed") continue;
    if (op.op === "sign-in" && op.user !== null) {
      if (!visitor.users.has(op.user)) visitor.users.set(op.user, op.start);
      if (!users.has(op.user)) users.set(op.user, step);
    }
    if (op.op === "note" && op.note) {
      const note = entry(notes, op.note, () => newNote(step));
      for (const id of [brought, received]) if (id) note.ids.add(id);
      note.visitors.add(visitor);
      note.writtenAt = Math.max(note.writtenAt, endOf(step));
    }
    const ends = isMover(step) || op.op === "sign-out";
    if (brought && ends && received !== brought) {
      brought.enders.push(step);
      step.ends = [brought];
    }
    if (outcome === "ok" && received) introduce(received, step);
  }
  findEndsElsewhere(steps, sessions, clockErrorMs);
  // a sign-in need not say as whom: the session that it made does
  for (const { user, madeBy } of sessions.values()) {
    if (user === null || madeBy?.op.op !== "sign-in") continue;
    const signedIn = madeBy.visitor.users;
    signedIn.set(user, Math.min(signedIn.get(user) ?? madeBy.op.start, madeBy.op.start));
    if (!users.has(user)) users.set(user, madeBy);
  }
  for (const step of steps) {
    const { op, outcome, brought } = step;
    if (outcome === "info" && isVisit(step) && brought?.lowest)
      if (op.start <= (brought.lowest.op.end ?? 0)) brought.unsureVisits += 1;
  }
  for (const step of steps) {
    const { op, outcome, received, visitor } = step;
    if (outcome !== "ok" || op.op === "note" || !op.note || !received) continue;
    const note = notes.get(op.note);
    // another visitor's note is another matter
    if (note?.visitors.has(visitor) && !note.ids.has(received)) received.showsOldNote ??= step;
  }
  return { steps, faults, visitors: visitors.size, sessions, users, notes };
}

function introduce(session: Session, step: Step): void {
  const { op, brought } = step;
  if (session.first === null) {
    session.first = step;
    session.before = step.visitor.latest;
  }
  step.visitor.latest = step;
  if (session.user === null && op.user !== null) {
    session.user = op.user;
    session.userShownBy = step;
  }
  const found = foundCount(op);
  if (found !== null) {
    if (session.lowest === null || found < (foundCount(session.lowest.op) as number))
      session.lowest = step;
    session.highest = Math.max(session.highest, op.visits as number);
  }
  const isEarlier = (than: Step | null) => than === null || endOf(step) < endOf(than);
  if ((op.visits ?? 0) > 0 && isEarlier(session.firstCount)) session.firstCount = step;
  if (op.note && isEarlier(session.firstNote)) session.firstNote = step;
  if (op.op !== "note" && op.note !== undefined) session.showsNotes = true;
  if (brought === session) return;
  // where the runner did not know yet what it brought, a sign-in is the better explanation
  if (isMover(step)) session.madeBy = step;
  else if (op.op === "visit" || op.op === "note") session.madeBy ??= step;
}

/** An answer to a sign-in may not say which session it made; the visitor's next answers as that user do. */
function findSessionsOfSignIns(steps: readonly Step[]): void {
  const known = new Set<Session>();
  const waiting = new Map<Visitor, Step[]>();
  for (const step of steps) {
    const { op, visitor, received, outcome } = step;
    if (op.op === "sign-in" && outcome === "ok" && received === null)
      entry(waiting, visitor, () => []).push(step);
    if (received === null || known.has(received)) continue;
    known.add(received);
    if (isMover(step)) continue;
    const signIns = waiting.get(visitor) ?? [];
    const signIn = signIns.find((one) => one.op.user === op.user);
    if (signIn === undefined) continue;
    signIn.received = received;
    signIns.splice(signIns.indexOf(signIn), 1);
  }
}

/** `end` ends the session that it names, and `end-others` all of its user's that were acknowledged before it. */
function findEndsElsewhere(
  steps: readonly Step[],
  sessions: ReadonlyMap<string, Session>,
  clockErrorMs: number,
): void {
  const ending = steps.filter(({ op, outcome }) => /^end/.test(op.op) && outcome !== "failed");
  if (ending.length === 0) return;
  const touched = new Set<Session>();
  const alive = new Map<string, { session: Session; born: Step }[]>();
  for (const session of sessions.values()) {
    const born = session.madeBy ?? session.first;
    if (born && session.user !== null) entry(alive, session.user, () => []).push({ session, born });
  }
  for (const ofUser of alive.values()) ofUser.sort((a, b) => a.born.op.start - b.born.op.start);

  function end(session: Session, step: Step, isSure: boolean): void {
    session.enders.push(step);
    touched.add(session);
    if (isSure) step.ends.push(session);
  }

  for (const step of ending) {
    const { op, outcome, brought } = step;
    if (op.op === "end") {
      const named = sessions.get(op.sessions?.[0] ?? "");
      const ids = new Set(named ? [named] : []);
      // under the new ids that it has got since, it may end as well
      for (const { enders } of ids)
        for (const { received } of enders) if (received) ids.add(received);
      for (const id of ids) end(id, step, id === named && outcome === "ok");
      continue;
    }
    const user = brought?.user ?? "";
    const left = (alive.get(user) ?? []).filter(({ session, born }) => {
      if (session === brought || born.op.start > endOf(step) + clockErrorMs) return true;
      const isSure = outcome === "ok" && isBefore(born, step, clockErrorMs);
      end(session, step, isSure);
      return !isSure;
    });
    alive.set(user, left);
  }
  for (const { enders } of touched) enders.sort((a, b) => a.op.start - b.op.start);
}

const newNote = (step: Step): Note => ({
  firstWrittenBy: step,
  writtenAt: 0,
  ids: new Set(),
  visitors: new Set(),
});

const newSession = (fingerprint: string): Session => ({
  fingerprint,
  user: null,
  userShownBy: null,
  first: null,
  madeBy: null,
  before: null,
  enders: [],
  lowest: null,
  highest: 0,
  unsureVisits: 0,
  firstCount: null,
  firstNote: null,
  showsNotes: false,
  showsOldNote: null,
  lineage: { base: null, firstNote: null },
});

/** The value under a key, made where there is none. */
export function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

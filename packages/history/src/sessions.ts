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
  /** By start: what may have ended any session that it had then, since nobody knows which one it brought. */
  unknownEnds: Step[];
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

/** Reads who is who out of the operations: the visitors, the sessions, and what made and ended each of them. */
export function meet(operations: readonly Operation[], clockErrorMs: number): People {
  const sessions = new Map<string, Session>();
  const visitors = new Map<string, Visitor>();
  const sessionOf = (fingerprint: string | null = null) =>
    fingerprint === null ? null : entry(sessions, fingerprint, () => newSession(fingerprint));
  // visitors of two runners may have the same number
  const visitorOf = ({ runner, visitor }: Operation) =>
    entry(visitors, `${runner}\0${visitor}`, newVisitor);

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
      if (op.brought === undefined && received === null) note.isAnywhere = true;
      note.visitors.add(visitor);
      note.writtenAt = Math.max(note.writtenAt, endOf(step));
    }
    const ends = isMover(step) || op.op === "sign-out";
    if (brought && ends && received !== brought) {
      brought.enders.push(step);
      step.ends = [brought];
    }
    if (op.brought === undefined) {
      if (ends) visitor.unknownEnds.push(step);
      if (outcome === "info" && isVisit(step)) visitor.unknownVisits.push(step);
    }
    if (outcome === "ok" && received) introduce(received, step);
  }
  // a sign-in need not say as whom: the session that it made does
  for (const { user, madeBy } of sessions.values()) {
    if (user === null || madeBy?.op.op !== "sign-in") continue;
    const signedIn = madeBy.visitor.users;
    signedIn.set(user, Math.min(signedIn.get(user) ?? madeBy.op.start, madeBy.op.start));
    if (!users.has(user)) users.set(user, madeBy);
  }
  for (const session of sessions.values()) addUnknown(session);
  findEndsElsewhere(steps, sessions, clockErrorMs);
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
    if (note?.visitors.has(visitor) && !note.isAnywhere && !note.ids.has(received))
      received.showsOldNote ??= step;
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

/** What its visitor did with a session that is not known may have been done with this one, from its first answer on. */
function addUnknown(session: Session): void {
  const { first, lowest } = session;
  if (first === null) return;
  const { unknownEnds, unknownVisits } = first.visitor;
  const since = (steps: readonly Step[]) => firstFrom(steps, first.op.start);
  // whoever asks looks at the first two
  const ends = unknownEnds.slice(since(unknownEnds)).slice(0, 2);
  if (ends.length > 0) {
    session.enders.push(...ends.filter(({ received }) => received !== session));
    session.enders.sort((a, b) => a.op.start - b.op.start);
  }
  if (lowest)
    session.unsureVisits +=
      firstFrom(unknownVisits, (lowest.op.end ?? 0) + 1) - since(unknownVisits);
}

/** The index of the first step that starts at a time or later. */
function firstFrom(steps: readonly Step[], time: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] as Step).op.start < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * An answer to a sign-in may not say which session it made; the visitor's next answer as that user does. A browser brings
 * the cookie that came last: where two may have, nothing is said.
 */
function findSessionsOfSignIns(steps: readonly Step[]): void {
  const known = new Set<Session>();
  const waiting = new Map<Visitor, Step[]>();
  for (const step of steps) {
    const { op, visitor, received, outcome } = step;
    if (op.op === "sign-in" && outcome === "ok" && received === null)
      entry(waiting, visitor, () => []).push(step);
    // a list does not say whose it is
    if (received === null || isOfList(step) || known.has(received)) continue;
    known.add(received);
    const signIns = isMover(step) ? [] : (waiting.get(visitor) ?? []);
    const underWay = signIns.filter((one) => endOf(one) >= op.start);
    const [latest, ...others] = signIns.toSorted((a, b) => endOf(b) - endOf(a));
    if (latest === undefined || latest.op.user !== op.user) continue;
    if (underWay.length > 0 && others.length > 0) continue;
    latest.received = received;
    waiting.set(
      visitor,
      underWay.filter((one) => one !== latest),
    );
  }
}

/** As whom a session may be signed in: a list does not say whose it is. */
function usersOf({ user, first }: Session, { users }: Visitor): string[] {
  if (user !== null) return [user];
  return first === null || isOfList(first) ? [...users.keys()] : [];
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
    if (born === null) continue;
    for (const user of usersOf(session, born.visitor))
      entry(alive, user, () => []).push({ session, born });
  }
  for (const ofUser of alive.values()) ofUser.sort((a, b) => a.born.op.start - b.born.op.start);

  function end(session: Session, step: Step, isSure: boolean): void {
    session.enders.push(step);
    touched.add(session);
    if (isSure) step.ends.push(session);
  }

  for (const step of ending) {
    const { op, outcome, visitor, brought } = step;
    if (op.op === "end") {
      const named = sessions.get(op.sessions?.[0] ?? "");
      const ids = new Set(named ? [named] : []);
      // under the new ids that it has got since, it may end as well
      for (const { enders } of ids)
        for (const { received } of enders) if (received) ids.add(received);
      for (const id of ids) end(id, step, id === named && outcome === "ok");
      continue;
    }
    const anybody = op.brought === undefined ? visitor.users.keys() : [];
    for (const user of brought ? usersOf(brought, visitor) : anybody) {
      const left = (alive.get(user) ?? []).filter(({ session, born }) => {
        if (session === brought || born.op.start > endOf(step) + clockErrorMs) return true;
        const isKnown = brought?.user === user && session.user === user;
        const isSure = isKnown && outcome === "ok" && isBefore(born, step, clockErrorMs);
        end(session, step, isSure);
        return !isSure;
      });
      alive.set(user, left);
    }
  }
  for (const { enders } of touched) enders.sort((a, b) => a.op.start - b.op.start);
}

const newVisitor = (): Visitor => ({
  users: new Map(),
  latest: null,
  unknownEnds: [],
  unknownVisits: [],
});

const newNote = (step: Step): Note => ({
  firstWrittenBy: step,
  writtenAt: 0,
  ids: new Set(),
  isAnywhere: false,
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

import { longestSoFar } from "./by-start.ts";
import { addUnknown, findEndsElsewhere } from "./ends.ts";
import { type Operation, outcomeOf } from "./operation.ts";
import {
  endOf,
  entry,
  foundCount,
  isMover,
  isOfList,
  isVisit,
  type Note,
  type People,
  type Session,
  type Step,
  type Visitor,
} from "./sessions.ts";

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
  for (const visitor of visitors.values())
    visitor.longestUnknownEnds = longestSoFar(visitor.unknownEnds, endOf);
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
    if (isMover(step)) continue;
    const signIns = waiting.get(visitor) ?? [];
    const underWay = signIns.filter((one) => endOf(one) >= op.start);
    const [last] = signIns
      .filter((one) => endOf(one) < op.start)
      .sort((a, b) => endOf(b) - endOf(a));
    const candidates = last ? [last, ...underWay] : underWay;
    const [signIn] = candidates;
    const isIt = candidates.length === 1 && signIn?.op.user === op.user;
    if (isIt && signIn) signIn.received = received;
    waiting.set(visitor, isIt ? [] : candidates);
  }
}

const newVisitor = (): Visitor => ({
  users: new Map(),
  latest: null,
  unknownEnds: [],
  longestUnknownEnds: [],
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

import { faultFinder, STORE_LOSS } from "./faults.ts";
import { foundCount, isBefore, isMover, type People, type Session, type Step } from "./sessions.ts";
import { sweep } from "./sweep.ts";

/** Data that was moved a second time, to another user, or that came from nowhere. */
export interface WrongMove {
  kind: "twice" | "across-users" | "from-nowhere";
  witnesses: (Step | null)[];
}

export interface Moves {
  checked: number;
  wrong: WrongMove[];
  /** Sign-ins and new ids that should have brought data along and did not. */
  losing: ReadonlySet<Step>;
}

/**
 * Finds out where each session's data went on: a new id keeps it, and so does a sign-in, from anonymous to signed in
 * or within one user. Sets the lineage of each session.
 */
export function followData(people: People, clockErrorMs: number): Moves {
  const { sessions, steps } = people;
  const mayHaveLost = findLosses(people, clockErrorMs);
  const wrong: WrongMove[] = [];
  const losing = new Set<Step>();
  const done = new Set<Session>();
  let checked = 0;

  for (const session of sessions.values()) {
    if (session.madeBy === null) continue;
    const { op, brought } = session.madeBy;
    if (op.brought === undefined) continue;
    session.lineage.base = 0;
    const hasParent = isMover(session.madeBy) && brought !== null;
    checked += 1;
    if (hasParent || dataOf(session) !== "old") continue;
    // a visit or a first sign-in begins with nothing
    session.lineage.base = null;
    wrong.push({
      kind: "from-nowhere",
      witnesses: [session.before, session.madeBy, proofOf(session) ?? session.showsOldNote],
    });
  }

  for (const { brought } of steps) {
    if (brought === null || done.has(brought)) continue;
    done.add(brought);
    moveFrom(brought);
  }
  return { checked, wrong, losing };

  function moveFrom(session: Session): void {
    session.lineage.firstNote ??= session.firstNote;
    const children = session.enders
      .filter(
        (step) =>
          step.outcome === "ok" && step.brought === session && step.received?.madeBy === step,
      )
      .map((step) => ({ step, child: step.received as Session }));
    const allowed = children.filter(({ step, child }) => mayMove(session, child, step));
    for (const { step, child } of children)
      if (dataOf(child) === "old" && !mayMove(session, child, step)) {
        child.lineage.base = null;
        const before = session.firstCount ?? session.first;
        wrong.push({
          kind: "across-users",
          witnesses: [before, step, proofOf(child) ?? child.showsOldNote],
        });
      }

    const heir =
      allowed.find(({ child }) => dataOf(child) === "old") ??
      allowed.find(({ step, child }) => isLikelyHeir(session, step, child)) ??
      allowed.find(({ step, child }) => isPlainHeir(session, step, child));
    for (const { step, child } of allowed) {
      if (step === heir?.step) child.lineage = session.lineage;
      else if (dataOf(child) === "old" && heir) {
        child.lineage.base = null;
        wrong.push({
          kind: "twice",
          witnesses: [
            session.firstCount ?? session.first,
            heir.step,
            proofOf(heir.child) ?? heir.child.showsOldNote,
            step,
            proofOf(child) ?? child.showsOldNote,
          ],
        });
      } else if (dataOf(child) === "unsure") child.lineage.base = null;
      else if (dataOf(child) === "new" && lacksData(session, step, child)) losing.add(step);
      else if (isEmptied(session, step, child)) losing.add(step);
    }
  }

  /** What it shows may as well be visits that were not acknowledged, and is not less than the data was. */
  function isLikelyHeir(session: Session, step: Step, child: Session): boolean {
    if (dataOf(child) !== "unsure" || countOf(child) < session.highest) return false;
    return !lacksNote(session, step, child);
  }

  /** Nothing shows what became of the data, or there was none: the one that ended the session goes on with it. */
  function isPlainHeir(session: Session, step: Step, child: Session): boolean {
    if (dataOf(child) === "unsure" || lacksData(session, step, child)) return false;
    if (isEmptied(session, step, child)) return false;
    const end = step.op.end ?? 0;
    // by start: where the first two are no others, none is
    const others = session.enders.slice(0, 2).filter((other) => other !== step);
    return others.every((other) => other.op.start > end + clockErrorMs);
  }

  /** The session had data before the step that its child, which shows no older data, ought to show. */
  function lacksData(session: Session, step: Step, child: Session): boolean {
    if (lacksNote(session, step, child)) return true;
    if (proofOf(child) === null) return false;
    const shownBy = countOfBirth(session) === "old" ? session.madeBy : session.firstCount;
    return shownBy !== null && isBefore(shownBy, step, clockErrorMs);
  }

  function lacksNote(session: Session, step: Step, child: Session): boolean {
    // a session that shows its notes may have lost those of the ids before it
    const { firstNote } = session.showsNotes ? session : session.lineage;
    const shownBy = (session.showsOldNote && session.madeBy) || firstNote;
    if (!child.showsNotes || child.showsOldNote || shownBy === null) return false;
    return isBefore(shownBy, step, clockErrorMs);
  }

  /** Its child begins with nothing, and what hit the store may have taken the data before it could be moved. */
  function isEmptied(session: Session, step: Step, child: Session): boolean {
    const had = session.highest > 0 || session.firstNote !== null;
    return had && dataOf(child) === "new" && mayHaveLost(session, step);
  }
}

/** Finds whether something hit the store between the last answer that showed a session and the end of an operation. */
function findLosses({ steps, faults }: People, clockErrorMs: number) {
  const find = faultFinder(faults, STORE_LOSS, clockErrorMs);
  const latest = new Map<Session, Step>();
  const seen = new Map<Step, Step | undefined>();
  if (find(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY))
    sweep(steps, clockErrorMs, {
      start: (step) => step.brought && isMover(step) && seen.set(step, latest.get(step.brought)),
      learn: (step) => step.received && latest.set(step.received, step),
    });
  return ({ first }: Session, step: Step): boolean => {
    const from = seen.get(step) ?? first ?? step;
    return find(from.op.start, step.op.end ?? Number.POSITIVE_INFINITY) !== undefined;
  };
}

/** A new id keeps the data, and so does a sign-in, but for one as somebody else. */
function mayMove(from: Session, to: Session, { op }: Step): boolean {
  return op.op === "regenerate" || from.user === null || from.user === to.user;
}

/** With which data a session began. `unsure`: what it shows may as well be visits that were not acknowledged. */
function dataOf(session: Session): "old" | "new" | "unsure" | "unknown" {
  if (session.showsOldNote) return "old";
  const count = countOfBirth(session);
  return count === "unknown" && session.showsNotes ? "new" : count;
}

function countOfBirth(session: Session): "old" | "new" | "unsure" | "unknown" {
  const proof = proofOf(session);
  if (proof === null) return "unknown";
  const count = foundCount(proof.op) ?? 0;
  if (count <= 0) return "new";
  return proof === session.madeBy || count > session.unsureVisits ? "old" : "unsure";
}

/** The answer that shows best with which count a session began. */
function proofOf({ madeBy, lowest }: Session): Step | null {
  return madeBy && isMover(madeBy) && madeBy.op.visits !== null ? madeBy : lowest;
}

function countOf(session: Session): number {
  const proof = proofOf(session);
  return (proof && foundCount(proof.op)) ?? 0;
}

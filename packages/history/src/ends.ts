import { countEarly } from "./by-start.ts";
import {
  endOf,
  entry,
  isBefore,
  isMover,
  isOfList,
  type Session,
  type Step,
  type Visitor,
} from "./sessions.ts";

/**
 * What its visitor did with a session that is not known may have been done with this one: from the start of the operation
 * that made it, or, where that is not known, also earlier.
 */
export function addUnknown(session: Session): void {
  const { first, lowest, madeBy } = session;
  if (first === null) return;
  const { unknownEnds, longestUnknownEnds, unknownVisits } = first.visitor;
  const isBirth = madeBy !== null && (isMover(madeBy) || madeBy.op.brought !== undefined);
  const since = countBefore(unknownEnds, first.op.start);
  const longest = isBirth ? undefined : longestUnknownEnds[since - 1];
  // whoever asks looks at the first two, and one of them may have made it
  const ends = unknownEnds.slice(since, since + 3).filter(({ received }) => received !== session);
  // what was acknowledged before an answer had the session did not end it
  if (longest && endOf(longest) >= first.op.start) ends.push(longest);
  if (ends.length > 0) {
    session.enders.push(...ends);
    session.enders.sort((a, b) => a.op.start - b.op.start);
  }
  if (lowest)
    session.unsureVisits +=
      countBefore(unknownVisits, (lowest.op.end ?? 0) + 1) -
      (isBirth ? countBefore(unknownVisits, first.op.start) : 0);
}

/** How many of the steps start before a time: the index of the first that does not. */
const countBefore = (steps: readonly Step[], time: number) =>
  countEarly(steps, ({ op }) => op.start < time);

/** As whom a session may be signed in: a list does not say whose it is. */
function usersOf({ user, first }: Session, { users }: Visitor): string[] {
  if (user !== null) return [user];
  return first === null || isOfList(first) ? [...users.keys()] : [];
}

/** `end` ends the session that it names, and `end-others` all of its user's that were acknowledged before it. */
export function findEndsElsewhere(
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

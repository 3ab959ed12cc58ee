import { faultFinder, STORE_LOSS } from "../faults.ts";
import { entry, type Session, type Step } from "../sessions.ts";
import { Views } from "../sweep.ts";
import type { Context, Invariant } from "./invariant.ts";

/** The acknowledged sessions of a user that nothing may have ended, each with the answer that showed it last. */
type Alive = Map<Session, Step>;

/**
 * 10: a user's list has each of their sessions, from the moment that the sign-in is acknowledged until something may have
 * ended it, and none of another user. (That it has none that ended: ended.ts.)
 */
export function listed(context: Context): Invariant {
  const { people, findings, clockErrorMs, skewMs, shortestMs, lost } = context;
  const users = new Map<string, Views<Alive>>();
  const ends = new Map<Session, number>();
  const findStoreLoss = faultFinder(people.faults, STORE_LOSS, clockErrorMs);

  function isThere(session: Session, seen: Step, { start, end }: Step["op"]): boolean {
    const until = end ?? start;
    if ((session.enders[0]?.op.start ?? Number.POSITIVE_INFINITY) <= until + clockErrorMs)
      return false;
    if (until >= (ends.get(session) ?? seen.op.start + shortestMs) - skewMs) return false;
    return !lost.has(session.lineage) && !findStoreLoss(seen.op.start, until);
  }

  /** The sessions that have to be there for an operation, each with the answer that showed it. */
  function aliveFor(step: Step, user: string): Alive {
    const found: Alive = new Map();
    for (const view of users.get(user)?.seenBy(step.op.runner) ?? [])
      for (const [session, seen] of view) {
        if (isThere(session, seen, step.op)) found.set(session, seen);
        // what started later can rely on it even less
        else if ((session.enders[0]?.op.start ?? Number.POSITIVE_INFINITY) <= step.op.start)
          view.delete(session);
      }
    return found;
  }

  return {
    start(step) {
      const { op, outcome, brought, received } = step;
      const user = (received ?? brought)?.user ?? null;
      if (user === null) return;
      const given = op.sessions ?? [];
      if (op.op === "end" && outcome === "failed" && op.status === 404) {
        findings.check(10);
        for (const [session, seen] of aliveFor(step, user))
          if (given.includes(session.fingerprint))
            findings.violate(
              "is-listed",
              `Session \`${session.fingerprint}\` is one of the user's, and is not found when it is to be ended.`,
              [seen, step],
            );
      }
      if (op.op !== "list" || outcome !== "ok") return;
      findings.check(10);
      const names = new Set(given);
      for (const [session, seen] of aliveFor(step, user))
        if (!names.has(session.fingerprint))
          findings.violate(
            "is-listed",
            `Session \`${session.fingerprint}\` was acknowledged and has not ended, and is not in its user's list.`,
            [seen, step],
          );
      for (const name of names) {
        const session = people.sessions.get(name);
        if (session?.userShownBy && session.user !== user)
          findings.violate(
            "only-own-listed",
            `Session \`${name}\` is \`${session.user}\`'s, and is in the list of \`${user}\`.`,
            [session.userShownBy, step],
          );
      }
      return undefined;
    },
    learn(step, runner) {
      const { op, received } = step;
      if (received === null || received.user === null) return;
      const views = entry(users, received.user, () => new Views<Alive>(() => new Map()));
      views.of(runner).set(received, step);
      if (op.expiresAt) ends.set(received, op.expiresAt);
    },
  };
}

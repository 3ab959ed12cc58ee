import type { Operation } from "../operation.ts";
import { entry, isOfList, type Session, type Step, type Visitor } from "../sessions.ts";
import { Views } from "../sweep.ts";
import { type Context, type Invariant, saysUserOnly } from "./invariant.ts";

const HOW: Partial<Record<Operation["op"], string>> = {
  end: "from its user's list",
  "end-others": "with all others of its user",
};

interface Known {
  /** The acknowledged sign-out, the operation that made a new id, or an end by another session of the user. */
  endedBy: Step | null;
  /** An answer of the session that arrived after its end and may have put its cookie back into the jar. */
  lateAnswer: Step | null;
}

/** 4 and 10: after its end was acknowledged, no answer treats the visitor as that session again, or lists it. */
export function ended({ people, findings }: Context): Invariant {
  const sessions = new Map<Session, Views<Known>>();
  const leavers = new Set<Visitor>();
  const viewsOf = (session: Session) =>
    entry(sessions, session, () => new Views<Known>(() => ({ endedBy: null, lateAnswer: null })));

  function endOf(session: Session, step: Step): Known | undefined {
    const views = sessions.get(session)?.seenBy(step.op.runner);
    return views?.find(({ endedBy }) => endedBy !== null);
  }

  return {
    start(step) {
      const { op, outcome, visitor, brought, received } = step;
      if (outcome !== "ok") return;
      if (leavers.has(visitor)) findings.check(4);
      for (const name of (step.op.op === "list" && op.sessions) || []) {
        const session = people.sessions.get(name);
        const known = session && endOf(session, step);
        if (known)
          findings.violate("only-own-listed", `Session \`${name}\` has ended, and is listed.`, [
            session.first,
            known.endedBy,
            step,
          ]);
      }
      const byUser = saysUserOnly(step) && op.user !== null && brought?.user === op.user;
      const session = byUser ? brought : received;
      if (session === null || session === undefined) return;
      const known = endOf(session, step);
      if (!known?.endedBy) return;
      const how = HOW[known.endedBy.op.op];
      findings.violate(
        how ? "ends-elsewhere" : op.copy ? "copies-end" : "stays-ended",
        `Session \`${session.fingerprint}\` was ended ${how ?? `by a ${known.endedBy.op.op}`}, and ${op.copy ? "a copy of its cookie" : "the visitor"} is treated as that session afterwards.`,
        [session.first, known.endedBy, known.lateAnswer, step],
      );
      return "set aside";
    },
    learn(step, runner) {
      const { received } = step;
      const late = received && sessions.get(received)?.of(runner);
      if (late?.endedBy) late.lateAnswer = step;
      for (const session of step.ends) {
        viewsOf(session).of(runner).endedBy ??= step;
        leavers.add((isOfList(step) ? (session.first ?? step) : step).visitor);
      }
    },
  };
}

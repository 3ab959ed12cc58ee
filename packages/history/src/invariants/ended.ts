import { entry, isMover, type Session, type Step, type Visitor } from "../sessions.ts";
import { Views } from "../sweep.ts";
import { type Context, type Invariant, saysUserOnly } from "./invariant.ts";

interface Known {
  /** The acknowledged sign-out, or the operation that made a new id. */
  endedBy: Step | null;
  /** An answer of the session that arrived after its end and may have put its cookie back into the jar. */
  lateAnswer: Step | null;
}

/** 4: after its end was acknowledged, no answer treats the visitor as that session again. */
export function ended({ findings }: Context): Invariant {
  const sessions = new Map<Session, Views<Known>>();
  const leavers = new Set<Visitor>();
  const viewsOf = (session: Session) =>
    entry(sessions, session, () => new Views<Known>(() => ({ endedBy: null, lateAnswer: null })));

  return {
    start(step) {
      const { op, outcome, visitor, brought, received } = step;
      if (outcome !== "ok") return;
      if (leavers.has(visitor)) findings.check(4);
      const byUser = saysUserOnly(step) && op.user !== null && brought?.user === op.user;
      const session = byUser ? brought : received;
      if (session === null || session === undefined) return;
      const known = sessions
        .get(session)
        ?.seenBy(op.runner)
        .find(({ endedBy }) => endedBy !== null);
      if (!known?.endedBy) return;
      findings.violate(
        op.copy ? "copies-end" : "stays-ended",
        `Session \`${session.fingerprint}\` was ended by a ${known.endedBy.op.op}, and ${op.copy ? "a copy of its cookie" : "the visitor"} is treated as that session afterwards.`,
        [session.first, known.endedBy, known.lateAnswer, step],
      );
      return "set aside";
    },
    learn(step, runner) {
      const { op, visitor, brought, received } = step;
      const late = received && sessions.get(received)?.of(runner);
      if (late?.endedBy) late.lateAnswer = step;
      if (!(isMover(step) || op.op === "sign-out") || brought === null || received === brought)
        return;
      viewsOf(brought).of(runner).endedBy ??= step;
      leavers.add(visitor);
    },
  };
}

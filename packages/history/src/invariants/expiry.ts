import { isOfList, type Session, type Step, type Visitor } from "../sessions.ts";
import { type Context, type Invariant, saysUserOnly } from "./invariant.ts";

interface End {
  /** The latest moment at which the session may still be there. */
  at: number;
  statedBy: Step;
}

/**
 * 7: a session that has expired is not there any more. (Early expiry is one way of missing a session: kept.ts.) Each use
 * may move the end by the longest time that any answer gave; one that was not acknowledged may have done so too.
 */
export function expiry({ people, findings, skewMs }: Context): Invariant {
  const ends = new Map<Session, End>();
  /** When a visitor last used a session that is not known: it may be any. */
  const unknown = new Map<Visitor, number>();
  let longest = 0;
  for (const { op } of people.steps)
    if (op.expiresAt) longest = Math.max(longest, op.expiresAt - op.start);

  function use(session: Session, step: Step): void {
    const { op, outcome } = step;
    const end = ends.get(session);
    if (op.expiresAt && session === step.received) {
      if (end === undefined || op.expiresAt > end.at)
        ends.set(session, { at: op.expiresAt, statedBy: step });
    } else if (end && outcome === "info") end.at += longest;
    else if (end) end.at = Math.max(end.at, (op.end ?? op.start) + longest);
  }

  return {
    start(step) {
      if (longest === 0) return;
      const { op, outcome, visitor, brought, received } = step;
      const end = received && ends.get(received);
      const unknownUse = unknown.get(visitor) ?? Number.NEGATIVE_INFINITY;
      const mayBeLater = unknownUse >= (end?.statedBy.op.start ?? 0);
      if (outcome === "ok" && end && !mayBeLater && op.start > end.at + skewMs) {
        findings.check(7);
        findings.violate(
          "not-late",
          `Session \`${received.fingerprint}\` is still there ${op.start - end.at} ms after its expiry.`,
          [end.statedBy, step],
        );
      }
      if (received) use(received, step);
      // an answer without the session is no use of it; the page and the list do not say which session they have
      const unseen = outcome === "info" || saysUserOnly(step) || isOfList(step);
      if (brought && brought !== received && unseen) use(brought, step);
      if (op.brought === undefined && received === null) unknown.set(visitor, op.start);
      return undefined;
    },
  };
}

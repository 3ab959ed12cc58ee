import { isBefore, isOfList, type Step } from "../sessions.ts";
import { type Context, type Invariant, saysUserOnly } from "./invariant.ts";

/**
 * 6: nobody sees another visitor's session, note or user, and an answer's user is the one of the session. (That the
 * page or next-auth knows nobody where the API does is found where sessions are missed: kept.ts.)
 */
export function privacy({ people, findings, clockErrorMs }: Context): Invariant {
  function foreign({ op, visitor, received }: Step): [string, Step] | undefined {
    const owner = received?.madeBy ?? received?.first;
    if (owner && owner.visitor !== visitor)
      return [`The answer is another visitor's session \`${received?.fingerprint}\``, owner];
    const signIn = op.user === null ? undefined : people.users.get(op.user);
    const since = op.user === null ? undefined : visitor.users.get(op.user);
    if (signIn && (since === undefined || since > (op.end ?? op.start)))
      return [
        `The answer names the user \`${op.user}\`, as whom this visitor did not sign in`,
        signIn,
      ];
    const note = op.note && op.op !== "note" ? people.notes.get(op.note) : undefined;
    if (note && !note.visitors.has(visitor))
      return ["The answer has another visitor's note", note.firstWrittenBy];
    return undefined;
  }

  /** Since a session's user does not change, two answers that differ cannot both be right. */
  function otherUser(step: Step): Step | null {
    const { op, brought, received } = step;
    if (isOfList(step)) return null;
    if (received) {
      const shown = received.userShownBy;
      return shown && isBefore(shown, step, clockErrorMs) && op.user !== received.user
        ? shown
        : null;
    }
    if (!saysUserOnly(step) || op.user === null || brought === null) return null;
    if (brought.user !== null) return brought.user === op.user ? null : brought.userShownBy;
    return brought.madeBy;
  }

  return {
    start(step) {
      const { op, outcome, received } = step;
      if (outcome !== "ok" || (received === null && op.user === null && !op.note)) return;
      findings.check(6);
      const found = foreign(step);
      if (found) {
        findings.violate("private", `${found[0]}.`, [found[1], step]);
        return "set aside";
      }
      const other = otherUser(step);
      if (!other) return;
      const [says, said] = [step, other].map((one) => one.op.user ?? "nobody");
      findings.violate(
        "surfaces-agree",
        `One answer says that \`${said}\` is signed in, another one \`${says}\`, by the same session.`,
        [other, step],
      );
      return "set aside";
    },
  };
}

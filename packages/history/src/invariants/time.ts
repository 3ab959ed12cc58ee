import type { Operation } from "../operation.ts";
import type { Session, Step } from "../sessions.ts";
import type { Context, Invariant } from "./invariant.ts";

/** 9: every answer comes within the limit, measured while the dyno ran: what it was frozen does not count. */
export function time({ people, findings, limitMs, clockErrorMs }: Context): Invariant {
  const freezes = people.faults.filter(({ fault }) => fault === "freeze");
  const before = new Map<Session, Step>();

  /** Milliseconds of the operation during which the dyno was frozen, or any dyno where nobody says which it was. */
  function frozen({ start, end, dyno, runner }: Operation): { ms: number; by: Operation[] } {
    const by: Operation[] = [];
    let ms = 0;
    let until = start;
    for (const freeze of freezes) {
      if (freeze.start > (end ?? start) + clockErrorMs) break;
      if (dyno !== null && freeze.dyno !== null && freeze.dyno !== dyno) continue;
      const error = freeze.runner === runner ? 0 : clockErrorMs;
      const from = Math.max(until, freeze.start - error);
      const to = Math.min(end ?? start, (freeze.end ?? Number.POSITIVE_INFINITY) + error);
      if (to <= from) continue;
      ms += to - from;
      until = to;
      by.push(freeze);
    }
    return { ms, by };
  }

  return {
    start(step) {
      const { op, brought, received } = step;
      const session = brought ?? received;
      if (op.end === null) return;
      findings.check(9);
      const took = op.end - op.start;
      if (took > limitMs) {
        const { ms, by } = frozen(op);
        const without = ms > 0 ? `, not counting ${ms} ms in which the dyno was frozen` : "";
        if (took - ms > limitMs)
          findings.violate(
            "in-time",
            `${op.status === 0 ? "The client waited" : "The answer took"} ${took - ms} ms${without}; the limit is ${limitMs} ms.`,
            [session && before.get(session), ...by.slice(0, 4), step],
          );
      }
      if (session) before.set(session, step);
      return undefined;
    },
  };
}

import type { FaultKind, Operation } from "../operation.ts";
import type { Session, Step } from "../sessions.ts";
import type { Context, Invariant } from "./invariant.ts";

/** While these last, a dyno does not run: of a stall, no process on the runner's machine does. */
const STANDSTILL: readonly (FaultKind | undefined)[] = [
  "freeze",
  "kill",
  "restart",
  "deploy",
  "stall",
];

/** 9: every answer comes within the limit, measured while the dyno ran: while it was frozen or down does not count. */
export function time({ people, findings, limitMs, clockErrorMs }: Context): Invariant {
  const standstills = people.faults.filter(({ fault }) => STANDSTILL.includes(fault));
  const before = new Map<Session, Step>();

  /** Milliseconds of the operation during which the dyno stood still, or any dyno where nobody says which it was. */
  function standstill({ start, end, dyno, runner }: Operation): { ms: number; by: Operation[] } {
    const by: Operation[] = [];
    let ms = 0;
    let until = start;
    for (const fault of standstills) {
      if (fault.start > (end ?? start) + clockErrorMs) break;
      if (dyno !== null && fault.dyno !== null && fault.dyno !== dyno) continue;
      const error = fault.runner === runner ? 0 : clockErrorMs;
      const from = Math.max(until, fault.start - error);
      const to = Math.min(end ?? start, (fault.end ?? Number.POSITIVE_INFINITY) + error);
      if (to <= from) continue;
      ms += to - from;
      until = to;
      by.push(fault);
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
        const { ms, by } = standstill(op);
        const without = ms > 0 ? `, not counting ${ms} ms in which the dyno did not run` : "";
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

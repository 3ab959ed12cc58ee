import type { FaultKind, Operation, OperationKind } from "../src/operation.ts";

/** An operation of visitor 1 that was answered with 200 by web.1, unless `more` says otherwise. */
export function op(
  kind: OperationKind,
  start: number,
  end: number | null,
  more: Partial<Operation> = {},
): Operation {
  return {
    op: kind,
    runner: "a",
    visitor: "1",
    tab: "1",
    start,
    end,
    brought: null,
    received: null,
    visits: null,
    user: null,
    status: 200,
    dyno: "web.1",
    bootId: "b1",
    ...more,
  };
}

/** Brings a session and receives the same. */
export const same = (session: string) => ({ brought: session, received: session });

export function fault(
  kind: FaultKind,
  start: number,
  end: number | null,
  dyno: string | null = null,
): Operation {
  return op("read", start, end, {
    op: "fault",
    fault: kind,
    dyno,
    visitor: "",
    tab: "",
    status: 0,
    bootId: null,
  });
}

import { expect, it } from "vitest";
import type { Column } from "./columns.ts";
import { notTested } from "./measure.ts";
import { createResults, takeOver } from "./results.ts";

const column: Column = {
  ...{ name: "x", title: "X", traits: null, affinity: false, local: null, signIn: null, url: "u" },
};
const run = () => createResults([column], { dynos: 3, command: "bin/compare", versions: {} });
const result = (raw: string[]) => ({
  ...notTested("spread", "", null),
  ...{ seconds: 1, command: "", raw },
});

it("goes on with what was measured, and measures again what ended without a summary", () => {
  const before = { ...run(), startedAt: "2026-11-25T00:00:00.000Z" };
  Object.assign(before.apps[0]?.scenarios ?? {}, {
    spread: result(["x/spread.json", "x/spread.k6.json"]),
    restart: result(["x/restart.history.jsonl"]),
    deploy: result([]),
    skew: {
      ...notTested("skew", "no second build", "not tested"),
      seconds: 0,
      command: "",
      raw: [],
    },
  });
  const after = run();
  takeOver(before, after);
  expect(after.startedAt).toBe(before.startedAt);
  expect(Object.keys(after.apps[0]?.scenarios ?? {})).toEqual(["spread", "skew"]);
});

import { scenarioNames } from "@repo/load/scenarios";
import { readApps } from "@repo/registry";
import { expect, test } from "vitest";
import { askedOf, byLength, columnsOf } from "./columns.ts";

const columns = columnsOf(readApps());

// It leaves changed code behind, which no other scenario is about.
test("`skew` is asked last, and the others in their order", () => {
  for (const column of columns) {
    const asked = askedOf(column, scenarioNames);
    expect(asked).toEqual([...scenarioNames.filter((name) => name !== "skew"), "skew"]);
    const only = ["skew", "cost", "spread"];
    expect(askedOf({ ...column, only }, scenarioNames)).toEqual(["spread", "cost", "skew"]);
  }
});

test("columns with a store, which take longest, come first, and none is left out", () => {
  const plan = columns.map((column) => ({ column, scenarios: askedOf(column, scenarioNames) }));
  const names = byLength(plan).map(({ column }) => column.name);
  expect(names.slice(0, 3)).toEqual(["db-app", "cache-app", "cache-app:redis"]);
  expect([...names].sort()).toEqual(columns.map(({ name }) => name).sort());
});

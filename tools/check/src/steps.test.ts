import { expect, test } from "vitest";
import { choose, steps } from "./steps.ts";

const all = steps(["db-app", "cache-app:redis", "file-app"]);
const names = (named: string[], options: { withRare?: boolean; quick?: boolean } = {}) =>
  choose(all, { named, ...options }).map(({ name }) => name);

test("every run deploys db-app; the others are deployed with --all", () => {
  expect(names([])).toContain("buildpack:db-app");
  expect(names([])).not.toContain("buildpack:file-app");
  const everything = all.filter(({ quick }) => quick !== "only").map(({ name }) => name);
  expect(names([], { withRare: true })).toEqual(everything);
});

test("only --all, or its name, sends 20,000 hostile requests to each app", () => {
  expect(names([])).not.toContain("hostile");
  expect(names(["hostile"])).toEqual(["build", "hostile"]);
});

test("a step by name runs alone, except for what has to go before it", () => {
  expect(names(["types"])).toEqual(["types"]);
  expect(names(["browser"])).toEqual(["tools", "build", "browser"]);
});

test("the everyday loop builds nothing and needs no tools, and what it runs another run has too", () => {
  expect(names([], { quick: true })).toEqual([
    ...["lint", "unused", "structure", "twins"],
    ...["unit:quick", "types"],
  ]);
  expect(names([])).not.toContain("unit:quick");
});

test("a step waits only for steps that stand before it", () => {
  for (const [index, { after = [] }] of all.entries())
    expect(all.slice(0, index).map(({ name }) => name)).toEqual(expect.arrayContaining(after));
});

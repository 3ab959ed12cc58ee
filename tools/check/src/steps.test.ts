import { expect, test } from "vitest";
import { choose, steps } from "./steps.ts";

const all = steps(["cookie-app", "cache-app:redis", "file-app"]);
const names = (named: string[], withRare = false) =>
  choose(all, named, withRare).map(({ name }) => name);

test("every run deploys cookie-app and db-app; the others are deployed with --all", () => {
  expect(names([])).toContain("buildpack:cookie-app");
  expect(names([])).not.toContain("buildpack:file-app");
  expect(names([], true)).toEqual(all.map(({ name }) => name));
});

test("only --all, or its name, sends 20,000 hostile requests to each app", () => {
  expect(names([])).not.toContain("hostile");
  expect(names(["hostile"])).toEqual(["build", "hostile"]);
});

test("a step by name runs alone, except for the build that it tests", () => {
  expect(names(["buildpack:file-app"])).toEqual(["buildpack:file-app"]);
  expect(names(["browser"])).toEqual(["build", "browser"]);
});

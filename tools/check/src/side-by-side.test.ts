import { expect, test } from "vitest";
import type { Report } from "./report.ts";
import { sideBySide } from "./side-by-side.ts";
import type { Step } from "./steps.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({
  ...{ name, does: "", command: [] },
  ...more,
});
const passed: Report = { passed: 1, skipped: 0, failures: [] };
const failed: Report = { passed: 0, skipped: 0, failures: [{ test: "a", says: "no" }] };

/** Runs steps that take a turn of the event loop each, and tells which were running at each start. */
async function play(steps: Step[], { places = 2, fails = "", stopAt = "" } = {}) {
  const controller = new AbortController();
  const running = new Set<string>();
  const starts: string[] = [];
  const reports = await sideBySide(steps, {
    places,
    signal: controller.signal,
    async run({ name }) {
      running.add(name);
      starts.push([...running].join("+"));
      if (name === stopAt) controller.abort();
      await new Promise((resolve) => setImmediate(resolve));
      running.delete(name);
      return name === fails ? failed : passed;
    },
  });
  const ended = [...reports].map(
    ([{ name }, { failures }]) => `${name}${failures.map(({ says }) => ` ${says}`)}`,
  );
  return { starts, ended };
}

test("so many run at a time as there are places, in their order", async () => {
  const { starts, ended } = await play([step("a"), step("b"), step("c")]);
  expect(starts.slice(0, 2)).toEqual(["a", "a+b"]);
  expect(starts.every((names) => names.split("+").length <= 2)).toBe(true);
  expect(ended).toEqual(["a", "b", "c"]);
});

test("a step waits for those that it needs, and others go ahead of it", async () => {
  const { starts } = await play([step("build"), step("unit", { after: ["build"] }), step("lint")]);
  expect(starts.slice(0, 2)).toEqual(["build", "build+lint"]);
  expect(starts[2]?.split("+")).toContain("unit");
  expect(starts[2]?.split("+")).not.toContain("build");
});

test("a step of several places waits until it fits, and those after it do not take its place", async () => {
  const steps = [step("a"), step("b"), step("wide", { places: 2 }), step("c")];
  const { starts } = await play(steps, { places: 3 });
  expect(starts.slice(0, 2)).toEqual(["a", "a+b"]);
  expect(starts[2]?.split("+")).toContain("wide");
  expect(starts[2]?.split("+").length).toBeLessThanOrEqual(2);
  const alone = await play([step("wide", { places: 9 }), step("c")]);
  expect(alone.starts).toEqual(["wide", "c"]);
});

test("what waits for a step that failed fails too, by name, and so on", async () => {
  const steps = [
    step("build"),
    step("unit", { after: ["build"] }),
    step("docs", { after: ["unit"] }),
  ];
  const { starts, ended } = await play(steps, { fails: "build" });
  expect(starts).toEqual(["build"]);
  expect(ended).toEqual([
    "build no",
    "unit Not run: `build` failed.",
    "docs Not run: `unit` failed.",
  ]);
});

test("after an interruption what runs is waited for, and nothing more starts", async () => {
  const { starts, ended } = await play([step("a"), step("b"), step("c")], { stopAt: "b" });
  expect(starts).toEqual(["a", "a+b"]);
  expect(ended).toEqual(["a", "b"]);
});

import { expect, test } from "vitest";
import { dynosAtOnce } from "./dynos.ts";

/** "1a 2b 1a": the dyno's number and its boot. */
function seen(text: string, name = "web.") {
  const sightings = text
    .split(" ")
    .map((one) => ({ dyno: `${name}${one[0]}`, boot: one.slice(1) }));
  return dynosAtOnce(sightings);
}

test("without a sighting there is no dyno", () => {
  expect(dynosAtOnce([])).toBe(0);
});

test("one dyno is one", () => {
  expect(seen("1a 1a 1a")).toBe(1);
});

test("two dynos that take turns are two at one time", () => {
  expect(seen("1a 2b 1a")).toBe(2);
  expect(seen("1a 2b 3c 2b 1a 3c")).toBe(3);
});

test("a dyno and its restarted self are not two", () => {
  expect(seen("1a 1a 1b 1b")).toBe(1);
});

test("not even where the old and the new one overlap for a while", () => {
  expect(seen("1a 1b 1a 1b")).toBe(1);
});

test("a dyno that another one replaced is not a second one", () => {
  expect(seen("1a 1a 2b 2b")).toBe(1);
});

test("a dyno that comes back does not count for the time when it was away", () => {
  expect(seen("1a 2b 2b 1c")).toBe(1);
});

test("two dynos that restart one after the other stay two", () => {
  expect(seen("1a 2b 1a 2b 1c 2d 1c 2d")).toBe(2);
});

test("where all are called local, the boot id tells them apart", () => {
  const local = ["a", "b", "a"].map((boot) => ({ dyno: "local", boot }));
  expect(dynosAtOnce(local)).toBe(2);
});

test("an app without boot ids is told apart by names", () => {
  const names = ["web.1", "web.2", "web.1"].map((dyno) => ({ dyno, boot: "" }));
  expect(dynosAtOnce(names)).toBe(2);
});

test("two boot ids without a name may be two workers of one dyno: nothing is known", () => {
  const unnamed = ["a", "b", "a"].map((boot) => ({ dyno: "", boot }));
  expect(dynosAtOnce(unnamed)).toBe(0);
});

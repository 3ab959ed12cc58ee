import { expect, test } from "vitest";
import { spreadOf } from "./randomness.ts";

const NAMES = ["web.1", "web.2", "web.3"];
const times = (n: number, choose: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => choose(i));
const anyOf = (names: string[]) => names[Math.floor(Math.random() * names.length)] as string;

test("a fair choice is uniform and independent", () => {
  const spread = spreadOf(
    times(3_000, () => anyOf(NAMES)),
    NAMES,
  );
  expect(spread).toMatchObject({ uniform: true, independent: true });
});

test("a round robin is perfectly uniform and yet not independent", () => {
  const spread = spreadOf(
    times(3_000, (i) => NAMES[i % 3] as string),
    NAMES,
  );
  expect(spread).toMatchObject({
    chiSquare: 0,
    equalNeighbours: 0,
    uniform: true,
    independent: false,
  });
});

test("a round robin over two dynos is not independent either", () => {
  const two = NAMES.slice(0, 2);
  expect(
    spreadOf(
      times(3_000, (i) => two[i % 2] as string),
      two,
    ).independent,
  ).toBe(false);
});

test("a round robin that starts anew for each connection of 30 requests is not independent", () => {
  const spread = spreadOf(
    times(3_000, (i) => NAMES[(i + Math.floor(i / 30)) % 3] as string),
    NAMES,
  );
  expect(spread.independent).toBe(false);
});

test("a router that chooses per connection is not independent", () => {
  let chosen = "";
  const spread = spreadOf(
    times(3_000, (i) => {
      if (i % 10 === 0) chosen = anyOf(NAMES);
      return chosen;
    }),
    NAMES,
  );
  expect(spread.independent).toBe(false);
});

test("a dyno that gets a fifth more than the others is not uniform", () => {
  const spread = spreadOf(
    times(3_000, () => anyOf([...NAMES, ...NAMES, "web.1"])),
    NAMES,
  );
  expect(spread.uniform).toBe(false);
});

test("a dyno that gets nothing is not uniform", () => {
  const spread = spreadOf(
    times(3_000, () => anyOf(["web.1", "web.2"])),
    NAMES,
  );
  expect(spread.uniform).toBe(false);
});

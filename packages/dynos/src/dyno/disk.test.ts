import { expect, test } from "vitest";
import { fixture, upForTest } from "../../test/app.ts";

interface Place {
  dyno: string;
  cwd: string;
}

/** Asks until both dynos have answered. */
async function placesOf(ask: (path: string) => Promise<Place>): Promise<Map<string, Place>> {
  const places = new Map<string, Place>();
  while (places.size < 2) {
    const place = await ask("/");
    places.set(place.dyno, place);
  }
  return places;
}

test("each dyno has its own disk", async () => {
  const app = await upForTest({ dir: fixture("node"), web: 2 });
  const places = await placesOf(app.ask);
  expect([...places.keys()].sort()).toEqual(["web.1", "web.2"]);
  expect(new Set([...places.values()].map(({ cwd }) => cwd)).size).toBe(2);

  await app.ask("/write");
  const seen = new Set<boolean>();
  for (let count = 0; count < 60; count++) {
    seen.add(((await app.ask("/files")) as string[]).includes("written"));
  }
  expect(seen).toEqual(new Set([true, false]));
});

test("a dyno's disk is wiped when it restarts", async () => {
  const app = await upForTest({ dir: fixture("node") });
  await app.ask("/write");
  expect(await app.ask("/files")).toContain("written");
  const before: Place = await app.ask("/");
  await app.restart("web.1");
  expect(await app.ask("/files")).not.toContain("written");
  expect(((await app.ask("/")) as Place).cwd).not.toBe(before.cwd);
});

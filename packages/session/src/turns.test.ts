import { expect, test } from "vitest";
import { inTurn } from "./turns.ts";

test("work on one key never overlaps, and learns whether it had to wait", async () => {
  const owner = {};
  let running = 0;
  const work = async (waited: boolean) => {
    running += 1;
    expect(running).toBe(1);
    await new Promise((done) => setTimeout(done, 1));
    running -= 1;
    return waited;
  };
  const results = await Promise.all([1, 2, 3].map(() => inTurn(owner, "key", work)));
  expect(results).toEqual([false, true, true]);
});

test("work on other keys, or of other owners, does not wait", async () => {
  const owner = {};
  const never = inTurn(owner, "busy", () => new Promise(() => {}));
  expect(await inTurn(owner, "free", async (waited) => waited)).toBe(false);
  expect(await inTurn({}, "busy", async (waited) => waited)).toBe(false);
  void never;
});

test("work that fails does not block who comes after", async () => {
  const owner = {};
  const failing = inTurn(owner, "key", async () => {
    throw new Error("no");
  });
  const after = inTurn(owner, "key", async () => "done");
  await expect(failing).rejects.toThrow("no");
  expect(await after).toBe("done");
});

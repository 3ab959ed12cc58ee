import { expect, test } from "vitest";
import { SessionBusyError, SessionStoreError } from "../errors.ts";
import { withLock } from "./lock.ts";

const sleep = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

test("work on one key never overlaps, keeps its order, and learns whether it had to wait", async () => {
  const owner = {};
  const order: number[] = [];
  let running = 0;
  const work = (name: number) => async (waited: boolean) => {
    running += 1;
    expect(running).toBe(1);
    await sleep(1);
    order.push(name);
    running -= 1;
    return waited;
  };
  const results = await Promise.all([1, 2, 3].map((name) => withLock(owner, "key", work(name))));
  expect(results).toEqual([false, true, true]);
  expect(order).toEqual([1, 2, 3]);
});

test("work on other keys, or of other owners, does not wait", async () => {
  const owner = {};
  const never = withLock(owner, "busy", () => new Promise(() => {}));
  expect(await withLock(owner, "free", async (waited) => waited)).toBe(false);
  expect(await withLock({}, "busy", async (waited) => waited)).toBe(false);
  void never;
});

test("work that fails does not block the next", async () => {
  const owner = {};
  const failing = withLock(owner, "key", async () => {
    throw new Error("no");
  });
  const after = withLock(owner, "key", async () => "done");
  await expect(failing).rejects.toThrow("no");
  expect(await after).toBe("done");
});

test("when the store fails, all who wait fail with it, and the next one is tried", async () => {
  const owner = {};
  const error = new SessionStoreError("Memory", new Error("no answer"));
  let tried = 0;
  const fail = () =>
    withLock(owner, "key", async () => {
      tried += 1;
      await sleep(1);
      throw error;
    });
  const results = await Promise.allSettled([fail(), fail(), fail()]);
  expect(results.map((result) => result.status === "rejected" && result.reason)).toEqual(
    Array(3).fill(error),
  );
  expect(tried).toBe(1);
  expect(await withLock(owner, "key", async (waited) => waited)).toBe(false);
});

test("no more wait than may: the others are told at once", async () => {
  const owner = {};
  let finish = () => {};
  const first = withLock(owner, "key", () => new Promise<void>((done) => (finish = done)));
  const waiting = [1, 2].map(() => withLock(owner, "key", async () => "done", { maxWaiting: 2 }));
  const refused = withLock(owner, "key", async () => "never", { maxWaiting: 2 });
  await expect(refused).rejects.toThrow(SessionBusyError);
  finish();
  await first;
  expect(await Promise.all(waiting)).toEqual(["done", "done"]);
});

test("who waited too long is told so, does nothing later, and leaves the others their turn", async () => {
  const owner = {};
  let finish = () => {};
  const first = withLock(owner, "key", () => new Promise<void>((done) => (finish = done)));
  let isDone = false;
  const impatient = withLock(owner, "key", async () => (isDone = true), { waitMs: 5 });
  const patient = withLock(owner, "key", async () => "done", { waitMs: 60_000 });
  await expect(impatient).rejects.toThrow(SessionBusyError);
  finish();
  await first;
  expect(await patient).toBe("done");
  expect(isDone).toBe(false);
});

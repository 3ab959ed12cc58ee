import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createTurns } from "./turns.ts";

it("never lets anything run beside what runs alone", async () => {
  const turns = createTurns();
  let running = 0;
  const alongside: number[] = [];
  const work = (alone: boolean) => async () => {
    running++;
    await sleep(2);
    if (alone) alongside.push(running);
    running--;
  };
  const order = [false, false, true, false, true, true, false];
  await Promise.all(
    order.map((alone) => (alone ? turns.alone(work(true)) : turns.beside(work(false)))),
  );
  expect(alongside).toEqual([1, 1, 1]);
  expect(running).toBe(0);
});

it("goes on after something that failed", async () => {
  const turns = createTurns();
  await expect(turns.alone(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await turns.beside(async () => "yes")).toBe("yes");
});

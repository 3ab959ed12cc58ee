import { expect, test } from "vitest";
import { SessionBusyError } from "../errors.ts";
import { holdingBody, MAX_WAITING_BYTES } from "./bodies.ts";

test("the bodies of requests that wait take 8 MB at most; the next one is refused at once, and one without a body never", async () => {
  let finish = () => {};
  const work = () => new Promise<void>((done) => (finish = done));
  const half = MAX_WAITING_BYTES / 2;
  const waiting = [holdingBody(half, async () => {}), holdingBody(half, work)];
  await waiting[0];
  const [more, tooMuch] = [holdingBody(half, async () => "fits"), holdingBody(half + 1, work)];
  await expect(tooMuch).rejects.toThrow(SessionBusyError);
  expect(await more).toBe("fits");
  expect(await holdingBody(0, async () => "no body")).toBe("no body");
  finish();
  await waiting[1];
  expect(await holdingBody(MAX_WAITING_BYTES, async () => "all free again")).toBe("all free again");
  await expect(holdingBody(1, async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await holdingBody(MAX_WAITING_BYTES, async () => "given back")).toBe("given back");
});

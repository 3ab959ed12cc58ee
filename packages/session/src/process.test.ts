import { expect, test, vi } from "vitest";
import { bootId, lazy, once } from "./process.ts";

test("what is made once per process is the same in every bundle", async () => {
  const made = once("process.test", () => ({}));
  vi.resetModules();
  const otherBundle = await import("./process.ts");
  expect(otherBundle.once("process.test", () => ({}))).toBe(made);
  expect(otherBundle.bootId()).toBe(bootId());
  expect(bootId()).toMatch(/^[\da-f]{16}$/);
});

test("what is lazy is made at the first call, and again after a failure", () => {
  const make = vi.fn(() => ({}));
  make.mockImplementationOnce(() => {
    throw new Error("not yet");
  });
  const get = lazy(make);
  expect(make).not.toHaveBeenCalled();
  expect(get).toThrow("not yet");
  expect(get()).toBe(get());
  expect(make).toHaveBeenCalledTimes(2);
});
